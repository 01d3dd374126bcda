// Runs in the browser, within the page of the report.

// What lies at the bottom of the shares, by number of the step; the bin in which the next step begins is left out.
const atBottom = (svg, box) => {
  svg.scrollIntoView();
  const { top } = svg.getBoundingClientRect();
  const data = JSON.parse(document.getElementById('data').textContent);
  const scale = box.width / data.width;
  return data.steps.map(({ beginMs }, index) => {
    const first = Math.floor(beginMs / data.binMs);
    const end = Math.floor((data.steps[index + 1]?.beginMs ?? data.durationMs) / data.binMs);
    const kinds = Array.from({ length: end - first }, (_, bin) => {
      const x = box.left + (data.left + ((first + bin + 0.5) * data.binMs * data.plotWidth) / data.durationMs) * scale;
      const found = document.elementsFromPoint(x, top + 294 * scale).filter((each) => each.matches('.area'));
      return found[0]?.getAttribute('class');
    });
    return [...new Set(kinds)];
  });
};

globalThis.probe = () => {
  const svg = document.getElementById('chart');
  const tip = document.getElementById('tip');
  const tipBefore = tip.hidden;
  const box = svg.getBoundingClientRect();
  svg.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + box.width / 2, clientY: box.top + 100 }));
  return {
    areas: [...svg.querySelectorAll('.area')].map((area) => ({
      kind: area.getAttribute('class'),
      width: Math.round(area.getBoundingClientRect().width),
      height: Math.round(area.getBoundingClientRect().height),
      fill: getComputedStyle(area).fill,
    })),
    steps: [...svg.querySelectorAll('.name')].map((name) => name.textContent),
    failedBars: svg.querySelectorAll('rect.failed').length,
    background: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.body).color,
    tip: tip.innerText,
    tipBefore,
    requests: performance.getEntriesByType('resource').length,
    rows: document.querySelectorAll('tbody tr').length,
    atBottom: atBottom(svg, box),
    overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
};

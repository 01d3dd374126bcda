// Runs in the browser, within the page of the report.

// What lies at the bottom of the shares, by number of the step; the line around an area may stand over its edge a little.
const atBottom = (svg, box) => {
  svg.scrollIntoView();
  const { top } = svg.getBoundingClientRect();
  const data = JSON.parse(document.getElementById('data').textContent);
  const scale = box.width / data.width;
  const margin = 1.5;
  const x = (ms) => box.left + (data.left + (ms * data.plotWidth) / data.durationMs) * scale;
  return data.steps.map(({ beginMs }, index) => {
    const first = x(beginMs) + margin;
    const last = x(data.steps[index + 1]?.beginMs ?? data.durationMs) - margin;
    const kinds = Array.from({ length: Math.floor(last - first) * 2 }, (_, half) => {
      const found = document.elementsFromPoint(first + half / 2, top + 294 * scale).filter((each) => each.matches('.area'));
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

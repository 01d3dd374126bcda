// Runs in the browser, within the page of the report.
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
    overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
};

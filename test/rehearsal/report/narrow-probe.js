// Runs in the browser, within the page of the report.
globalThis.probe = () => {
  const right = (selector) => [...document.querySelectorAll(selector)].map((each) => each.getBoundingClientRect().right);
  return {
    width: innerWidth,
    room: document.documentElement.clientWidth,
    // What a reader must see without scrolling sideways.
    steps: right('.steps td.what strong').length,
    names: Math.max(...right('.steps td.what, .steps td.what strong')),
    failed: right('.steps td[data-label="failed"]'),
    others: Math.max(...right('h1, h2, .verdict, .legend li, .tiles li, .steps td')),
    documentWidth: document.documentElement.scrollWidth,
    scrolling: [...document.querySelectorAll('*')]
      .filter((each) => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === 'auto')
      .map((each) => each.getAttribute('aria-label')),
    letters: Math.min(
      ...[...document.querySelectorAll('#chart text')].map(
        (each) => (parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getBoundingClientRect().width) / 1040,
      ),
    ),
  };
};

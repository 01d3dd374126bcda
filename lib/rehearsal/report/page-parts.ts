/** The look of the page, in light and dark, wide and narrow. The colours of the slots keep apart for eyes that see red and green alike. */
export const pageStyle = `
:root {
  --page: #f6f7f9; --card: #ffffff; --ink: #171b22; --soft: #5b6472; --line: #e1e5eb; --band: #00000008;
  --slot0: #2f6fe0; --slot1: #0f9d76; --slot2: #b4539a; --slot3: #c27a12; --inner: #ffffff;
  --bad: #c8321f; --bad-back: #fdecea; --good: #0b7a4b; --good-back: #e3f5ec; --warn-back: #fff4e0; --warn: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181d25; --ink: #e8ecf2; --soft: #9aa5b4; --line: #2a323d; --band: #ffffff08;
    --slot0: #3f7fe8; --slot1: #17a67d; --slot2: #c46aab; --slot3: #c98a2b; --inner: #ffffff;
    --bad: #ff7a66; --bad-back: #3a1a17; --good: #5fd6a2; --good-back: #12301f; --warn-back: #33260f; --warn: #f0c060;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
header { display: flex; gap: 20px; justify-content: space-between; align-items: flex-start; flex-wrap: wrap; }
h1 { font-size: 26px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 16px; margin: 0 0 10px; }
p { margin: 0 0 8px; }
.sub { color: var(--soft); margin-top: 6px; }
.verdict { font-weight: 650; padding: 6px 16px; border-radius: 999px; margin: 0; white-space: nowrap; }
.held .verdict { background: var(--good-back); color: var(--good); }
.broken .verdict { background: var(--bad-back); color: var(--bad); }
.unmeasured .verdict { background: var(--warn-back); color: var(--warn); }
/* Where nothing could be measured, nobody is to blame: no red. */
body.unmeasured { --bad: var(--warn); --bad-back: var(--card); }
.causes { background: var(--warn-back); border-color: var(--warn); }
h2, p, li, td:first-child, th.share { overflow-wrap: anywhere; }
section, .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
section { padding: 18px 20px; margin-top: 16px; }
section h2 + ul { margin-bottom: 16px; }
section ul:last-child { margin-bottom: 0; }
ul { padding-left: 20px; margin: 0; }
.problems { border-color: var(--bad); background: var(--bad-back); }
.fault { background: var(--warn-back); border-color: transparent; }
.fault h2, .causes h2, .busy { color: var(--warn); }
.tiles { list-style: none; padding: 0; margin: 20px 0 0; display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); }
.tiles li { padding: 14px 16px; display: flex; flex-direction: column; }
.tiles .value { font-size: 26px; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.tiles .bad .value { color: var(--bad); }
.label, .small, .note, .tick { color: var(--soft); }
.label { font-size: 13px; } .small, .busy { font-size: 12.5px; } .note { font-size: 13px; margin: 12px 0 0; max-width: 90ch; }
.title { display: flex; justify-content: space-between; gap: 16px; flex-wrap: wrap; }
.legend { list-style: none; padding: 0; display: flex; gap: 18px; font-size: 13.5px; flex-wrap: wrap; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
.key.slot0 { background: var(--slot0); } .key.slot1 { background: var(--slot1); } .key.slot2 { background: var(--slot2); } .key.slot3 { background: var(--slot3); }
.key.fail { background: var(--bad); }
.key.dashed { height: 0; width: 18px; border-radius: 0; border-top: 2px dashed var(--ink); vertical-align: 4px; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--slot0); outline-offset: 4px; border-radius: 4px; }
.plot { position: relative; min-width: 960px; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
svg text { fill: var(--ink); } svg .tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
.band { fill: var(--band); } .grid { stroke: var(--line); } .axis { stroke: var(--soft); stroke-opacity: 0.6; }
.area { stroke: var(--card); stroke-width: 1.5; stroke-linejoin: round; }
.area.slot0 { fill: var(--slot0); } .area.slot1 { fill: var(--slot1); } .area.slot2 { fill: var(--slot2); } .area.slot3 { fill: var(--slot3); }
.area.failures { fill: var(--bad); }
.expected { stroke: var(--ink); stroke-width: 1.6; stroke-dasharray: 6 4; }
.move { stroke: var(--ink); stroke-opacity: 0.55; }
svg .name { font-size: 13px; font-weight: 650; } svg .weights { fill: var(--soft); }
svg .inner { fill: var(--inner); font-size: 13px; font-weight: 600; font-variant-numeric: tabular-nums; paint-order: stroke; stroke: #00000033; stroke-width: 2px; }
svg .none { fill: var(--good); font-weight: 600; font-size: 13px; }
svg .failed { fill: var(--bad); }
.crosshair { stroke: var(--ink); stroke-dasharray: 2 3; pointer-events: none; }
#tip { position: absolute; top: 56px; pointer-events: none; background: var(--card); color: var(--ink); border: 1px solid var(--line); border-radius: 8px; padding: 8px 11px; font-size: 13px; line-height: 1.45; box-shadow: 0 4px 16px #00000030; max-width: 320px; width: max-content; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: 13px; color: var(--soft); vertical-align: bottom; }
th, td { padding: 9px 18px 9px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td.what { min-width: 250px; }
td { line-height: 1.4; }
.right { text-align: right; } .nowrap, td.right { white-space: nowrap; }
.ok { color: var(--good); font-weight: 700; } .no, td.bad, td.bad .small { color: var(--bad); font-weight: 700; }
summary { cursor: pointer; color: var(--soft); margin-bottom: 8px; }
@media (max-width: 1100px) {
  main { padding: 20px 12px 48px; }
  section { padding: 16px 14px; }
  th, td { padding-right: 10px; }
  .steps thead { display: none; }
  .steps, .steps tbody, .steps td { display: block; }
  .steps tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 10px 16px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  .steps tr:last-child { border-bottom: 0; }
  .steps td { border: 0; padding: 0; text-align: left; }
  .steps td { order: 2; } .steps td.share { order: 1; } .steps td.nowrap:not(.right) { order: 3; } .steps td.what { order: 0; grid-column: 1 / -1; min-width: 0; }
  .steps td.latency { white-space: normal; }
  .steps td:empty { display: none; }
  .steps td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-weight: 400; font-size: 12.5px; overflow-wrap: anywhere; }
  .steps td.share::before { border-left: 10px solid var(--line); padding-left: 6px; }
  .steps td.slot0::before { border-color: var(--slot0); } .steps td.slot1::before { border-color: var(--slot1); }
  .steps td.slot2::before { border-color: var(--slot2); } .steps td.slot3::before { border-color: var(--slot3); }
}
code { font: 13px ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
`;

/** Shows the numbers under the pointer. Everything else on the page works without it. */
export const pageScript = `
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const svg = document.getElementById('chart');
  const tip = document.getElementById('tip');
  const crosshair = document.getElementById('crosshair');
  const hide = () => { tip.hidden = true; crosshair.setAttribute('visibility', 'hidden'); };
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * data.width;
    const ms = (x - data.left) / data.plotWidth * data.durationMs;
    const bin = Math.floor(ms / data.binMs);
    if (ms < 0 || bin >= data.failed.length) { hide(); return; }
    const sum = data.ok.reduce((total, counts) => total + (counts[bin] || 0), 0);
    const [from, to] = [bin * data.binMs, (bin + 1) * data.binMs];
    // The numbers are those of all steps that the bin is part of.
    const steps = data.steps.filter((each, index) => each.beginMs < to && (data.steps[index + 1]?.beginMs ?? Infinity) > from);
    const lines = [[(from / 1000).toFixed(1) + ' to ' + (to / 1000).toFixed(1) + ' s, ' + steps.map((each) => each.name).join(', then '), true]];
    data.slots.forEach((slot, index) => {
      const count = data.ok[index][bin] || 0;
      lines.push([slot + ': ' + count + (sum > 0 ? ' (' + (count / sum * 100).toFixed(1) + ' %)' : '')]);
    });
    lines.push(['failed: ' + data.failed[bin]]);
    tip.replaceChildren(...lines.map(([text, strong]) => {
      const line = document.createElement('div');
      line.textContent = text;
      if (strong) line.style.fontWeight = '600';
      return line;
    }));
    tip.hidden = false;
    const left = event.clientX - box.left;
    tip.style.left = (left + 16 + tip.offsetWidth > box.width ? left - tip.offsetWidth - 16 : left + 16) + 'px';
    crosshair.setAttribute('x1', x);
    crosshair.setAttribute('x2', x);
    crosshair.setAttribute('visibility', 'visible');
  });
})();
`;

import { chart } from './chart';
import { escapeHtml } from './escape-html';
import { pageScript, pageStyle } from './page-parts';
import type { RehearsalReport, StepReport } from './report';
import { failedOf, requestsOf } from './step-sums';
import { numberInWords, recovery, shareInWords, smallShare, timeInWords } from './words';

/** The report as one HTML page that needs nothing else: no network, no other file. */
export function reportPage(report: RehearsalReport): string {
  const { svg, data } = chart(report);
  const slots = report.slots.map(({ slot }) => slot);
  const title = `Rehearsal of a release on ${report.plane}: ${report.verdict}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
  <div>
    <h1>Rehearsal of a release</h1>
    <p class="sub">${escapeHtml(report.plane)} · ${escapeHtml(report.entry)} · Envoy ${escapeHtml(report.totals.envoyVersion)} · ${report.settings.rate} requests per second · <time datetime="${report.startedAt}">${report.startedAt.slice(0, 16).replace('T', ' ')} UTC</time></p>
  </div>
  <p class="verdict ${report.verdict === 'held' ? 'held' : 'broken'}">${report.verdict === 'held' ? '✓' : '✕'} ${report.verdict}</p>
</header>
${problems(report)}
<ul class="tiles">
${tiles(report).join('\n')}
</ul>
${fault(report)}
<section>
  <div class="title">
    <h2>Share of requests over time</h2>
    <ul class="legend">
      ${[...slots].map((slot, index) => `<li><span class="key slot${index}"></span>${escapeHtml(slot)}</li>`).join('')}
      <li><span class="key dashed"></span>expected</li>
      <li><span class="key fail"></span>failed</li>
    </ul>
  </div>
  <div class="scroll"><div class="plot">${svg}<div id="tip" role="status" hidden></div></div></div>
</section>
<section>
  <h2>Steps</h2>
  <div class="scroll">${stepsTable(report, slots)}</div>
  <p class="note">Shares are those of the requests sent while the split of a step stood still. Under an expected share stand the shares that these requests do not rule out, at about four standard deviations and computed exactly; 0 % and 100 % leave nothing to chance: not one request may go the other way. Requests and failures are those of the whole step.</p>
</section>
<section>
  <h2>Counted ${report.slots.every(({ counts }) => counts) ? 'three times' : 'twice'}</h2>
  <p>${countsSentence(report)}</p>
  <details><summary>All counts</summary><div class="scroll">${countsTable(report)}</div></details>
</section>
<section>
  <h2>What ran</h2>
  <ul>${report.slots.map(({ slot, app }) => `<li>${escapeHtml(slot)}: ${app === 'demo app' ? 'the built-in demo app' : `<code>${escapeHtml(app)}</code>`}</li>`).join('')}
  <li>requests to <code>${escapeHtml(report.settings.path)}</code>, each given up after ${timeInWords(report.settings.timeoutMs)}, none sent twice by the client</li></ul>
  <h2>What this does not show</h2>
  <ul>${report.notShown.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
</section>
</main>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function problems({ problems }: RehearsalReport): string {
  return problems.length === 0
    ? ''
    : `<section class="problems"><h2>What did not hold</h2><ul>${problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join('')}</ul></section>`;
}

function tiles({ totals, steps }: RehearsalReport): string[] {
  const settled = steps.map(({ settleMs }) => settleMs).filter((settleMs) => settleMs !== null);
  const tile = (label: string, value: string, note: string, kind = '') =>
    `<li class="${kind}"><span class="label">${label}</span><span class="value">${value}</span><span class="small">${note}</span></li>`;
  return [
    tile('Requests', numberInWords(totals.requests), `in ${timeInWords(totals.durationMs)}`),
    tile(
      'Failed',
      numberInWords(totals.failed),
      totals.failureRateBelow === null
        ? `${shareInWords(totals.failed / totals.requests)} of all`
        : `under ${smallShare(totals.failureRateBelow)} at 95 % confidence`,
      totals.failed > 0 ? 'bad' : '',
    ),
    tile('Steps', `${steps.filter((step) => step.problems.length === 0).length} of ${steps.length}`, 'held'),
    tile(
      'New split in force',
      settled.length === 0 ? '–' : timeInWords(Math.max(...settled)),
      'after moving the routes, at most',
    ),
    tile('Retried', numberInWords(totals.retried), 'needed more than one try'),
  ];
}

function fault({ fault }: RehearsalReport): string {
  return fault === null
    ? ''
    : `<section class="fault"><h2>Fault: ${escapeHtml(fault.slot)} ${escapeHtml(fault.description)}</h2><p>It began ${timeInWords(fault.beganMs)} after the first request, in step “${escapeHtml(fault.step)}”. Users saw <strong>${numberInWords(fault.failed)}</strong> failed requests; retries hid <strong>${numberInWords(fault.hiddenByRetries)}</strong> more. <strong>${recovery(fault).replace(/^./, (letter) => letter.toUpperCase())}.</strong></p></section>`;
}

function stepsTable(report: RehearsalReport, slots: readonly string[]): string {
  const retried = report.totals.retried > 0;
  const head = [
    '<th>step</th><th>weights</th>',
    ...slots.map((slot, index) => `<th><span class="key slot${index}"></span>${escapeHtml(slot)}</th>`),
    `<th class="right">requests</th><th class="right">failed</th>${retried ? '<th class="right">retried</th>' : ''}<th class="right">in force after</th><th class="right">latency p50, p99</th>`,
  ].join('');
  const rows = report.steps.map((step, index) => {
    const mark = step.problems.length === 0 ? '<span class="ok">✓</span>' : '<span class="no">✕</span>';
    return `<tr><td class="what">${mark} <span class="small">${index}</span> <strong>${escapeHtml(step.name)}</strong><br><span class="small">${escapeHtml(step.description)}${changed(step, index)}</span></td>
<td class="nowrap">${slots.map((slot) => step.weights[slot] ?? 'off').join(' : ')}</td>
${slots.map((slot) => `<td>${shareCell(step, slot)}</td>`).join('')}
<td class="right">${numberInWords(requestsOf(step))}</td>
<td class="right ${failedOf(step) > 0 ? 'bad' : ''}">${numberInWords(failedOf(step))}</td>
${retried ? `<td class="right">${numberInWords(step.retried.requests)}</td>` : ''}
<td class="right nowrap">${step.settleMs === null ? '' : timeInWords(step.settleMs)}</td>
<td class="right nowrap">${latency(step)}</td></tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function changed({ changedResources }: StepReport, index: number): string {
  return index === 0 || changedResources.length === 0
    ? ''
    : `; <span title="${escapeHtml(changedResources.join(', '))}">the deploy changes ${changedResources.length} ${changedResources.length === 1 ? 'resource' : 'resources'}</span>`;
}

function shareCell(step: StepReport, slot: string): string {
  const observed = step.observedShare[slot];
  const expected = step.expectedShare[slot];
  const interval = step.interval[slot];
  if (observed === undefined || expected === undefined || interval === undefined) {
    return '<span class="small">off</span>';
  }
  const chance = expected > 0 && expected < 1;
  const bounds = `${percentNumber(interval.low)} to ${percentNumber(interval.high)} %`;
  return `<span class="nowrap">${shareInWords(observed)}</span><br><span class="small nowrap">${chance ? `expected ${shareInWords(expected)}</span><br><span class="small nowrap">${bounds}` : `exactly ${shareInWords(expected)}`}</span>`;
}

function latency({ latencyMs }: StepReport): string {
  return Object.values(latencyMs)
    .map(({ p50, p99 }) => `${timeInWords(p50)}, ${timeInWords(p99)}`)
    .join('<br>');
}

function countsSentence({ counts, slots }: RehearsalReport): string {
  const who = slots.every((slot) => slot.counts)
    ? 'The client, Envoy and the apps each counted for themselves'
    : 'The client and Envoy each counted for themselves, and so did the demo app where it ran';
  const wrong = counts.filter(({ agree }) => !agree).length;
  return wrong === 0
    ? `${who}. All ${counts.length} counts agree to the last request.`
    : `${who}. <strong>${wrong} of ${counts.length} counts do not agree.</strong>`;
}

function countsTable({ counts }: RehearsalReport): string {
  const rows = counts.map(
    ({ what, client, envoy, apps, agree }) =>
      `<tr><td>${agree ? '<span class="ok">✓</span>' : '<span class="no">✕</span>'} ${escapeHtml(what)}</td>${[
        client,
        envoy,
        apps,
      ]
        .map((count) => `<td class="right">${count === null ? '–' : numberInWords(count)}</td>`)
        .join('')}</tr>`,
  );
  return `<table><thead><tr><th>count</th><th class="right">client</th><th class="right">Envoy</th><th class="right">app</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function percentNumber(share: number): string {
  return `${Math.round(share * 1000) / 10}`;
}

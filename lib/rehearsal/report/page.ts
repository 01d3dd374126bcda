import { numberInWords, shareInWords, timeInWords } from '../../terminal/words';
import { chart } from './chart';
import { escapeHtml } from './escape-html';
import { pageScript, pageStyle } from './page-parts';
import { stepsTable } from './page-steps';
import type { RehearsalReport, Verdict } from './report';
import { held } from './step-sums';
import { faultInWords, smallShare } from './words';

const badges: Readonly<Record<Verdict, { readonly kind: string; readonly mark: string }>> = {
  held: { kind: 'held', mark: '✓' },
  'did not hold': { kind: 'broken', mark: '✕' },
  'not measured': { kind: 'unmeasured', mark: '–' },
};

/** The report as one HTML page that needs nothing else: no network, no other file. */
export function reportPage(report: RehearsalReport): string {
  const { svg, data } = chart(report);
  const badge = badges[report.verdict];
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
<body class="${badge.kind}">
<main>
<header>
  <div>
    <h1>Rehearsal of a release</h1>
    <p class="sub">${escapeHtml(report.plane)} · ${escapeHtml(report.entry)} · Envoy ${escapeHtml(report.totals.envoyVersion)} · ${report.settings.rate} requests per second · <time datetime="${report.startedAt}">${report.startedAt.slice(0, 16).replace('T', ' ')} UTC</time></p>
  </div>
  <p class="verdict">${badge.mark} ${report.verdict}</p>
</header>
${findings(report)}
${sentences('Good to know', report.remarks, 'remarks')}
<ul class="tiles">
${tiles(report).join('\n')}
</ul>
${fault(report)}
<section>
  <div class="title">
    <h2>Share of requests over time</h2>
    <ul class="legend">
      ${report.slots.map(({ slot }, index) => `<li><span class="key slot${index}"></span>${escapeHtml(slot)}</li>`).join('')}
      <li><span class="key dashed"></span>expected</li>
      <li><span class="key fail"></span>failed</li>
    </ul>
  </div>
  <div class="scroll" tabindex="0" role="region" aria-label="Chart: share of requests over time"><div class="plot">${svg}<div id="tip" role="status" hidden></div></div></div>
</section>
<section>
  <h2>Steps</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="Table of the steps">${stepsTable(report)}</div>
  <p class="note">Shares are those of the requests sent while the split of a step stood still. Under an expected share stand the shares that these requests do not rule out, at about four standard deviations and computed exactly; 0 % and 100 % leave nothing to chance: not one request may go the other way. Requests and failures are those of the whole step. Failed is what got no complete answer in time, or a status of 400 and above.${previewNote(report)}</p>
</section>
<section>
  <h2>Counted ${report.slots.every(({ counts }) => counts) ? 'three times' : 'twice'}</h2>
  <p>${countsSentence(report)}</p>
  <details><summary>All counts</summary><div class="scroll" tabindex="0" role="region" aria-label="Table of all counts">${countsTable(report)}</div></details>
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

// What is to blame stands first: a slot, or the machine.
function findings({ verdict, problems, unmeasured }: RehearsalReport): string {
  const wrong = sentences('What did not hold', problems, 'problems');
  return verdict === 'not measured'
    ? sentences('Why this could not be measured', unmeasured, 'causes') + wrong
    : wrong + sentences('What could not be measured', unmeasured, 'causes');
}

function sentences(heading: string, list: readonly string[], kind: string): string {
  return list.length === 0
    ? ''
    : `<section class="${kind}"><h2>${heading}</h2><ul>${list.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul></section>`;
}

function tiles({ totals, steps, verdict }: RehearsalReport): string[] {
  const settled = steps.map(({ settleMs }) => settleMs).filter((settleMs) => settleMs !== null);
  const tile = (label: string, value: string, note: string, kind = '') =>
    `<li class="${kind}"><span class="label">${label}</span><span class="value">${value}</span><span class="small">${note}</span></li>`;
  return [
    tile('Requests', numberInWords(totals.requests), `in ${timeInWords(totals.durationMs)}`),
    tile(
      'Failed',
      numberInWords(totals.failed),
      totals.failureRateBelow === null || verdict === 'not measured'
        ? `${shareInWords(totals.failed / totals.requests)} of all`
        : `under ${smallShare(totals.failureRateBelow)} at 95 % confidence`,
      totals.failed > 0 ? 'bad' : '',
    ),
    tile('Steps', `${steps.filter(held).length} of ${steps.length}`, 'held'),
    tile(
      'New split in force',
      settled.length === 0 ? '–' : timeInWords(Math.max(...settled)),
      'after moving the routes, at most',
    ),
    tile('Retried', numberInWords(totals.retried), 'needed more than one try'),
  ];
}

function fault({ fault }: RehearsalReport): string {
  if (fault === null) {
    return '';
  }
  const did = faultInWords(fault).map((sentence) => `${sentence.replace(/^./, (letter) => letter.toUpperCase())}.`);
  return `<section class="fault"><h2>Fault: ${escapeHtml(fault.slot)} ${escapeHtml(fault.description)}</h2><p>It began ${timeInWords(fault.beganMs)} after the first request, in step “${escapeHtml(fault.step)}”. <strong>${did.join(' ')}</strong></p></section>`;
}

function previewNote({ steps }: RehearsalReport): string {
  return steps.some(({ preview }) => preview)
    ? " Preview requests are the rehearsal's own, straight to a slot by the preview header: no user sent them, and of the other numbers they are only in the counts below."
    : '';
}

function countsSentence({ counts, slots }: RehearsalReport): string {
  const who = slots.every((slot) => slot.counts)
    ? 'The client, Envoy and the apps each counted for themselves'
    : `The client and Envoy each counted for themselves${slots.some((slot) => slot.counts) ? ', and so did the demo app where it ran' : ''}`;
  const wrong = counts.filter(({ agree }) => !agree).length;
  return wrong === 0
    ? `${who}. All ${counts.length} counts agree${counts.some(({ unsure }) => unsure > 0) ? '' : ' to the last request'}.`
    : `${who}. <strong>${wrong} of ${counts.length} counts do not agree.</strong>`;
}

function countsTable({ counts }: RehearsalReport): string {
  const unsure = counts.some((count) => count.unsure > 0);
  const rows = counts.map((count) => {
    const numbers = [count.client, count.envoy, count.apps, ...(unsure ? [count.unsure] : [])];
    const cells = numbers.map((number) => `<td class="right">${number === null ? '–' : numberInWords(number)}</td>`);
    const mark = count.agree ? '<span class="ok">✓</span>' : '<span class="no">✕</span>';
    return `<tr><td>${mark} ${escapeHtml(count.what)}</td>${cells.join('')}</tr>`;
  });
  const heads = ['client', 'Envoy', 'app', ...(unsure ? ['may differ by'] : [])];
  return `<table><thead><tr><th scope="col">count</th>${heads.map((head) => `<th scope="col" class="right">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

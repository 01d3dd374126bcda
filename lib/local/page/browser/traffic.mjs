// A way in: what is deployed there, and what happens there.

import { drawChart, newChart } from './chart.mjs';
import { element, keep, setAttribute, setText } from './elements.mjs';
import { lagSeconds, sumsOf } from './seconds.mjs';

const columns = ['weight', 'share', 'requests/s', 'failed', 'p50', 'p95'];
const nobody = '';

/** Makes the block of a way in. */
export function newWayIn() {
  const link = element('a', {});
  const name = element('h3');
  const splits = element('div');
  const body = element('tbody');
  const table = element(
    'table',
    { class: 'numbers' },
    element('caption', { class: 'unseen' }, 'Requests by slot'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, 'slot'),
        ...columns.map((column) => element('th', { scope: 'col', class: 'right' }, column)),
      ),
    ),
    body,
  );
  const block = element(
    'div',
    { class: 'way' },
    name,
    element('p', { class: 'sub' }, link),
    splits,
    table,
    element(
      'p',
      { class: 'note' },
      'Share, requests per second and latency are of the last ten seconds; failed are those of the last two minutes: a 5xx status, or no answer.',
    ),
  );
  block.wayIn = { name, link, splits, body };
  return block;
}

/** Shows what is deployed at a way in. */
export function updateWayIn(block, view) {
  const { name, link, splits } = block.wayIn;
  block.view = view;
  setText(name, view.name);
  setText(link, `http://${view.address}`);
  setAttribute(link, 'href', `http://${view.address}/`);
  keep(
    splits,
    view.splits,
    (split) => split.name,
    () => newSplit(),
    (child, split) => updateSplit(child, split, view),
  );
}

/** Shows what happens at a way in now. */
export function drawWayIn(block, now, isStill) {
  const { view } = block;
  const exact = now / 1000 - lagSeconds;
  const edge = isStill ? Math.floor(exact) : exact;
  for (const child of block.wayIn.splits.children) {
    drawSplit(child, view, edge);
  }
  const rows = [...rowsOf(view), { name: nobody, label: 'no slot', colour: undefined, split: undefined }];
  const sums = new Map(rows.map(({ name }) => [name, sumsOf(view.id, name, edge)]));
  keep(
    block.wayIn.body,
    rows,
    ({ name }) => name,
    ({ colour }) => newRow(colour),
    (row, each) => updateRow(row, each, sums),
  );
}

function newSplit() {
  const heading = element('h4');
  const legend = element('ul', { class: 'legend' });
  const svg = newChart();
  const plot = element('div', { class: 'plot' }, svg);
  const made = element('div', { class: 'split' }, element('div', { class: 'title' }, heading, legend), plot);
  made.split = { heading, legend, svg, plot };
  return made;
}

function updateSplit(made, split, view) {
  const { heading, legend } = made.split;
  const slots = split.targets
    .map(({ target, weight }) => ({ ...view.targets.find(({ name }) => name === target), target, weight }))
    .sort((a, b) => a.colour - b.colour);
  made.shown = { slots, weights: split.weights };
  const title = 'Share of requests, last two minutes';
  setText(heading, view.splits.length > 1 ? `${title}: ${split.title}` : title);
  const keys = [
    ...slots.map(({ label, weight, colour, target }) => ({
      key: target,
      kind: `slot${colour}`,
      text: `${label}: weight ${weight}`,
    })),
    { key: ' expected', kind: 'dashed', text: 'expected' },
    { key: ' failed', kind: 'fail', text: 'failed' },
  ];
  keep(
    legend,
    keys,
    ({ key }) => key,
    () => element('li', {}, element('span', { class: 'key' }), element('span')),
    (item, { kind, text }) => {
      setAttribute(item.firstChild, 'class', `key ${kind}`);
      setText(item.lastChild, text);
    },
  );
}

function drawSplit({ split: { svg, plot }, shown: { slots, weights } }, view, edge) {
  const width = Math.round(plot.clientWidth);
  const withNobody = view.splits.length === 1;
  drawChart(svg, { wayIn: view.id, slots, withNobody, weights, edge, width });
  const sums = slots.map(({ target, label }) => ({ label, ...sumsOf(view.id, target, edge) }));
  const all = sums.reduce((sum, { requests }) => sum + requests, 0);
  const failed = sums.reduce((sum, { errors, unanswered }) => sum + errors + unanswered, 0);
  const words = sums.map(({ label, requests }) => `${label} ${percent(requests, all)}`).join(', ');
  setAttribute(
    svg,
    'aria-label',
    all === 0
      ? 'Share of requests in the last two minutes: there were none.'
      : `Share of requests in the last two minutes: ${words}. Failed: ${failed} of ${all}.`,
  );
}

// Each target with the split that it has a weight in, the slots in their order.
function rowsOf(view) {
  return view.targets
    .map((target) => ({
      ...target,
      split: view.splits.find(({ targets }) => targets.some((each) => each.target === target.name)),
    }))
    .sort((a, b) => a.colour - b.colour);
}

function newRow(colour) {
  const label = element('span');
  const key = element('span', { class: colour === undefined ? 'key nobody' : `key slot${colour}` });
  const cells = columns.map((column) => element('td', { class: 'right', 'data-label': column }));
  const row = element('tr', {}, element('th', { scope: 'row' }, key, label), ...cells);
  row.parts = { label, cells, key };
  return row;
}

function updateRow(row, { name, label, colour, split }, sums) {
  const { cells, key } = row.parts;
  const { now, perSecond, errors, unanswered, p50, p95 } = sums.get(name);
  const weight = split?.targets.find(({ target }) => target === name)?.weight;
  // Beside those that belong to the same route: what no slot got is a part of all.
  const beside = split ? split.targets.map(({ target }) => target) : [...sums.keys()];
  const all = beside.reduce((sum, target) => sum + (sums.get(target)?.now ?? 0), 0);
  const failed = errors + unanswered;
  const parts = [errors > 0 ? `${errors} errors` : '', unanswered > 0 ? `${unanswered} without answer` : ''];
  setText(row.parts.label, label);
  if (colour !== undefined) {
    setAttribute(key, 'class', `key slot${colour}`);
  }
  const words = [
    weight ?? '–',
    percent(now, all),
    perSecond === 0 || perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1),
    failed === 0 ? '0' : parts.filter((part) => part !== '').join(', '),
    milliseconds(p50),
    milliseconds(p95),
  ];
  cells.forEach((cell, index) => {
    setText(cell, words[index]);
  });
  cells[3].classList.toggle('bad', failed > 0);
}

function percent(part, all) {
  return all === 0 ? '–' : `${Math.round((part / all) * 1000) / 10} %`;
}

// Envoy counts whole milliseconds.
function milliseconds(value) {
  if (value === null) {
    return '–';
  }
  return value < 1 ? '< 1 ms' : `${Math.round(value)} ms`;
}

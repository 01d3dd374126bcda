// A way in: what is deployed there, and what happens there.

import { drawChart, newChart } from './chart.mjs';
import { element, keep, setAttribute, setText } from './elements.mjs';
import { areSomeLeftOut, lagSeconds, sumsOf } from './seconds.mjs';

const columns = ['weight', 'share', 'requests/s', 'failed', 'p50', 'p95'];
const nobody = { key: '', name: '', label: 'no slot', colour: undefined, split: undefined };
const about =
  'Share, requests per second and latency are of the last ten seconds; failed are those of the last two minutes: a 5xx status, or no answer.';

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
  const note = element('p', { class: 'note' });
  const block = element('div', { class: 'way' }, name, element('p', { class: 'sub' }, link), splits, table, note);
  block.wayIn = { name, link, splits, body, note };
  return block;
}

/**
 * Shows what is deployed at a way in.
 *
 * @param {import('../view').WayInView} view
 */
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
  setText(block.wayIn.note, areSomeLeftOut(view.id) ? `${about} Requests by the preview header are left out.` : about);
  const rows = [...rowsOf(view), nobody].map((row) => ({ ...row, sums: sumsOf(view.id, row.split?.name ?? '', row.name, edge) }));
  keep(
    block.wayIn.body,
    rows,
    ({ key }) => key,
    ({ colour }) => newRow(colour),
    (row, each) => updateRow(row, each, rows),
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

/**
 * @param {import('../view').SplitView} split
 * @param {import('../view').WayInView} view
 */
function updateSplit(made, split, view) {
  const { heading, legend } = made.split;
  const slots = slotsOf(split, view);
  made.shown = { name: split.name, slots, weights: split.weights };
  const title = 'Share of requests, last two minutes';
  setText(heading, view.splits.length > 1 ? `${title}: ${split.title}` : title);
  const keys = [
    ...slots.map(({ label, weight, colour, target }) => ({
      key: target,
      kind: `slot${colour}`,
      text: weight === undefined ? `${label}: gone` : `${label}: weight ${weight}`,
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

function drawSplit({ split: { svg, plot }, shown: { name, slots, weights } }, view, edge) {
  const width = Math.round(plot.clientWidth);
  const withNobody = view.splits.length === 1;
  drawChart(svg, { wayIn: view.id, split: name, slots, withNobody, weights, edge, width });
  const sums = slots.map(({ target, label }) => ({ label, ...sumsOf(view.id, name, target, edge) }));
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

/**
 * What has a weight in a split, or had one in the last two minutes, the slots in their order.
 *
 * @param {import('../view').SplitView} split
 * @param {import('../view').WayInView} view
 */
function slotsOf(split, view) {
  return [...split.targets, ...split.gone.map((target) => ({ target, weight: undefined }))]
    .flatMap((each) => view.targets.filter(({ name }) => name === each.target).map((shown) => ({ ...shown, ...each })))
    .sort((a, b) => a.colour - b.colour);
}

/**
 * Each target of each split, and those that no split leads to.
 *
 * @param {import('../view').WayInView} view
 */
function rowsOf(view) {
  const ofSplits = view.splits.flatMap((split) =>
    slotsOf(split, view).map((slot) => ({
      ...slot,
      key: `${split.name} ${slot.target}`,
      label: view.splits.length > 1 ? `${slot.label}, ${split.title}` : slot.label,
      split,
    })),
  );
  const others = view.targets.filter(({ name }) => !ofSplits.some((each) => each.name === name));
  return [...ofSplits, ...others.map((target) => ({ ...target, key: ` ${target.name}`, split: undefined }))];
}

function newRow(colour) {
  const label = element('span');
  const key = element('span', { class: colour === undefined ? 'key nobody' : `key slot${colour}` });
  const cells = columns.map((column) => element('td', { class: 'right', 'data-label': column }));
  const row = element('tr', {}, element('th', { scope: 'row' }, key, label), ...cells);
  row.parts = { label, cells, key };
  return row;
}

function updateRow(row, { label, colour, split, weight, sums }, rows) {
  const { cells, key } = row.parts;
  const { now, perSecond, errors, unanswered, p50, p95 } = sums;
  // Beside those that belong to the same route: what no slot got is a part of all.
  const beside = split ? rows.filter((each) => each.split === split) : rows;
  const all = beside.reduce((sum, each) => sum + each.sums.now, 0);
  const failed = errors + unanswered;
  const parts = [
    errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
    unanswered > 0 ? `${unanswered} without answer` : '',
  ];
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

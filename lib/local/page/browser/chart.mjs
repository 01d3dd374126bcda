// The share of each slot in the last two minutes as a picture that moves, and the failures below.

import { drawn, setAttribute, setText } from './elements.mjs';
import { countsAt, shownSeconds } from './seconds.mjs';

const height = 236;
const left = 46;
const right = 8;
const shares = { top: 10, bottom: 140 };
const failures = { top: 172, bottom: 208 };
const levels = [0, 0.5, 1];
const ticks = [120, 90, 60, 30, 0];

/** Makes an empty chart. It is as wide as there is room, with letters of one size. */
export function newChart() {
  const svg = drawn('svg', { role: 'img', class: 'chart' });
  const part = (tag, attributes, text) => {
    const made = drawn(tag, attributes, text);
    svg.append(made);
    return made;
  };
  const grid = levels.map((level) => ({
    level,
    line: part('line', { class: 'grid', x1: left, y1: shareY(level), y2: shareY(level) }),
    label: part('text', { class: 'tick', x: left - 8, y: shareY(level) + 4, 'text-anchor': 'end' }, `${level * 100} %`),
  }));
  const areas = new Map();
  const areaGroup = part('g', {});
  const expected = part('path', { class: 'expected' });
  const caption = part('text', { class: 'tick', x: left, y: failures.top - 8 }, 'failed per second');
  const most = part('text', { class: 'tick', x: left - 8, y: failures.top + 8, 'text-anchor': 'end' });
  const bars = part('path', { class: 'failed' });
  const none = part('text', { class: 'none', y: (failures.top + failures.bottom) / 2 + 5, 'text-anchor': 'middle' });
  const axis = part('line', { class: 'axis', x1: left, y1: failures.bottom, y2: failures.bottom });
  const times = ticks.map((ago) => ({
    ago,
    label: part(
      'text',
      { class: 'tick', y: height - 8, 'text-anchor': ago === 0 ? 'end' : 'middle' },
      ago === 0 ? 'now' : `−${ago} s`,
    ),
  }));
  const quiet = part('text', { class: 'tick', y: (shares.top + shares.bottom) / 2, 'text-anchor': 'middle' });
  svg.chart = { grid, areas, areaGroup, expected, caption, most, bars, none, axis, times, quiet };
  return svg;
}

/**
 * Draws what there is.
 *
 * @param split its name
 * @param slots those of the split, also those that are gone: `{ target, label, colour }`
 * @param withNobody whether requests that no slot got belong to this split
 * @param weights those that were in force, the newest last
 * @param edge the moment at the right edge, in seconds since 1970
 */
export function drawChart(svg, { wayIn, split, slots, withNobody, weights, edge, width }) {
  const { grid, areas, areaGroup, expected, most, bars, none, axis, times, quiet } = svg.chart;
  const plotWidth = Math.max(10, width - left - right);
  const from = edge - shownSeconds;
  const x = (second) => left + (Math.min(Math.max(second - from, 0), shownSeconds) / shownSeconds) * plotWidth;
  setAttribute(svg, 'viewBox', `0 0 ${width} ${height}`);
  for (const { line } of grid) {
    setAttribute(line, 'x2', width - right);
  }
  setAttribute(axis, 'x2', width - right);
  for (const { ago, label } of times) {
    setAttribute(label, 'x', ago === 0 ? width - right : left + ((shownSeconds - ago) / shownSeconds) * plotWidth);
    label.toggleAttribute('hidden', width < 500 && ago % 60 !== 0);
  }

  const layers = layersOf(split, slots, withNobody);
  const seconds = secondsOf(wayIn, layers, from, edge);
  for (const [kind, path] of areas) {
    if (!layers.some((layer) => layer.kind === kind)) {
      path.remove();
      areas.delete(kind);
    }
  }
  layers.forEach((layer, index) => {
    if (!areas.has(layer.kind)) {
      areas.set(layer.kind, drawn('path', { class: `area ${layer.kind}` }));
      areaGroup.append(areas.get(layer.kind));
    }
    setAttribute(areas.get(layer.kind), 'd', areaPath(seconds, index, x));
  });
  setAttribute(expected, 'd', expectedPath(weights, slots, from, edge, x));

  const failed = seconds.map(({ failed }) => failed);
  const mostFailed = Math.max(0, ...failed);
  setText(most, mostFailed === 0 ? '' : mostFailed);
  setText(none, mostFailed === 0 && seconds.length > 0 ? 'none' : '');
  setText(quiet, seconds.length === 0 ? 'no requests' : '');
  setAttribute(none, 'x', left + plotWidth / 2);
  setAttribute(quiet, 'x', left + plotWidth / 2);
  setAttribute(bars, 'd', barPath(seconds, mostFailed, x));
}

// The last slot at the bottom: the new version rises from there. Failed requests lie on it, those that no slot got on top.
function layersOf(split, slots, withNobody) {
  const ofSlots = [...slots].reverse().map(({ target, colour }, index) => ({ kind: `slot${colour} at${index}`, split, target }));
  const failed = { kind: 'failures' };
  return [
    ...ofSlots.slice(0, 1),
    failed,
    ...ofSlots.slice(1),
    ...(withNobody ? [{ kind: 'nobody', split: '', target: '' }] : []),
  ];
}

function secondsOf(wayIn, layers, from, edge) {
  const counted = layers.filter(({ target }) => target !== undefined);
  const found = [];
  for (let second = Math.floor(from); second + 1 <= edge; second += 1) {
    const counts = new Map(counted.map(({ split, target }) => [target, countsAt(wayIn, split, target, second)]));
    const failed = [...counts.values()].reduce((sum, [, errors, unanswered]) => sum + errors + unanswered, 0);
    const parts = layers.map(({ target }) => (target === undefined ? failed : counts.get(target)[0]));
    const total = parts.reduce((sum, part) => sum + part, 0);
    if (total > 0) {
      found.push({ second, failed, total, parts });
    }
  }
  return found;
}

// Each second is flat. Where there were no requests of that kind, there is nothing.
function areaPath(seconds, index, x) {
  return runsOf(seconds.filter(({ parts }) => parts[index] > 0))
    .map((run) => {
      const level = ({ parts, total }, count) => shareY(parts.slice(0, count).reduce((sum, part) => sum + part, 0) / total);
      const edgeAt = (count) => run.flatMap((each) => [1, 0].map((end) => [x(each.second + 1 - end), level(each, count)]));
      return `M${[...edgeAt(index + 1), ...edgeAt(index).reverse()].map(([px, py]) => `${n(px)},${n(py)}`).join('L')}Z`;
    })
    .join('');
}

function runsOf(seconds) {
  const runs = [];
  for (const each of seconds) {
    const last = runs.at(-1);
    if (last?.at(-1).second === each.second - 1) {
      last.push(each);
    } else {
      runs.push([each]);
    }
  }
  return runs;
}

// The dashed line is what is deployed; the areas are what happened.
function expectedPath(weights, slots, from, edge, x) {
  return weights
    .map(({ since, targets }, index) => {
      const [begin, end] = [Math.max(from, since / 1000), Math.min(edge, (weights[index + 1]?.since ?? Infinity) / 1000)];
      const sum = targets.reduce((total, { weight }) => total + weight, 0);
      let level = 0;
      return [...slots]
        .reverse()
        .map(({ target }) => {
          level += (targets.find((each) => each.target === target)?.weight ?? 0) / sum;
          return level > 0 && level < 1 && begin < end ? `M${n(x(begin))},${n(shareY(level))}H${n(x(end))}` : '';
        })
        .join('');
    })
    .join('');
}

function barPath(seconds, most, x) {
  return seconds
    .filter(({ failed }) => failed > 0)
    .map(({ second, failed }) => {
      const top = failures.bottom - Math.max(2, (failed / most) * (failures.bottom - failures.top));
      return `M${n(x(second))},${failures.bottom}V${n(top)}H${n(Math.max(x(second) + 1, x(second + 1) - 0.6))}V${failures.bottom}Z`;
    })
    .join('');
}

function shareY(share) {
  return shares.bottom - share * (shares.bottom - shares.top);
}

function n(number) {
  return Math.round(number * 10) / 10;
}

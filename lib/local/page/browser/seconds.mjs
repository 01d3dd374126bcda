// The requests of the last two minutes, as the server has told of them.

/** How far back the page shows requests, in seconds. */
export const shownSeconds = 120;

/** A second is drawn when it is over and everything of it was told. */
export const lagSeconds = 1.5;

/** What is of "now" is of so many seconds. */
export const nowSeconds = 10;

const series = new Map();

export function forgetSeconds() {
  series.clear();
}

/**
 * Takes what the server has told, and forgets what is too old to be shown.
 *
 * @param {readonly import('../view').SeriesView[]} told
 * @param {number} now as `Date.now()` of the server
 */
export function takeTraffic(told, now) {
  for (const { wayIn, split, target, seconds, p50, p95 } of told) {
    const key = keyOf(wayIn, split, target);
    const known = series.get(key) ?? { wayIn, split, target, seconds: new Map(), p50: null, p95: null };
    series.set(key, known);
    known.p50 = p50;
    known.p95 = p95;
    for (const [second, ...counts] of seconds) {
      known.seconds.set(second, counts);
    }
  }
  const oldest = now / 1000 - shownSeconds - 5;
  for (const [key, { seconds }] of series) {
    for (const second of seconds.keys()) {
      if (second < oldest) {
        seconds.delete(second);
      }
    }
    if (seconds.size === 0) {
      series.delete(key);
    }
  }
}

/** How many seconds are kept, for the whole page. */
export function keptSeconds() {
  return [...series.values()].reduce((sum, { seconds }) => sum + seconds.size, 0);
}

/** The counts of a target of a split in a second: in order, errors, without an answer. */
export function countsAt(wayIn, split, target, second) {
  return series.get(keyOf(wayIn, split, target))?.seconds.get(second) ?? [0, 0, 0];
}

/** Whether there are requests to targets by a route that is no split. */
export function areSomeLeftOut(wayIn) {
  return [...series.values()].some((each) => each.wayIn === wayIn && each.split === '' && each.target !== '');
}

/** What there is to say of a target of a split in numbers. */
export function sumsOf(wayIn, split, target, edge) {
  const { seconds = new Map(), p50 = null, p95 = null } = series.get(keyOf(wayIn, split, target)) ?? {};
  const sums = { now: 0, requests: 0, errors: 0, unanswered: 0, p50, p95 };
  const last = Math.floor(edge);
  for (const [second, [ok, errors, unanswered]] of seconds) {
    if (second < last && second >= last - shownSeconds) {
      sums.requests += ok + errors + unanswered;
      sums.errors += errors;
      sums.unanswered += unanswered;
      sums.now += second >= last - nowSeconds ? ok + errors + unanswered : 0;
    }
  }
  return { ...sums, perSecond: sums.now / nowSeconds };
}

function keyOf(wayIn, split, target) {
  return `${split} ${target} ${wayIn}`;
}

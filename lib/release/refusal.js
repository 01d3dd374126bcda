// @ts-check
// An unsafe change in words. The release guard runs this file in the account, as it is: plain JavaScript that needs nothing else.

/** @import { UnsafeChange } from './deployed-state' */

const longestValue = 120;

/**
 * One sentence that says what is wrong and what to do: what, value got, value expected, why, what to do.
 *
 * @param {UnsafeChange} change
 * @param {Readonly<Record<string, string | undefined>>} settingNames by which the user knows the settings, such as
 * `{ image: '{slot}Image' }`; without one, the name of the setting, and of which slot
 */
function refusal({ kind, slot, weight, setting, got, expected, relieved, tasks }, settingNames = {}) {
  /** @param {string} what */
  const name = (what) => {
    // A variable has its own name behind that of the setting.
    const head = what.replace(/\..*/, '');
    const variable = what.slice(head.length + 1);
    const known = settingNames[head]?.replace('{slot}', slot ?? '');
    const owner = known === undefined && slot !== undefined ? `of ${slot}` : '';
    return [known ?? head, variable, owner].filter((word) => word !== '').join(' ');
  };
  const why = {
    leaves: `${slot} answers requests (weight ${weight})`,
    changes: `${slot} answers requests (weight ${weight})`,
    'way-in': 'requests come in there',
    'too-early': tasks
      ? `${slot} has ${tasks.there} of ${tasks.wanted} tasks when the route changes`
      : `${slot} cannot answer yet when the route changes`,
    shrinks: `${slot} answers requests (weight ${weight}) and would lose tasks at once`,
  }[kind];
  const advice = {
    leaves: relieved
      ? `keep ${name('active')} true and ${name('weight')} ${weight}, or deploy ${name('weight')} 0 first`
      : `keep ${name('active')} true and ${name('weight')} ${weight}`,
    changes: 'keep it, and put the new one into a slot without requests',
    'way-in': `keep it, and build the new one beside it under another ${name('serviceName')}`,
    'too-early': `deploy it with ${name('weight')} 0 first and leave the other weights as they are${tasks ? ', and wait for its tasks' : ''}`,
    shrinks: got === undefined ? `keep it, or set desiredCount to ${expected} or more` : `set it to ${expected} or more`,
  }[kind];
  return `${name(setting)}: got ${show(got)}, expected ${show(expected)}, since ${why}: ${advice}`;
}

/** @param {string | undefined} value */
function show(value) {
  if (value === undefined) {
    return 'none';
  }
  const text = value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
  return /^(true|false|\d+)$/.test(text) ? text : JSON.stringify(text);
}

exports.refusal = refusal;

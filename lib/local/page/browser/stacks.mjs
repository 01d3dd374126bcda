// A stack: what CloudFormation does with it, what the guard has refused, its alarms, ways in and services.

import { element, keep, setAttribute, setSince, setText, setTextOrHide, timeAt } from './elements.mjs';
import { newService, updateService } from './services.mjs';
import { newWayIn, updateWayIn } from './traffic.mjs';

const phases = {
  'being reviewed': { kind: 'moving', mark: '…' },
  deploying: { kind: 'moving', mark: '…' },
  'cleaning up': { kind: 'moving', mark: '…' },
  deleting: { kind: 'moving', mark: '…' },
  'rolling back': { kind: 'bad', mark: '↩' },
  'rolled back': { kind: 'back', mark: '↩' },
  deployed: { kind: 'good', mark: '✓' },
  failed: { kind: 'bad', mark: '✕' },
};

const alarmStates = {
  ALARM: { kind: 'bad', words: '✕ ALARM' },
  OK: { kind: 'good', words: '✓ OK' },
  INSUFFICIENT_DATA: { kind: 'back', words: '– no data' },
};

/** Makes the section of a stack. */
export function newStack() {
  const name = element('h2');
  const phase = element('p', { class: 'pill' });
  const status = element('span');
  const since = element('span');
  const reason = element('p', { class: 'reason' });
  const refusals = element('ul');
  const refused = element(
    'div',
    { class: 'problems', hidden: '' },
    element('h3', {}, '✕ The guard has refused this deploy'),
    refusals,
  );
  const waysIn = element('div');
  const services = element('div', { class: 'services' });
  const goneOff = newAlarms(element('h3', {}, 'Alarms that have gone off'));
  const alarms = newAlarms(element('h3', {}, 'Other alarms'));
  const made = element(
    'section',
    { class: 'stack' },
    element('div', { class: 'title' }, element('div', {}, name, element('p', { class: 'sub' }, status, ' ', since)), phase),
    reason,
    refused,
    goneOff,
    waysIn,
    services,
    alarms,
  );
  made.parts = { name, phase, status, since, reason, refused, refusals, goneOff, alarms, waysIn, services };
  return made;
}

/**
 * Shows a stack as it is.
 *
 * @param {import('../view').StackView} view
 */
export function updateStack(made, view) {
  const { name, phase, status, since, reason, refused, refusals, goneOff, alarms, waysIn, services } = made.parts;
  const { kind, mark } = phases[view.phase];
  setText(name, view.name);
  setAttribute(phase, 'class', `pill ${kind}`);
  setText(phase, `${mark} ${view.phase}`);
  phase.hidden = view.status === '';
  setText(status, view.status);
  setSince(since, view.since);
  setTextOrHide(reason, kind === 'bad' || kind === 'back' ? view.reason : '');
  refused.hidden = view.refusals.length === 0;
  keep(
    refusals,
    view.refusals,
    ({ at, reason: words }) => `${at} ${words}`,
    ({ at, reason: words }) => element('li', {}, element('span', { class: 'small' }, timeAt(at)), ' ', words),
    () => {},
  );
  const isOff = ({ state }) => state === 'ALARM';
  updateAlarms(goneOff, view.alarms.filter(isOff));
  updateAlarms(
    alarms,
    view.alarms.filter((each) => !isOff(each)),
  );
  keep(waysIn, view.waysIn, ({ id }) => id, newWayIn, updateWayIn);
  keep(services, view.services, ({ arn }) => arn, newService, updateService);
}

/** Makes a list of alarms below its heading. */
export function newAlarms(heading) {
  const list = element('ul', { class: 'alarms' });
  const made = element('div', { hidden: '' }, heading, list);
  made.list = list;
  return made;
}

/**
 * Shows alarms as they are.
 *
 * @param {readonly import('../view').AlarmView[]} alarms
 */
export function updateAlarms(made, alarms) {
  made.hidden = alarms.length === 0;
  keep(made.list, alarms, ({ arn }) => arn, newAlarm, updateAlarm);
}

function newAlarm() {
  const state = element('span', { class: 'pill' });
  const title = element('strong');
  const since = element('span', { class: 'small' });
  const description = element('p');
  const reason = element('p', { class: 'note' });
  const item = element('li', {}, state, element('div', {}, title, ' ', since, description, reason));
  item.parts = { state, title, since, description, reason };
  return item;
}

/** @param {import('../view').AlarmView} view */
function updateAlarm(item, view) {
  const { state, title, since, description, reason } = item.parts;
  const { kind, words } = alarmStates[view.state];
  setAttribute(state, 'class', `pill ${kind}`);
  setText(state, words);
  setText(title, view.title);
  setAttribute(title, 'title', view.name);
  setSince(since, view.since);
  // A description says what is wrong: nothing is, as long as the alarm has not gone off.
  setTextOrHide(
    description,
    view.state === 'ALARM' || view.description === '' ? view.description : `goes off when ${view.description}`,
  );
  setTextOrHide(reason, view.reason);
}

// CloudFormation's events as they come, the newest first.

import { element, setText, timeAt } from './elements.mjs';

/** So many of the newest events are shown. */
export const shownEvents = 200;

/** Puts new events on top of a list, and takes away those that are too many. */
export function addEvents(list, events) {
  for (const event of events) {
    list.prepend(eventItem(event));
  }
  while (list.childElementCount > shownEvents) {
    list.lastElementChild.remove();
  }
}

/** @param {import('../../emulator/follower').StackEvent} event */
function eventItem({ stack, at, logicalId, resourceType, status, reason = '' }) {
  const { kind, mark } = lookOf(status);
  const item = element(
    'li',
    { class: kind },
    element('span', { class: 'small' }, timeAt(at)),
    element('strong', {}, `${mark} ${status}`),
    element('span', {}, logicalId === stack ? stack : `${logicalId} of ${stack}`),
    element('span', { class: 'small' }, resourceType),
  );
  if (reason !== '') {
    const why = element('span', { class: 'reason' });
    setText(why, reason);
    item.append(why);
  }
  return item;
}

function lookOf(status) {
  if (status.endsWith('_FAILED')) {
    return { kind: 'bad', mark: '✕' };
  }
  if (status.includes('ROLLBACK')) {
    return { kind: 'bad', mark: '↩' };
  }
  return status.endsWith('_IN_PROGRESS') ? { kind: 'moving', mark: '…' } : { kind: 'good', mark: '✓' };
}

// An ECS service with its tasks.

import { element, keep, setAttribute, setSince, setText, setTextOrHide } from './elements.mjs';

const rollouts = {
  IN_PROGRESS: { kind: 'moving', words: '… rolling out' },
  COMPLETED: { kind: 'good', words: '✓ rolled out' },
  FAILED: { kind: 'bad', words: '✕ rollout failed' },
};

/** Makes the block of a service. */
export function newService() {
  const key = element('span', { class: 'key' });
  const title = element('span');
  const count = element('span', { class: 'count' });
  const rollout = element('span', { class: 'pill' });
  const tasks = element('ul', { class: 'tasks' });
  const more = element('p', { class: 'note' });
  const message = element('p', { class: 'note' });
  const block = element(
    'div',
    { class: 'service' },
    element('div', { class: 'title' }, element('h4', {}, key, title), rollout),
    count,
    tasks,
    more,
    message,
  );
  block.parts = { key, title, count, rollout, tasks, more, message };
  return block;
}

/**
 * Shows a service as it is.
 *
 * @param {import('../view').ServiceView} view
 */
export function updateService(block, view) {
  const { key, title, count, rollout, tasks, more, message } = block.parts;
  setAttribute(key, 'class', `key slot${view.colour}`);
  setText(title, view.slot === '' ? view.name : `slot ${view.slot}`);
  setText(
    count,
    view.runsHere
      ? `${view.running} of ${view.desired} ${view.desired === 1 ? 'task' : 'tasks'} running`
      : 'no process: an Envoy at the way in stands for its tasks',
  );
  const { kind, words } = rollouts[view.rollout];
  setAttribute(rollout, 'class', `pill ${kind}`);
  setText(rollout, words);
  keep(
    tasks,
    view.tasks,
    ({ id }) => id,
    () => newTask(),
    updateTask,
  );
  setTextOrHide(more, view.more === 0 ? '' : `and ${view.more} more`);
  setTextOrHide(message, view.message);
}

function newTask() {
  const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
  const status = element('strong');
  const since = element('span', { class: 'small' });
  const image = element('code');
  const reason = element('span', { class: 'reason' });
  const item = element(
    'li',
    {},
    mark,
    element('div', {}, element('div', {}, status, ' ', since), element('div', { class: 'small' }, image), reason),
  );
  item.parts = { mark, status, since, image, reason };
  return item;
}

/**
 * @param {any} item
 * @param {import('../view').TaskView} task
 */
function updateTask(item, { id, status, health, image, since, reason }) {
  const { mark, status: words, since: time, image: name, reason: why } = item.parts;
  const { kind, sign } = lookOf(status, health);
  setAttribute(item, 'class', kind);
  setText(mark, sign);
  setText(words, status === 'RUNNING' && health !== 'UNKNOWN' ? `RUNNING, ${health}` : status);
  setSince(time, since);
  setText(name, `${image === '' ? '' : `${image} · `}${id.slice(0, 8)}`);
  setTextOrHide(why, reason);
}

function lookOf(status, health) {
  if (status === 'RUNNING') {
    return { HEALTHY: { kind: 'good', sign: '✓' }, UNHEALTHY: { kind: 'bad', sign: '✕' } }[health] ?? { kind: 'good', sign: '●' };
  }
  return status === 'PENDING' ? { kind: 'moving', sign: '…' } : { kind: 'gone', sign: status === 'STOPPED' ? '■' : '↓' };
}

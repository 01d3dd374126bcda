// Hears what the server tells, and shows it.

import { keep, setAttribute, setText, setTextOrHide, tickSince, timeAt } from './elements.mjs';
import { addEvents } from './events.mjs';
import { forgetSeconds, takeTraffic } from './seconds.mjs';
import { newAlarms, newStack, updateAlarms, updateStack } from './stacks.mjs';
import { drawWayIn } from './traffic.mjs';

/** The server tells something every two seconds: after so many milliseconds without a word it is gone. */
const silenceMs = 8000;

/** So many sentences stay for a screen reader that is busy. */
const keptNews = 5;

/** @type {(id: string) => any} */
const byId = (id) => document.getElementById(id);
const stillness = matchMedia('(prefers-reduced-motion: reduce)');
const otherAlarms = newAlarms('');
byId('other-alarms').append(otherAlarms);

/** @type {EventSource | undefined} */
let source;
let offset = 0;
let heardAt = performance.now();
let toldAt = Date.now();
/** @type {number | undefined} */
let lostAt;
let drawnSecond = 0;

// By the clock of the server.
function now() {
  return Date.now() + offset;
}

function connect() {
  disconnect();
  heardAt = performance.now();
  source = new EventSource('/events');
  source.onmessage = ({ data }) => take(JSON.parse(data));
  source.onerror = lost;
}

function disconnect() {
  source?.close();
  source = undefined;
}

/** @param {import('../view').PageMessage} message */
function take(message) {
  heardAt = performance.now();
  toldAt = message.now;
  offset = toldAt - Date.now();
  if (lostAt !== undefined) {
    lostAt = undefined;
    say('The connection is back.');
  }
  byId('lost').hidden = true;
  document.body.classList.remove('stale');
  setAttribute(byId('connection'), 'class', 'pill good');
  setText(byId('connection'), '● live');
  if (message.isWhole) {
    forgetSeconds();
    byId('events').replaceChildren();
  }
  if (message.about) {
    setText(byId('endpoint'), message.about.endpoint);
    setText(byId('commands'), message.about.commands.join('\n'));
  }
  if (message.stacks) {
    showStacks(message.stacks);
  }
  if (message.otherAlarms) {
    byId('other-alarms').hidden = message.otherAlarms.length === 0;
    updateAlarms(otherAlarms, message.otherAlarms);
  }
  if (message.events) {
    addEvents(byId('events'), message.events);
  }
  byId('no-events').hidden = byId('events').childElementCount > 0;
  for (const news of message.news ?? []) {
    say(news);
  }
  takeTraffic(message.traffic ?? [], message.now);
  draw();
}

/** @param {readonly import('../view').StackView[]} stacks */
function showStacks(stacks) {
  keep(byId('stacks'), stacks, ({ name }) => name, newStack, updateStack);
  // The bootstrap stack is there before anything is deployed.
  const isThere = stacks.some(({ name, services, waysIn }) => name !== 'CDKToolkit' || services.length + waysIn.length > 0);
  byId('empty').hidden = isThere;
  tickSince(now());
}

// A browser tries again by itself, unless it was told off.
function lost() {
  if (lostAt === undefined) {
    lostAt = toldAt;
    setText(byId('lost-since'), `at ${timeAt(lostAt)}`);
    say('The connection to the AWS on this machine is lost.');
  }
  byId('lost').hidden = false;
  document.body.classList.add('stale');
  setAttribute(byId('connection'), 'class', 'pill bad');
  setText(byId('connection'), '✕ connection lost');
}

// To who listens to the page: what matters, and nothing that only ticks.
function say(words) {
  const news = byId('news');
  const line = document.createElement('p');
  setTextOrHide(line, words);
  news.append(line);
  while (news.childElementCount > keptNews) {
    news.firstElementChild.remove();
  }
}

function draw() {
  const second = Math.floor(now() / 1000);
  // Who wants nothing to move sees a new picture each second.
  if (lostAt !== undefined || (stillness.matches && second === drawnSecond)) {
    return;
  }
  drawnSecond = second;
  for (const block of document.querySelectorAll('.way')) {
    drawWayIn(block, now(), stillness.matches);
  }
}

function tick() {
  if (document.hidden) {
    return;
  }
  if (performance.now() - heardAt > silenceMs) {
    lost();
    connect();
  } else if ((source?.readyState ?? EventSource.CLOSED) === EventSource.CLOSED) {
    connect();
  }
  if (lostAt === undefined) {
    tickSince(now());
  }
  draw();
}

// A browser has six connections to a server, for all its windows: one that nobody sees takes none, and is told everything when it is seen.
function showOrHide() {
  if (document.hidden) {
    disconnect();
  } else {
    connect();
  }
}

setInterval(tick, 1000);
document.addEventListener('visibilitychange', showOrHide);
showOrHide();

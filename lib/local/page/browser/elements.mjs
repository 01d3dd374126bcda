// Elements that stay the same while what they show changes: so focus, selection and scrolling stay too. All text is set as text.

/** Makes an element. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** Makes an element of a picture. */
export function drawn(tag, attributes = {}, text = '') {
  const made = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.textContent = text;
  return made;
}

/** Sets the text of an element, if it is another one. */
export function setText(target, text) {
  if (target.textContent !== `${text}`) {
    target.textContent = text;
  }
}

/** Sets an attribute, if it has another value. */
export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== `${value}`) {
    target.setAttribute(name, value);
  }
}

/** Sets a text, and hides the element when there is none. */
export function setTextOrHide(target, text) {
  setText(target, text);
  target.hidden = text === '';
}

const kept = new WeakMap();

/** Makes the children of an element those of a list: one for each item, by its key, in the order of the list. */
export function keep(parent, items, keyOf, make, update) {
  const before = kept.get(parent) ?? new Map();
  const after = new Map();
  let next = null;
  for (const item of [...items].reverse()) {
    const key = keyOf(item);
    const child = before.get(key) ?? make(item);
    update(child, item);
    after.set(key, child);
    if (child.parentNode !== parent || child.nextSibling !== next) {
      parent.insertBefore(child, next);
    }
    next = child;
  }
  for (const [key, child] of before) {
    if (!after.has(key)) {
      child.remove();
    }
  }
  kept.set(parent, after);
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A time of day. */
export function timeAt(milliseconds) {
  return timeOfDay.format(milliseconds);
}

/** How long something is so, roughly. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) {
    return `${seconds} s`;
  }
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** Has an element tell since when something is so; `tickSince` keeps it right. */
export function setSince(target, since) {
  target.dataset.since = since;
}

/** Brings all that tell since when something is so up to date. */
export function tickSince(now) {
  for (const each of document.querySelectorAll('[data-since]')) {
    const since = Number(each.getAttribute('data-since'));
    setText(each, since === 0 ? '' : `since ${timeAt(since)} (${duration(now - since)})`);
  }
}

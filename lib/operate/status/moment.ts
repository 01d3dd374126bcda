const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A time of day, such as `14:02`; of another day with the day in front: `2026-11-25 14:02`. In the time zone of this machine. */
export function momentInWords(moment: Date, now: Date): string {
  const two = (number: number) => `${number}`.padStart(2, '0');
  const dayOf = (date: Date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  return dayOf(moment) === dayOf(now) ? time : `${dayOf(moment)} ${time}`;
}

/** How long ago, such as `40 s`, `12 min`, `1 h 12 min` or `3 d 4 h`. */
export function agoInWords(moment: Date, now: Date): string {
  const span = Math.max(0, now.getTime() - moment.getTime());
  if (span < minute) {
    return `${Math.floor(span / 1000)} s`;
  }
  if (span < hour) {
    return `${Math.floor(span / minute)} min`;
  }
  return span < day
    ? `${Math.floor(span / hour)} h ${Math.floor((span % hour) / minute)} min`
    : `${Math.floor(span / day)} d ${Math.floor((span % day) / hour)} h`;
}

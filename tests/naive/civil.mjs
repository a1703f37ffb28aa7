// Local time of Stockholm by the JavaScript engine's time zone data: nothing here is shared with common/civil.c.

const MINUTE_MS = 60_000;
const parts = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Stockholm",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const offsets = new Map(); // UTC hour → offset: the formatter is slow, and offsets change on whole hours

function offsetMs(utcMs) {
  const hour = Math.floor(utcMs / 3_600_000);
  if (!offsets.has(hour)) {
    const p = Object.fromEntries(parts.formatToParts(hour * 3_600_000).map(({ type, value }) => [type, value]));
    offsets.set(hour, Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - hour * 3_600_000);
  }
  return offsets.get(hour);
}

export const localDate = (utcMs) => new Date(utcMs + offsetMs(utcMs)).toISOString().slice(0, 10);
export const localTime = (utcMs) => new Date(utcMs + offsetMs(utcMs)).toISOString().slice(11, 16);

// A time that exists twice means the first; one that does not exist is moved forward by the missing hour.
export function utcOfLocal(date, time) {
  const wall = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const summer = wall - 120 * MINUTE_MS;
  if (summer + offsetMs(summer) === wall) return summer;
  return wall - 60 * MINUTE_MS;
}

export function instant(text) {
  return text.endsWith("Z") ? Date.parse(text) : utcOfLocal(text.slice(0, 10), text.slice(11));
}
export const weekday = (date) => (new Date(`${date}T12:00Z`).getUTCDay() + 6) % 7; // 0 = Monday
export const nextDate = (date, days = 1) =>
  new Date(Date.parse(`${date}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

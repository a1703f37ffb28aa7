// The roll call, written from docs/rollcall.md alone and the slow way, to compare the product with. It shares no code
// with the daemon.

import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { instant, localDate, utcOfLocal } from "./civil.mjs";
import { readCsv } from "./csv.mjs";

const MINUTE_MS = 60_000;
export const FILES = [
  "pupils",
  "members",
  "lessons",
  "exemptions",
  "terminals",
  "cards",
  "absences",
  "taps",
  "outages",
  "marks",
  "staff",
  "teachers",
  "guardians",
];
export const ATTENDANCE = ["pupil_id", "class", "date", "start", "minutes", "subject", "status", "absent_minutes"];
export const DEFAULTS = {
  early_min: 15,
  grace_min: 5,
  late_max_min: 30,
  carry_over_min: 10,
  repeat_s: 60,
  room_match: "school",
};

// { pupils: [row…], lessons: [row…], … }; a missing file is an empty list.
export function readSchool(folder) {
  const read = (name) => {
    const path = join(folder, `${name}.csv`);
    return existsSync(path) ? readCsv(readFileSync(path, "utf8")) : [];
  };
  return Object.fromEntries(FILES.map((name) => [name, read(name)]));
}

const opened = (text, whenEmpty) => (text ? instant(text) : whenEmpty);
const during = (date, { from, to }) => (!from || from <= date) && (!to || date <= to);
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byStart = (a, b) => a.from - b.from || byText(a.lesson_id, b.lesson_id);
const overlap = (a, b) => a.from < b.to && b.from < a.to;
const attended = (o) => o.status === "present" || o.status === "late";

// Milliseconds of [from, to) that at least one of the intervals covers.
function covered(intervals, from, to) {
  let total = 0;
  let reached = from;
  for (const i of [...intervals].sort((a, b) => a.from - b.from)) {
    const start = Math.max(i.from, reached);
    const end = Math.min(i.to, to);
    if (end > start) {
      total += end - start;
      reached = end;
    }
  }
  return total;
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const k = key(row);
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(row);
  }
  return groups;
}

// Rows of attendance.csv, sorted, each with lesson_id. With `until` (UTC ms): only the lessons that ended by then, as
// the daemon would say at that time when the day is not over.
export function rollcall(school, { settings = {}, until = Infinity } = {}) {
  const rules = { ...DEFAULTS, ...settings };
  const facts = indexFacts(school, rules);
  const rows = [...facts.days].flatMap(([date, lessons]) => dayRows(date, lessons, facts, rules, until));
  return rows.sort(
    (a, b) =>
      byText(a.pupil_id, b.pupil_id) ||
      byText(a.class, b.class) ||
      byText(a.date, b.date) ||
      byText(a.start, b.start) ||
      a.minutes - b.minutes ||
      byText(a.subject, b.subject),
  );
}

function indexFacts(school, rules) {
  const lessons = school.lessons.map((l) => ({
    ...l,
    from: utcOfLocal(l.date, l.start),
    to: utcOfLocal(l.date, l.end),
  }));
  const absences = school.absences.map((a) => ({ ...a, from: opened(a.from, -Infinity), to: opened(a.to, Infinity) }));
  const outages = school.outages.map((o) => ({ ...o, from: opened(o.from, -Infinity), to: opened(o.to, Infinity) }));
  return {
    pupils: new Map(school.pupils.map((p) => [p.pupil_id, p])),
    days: groupBy(lessons, (l) => l.date),
    members: groupBy(school.members, (m) => m.group_id),
    exemptions: groupBy(school.exemptions, (e) => `${e.group_id} ${e.pupil_id}`),
    absences: groupBy(absences, (a) => a.pupil_id),
    outages: groupBy(outages, (o) => o.terminal_id),
    terminals: groupBy(school.terminals, (t) => t.room),
    marks: latestMarks(school.marks),
    taps: countedTaps(school, rules),
  };
}

function latestMarks(rows) {
  const marks = new Map();
  for (const row of rows) {
    const key = `${row.lesson_id} ${row.pupil_id}`;
    const before = marks.get(key);
    if (!before || instant(row.recorded_at) >= instant(before.recorded_at)) marks.set(key, row);
  }
  return marks;
}

// "pupil date" → the taps that count, in time order, each with the room of its terminal.
function countedTaps(school, rules) {
  const cards = groupBy(school.cards, (c) => c.card);
  const rooms = new Map(school.terminals.map((t) => [t.terminal_id, t.room]));
  const owned = [];
  for (const tap of school.taps) {
    const at = instant(tap.at);
    const date = localDate(at);
    const owners = new Set((cards.get(tap.card) ?? []).filter((c) => during(date, c)).map((c) => c.pupil_id));
    if (owners.size !== 1 || !rooms.has(tap.terminal_id)) continue;
    owned.push({ pupil_id: [...owners][0], terminal_id: tap.terminal_id, room: rooms.get(tap.terminal_id), at, date });
  }
  owned.sort((a, b) => a.at - b.at || byText(a.terminal_id, b.terminal_id));
  const last = new Map();
  const counted = owned.filter((tap) => {
    const key = `${tap.pupil_id} ${tap.terminal_id}`;
    if (last.has(key) && tap.at - last.get(key) < rules.repeat_s * 1000) return false;
    last.set(key, tap.at);
    return true;
  });
  return groupBy(counted, (tap) => `${tap.pupil_id} ${tap.date}`);
}

function dayRows(date, lessons, facts, rules, until) {
  const rows = [];
  const days = new Map(); // pupil → the outcomes of expected lessons, by start
  for (const lesson of [...lessons].sort(byStart)) {
    for (const pupil_id of new Set(
      (facts.members.get(lesson.group_id) ?? []).filter((m) => during(date, m)).map((m) => m.pupil_id),
    )) {
      const pupil = facts.pupils.get(pupil_id);
      if (!pupil || !during(date, pupil)) continue;
      const minutes = Math.round((lesson.to - lesson.from) / MINUTE_MS);
      const outcome = {
        ...lesson,
        pupil_id,
        class: pupil.class,
        minutes,
        absent_minutes: 0,
        status: null,
        arrival: null,
      };
      const exempt = (facts.exemptions.get(`${lesson.group_id} ${pupil_id}`) ?? []).some((e) => during(date, e));
      if (lesson.state === "cancelled" || exempt) {
        rows.push({ ...outcome, status: lesson.state === "cancelled" ? "cancelled" : "exempt" });
        continue;
      }
      if (!days.has(pupil_id)) days.set(pupil_id, []);
      days.get(pupil_id).push(outcome);
    }
  }
  for (const [pupil_id, day] of days) decidePupil(pupil_id, date, day, facts, rules);
  decideLessons(days, facts, until);
  rows.push(...[...days.values()].flat());
  return rows.filter((row) => row.to <= until);
}

function decidePupil(pupil_id, date, day, facts, rules) {
  for (const tap of facts.taps.get(`${pupil_id} ${date}`) ?? []) takeTap(tap, day, rules);
  const absences = facts.absences.get(pupil_id) ?? [];
  for (const outcome of day) {
    const decided =
      marked(outcome, facts) ??
      arrived(outcome, absences, rules) ??
      reported(outcome, absences) ??
      carriedOver(outcome, day, rules);
    Object.assign(outcome, decided);
  }
  elsewhere(day);
}

function takeTap(tap, day, rules) {
  const candidates = day.filter((l) => l.from - rules.early_min * MINUTE_MS <= tap.at && tap.at < l.to);
  const goingOn = (l) => l.from <= tap.at;
  const free = (l) => l.arrival === null;
  const here = (l) => l.room === tap.room;
  const anyRoom = rules.room_match === "school";
  const taken =
    candidates.find((l) => here(l) && goingOn(l) && free(l)) ??
    candidates.find((l) => here(l) && !goingOn(l) && free(l)) ??
    (anyRoom ? candidates.find((l) => goingOn(l) && free(l)) : undefined) ??
    (anyRoom && !candidates.some(goingOn) ? candidates.find((l) => free(l)) : undefined);
  if (taken) taken.arrival = tap.at;
}

function marked(outcome, facts) {
  const mark = facts.marks.get(`${outcome.lesson_id} ${outcome.pupil_id}`);
  if (!mark) return null;
  const none = mark.status === "present" || mark.status === "unknown";
  return { status: mark.status, absent_minutes: none ? 0 : Number(mark.absent_minutes), by: "mark" };
}

function arrived(outcome, absences, rules) {
  if (outcome.arrival === null) return null;
  const m = Math.max(0, Math.floor((outcome.arrival - outcome.from) / MINUTE_MS));
  if (m <= rules.grace_min) return { status: "present", absent_minutes: 0, by: "arrival" };
  for (const type of ["leave", "reported"]) {
    const time = covered(
      absences.filter((a) => a.type === type),
      outcome.from,
      outcome.arrival,
    );
    if (time >= outcome.arrival - outcome.from - rules.grace_min * MINUTE_MS)
      return { status: type, absent_minutes: m, by: "arrival" };
  }
  const missed = m > rules.late_max_min || 2 * m > outcome.minutes;
  return { status: missed ? "unreported" : "late", absent_minutes: m, by: "arrival" };
}

function reported(outcome, absences) {
  for (const type of ["leave", "reported"]) {
    const time = covered(
      absences.filter((a) => a.type === type),
      outcome.from,
      outcome.to,
    );
    if (2 * time >= outcome.to - outcome.from) return { status: type, absent_minutes: outcome.minutes, by: "absence" };
  }
  return null;
}

function carriedOver(outcome, day, rules) {
  const before = day.filter((l) => l.to <= outcome.from).sort((a, b) => b.to - a.to || byStart(a, b))[0];
  const carries =
    before &&
    before.group_id === outcome.group_id &&
    before.room === outcome.room &&
    outcome.from - before.to <= rules.carry_over_min * MINUTE_MS &&
    attended(before);
  return carries ? { status: "present", absent_minutes: 0, by: "carried" } : null;
}

// `day` is by start, so of two undecided lessons that overlap the first stands.
function elsewhere(day) {
  const exempt = { status: "exempt", absent_minutes: 0, by: "elsewhere" };
  const undecided = day.filter((l) => l.status === null);
  for (const lesson of undecided) {
    if (day.some((l) => l !== lesson && overlap(l, lesson) && (attended(l) || l.arrival !== null)))
      Object.assign(lesson, exempt);
  }
  const standing = [];
  for (const lesson of undecided.filter((l) => l.status === null)) {
    if (standing.some((l) => overlap(l, lesson))) Object.assign(lesson, exempt);
    else standing.push(lesson);
  }
}

function decideLessons(days, facts, until) {
  const byLesson = groupBy([...days.values()].flat(), (o) => o.lesson_id);
  const silent = [...byLesson.values()].filter((outcomes) => nobodyCanKnow(outcomes, days, facts, until));
  for (const outcome of silent.flat().filter((o) => o.status === null))
    Object.assign(outcome, { status: "unknown", absent_minutes: 0 });
  for (const outcome of [...byLesson.values()].flat()) {
    if (outcome.status === null) Object.assign(outcome, { status: "unreported", absent_minutes: outcome.minutes });
  }
}

function nobodyCanKnow(outcomes, days, facts, until) {
  const { room, from } = outcomes[0];
  const terminals = facts.terminals.get(room) ?? [];
  const outOfOrder = ({ terminal_id }) =>
    covered(facts.outages.get(terminal_id) ?? [], from - 10 * MINUTE_MS, from + 15 * MINUTE_MS) > 120_000;
  if (terminals.every(outOfOrder)) return true;
  const asked = outcomes.filter((o) => !["mark", "absence", "elsewhere"].includes(o.by));
  const seenHere = asked.filter((o) => o.by === "arrival" || o.by === "carried").length;
  const seenOrToCome = (l) => attended(l) || l.to > until;
  const seenElsewhere = asked.filter((o) => days.get(o.pupil_id).some((l) => l !== o && seenOrToCome(l))).length;
  return asked.length >= 8 && 5 * seenHere <= asked.length && 10 * seenElsewhere >= 7 * asked.length;
}

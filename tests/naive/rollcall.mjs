// The roll call, written from docs/rollcall.md alone and the slow way, to compare the product with. It shares no code
// with the daemon: every question is answered by going through all rows of the pupil, group, card or date again.

import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { instant, localDate, utcOfLocal } from "./civil.mjs";
import { readSchoolCsv } from "./schoolcsv.mjs";

const MINUTE_MS = 60_000;
const OUT_MOST_MS = 120_000;
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
  "calendar",
  "staff",
  "teachers",
  "guardians",
];
export const ATTENDANCE = ["pupil_id", "class", "date", "start", "minutes", "subject", "status", "absent_minutes"];
export const DEFAULTS = {
  early_min: 20,
  first_early_min: 45,
  grace_min: 5,
  late_max_min: 30,
  carry_over_min: 10,
  carry_over_match: "group",
  repeat_s: 60,
  room_match: "school",
};

// { pupils: [row…], lessons: [row…], … }; a missing file is an empty list.
export function readSchool(folder) {
  const read = (name) => {
    const path = join(folder, `${name}.csv`);
    return existsSync(path) ? readSchoolCsv(readFileSync(path, "utf8")) : [];
  };
  return Object.fromEntries(FILES.map((name) => [name, read(name)]));
}

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byStart = (a, b) => a.from - b.from || byBytes(a.lesson_id, b.lesson_id);
const onDate = (date, { from, to }) => (!from || from <= date) && (!to || date <= to);
const cardNumber = (text) => text.replaceAll(":", "").toUpperCase();

// from and to of a card are dates, both included, or local date-times, `to` excluded.
function holdsAt(row, at) {
  const begun = !row.from || (row.from.length === 10 ? row.from <= localDate(at) : instant(row.from) <= at);
  const over = row.to && (row.to.length === 10 ? row.to < localDate(at) : instant(row.to) <= at);
  return begun && !over;
}

const spans = (rows) =>
  rows.map((row) => [row.from ? instant(row.from) : -Infinity, row.to ? instant(row.to) : Infinity]);
// The parts of [from, to) that lie in at least one of the spans, apart and in order.
function union(list, from, to) {
  const cut = list
    .map(([a, b]) => [Math.max(a, from), Math.min(b, to)])
    .filter(([a, b]) => a < b)
    .sort((x, y) => x[0] - y[0]);
  const apart = [];
  for (const [a, b] of cut) {
    const last = apart.at(-1);
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else apart.push([a, b]);
  }
  return apart;
}
const length = (list) => list.reduce((sum, [a, b]) => sum + b - a, 0);
// The time in [from, to) that lies in every one of the lists.
function inAll(lists, from, to) {
  let common = [[from, to]];
  for (const list of lists) common = common.flatMap(([a, b]) => union(list, a, b));
  return length(common);
}

// key → its rows, in their order.
function rowsBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const of = key(row);
    if (groups.has(of)) groups.get(of).push(row);
    else groups.set(of, [row]);
  }
  return { of: (name) => groups.get(name) ?? [] };
}
// The files of a school, to be asked for what is of one thing.
function arrange(school) {
  const ofPupil = (row) => row.pupil_id;
  const ofGroup = (row) => row.group_id;
  return {
    terminals: school.terminals,
    outages: school.outages,
    periods: rowsBy(school.pupils, ofPupil),
    absences: rowsBy(school.absences, ofPupil),
    members: rowsBy(school.members, ofGroup),
    exemptions: rowsBy(school.exemptions, ofGroup),
    marks: rowsBy(school.marks, (row) => row.lesson_id),
    cards: rowsBy(school.cards, (row) => cardNumber(row.card)),
    taps: rowsBy(
      school.taps.map((tap) => ({ ...tap, at: instant(tap.at) })),
      (tap) => localDate(tap.at),
    ),
  };
}

// Rows of attendance.csv, sorted, each with lesson_id and with what decided it in `by`. With `until` (UTC ms): as said at
// that time, when only the lessons that ended by then exist.
export function rollcall(school, { settings = {}, until = Infinity } = {}) {
  const rules = { ...DEFAULTS, ...settings };
  const unique = new Map(school.lessons.map((row) => [row.lesson_id, row]));
  const lessons = [...unique.values()].map((row) => ({
    ...row,
    from: utcOfLocal(row.date, row.start),
    to: utcOfLocal(row.date, row.end),
  }));
  const arranged = arrange(school);
  const lessonsOn = rowsBy(lessons, (lesson) => lesson.date);
  const dates = [...new Set(lessons.map((lesson) => lesson.date))];
  const rows = dates.flatMap((date) => dayRows(new Day(arranged, rules, date, lessonsOn.of(date), until)));
  return rows.sort(
    (a, b) =>
      byBytes(a.pupil_id, b.pupil_id) ||
      byBytes(a.class, b.class) ||
      byBytes(a.date, b.date) ||
      byBytes(a.start, b.start) ||
      a.minutes - b.minutes ||
      byBytes(a.subject, b.subject) ||
      byBytes(a.status, b.status) ||
      a.absent_minutes - b.absent_minutes,
  );
}

// A seat is one pupil at one lesson: {pupil_id, lesson, class, minutes, arrival, status, absent_minutes, by}.
class Day {
  constructor(school, rules, date, lessons, until) {
    Object.assign(this, { school, rules, date });
    const period = (pupil_id) => school.periods.of(pupil_id).find((p) => onDate(date, p));
    const places = new Map();
    for (const row of school.terminals)
      if (onDate(date, row) && !places.has(row.terminal_id)) places.set(row.terminal_id, row);
    this.places = [...places.values()];
    this.seats = [];
    this.none = []; // cancelled, exempt
    for (const lesson of lessons) {
      const members = school.members.of(lesson.group_id).filter((m) => onDate(date, m));
      for (const pupil_id of new Set(members.map((m) => m.pupil_id))) {
        const pupil = period(pupil_id);
        if (!pupil) continue;
        const minutes = Math.round((lesson.to - lesson.from) / MINUTE_MS);
        const seat = {
          ...lesson,
          lesson,
          pupil_id,
          class: pupil.class ?? "",
          minutes,
          absent_minutes: 0,
          arrival: null,
          status: null,
          by: "",
        };
        seat.mark = this.markOf(seat);
        const exempt = school.exemptions.of(lesson.group_id).some((e) => e.pupil_id === pupil_id && onDate(date, e));
        if (lesson.state === "cancelled") this.none.push({ ...seat, status: "cancelled" });
        else if (exempt) this.none.push({ ...seat, status: "exempt" });
        else this.seats.push(seat);
      }
    }
    this.sitDown(this.seats);
    this.firstStart = new Map(); // of a pupil's expected lessons on the date, those that have not ended too
    for (const seat of [...this.seats].reverse()) this.firstStart.set(seat.pupil_id, seat.from);
    this.pupils = [...new Set(this.seats.map((s) => s.pupil_id))];
    this.taps = this.heldTaps(period);
    this.tapsBy = rowsBy(
      this.taps.filter((tap) => tap.place && tap.holders.length === 1),
      (tap) => tap.holders[0],
    );
    for (const pupil_id of this.pupils) this.takeTaps(pupil_id);
    this.none = this.none.filter((s) => s.to <= until);
    this.sitDown(this.seats.filter((s) => s.to <= until));
  }

  sitDown(seats) {
    this.seats = seats.sort(byStart);
    this.seatsBy = rowsBy(seats, (seat) => seat.pupil_id);
  }

  markOf({ lesson_id, pupil_id, minutes }) {
    let latest = null;
    for (const row of this.school.marks.of(lesson_id)) {
      if (row.pupil_id !== pupil_id) continue;
      if (row.status === "cancelled" || row.status === "exempt") continue;
      if (!latest || instant(row.recorded_at) >= instant(latest.recorded_at)) latest = row;
    }
    if (!latest) return null;
    const none = latest.status === "present" || latest.status === "unknown";
    const missed = none ? 0 : Number(latest.absent_minutes || 0);
    return { status: latest.status, missed, thereAtEnd: markedThere(latest.status, missed, minutes) };
  }

  // Every tap of the date with the pupils who then held its card, and the place of its terminal.
  heldTaps(period) {
    const place = new Map(this.places.map((row) => [row.terminal_id, row]));
    return this.school.taps
      .of(this.date)
      .map((tap) => {
        const rows = this.school.cards.of(cardNumber(tap.card)).filter((c) => holdsAt(c, tap.at));
        const holders = [...new Set(rows.map((c) => c.pupil_id))].filter((pupil_id) => period(pupil_id));
        return { ...tap, holders, place: place.get(tap.terminal_id) };
      })
      .sort((a, b) => a.at - b.at || byBytes(a.terminal_id, b.terminal_id));
  }

  tapsOf(pupil_id) {
    return this.tapsBy.of(pupil_id);
  }
  seatsOf(pupil_id) {
    return this.seatsBy.of(pupil_id);
  }
  absencesOf(pupil_id, type) {
    return this.school.absences.of(pupil_id).filter((a) => a.to && (!type || a.type === type));
  }
  earlyOf(seat) {
    return (
      (seat.from === this.firstStart.get(seat.pupil_id) ? this.rules.first_early_min : this.rules.early_min) * MINUTE_MS
    );
  }

  takeTaps(pupil_id) {
    const taken = new Map(); // terminal → its last tap that a lesson took
    for (const tap of this.tapsOf(pupil_id)) {
      const last = taken.get(tap.terminal_id);
      if (last !== undefined && tap.at - last < this.rules.repeat_s * 1000) continue;
      if (tap.place.place === "entrance" && !this.entranceCounts(pupil_id, tap)) continue;
      const seat = this.lessonOf(pupil_id, tap);
      if (!seat) continue;
      seat.arrival = tap.at;
      taken.set(tap.terminal_id, tap.at);
    }
  }

  entranceCounts(pupil_id, tap) {
    const arrivals = this.seatsOf(pupil_id)
      .filter((s) => s.arrival !== null)
      .map((s) => s.arrival);
    if (arrivals.length === 0) return true;
    const latest = Math.max(...arrivals);
    return this.absencesOf(pupil_id).some((a) => a.from && instant(a.from) > latest && instant(a.from) <= tap.at);
  }

  lessonOf(pupil_id, tap) {
    const candidates = this.seatsOf(pupil_id).filter((s) => s.from - this.earlyOf(s) <= tap.at && tap.at < s.to);
    const goingOn = (s) => s.from <= tap.at;
    const here = (s) => s.room !== "" && s.room === tap.place.room;
    const free = candidates.filter((s) => s.arrival === null);
    const elsewhere = this.rules.room_match === "school" && !this.isLeaving(pupil_id, tap);
    return (
      free.find((s) => here(s) && goingOn(s)) ??
      free.find((s) => here(s)) ??
      (elsewhere ? free.find(goingOn) : undefined) ??
      (elsewhere && !candidates.some(goingOn) ? free[0] : undefined)
    );
  }

  isLeaving(pupil_id, tap) {
    return this.seatsOf(pupil_id).some(
      (s) =>
        s.room !== "" &&
        s.room === tap.place.room &&
        s.to <= tap.at &&
        tap.at < s.to + this.rules.early_min * MINUTE_MS &&
        this.thereAtEnd(s),
    );
  }

  thereAtEnd(seat) {
    if (seat.mark) return seat.mark.thereAtEnd;
    return seat.arrival !== null || this.isCarried(seat);
  }

  comesFrom(seat) {
    const same = (s) =>
      s.room !== "" && s.room === seat.room && (this.rules.carry_over_match === "room" || s.group_id === seat.group_id);
    const ended = this.seatsOf(seat.pupil_id).filter((s) => s !== seat && s.to <= seat.from && same(s));
    const latest = ended.sort((a, b) => b.to - a.to || byStart(a, b))[0];
    return latest && seat.from - latest.to <= this.rules.carry_over_min * MINUTE_MS ? latest : null;
  }

  halfCovered(pupil_id, type, from, to) {
    return 2 * length(union(spans(this.absencesOf(pupil_id, type)), from, to)) >= to - from;
  }
  excuse(pupil_id, from, to) {
    return ["leave", "reported"].find((type) => this.halfCovered(pupil_id, type, from, to));
  }

  isCarried(seat) {
    const before = this.comesFrom(seat);
    if (!before || !this.thereAtEnd(before)) return false;
    if (seat.arrival !== null) return true;
    if (this.excuse(seat.pupil_id, seat.from, seat.to)) return false;
    return !this.seatsOf(seat.pupil_id).some(
      (s) => parallel(s, seat) && (s.arrival !== null || s.mark?.status === "present" || s.mark?.status === "late"),
    );
  }

  // Rule 5, the first two points.
  hasCover(seat) {
    if (this.placesOf(seat.room).length > 0) return true;
    const gates = this.places.filter((p) => p.place === "entrance");
    if (gates.length === 0 || this.rules.room_match !== "school") return false;
    if (this.tapsOf(seat.pupil_id).some((tap) => tap.at < seat.to)) return false;
    const first = this.firstStart.get(seat.pupil_id);
    return (
      this.outOfAll(gates, first - this.rules.first_early_min * MINUTE_MS, seat.from + 15 * MINUTE_MS) <= OUT_MOST_MS
    );
  }
  isOut(seat) {
    const places = this.placesOf(seat.room);
    if (places.length === 0) return false;
    return (
      this.outOfAll(places, seat.from - this.rules.early_min * MINUTE_MS, seat.from + 15 * MINUTE_MS) > OUT_MOST_MS
    );
  }
  placesOf(room) {
    return this.places.filter((p) => p.place !== "entrance" && room !== "" && p.room === room);
  }
  outOfAll(places, from, to) {
    const lists = places.map((p) => spans(this.school.outages.filter((o) => o.terminal_id === p.terminal_id)));
    return inAll(lists, from, to);
  }
}

function markedThere(status, missed, minutes) {
  if (status === "present" || status === "late") return true;
  return status !== "unknown" && missed < minutes;
}

function parallel(a, b) {
  if (a === b) return false;
  const both = Math.min(a.to, b.to) - Math.max(a.from, b.from);
  return 2 * both > Math.min(a.to - a.from, b.to - b.from);
}

function dayRows(day) {
  const set = (seat, status, absent_minutes, by) => Object.assign(seat, { status, absent_minutes, by });
  for (const seat of day.seats) {
    if (seat.mark) set(seat, seat.mark.status, seat.mark.missed, "mark");
    else if (day.isCarried(seat)) set(seat, "present", 0, "carried");
  }
  for (const seat of day.seats) if (!seat.by && seat.arrival !== null) set(seat, ...arrived(seat, day), "arrival");
  for (const pupil_id of day.pupils) choose(day, pupil_id, set);
  for (const seat of day.seats) {
    const type = seat.by ? null : day.excuse(seat.pupil_id, seat.from, seat.to);
    if (type) set(seat, type, seat.minutes, "absence");
  }
  decideUnknown(day, set);
  for (const seat of day.seats) if (!seat.by) set(seat, "unreported", seat.minutes, "");
  return [...day.none, ...day.seats];
}

// Rule 3: status and minutes.
function arrived(seat, day) {
  const { rules } = day;
  const class_ = day.seats.filter((s) => s.lesson_id === seat.lesson_id);
  const arrivals = class_.filter((s) => s.arrival !== null).map((s) => s.arrival);
  const first = Math.min(...arrivals);
  const begunLate =
    arrivals.length >= 4 &&
    !class_.some((s) => s.by === "carried" || s.mark?.status === "present") &&
    Math.floor((first - seat.from) / MINUTE_MS) > rules.grace_min;
  const start = begunLate ? first : seat.from;
  const m = Math.max(0, Math.floor((seat.arrival - start) / MINUTE_MS));
  if (m <= rules.grace_min) return ["present", 0];
  const type = day.excuse(seat.pupil_id, start, seat.arrival);
  if (type) return [type, m];
  return [m > rules.late_max_min || 2 * m > seat.minutes ? "unreported" : "late", m];
}

// Rule 4: of lessons at the same time one stands.
function choose(day, pupil_id, set) {
  const seats = day.seatsOf(pupil_id);
  const uncovered = (s) => (day.hasCover(s) && !day.isOut(s) ? 1 : 0);
  const open = seats.filter((s) => !s.by).sort((a, b) => uncovered(a) - uncovered(b) || byStart(a, b));
  const standing = seats.filter((s) => s.by);
  for (const seat of open) {
    if (standing.some((s) => parallel(s, seat))) set(seat, "exempt", 0, "parallel");
    else standing.push(seat);
  }
}

const wasSeen = (s) =>
  s.arrival !== null || s.by === "carried" || s.mark?.status === "present" || s.mark?.status === "late";

function decideUnknown(day, set) {
  const shutSchool = isSilentSchool(day);
  const why = new Map();
  const open = day.seats.filter((s) => !s.by); // by start: what a lesson goes on from is decided before it
  for (const seat of open) {
    const class_ = day.seats.filter((s) => s.lesson_id === seat.lesson_id);
    const before = day.comesFrom(seat);
    if (!day.hasCover(seat)) why.set(seat, "no cover");
    else if (day.isOut(seat)) why.set(seat, "outage");
    else if (isSilent(class_)) why.set(seat, "silent lesson");
    else if (shutSchool) why.set(seat, "silent school");
    else if (why.has(before) && 2 * class_.filter((s) => s.arrival !== null).length < class_.length)
      why.set(seat, "after");
    else if (hasDoubtfulCard(day, seat)) why.set(seat, "doubtful card");
  }
  const silent = open.filter((seat) => {
    const others = day
      .seatsOf(seat.pupil_id)
      .filter((s) => s !== seat && !["exempt", "leave", "reported"].includes(s.status));
    return !why.has(seat) && others.length > 0 && others.every((s) => why.has(s));
  });
  for (const seat of silent) why.set(seat, "silent day");
  for (const [seat, point] of why) set(seat, "unknown", 0, point);
}

function isSilent(class_) {
  const asked = class_.filter((s) => s.by !== "parallel" && s.by !== "absence" && s.mark?.status !== "unreported");
  const seen = asked.filter(wasSeen).length;
  return (asked.length >= 3 && seen === 0) || (asked.length >= 5 && 5 * seen <= asked.length);
}

function isSilentSchool(day) {
  const pupils = new Set(day.seats.map((s) => s.pupil_id));
  const seen = (s) => s.arrival !== null || s.mark?.status === "present" || s.mark?.status === "late";
  const came = new Set(day.seats.filter(seen).map((s) => s.pupil_id));
  return pupils.size >= 4 && 20 * came.size <= pupils.size;
}

function hasDoubtfulCard(day, seat) {
  return day.taps.some(
    (tap) =>
      tap.holders.length > 1 &&
      tap.holders.includes(seat.pupil_id) &&
      seat.from - day.rules.first_early_min * MINUTE_MS <= tap.at &&
      tap.at < seat.to,
  );
}

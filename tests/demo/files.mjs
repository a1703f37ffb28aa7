// The demonstration as school files, and what is left of the day for the readers.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instant, utcOfLocal } from "../naive/civil.mjs";
import { writeCsv } from "../naive/csv.mjs";
import { makeSchool, schoolDates } from "./school.mjs";
import { makeTerm } from "./term.mjs";

const COLUMNS = {
  pupils: "pupil_id,given_name,family_name,class,year,protected,from,to",
  members: "group_id,pupil_id,from,to",
  lessons: "lesson_id,group_id,subject,room,date,start,end,state",
  exemptions: "pupil_id,group_id,from,to",
  terminals: "terminal_id,room",
  cards: "card,pupil_id,from,to",
  absences: "pupil_id,from,to,type",
  taps: "terminal_id,card,at",
  outages: "terminal_id,from,to",
  marks: "lesson_id,pupil_id,status,absent_minutes,recorded_at",
  staff: "staff_id,name,role,email",
  teachers: "group_id,staff_id,from,to",
  guardians: "pupil_id,name,phone,email,order",
};

// A school as known at `today` `time` (local), and what is still to come until the end of term: { school, script, absences },
// `script` the taps in time order, `absences` those of the whole term.
export function makeDemo({ seed = 1, classes = 12, periods, from = "2026-08-18", to = "2026-12-18", today, time }) {
  const now = utcOfLocal(today, time);
  const school = makeSchool({ seed, classes, periods, from, to });
  const days = makeTerm(school, { seed, from, to });
  const absences = days.flatMap((d) => d.absences);
  school.absences = absences.filter((a) => a.from.slice(0, 10) <= today);
  school.marks = days.flatMap((d) => d.marks).filter((m) => instant(m.recorded_at) < now);
  const taps = days.flatMap((d) => d.taps);
  const history = breakTerminals(
    school,
    taps.filter((t) => t.at < now),
    schoolDates(from, today),
  );
  school.taps = history.map((t) => ({ ...t, at: new Date(t.at).toISOString() }));
  return { school, script: taps.filter((t) => t.at >= now), absences, now };
}

// One terminal that was out and said so, and one that was silent for a morning: nobody can know who was there.
function breakTerminals(school, taps, dates) {
  const [out, silent] = [school.terminals[0].terminal_id, school.terminals.at(-1).terminal_id];
  const [outDate, silentDate] = [dates[Math.floor(dates.length * 0.4)], dates[Math.floor(dates.length * 0.7)]];
  const span = (date) => [utcOfLocal(date, "07:50"), utcOfLocal(date, "10:25")];
  const [from, to] = span(outDate);
  school.outages = [{ terminal_id: out, from: new Date(from).toISOString(), to: new Date(to).toISOString() }];
  const lost = (tap, terminal_id, [begin, end]) => tap.terminal_id === terminal_id && begin <= tap.at && tap.at < end;
  return taps.filter((tap) => !lost(tap, out, [from, to]) && !lost(tap, silent, span(silentDate)));
}

export function writeSchool(folder, school) {
  mkdirSync(folder, { recursive: true });
  for (const [name, columns] of Object.entries(COLUMNS)) {
    writeFileSync(join(folder, `${name}.csv`), writeCsv(columns.split(","), school[name]));
  }
}

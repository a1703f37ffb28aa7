// A school small enough to count by hand, and a real narvarod that has it; no terminal speaks to it.
import { CivilClock } from "./demo/civilclock.mjs";
import { insert, sqlite } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

export const NOW = "2026-11-20T09:30:00Z"; // a Friday, 10:30 at the school
const DATES = ["2026-11-18", "2026-11-19", "2026-11-20"];
export const RULES = `rules = ( { id = "unreported-2"; severity = 2; when = ( { measure = "unreported_lessons"; days = 4; at_least = 2; } );
    clear = { measure = "unreported_lessons"; days = 4; below = 1; for_days = 2; }; },
  { id = "run-9"; severity = 3; when = ( { measure = "absent_run"; at_least = 9; } ); clear = { measure = "absent_run"; below = 1; for_days = 1; }; } );`;
const csv = (head, lines) => `${[head, ...lines].join("\n")}\n`;

// A class of 26 in a room with a terminal: everybody checks in, but for the first pupil on the 19th and the second on the 20th,
// and the third comes late then. On the 20th there is also a lesson in a room without a terminal.
const NAMES = [
  "Alva Berg",
  "Bo Ek",
  "Carl Fors",
  ...Array.from({ length: 23 }, (_, index) => `Elev Nummer${String(index + 4).padStart(2, "0")}`),
];
const PUPILS = NAMES.map((name, index) => ({
  id: `p-${String(index + 1).padStart(2, "0")}`,
  card: (0x04a1b200 + index).toString(16).toUpperCase().padStart(8, "0"),
  name: name.split(" "),
}));
const here = (date) =>
  PUPILS.filter((_, index) => !(date === "2026-11-19" && index === 0) && !(date === "2026-11-20" && index === 1));
const tapsOn = (date) =>
  here(date).map(({ card }, index) => {
    const late = date === "2026-11-20" && card === PUPILS[2].card;
    return `t-1,${card},${date}T0${late ? "7:18" : "7:05"}:${String(index).padStart(2, "0")}.000Z`;
  });
export const SCHOOL = {
  pupils: csv(
    "pupil_id,given_name,family_name,class,year,protected,from,to",
    PUPILS.map(({ id, name }) => `${id},${name.join()},8B,8,0,,`),
  ),
  members: csv(
    "group_id,pupil_id,from,to",
    PUPILS.map(({ id }) => `8B,${id},,`),
  ),
  lessons: csv("lesson_id,group_id,subject,room,date,start,end,state", [
    ...DATES.flatMap((date) => [
      `${date}-1,8B,Matematik,R1,${date},08:10,09:10,held`,
      `${date}-2,8B,Svenska,R1,${date},09:10,10:10,held`,
    ]),
    "hall,8B,Idrott,Hallen,2026-11-20,10:20,11:20,held",
    "later,8B,Musik,R1,2026-11-20,13:00,14:00,held",
  ]),
  terminals: csv("terminal_id,room", ["t-1,R1"]),
  cards: csv(
    "card,pupil_id,from,to",
    PUPILS.map(({ id, card }) => `${card},${id},,`),
  ),
  taps: csv("terminal_id,card,at", DATES.flatMap(tapsOn)),
  staff: csv("staff_id,name,role,email", ["lind,Jo Lind,teacher,"]),
  teachers: csv("group_id,staff_id,from,to", ["8B,lind,,"]),
};

// Another class, and taps that count nowhere: of a card that is nobody's, of one whose pupil has left, and of the fifth pupil's
// in the evening.
export const CARDS = { unknown: "04DDEEFF01", left: "04DDEEFF02", evening: PUPILS[4].card, absent: PUPILS[0].card };
const STRAYS = {
  pupils: csv("pupil_id,given_name,family_name,class,year,protected,from,to", [
    "q-01,Vide,Skog,7A,7,0,2026-08-01,",
    "q-hidden,Skyddad,Elev,7A,7,1,2026-08-01,",
    "q-left,Lo,Gren,7A,7,0,2026-08-01,2026-10-30",
  ]),
  cards: csv("card,pupil_id,from,to", [`${CARDS.left},q-left,2026-08-01,`]),
  taps: csv("terminal_id,card,at", [
    `t-1,${CARDS.unknown},2026-11-20T07:30:00.000Z`,
    `t-1,${CARDS.unknown},2026-11-20T08:15:00.000Z`,
    `t-1,${CARDS.left},2026-11-19T09:00:00.000Z`,
    `t-1,${CARDS.evening},2026-11-19T17:00:00.000Z`,
  ]),
};

/** Flags are decided through the 19th. `strays`: with the taps that count nowhere. `rules`: of flags. `web`: what startWeb of fixture.mjs takes to
 * stand beside it. */
export async function startSmallSchool({ strays = false, rules = RULES } = {}) {
  const daemon = new Lonely({ rules });
  await daemon.at(NOW);
  await daemon.import(SCHOOL, "2026-11-19");
  if (strays) await daemon.import(STRAYS, "2026-11-19");
  const clock = ["--demo-clock", new CivilClock(Date.parse(NOW), 1).option];
  return { daemon, web: { withSchool: false, db: daemon.database, control: daemon.control, clock } };
}

/** A tap of the first pupil's first lesson on the 19th, which its terminal told a day later: it waits for a person. `token`: of the
 * card, as SQL. */
export function holdTap(database, { sequence = 1, token = "5" } = {}) {
  const at = Date.parse("2026-11-19T07:05:00Z");
  const key = { terminal_id: "t-1", generation: 9, sequence };
  sqlite(
    database,
    `${insert("event", [
      {
        ...key,
        last_sequence: sequence,
        kind: "tap",
        boot: 1,
        mono_ms: 1,
        at_ms: at,
        from_ms: 0,
        clock: "synced",
        age_ms: -1,
        token: 0, // which is larger than a number of JavaScript
        reader: 1,
        feedback: "ok",
        received_ms: at + 86400000,
        settled_ms: at,
        settled_day: 20776,
      },
    ])}UPDATE event SET token = ${token} WHERE generation = 9;${insert("held_tap", [
      { ...key, why: "unexpected", held_ms: at + 86400000 },
    ])}`,
  );
}

/** As a daemon leaves it that asks a person about the dates through the 19th, and whose check of the night found what is wrong: for
 * its next start. While it runs, for a stopped one's file is not to be touched. */
export function leaveAsAsked(database) {
  sqlite(
    database,
    `UPDATE school_day SET decided_ms = NULL;
INSERT OR REPLACE INTO setting VALUES ('decisions_asked', '20776'), ('check_differing', '2'), ('check_sound', '0');`,
  );
}

// A fuller school on top of tests/fixture.mjs: pupils whose flags between them use every measure, and one pupil with a
// term that looks like a term, so that the pages are seen with what they will meet.
import { insert, NOW, pack, sqlite, TODAY } from "../fixture.mjs";

const KNOWN_MS = Date.parse("2026-08-01T00:00:00Z");
const NOW_MS = Date.parse(NOW);
const date = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const weekday = (day) => (day + 3) % 7; // Monday 0

const evidence = (measure, days, numerator, denominator, threshold, more = {}) => ({
  measure,
  days,
  offset: 0,
  from: date(TODAY - Math.round((days || 10) * 1.4)),
  to: date(TODAY - 1),
  own_days: days,
  numerator,
  denominator,
  comparison: "at_least",
  threshold_hundredths: threshold,
  ...more,
});

// A fixed sequence: the pictures are the same each time.
function sequence(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** [{ day, lessons }]: a term that goes well; `falters`: until October, when Mondays and first lessons begin to go. */
function termOf(falters, firstDay) {
  const chance = sequence(7);
  const october = Date.parse("2026-10-01T00:00:00Z") / 86400000;
  const holiday = Date.parse("2026-10-26T00:00:00Z") / 86400000; // week 44
  const rows = [];
  for (let day = firstDay; day < TODAY; day++) {
    if (weekday(day) > 4 || (day >= holiday && day < holiday + 7)) continue;
    const late = falters && day >= october ? 1 : 0.12;
    const whole = chance() < 0.12 * late * (weekday(day) === 0 ? 6 : 0.4);
    const unknown = chance() < 0.03;
    const lessons = [0, 1, 2, 3, 4].map((index) => {
      const draw = chance();
      let status = "present";
      if (unknown) status = "unknown";
      else if (whole) status = "reported";
      else if (draw < 0.06 * late * (index === 0 ? 3 : 1)) status = "unreported";
      else if (draw > 0.97) status = "late";
      return {
        start: 490 + 70 * index,
        minutes: 60,
        absent: { reported: 60, unreported: 60, late: 12 }[status] ?? 0,
        subject: (index + day) % 3,
        status,
      };
    });
    rows.push({ day, lessons });
  }
  return rows;
}

/** What docs/detection.md counts, over the latest days of a term, as far as the pages' sentences need it. */
function countsOf(term) {
  const own = term.filter((day) => day.lessons.some((lesson) => lesson.status !== "unknown"));
  const isAbsent = (lesson) => lesson.status === "reported" || lesson.status === "unreported";
  const known = (day) => day.lessons.filter((lesson) => lesson.status !== "unknown");
  const minutes = (days, of) => days.flatMap(known).reduce((total, lesson) => total + of(lesson), 0);
  const whole = (day) => known(day).every(isAbsent);
  let spells = 0;
  let away = false;
  for (const day of own)
    for (const lesson of known(day)) {
      if (isAbsent(lesson) && !away && own.indexOf(day) >= own.length - 30) spells += 1;
      away = isAbsent(lesson);
    }
  const mondays = own.slice(-40).filter((day) => weekday(day.day) === 0);
  return {
    missed: minutes(own.slice(-20), (lesson) => lesson.absent),
    known: minutes(own.slice(-20), (lesson) => lesson.minutes),
    partialDays: own.slice(-20).filter((day) => !whole(day) && known(day).some(isAbsent)).length,
    spells,
    mondays: mondays.length,
    mondaysAbsent: mondays.filter(whole).length,
  };
}

/** Everyone's flags; `alice` are the counts of her own term. */
const casesOf = (alice) => [
  {
    id: "p-a",
    given: "Alice",
    family: "Sandberg",
    class: "9A",
    since: 4,
    rules: [
      [
        "share-10-partial",
        3,
        [
          evidence("absence_share", 20, alice.missed, alice.known, 1000),
          evidence("partial_days", 20, alice.partialDays, 1, 400),
        ],
      ],
      ["scattered-5", 2, [evidence("spells", 30, alice.spells, 1, 500)]],
      [
        "weekday",
        1,
        [evidence("weekday_tail", 40, alice.mondaysAbsent, alice.mondays, 1, { weekday: 0, comparison: "at_most" })],
      ],
    ],
  },
  {
    id: "p-b",
    given: "Hugo",
    family: "Lindqvist",
    class: "7B",
    since: 2,
    rules: [["subject", 2, [evidence("subject_missed_share", 40, 5, 14, 3000, { subject: "Idrott & hälsa" })]]],
  },
  {
    id: "p-c",
    given: "Maja",
    family: "Nyström",
    class: "8A",
    since: 1,
    rules: [["run-6", 2, [evidence("absent_run", 0, 7, 1, 600)]]],
  },
  {
    id: "p-d",
    given: "Yusuf",
    family: "Demir",
    class: "9B",
    since: 1,
    rules: [["late-10", 2, [evidence("late_arrivals", 20, 11, 1, 1000)]]],
  },
  {
    id: "p-e",
    given: "Elsa",
    family: "Holm",
    class: "7A",
    since: 1,
    rules: [
      [
        "kearney-share",
        3,
        [evidence("absence_share", 10, 840, 3000, 2500), evidence("absence_share", 5, 330, 1500, 2000, { offset: 5 })],
      ],
      ["kearney-days", 2, [evidence("absent_days", 75, 10, 1, 1000)]],
    ],
  },
  {
    id: "p-f",
    given: "Leo",
    family: "Björk",
    class: "8B",
    since: 1,
    rules: [
      ["unreported-8", 3, [evidence("unreported_share", 40, 960, 11400, 800)]],
      [
        "unreported-lessons",
        1,
        [evidence("unreported_lessons", 20, 6, 1, 300), evidence("unreported_dates", 20, 3, 1, 200)],
      ],
    ],
  },
  {
    id: "p-g",
    given: "Wilma",
    family: "Falk",
    class: "7C",
    since: 3,
    rules: [["rise-8", 1, [evidence("absence_rise", 20, 1234, 10000, 800)]]],
  },
  {
    id: "p-h",
    given: "Nils",
    family: "Öberg",
    class: "9C",
    since: 1,
    rules: [
      [
        "term-start-3",
        1,
        [evidence("term_start_absent_days", 20, 3, 1, 300), evidence("term_start_spells", 20, 2, 1, 200)],
      ],
    ],
  },
];

function flagsOf({ id, since, rules }, first) {
  return rules.map(([rule, severity, conditions], index) => ({
    flag: first + index,
    pupil_id: id,
    rule,
    severity,
    rules_version: 1,
    raised_day: TODAY - since,
    cleared_day: null,
    evidence: JSON.stringify(conditions),
    decided_ms: NOW_MS,
    withdrawn_ms: null,
  }));
}

function tapsOf(token, days) {
  return days.map((day, index) => {
    const at = day * 86400000 + Date.parse("1970-01-01T07:05:00Z") + (index % 7) * 60000;
    return {
      terminal_id: "entre-a",
      generation: 7,
      sequence: 100 + index,
      last_sequence: 100 + index,
      kind: "tap",
      boot: 1,
      mono_ms: 5,
      at_ms: at,
      from_ms: 0,
      clock: "synced",
      age_ms: 10,
      token,
      reader: 1,
      feedback: index % 6 === 2 ? "late" : "ok",
      received_ms: at + 200,
      settled_ms: at,
      settled_day: day,
    };
  });
}

/** Returns the counts of p-a's term. */
export function fillInbox(db) {
  const firstDay = Date.parse("2026-08-18T00:00:00Z") / 86400000;
  const counts = countsOf(termOf(true, firstDay));
  const cases = casesOf(counts);
  const daysOf = (each) =>
    termOf(each.id === "p-a", firstDay).map(({ day, lessons }) => ({
      pupil_id: each.id,
      day,
      class: each.class,
      outcomes: pack(lessons),
    }));
  const attended = [];
  for (let day = TODAY - 24; day <= TODAY; day++) if (weekday(day) > 0 && weekday(day) < 5) attended.push(day);
  const absentFrom = Date.parse("2026-11-16T07:00:00Z");
  sqlite(
    db,
    [
      "BEGIN;\n",
      insert(
        "pupil",
        cases.map((each) => ({
          pupil_id: each.id,
          given_name: each.given,
          family_name: each.family,
          class: each.class,
          year: each.class[0],
          protected: 0,
          known_from_ms: KNOWN_MS,
        })),
      ),
      insert("pupil_day", cases.flatMap(daysOf)),
      insert(
        "flag",
        cases.flatMap((each, index) => flagsOf(each, 100 + 10 * index)),
      ),
      insert("flag", [
        { ...flagsOf(cases[6], 200)[0], pupil_id: "p-a", raised_day: TODAY - 50, cleared_day: TODAY - 36 },
      ]),
      insert("staff", [{ staff_id: "lund", name: "Maria Lund", role: "teacher", email: "" }]),
      insert("teacher", [{ group_id: "9A", staff_id: "lund", known_from_ms: KNOWN_MS }]),
      insert("card", [{ token: 4712, pupil_id: "p-a", known_from_ms: KNOWN_MS }]),
      insert("event", tapsOf(4712, attended)),
      insert("absence", [
        {
          absence: 50,
          pupil_id: "p-a",
          type: "reported",
          from_ms: absentFrom,
          to_ms: absentFrom + 8 * 3600000,
          known_from_ms: absentFrom - 1800000,
        },
        // a whole local day, reported a week later
        {
          absence: 51,
          pupil_id: "p-a",
          type: "reported",
          from_ms: Date.parse("2026-11-08T23:00:00Z"),
          to_ms: Date.parse("2026-11-09T23:00:00Z"),
          known_from_ms: absentFrom,
        },
      ]),
      "COMMIT;\n",
    ].join(""),
  );
  return counts;
}

/** Classes with as many pupils as classes have, each of whose lessons are missed with the given probability; 9R has three pupils. */
export function fillClasses(db) {
  const chance = sequence(23);
  const classes = { "7A": 0.05, "7B": 0.07, "8A": 0.08, "8B": 0.12, "9A": 0.08, "9R": 0.1 };
  const pupils = Object.entries(classes).flatMap(([name, share]) =>
    Array.from({ length: name === "9R" ? 3 : 26 }, (_, index) => ({
      id: `c-${name}-${index}`,
      class: name,
      share: 2 * share * chance() ** 1.5 + (index % 9 === 0 ? 0.12 : 0),
    })),
  );
  const lesson = (pupil, index) => {
    const draw = chance();
    const status =
      draw < pupil.share / 3
        ? "unreported"
        : draw < pupil.share
          ? "reported"
          : draw > (pupil.class === "8B" ? 0.76 : 0.98)
            ? "unknown"
            : "present";
    return {
      start: 490 + 70 * index,
      minutes: 60,
      absent: ["reported", "unreported"].includes(status) ? 60 : 0,
      subject: index % 3,
      status,
    };
  };
  const days = Array.from({ length: 28 }, (_, index) => TODAY - 28 + index).filter((day) => weekday(day) < 5);
  const groups = Object.entries(classes).map(([name, share]) => ({
    kind: "class",
    name,
    expected_minutes: 26 * 300 * 60,
    absent_minutes: Math.round(26 * 300 * 60 * share),
  }));
  sqlite(
    db,
    [
      "BEGIN;\n",
      insert(
        "pupil",
        pupils.map((pupil) => ({
          pupil_id: pupil.id,
          given_name: "Elev",
          family_name: pupil.id,
          class: pupil.class,
          year: pupil.class[0],
          protected: 0,
          known_from_ms: KNOWN_MS,
        })),
      ),
      insert(
        "pupil_day",
        pupils.flatMap((pupil) =>
          days.map((day) => ({
            pupil_id: pupil.id,
            day,
            class: pupil.class,
            outcomes: pack([0, 1, 2, 3, 4].map((index) => lesson(pupil, index))),
          })),
        ),
      ),
      insert(
        "group_day",
        [TODAY - 1, TODAY - 400].flatMap((day) => groups.map((group) => ({ ...group, day, pupils: 26 }))),
      ),
      insert("group_signal", [
        {
          day: TODAY - 1,
          kind: "class",
          name: "7B",
          pupils: 26,
          expected_minutes: 7800,
          absent_minutes: 2100,
          usual_ppm: 71000,
        },
      ]),
      "COMMIT;\n",
    ].join(""),
  );
}

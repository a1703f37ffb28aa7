// The list from last year over the turn of the year, from outside: who is on it against a count of our own from the same rows, who may
// see and decide, new items that join it, the order when more wait than the school can meet, and cases of pupils who have left.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { until } from "./demo/stage.mjs";
import { admin, bodyOf, insert, pack, quote, root, rows, signIn, sqlite, startWeb, USERS } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const day = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
const date = (number) => new Date(number * 86400000).toISOString().slice(0, 10);
const weekday = (number) => (number + 3) % 7; // Monday 0
const [BEGAN, BEGINS] = [day("2025-08-01"), day("2026-08-01")];

// A fixed sequence, so that a failure is the same again.
function sequence(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const ownDays = ({ days }) =>
  days.filter(({ status }) => !["unknown", "cancelled", "exempt"].includes(status)).map((each) => each.day);

/** Pupils of a year with odd days of every kind, flags anywhere in it, and ends of periods around the turn of the year. */
function madeUp(chance) {
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const schoolDays = Array.from({ length: 312 }, (_, i) => day("2025-08-18") + i).filter(
    (each) => weekday(each) < 5 && each < day("2026-06-13"),
  );
  const pupils = [];
  for (let i = 0; i < 90; i++) {
    const rate = chance();
    const known = schoolDays.filter(() => chance() < 0.4 + 0.6 * rate);
    const days = known.map((each) => ({
      day: each,
      status: pick(["present", "present", "present", "reported", "leave", "unknown", "cancelled", "exempt", "late"]),
    }));
    const own = ownDays({ days });
    const flags = Array.from({ length: Math.min(own.length, Math.floor(chance() * 4)) }, () => {
      const raised = pick(own); // flags are raised and cleared on own days
      const later = own.filter((each) => each >= raised);
      return {
        raised: chance() < 0.08 ? raised - 365 : raised,
        cleared: chance() < 0.15 ? null : pick(later),
        severity: pick([1, 2, 3, 3, 3, 4]),
        withdrawn: chance() < 0.1,
      };
    });
    pupils.push({
      id: `m-${String(i).padStart(2, "0")}`,
      protected: i % 15 === 14 ? 1 : 0,
      days,
      flags,
      to: pick([null, null, null, day("2026-06-12"), BEGINS - 1, BEGINS, day("2026-12-20")]),
      case: chance() < 0.12 ? pick([day("2026-02-03"), BEGINS - 1, BEGINS, day("2026-08-20")]) : null,
    });
  }
  return pupils;
}

/** docs/detection.md, "From last year", counted from the made-up rows. */
function expected(pupils, today) {
  const on = [];
  for (const pupil of pupils) {
    if (pupil.to !== null && pupil.to < today) continue;
    const latest = ownDays(pupil).slice(-40);
    const flagged = pupil.flags.some(
      (flag) =>
        flag.severity >= 3 &&
        !flag.withdrawn &&
        flag.raised >= BEGAN &&
        latest.some((each) => each >= flag.raised && (flag.cleared === null || each <= flag.cleared)),
    );
    if (flagged || (pupil.case !== null && pupil.case < BEGINS)) on.push(pupil.id);
  }
  return on.sort();
}

const KNOWN = Date.parse("2025-08-01T00:00:00Z");
const flagRow = (number, pupil, flag) => ({
  flag: number,
  pupil_id: pupil,
  rule: `rule-${number}`,
  severity: flag.severity,
  rules_version: 1,
  raised_day: flag.raised,
  cleared_day: flag.cleared,
  evidence: "[]",
  decided_ms: KNOWN,
  withdrawn_ms: flag.withdrawn ? KNOWN : null,
});

function schoolSql(pupils) {
  let number = 0;
  const packed = Object.fromEntries(
    ["present", "reported", "leave", "unknown", "cancelled", "exempt", "late"].map((status) => [
      status,
      pack([
        { start: 490, minutes: 60, absent: { reported: 60, leave: 60, late: 9 }[status] ?? 0, subject: 0, status },
      ]),
    ]),
  );
  return [
    "PRAGMA journal_mode = WAL;\n",
    readFileSync(join(root, "daemon/store/schema.sql"), "utf8"),
    "BEGIN;\n",
    insert("setting", [
      { name: "school", value: "Ekskolan" },
      { name: "demo", value: "true" },
    ]),
    insert("staff", [{ staff_id: "lind", name: "Jo Lind", role: "teacher", email: "" }]),
    insert("teacher", [{ group_id: "8B", staff_id: "lind", known_from_ms: KNOWN }]),
    insert(
      "pupil",
      pupils.map(({ id, protected: isProtected, to }) => ({
        pupil_id: id,
        given_name: "Elev",
        family_name: id,
        class: "8B",
        year: "8",
        protected: isProtected,
        to_day: to,
        known_from_ms: KNOWN,
      })),
    ),
    ...pupils.map(({ id, days }) =>
      days.length === 0
        ? ""
        : `INSERT INTO pupil_day (pupil_id, day, class, outcomes) VALUES ${days
            .map((each) => `(${[id, each.day, "8B", packed[each.status]].map(quote).join()})`)
            .join()};\n`,
    ),
    insert("school_day", [{ day: day("2026-06-12"), lessons_closed: 1, closed_ms: 0, decided_ms: 0 }]),
    insert(
      "flag",
      pupils.flatMap(({ id, flags }) => flags.map((flag) => flagRow(++number, id, flag))),
    ),
    "COMMIT;\n",
  ].join("");
}

const caseRow = (number, pupil, opened) => ({
  number,
  pupil_id: pupil,
  status: "open",
  owner: "eva",
  opened_by: "eva",
  next_day: opened + 400,
  opened_ms: 0,
  opened_day: opened,
  year: 2026,
  serial: number,
});

describe("from last year", () => {
  let web;
  let pupils;
  const session = {};
  const clock = ["--demo-clock", ""];
  const setClock = (time) => {
    clock[1] = new CivilClock(Date.parse(time), 1).option;
  };
  /** The same school and casebook at another time; sessions are of real time, and stay. */
  const at = async (time) => {
    setClock(time);
    await web.restart();
  };
  before(async () => {
    pupils = madeUp(sequence(11));
    setClock("2026-08-01T08:00:00Z");
    web = await startWeb({ users: USERS, withSchool: false, clock });
    sqlite(web.db, schoolSql(pupils));
    const open = pupils.filter((pupil) => pupil.case !== null);
    sqlite(
      web.casebook,
      insert(
        "support_case",
        open.map((pupil, i) => caseRow(i + 1, pupil.id, pupil.case)),
      ),
    );
    for (const { id, protected: isProtected } of pupils)
      if (isProtected) await admin(web.adminSocket, { do: "user_name", user: "kim", pupil: id });
    for (const { user } of USERS) session[user] = await signIn(web, user);
  });
  after(() => web.stop());

  const list = async (user) => (await bodyOf(await session[user].get("last_year"))).pupils;
  const listed = async (user) => (await list(user)).map(({ pupil }) => pupil).sort();
  const inbox = async (user = "eva") => bodyOf(await session[user].get("flags"));
  const decide = async (user, pupil, body) => {
    const answer = await session[user].send("POST", `last_year/${pupil}`, body);
    return [answer.status, await bodyOf(answer)];
  };
  const seenBy = (user, ids) =>
    ids.filter((id) => user === "kim" || !pupils.find((pupil) => pupil.id === id).protected);

  test("on 1 August it is whom a count of the rows says, and nobody else; the same again after a restart", async () => {
    const on = expected(pupils, BEGINS);
    assert.ok(on.length > 20 && on.length < 60, `${on.length} of ${pupils.length}`);
    for (const user of ["kim", "eva"]) assert.deepEqual(await listed(user), seenBy(user, on), user);
    assert.ok(seenBy("eva", on).length < on.length, "a protected pupil is on it");
    await web.restart();
    assert.deepEqual(await listed("kim"), on);
  });

  test("it raises no flag, and tells its reasons", async () => {
    assert.deepEqual(rows(web.db, `SELECT count(*) AS n FROM flag WHERE raised_day >= ${BEGINS}`), [{ n: 0 }]);
    for (const one of await list("kim")) {
      const pupil = pupils.find(({ id }) => id === one.pupil);
      assert.ok(one.flags.length > 0 || (one.case && one.case.opened_on < "2026-08-01"), one.pupil);
      assert.ok(one.flags.every(({ severity, withdrawn }) => severity >= 3 && withdrawn === null));
      assert.equal(one.case?.opened_on ?? null, pupil.case === null ? null : date(pupil.case));
      assert.deepEqual([one.flags_since, one.decision], [[], null]);
    }
  });

  test("who may: head and EHT, and nobody else", async () => {
    const [pupil] = await listed("eva");
    const after = 0;
    for (const user of ["lind", "berg", "ivar", "dana"]) {
      assert.equal((await session[user].get("last_year")).status, 403, user);
      assert.equal((await decide(user, pupil, { kind: "keep_watching", after }))[0], 403, user);
    }
    const hidden = (await listed("kim")).find((id) => pupils.find((each) => each.id === id).protected);
    const body = { kind: "keep_watching", after };
    assert.deepEqual(await decide("eva", hidden, body), [404, { error: "not_found" }]);
    assert.deepEqual(await decide("eva", "p-nobody", body), [404, { error: "not_found" }]);
    assert.equal((await decide("kim", hidden, body))[0], 200);
    const other = pupils.find(({ id, to, protected: isProtected }) => {
      return !isProtected && to === null && !expected(pupils, BEGINS).includes(id);
    });
    assert.deepEqual(await decide("eva", other.id, body), [409, { error: "not_listed" }]);
  });

  test("a case of this school year alone puts nobody on it", async () => {
    const on = expected(pupils, BEGINS);
    const { id } = pupils.find((pupil) => pupil.to === null && pupil.case === null && !on.includes(pupil.id));
    sqlite(web.casebook, insert("support_case", [caseRow(900, id, BEGINS)]));
    for (const kind of ["keep_watching", "case_goes_on"])
      assert.deepEqual(await decide("kim", id, { kind, after: 0 }), [409, { error: "not_listed" }], kind);
    assert.deepEqual(rows(web.casebook, `SELECT * FROM last_year_decision WHERE pupil_id = '${id}'`), []);
    sqlite(web.casebook, "UPDATE support_case SET opened_day = opened_day - 1 WHERE number = 900");
    assert.equal((await decide("kim", id, { kind: "case_goes_on", after: 0 }))[0], 200, "one day earlier it does");
    sqlite(
      web.casebook,
      `DELETE FROM support_case WHERE number = 900; DELETE FROM last_year_decision WHERE pupil_id = '${id}'`,
    );
  });

  test("decisions are choices, of what was seen, added and never changed, and audited", async () => {
    const mine = (await list("eva")).filter(({ decision }) => decision === null);
    const free = mine.find((one) => one.case === null).pupil;
    const inCase = mine.find((one) => one.case !== null).pupil;
    for (const body of [
      {},
      { kind: "dismiss", after: 0 },
      { kind: "not_needed", after: 0 },
      { kind: "not_needed", reason: "han är frisk", after: 0 },
      { kind: "keep_watching", reason: "other", after: 0 },
    ])
      assert.deepEqual(await decide("eva", free, body), [400, { error: "bad_request" }], JSON.stringify(body));
    assert.deepEqual(await decide("eva", free, { kind: "case_goes_on", after: 0 }), [409, { error: "no_case" }]);
    const notNeeded = { kind: "not_needed", reason: "attendance_up", after: 0 };
    assert.deepEqual(await decide("eva", inCase, notNeeded), [409, { error: "has_case" }]);
    assert.equal((await decide("eva", inCase, { kind: "case_goes_on", after: 0 }))[0], 200);
    const [status, first] = await decide("eva", free, { kind: "keep_watching", after: 0 });
    assert.deepEqual(
      [status, first.kind, first.reason, first.by, first.by_name, first.at.slice(0, 10)],
      [200, "keep_watching", null, "eva", "Eva Kurator", "2026-08-01"],
    );
    assert.deepEqual(await decide("vera", free, notNeeded), [409, { error: "decided_meanwhile" }]);
    const [, second] = await decide("vera", free, { ...notNeeded, after: first.decision });
    assert.deepEqual((await list("nils")).find(({ pupil }) => pupil === free).decision, second);
    assert.deepEqual(
      rows(web.casebook, `SELECT kind, reason, user FROM last_year_decision WHERE pupil_id = '${free}'`),
      [
        { kind: "keep_watching", reason: "", user: "eva" },
        { kind: "not_needed", reason: "attendance_up", user: "vera" },
      ],
    );
    const audited = rows(
      web.casebook,
      `SELECT user, action, object FROM audit WHERE action = 'last_year_decided' AND object LIKE '${free} %'`,
    );
    assert.deepEqual(
      audited.map(({ user, object }) => [user, object]),
      [
        ["eva", `${free} keep_watching`],
        ["vera", `${free} not_needed`],
      ],
    );
    const seen = rows(web.casebook, "SELECT object FROM audit WHERE action = 'list_last_year' AND user = 'eva'");
    assert.deepEqual(JSON.parse(seen[0].object).sort(), await listed("eva"));
    assert.deepEqual(await listed("kim"), expected(pupils, BEGINS), "what was decided stays on the list");
  });

  test("the decisions are in the extract, and go with the pupil", async () => {
    const [{ pupil_id: pupil }] = rows(
      web.casebook,
      "SELECT pupil_id FROM last_year_decision WHERE kind = 'not_needed'",
    );
    const ask = (more) => admin(web.adminSocket, { do: "extract", pupil, part: "last_year", offset: 0, ...more });
    assert.deepEqual(
      (await ask()).rows.map(({ decision, by, school_year: year }) => [decision, by, year]),
      [
        ["keep_watching", "eva", "2026-08-01"],
        ["not_needed", "vera", "2026-08-01"],
      ],
    );
    await admin(web.adminSocket, { do: "pupil_erase", pupil, why: "decision", commit: true });
    assert.deepEqual((await ask()).rows, []);
  });

  test("a new item joins until 1 October, and says so; not of whom it was decided not to be needed", async () => {
    await at("2026-09-30T12:00:00Z");
    const free = (await list("eva")).filter((one) => one.case === null && one.decision === null);
    const [followed, dropped, quiet] = free.map(({ pupil }) => pupil);
    const other = pupils.find((pupil) => {
      return !pupil.protected && pupil.to === null && !expected(pupils, day("2026-09-30")).includes(pupil.id);
    }).id;
    const fresh = { raised: day("2026-09-28"), cleared: null, severity: 3, withdrawn: false };
    sqlite(
      web.db,
      `UPDATE flag SET cleared_day = 20600 WHERE cleared_day IS NULL;${
        // the daemon has begun the year
        insert("flag", [
          flagRow(9001, followed, fresh),
          flagRow(9002, dropped, fresh),
          flagRow(9003, quiet, { ...fresh, severity: 1 }),
          flagRow(9004, other, { ...fresh, raised: day("2026-09-29") }),
        ])
      }`,
    );
    assert.equal((await decide("eva", dropped, { kind: "not_needed", reason: "other", after: 0 }))[0], 200);
    const joins = ({ inbox: items, quiet: first }) =>
      Object.fromEntries([...items, ...first].map((item) => [item.pupil, Boolean(item.joins_last_year)]));
    const now = await inbox();
    assert.deepEqual(joins(now), { [dropped]: false, [other]: false, [followed]: true, [quiet]: false });
    assert.deepEqual(
      now.inbox.map(({ pupil }) => pupil),
      [dropped, other, followed],
      "those that join stand together after the others",
    );
    const all = await list("eva");
    const undecided = all.filter(({ decision }) => decision === null).length;
    assert.ok(undecided > 5 && undecided < all.length);
    assert.deepEqual(now.last_year, { pupils: all.length, undecided, joins_until: "2026-10-01" });
    assert.equal(now.waiting, 2);
    const entry = (await list("eva")).find(({ pupil }) => pupil === followed);
    assert.deepEqual(
      entry.flags_since.map(({ flag }) => flag),
      [9001],
    );
    assert.equal((await inbox("lind")).last_year, null);
    await at("2026-10-01T06:00:00Z");
    const later = await inbox();
    assert.deepEqual([later.last_year, later.waiting], [null, 3]);
    assert.ok(Object.values(joins(later)).every((each) => each === false));
    assert.equal((await list("eva")).find(({ pupil }) => pupil === dropped).decision.kind, "not_needed");
  });

  test("who leaves falls out, the day after the last", async () => {
    const today = day("2026-10-01");
    const on = await listed("kim");
    assert.deepEqual(on, expected(pupils, today));
    const [gone, ends] = on;
    sqlite(
      web.db,
      `UPDATE pupil SET to_day = ${today - 1} WHERE pupil_id = '${gone}'; UPDATE pupil SET to_day = ${today} WHERE pupil_id = '${ends}'`,
    );
    assert.deepEqual(
      await listed("kim"),
      on.filter((id) => id !== gone),
    );
    const comes = { given_name: "Elev", family_name: "Ny", class: "9B", year: "9", protected: 0, known_from_ms: KNOWN };
    sqlite(web.db, insert("pupil", [{ ...comes, pupil_id: gone, from_day: today + 20 }]));
    assert.deepEqual(await listed("kim"), on, "who comes back is enrolled");
  });

  test("the year after it is another list: last year's decisions are none of it", async () => {
    await at("2027-08-01T08:00:00Z");
    for (const pupil of pupils.filter(({ to }) => to !== null))
      assert.ok(!(await listed("kim")).includes(pupil.id), pupil.id);
    assert.deepEqual(
      await listed("kim"),
      pupils.filter((pupil) => pupil.to === null && pupil.case !== null).map(({ id }) => id),
      "only cases that are still open",
    );
  });
});

describe("from last year, with a daemon that turns the year", () => {
  const DATES = ["2026-06-08", "2026-06-09", "2026-06-10", "2026-06-11", "2026-06-12"];
  const RULES = `rules = ( { id = "run-3"; severity = 3; when = ( { measure = "absent_run"; at_least = 3; } );
    clear = { measure = "absent_run"; below = 1; for_days = 2; }; } );`;
  const csv = (head, lines) => `${[head, ...lines].join("\n")}\n`;
  const ids = Array.from({ length: 12 }, (_, i) => `p-${i}`);
  const card = (i) => (0x04a1b200 + i).toString(16).toUpperCase().padStart(8, "0");
  // The first three are away all week; the second leaves with it, the third comes back on its last day, which is one of the 40.
  const isHere = (i, date) => i > 2 || (i === 2 && date === DATES[4]);
  const SCHOOL = {
    pupils: csv(
      "pupil_id,given_name,family_name,class,year,protected,from,to",
      ids.map((id, i) => `${id},Elev,${id},8B,8,0,,${i === 1 ? DATES[4] : ""}`),
    ),
    members: csv(
      "group_id,pupil_id,from,to",
      ids.map((id, i) => `8B,${id},,${i === 1 ? DATES[4] : ""}`),
    ),
    lessons: csv(
      "lesson_id,group_id,subject,room,date,start,end,state",
      DATES.map((date) => `l-${date},8B,Matematik,R1,${date},08:10,09:10,held`),
    ),
    terminals: csv("terminal_id,room", ["t-1,R1"]),
    cards: csv(
      "card,pupil_id,from,to",
      ids.map((id, i) => `${card(i)},${id},,${i === 1 ? DATES[4] : ""}`),
    ),
    taps: csv(
      "terminal_id,card,at",
      DATES.flatMap((date) =>
        ids.flatMap((_, i) => (isHere(i, date) ? [`t-1,${card(i)},${date}T06:05:${10 + i}.000Z`] : [])),
      ),
    ),
  };

  test("the list is the same before and after the daemon has ended last year's flags", async () => {
    const lonely = new Lonely({ rules: RULES });
    await lonely.at("2026-06-15T09:30:00Z");
    await lonely.import(SCHOOL, DATES[4]);
    const flags = () =>
      rows(lonely.database, "SELECT pupil_id, cleared_day FROM flag WHERE withdrawn_ms IS NULL ORDER BY 1");
    assert.deepEqual(flags()[0], { pupil_id: "p-0", cleared_day: null });
    assert.deepEqual(
      flags().map(({ pupil_id: id }) => id),
      ["p-0", "p-1", "p-2"],
    );
    const web = await startWeb({
      users: USERS.filter(({ user }) => user === "vera"),
      withSchool: false,
      db: lonely.database,
      control: lonely.control,
      clock: ["--demo-clock", new CivilClock(Date.parse("2026-08-01T06:00:00Z"), 1).option],
    });
    const vera = await signIn(web, "vera");
    const list = async () =>
      (await bodyOf(await vera.get("last_year"))).pupils.map(({ pupil, flags: [one] }) => [pupil, one.cleared_on]);
    assert.deepEqual((await list()).map(([pupil]) => pupil).sort(), ["p-0", "p-2"]);
    await lonely.at("2026-08-01T06:00:00Z");
    await until("the daemon to end last year's flags", () => flags().every(({ cleared_day: on }) => on !== null));
    assert.deepEqual((await list()).sort(), [
      ["p-0", DATES[4]],
      ["p-2", DATES[4]],
    ]);
    assert.deepEqual((await bodyOf(await vera.get("flags"))).inbox, []);
    await web.stop();
    await lonely.end();
  });
});

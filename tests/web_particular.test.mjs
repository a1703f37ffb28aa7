// Particular children, by the API: whom to turn to when a child with a god man, or a placed one, has missed a whole day; the pupil from
// the 18th birthday on. What is said of it stands in the casebook, and nothing is contacted by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bodyOf, insert, program, rows, signIn, sqlite, startWeb, TODAY, USERS } from "./fixture.mjs";

const dayOf = (date) => Date.parse(date) / 86400000;
const LIST =
  'routine = ( { id = "hvb"; name = "HVB Eken, jour"; phone = "08-1"; }, { id = "socialtjanst"; name = "Mottagningen"; } );';
const guardian = (pupil_id, name, priority, more) => ({
  pupil_id,
  name,
  phone: `070-${priority}`,
  email: "",
  priority,
  known_from_ms: 1,
  ...more,
});
const routine = (task, pupil_id) => ({
  task,
  kind: "routine",
  pupil_id,
  day: TODAY,
  created_ms: Date.parse("2026-11-20T11:00:00Z"),
  lessons: JSON.stringify([{ start: "08:10", subject: "Matematik", minutes: 60, absent_minutes: 60 }]),
});

describe("the same-day routine", () => {
  let web;
  const who = {};
  before(async () => {
    web = await startWeb({ users: USERS, more: LIST });
    sqlite(
      web.db,
      insert("guardian", [
        guardian("p-alva", "Gunnar God", 1, { relation: "god_man", language: "so", interpreter: 1 }),
        guardian("p-odd", "Maria Mor", 1, { relation: "vardnadshavare" }),
        guardian("p-odd", "Ture Tant", 2, { relation: "annan", notify: 0 }),
      ]) + insert("task", [routine(30, "p-alva"), routine(31, "p-quiet"), routine(32, "p-hidden")]),
    );
    for (const { user } of USERS) who[user] = await signIn(web, user);
  });
  after(() => web.stop());
  const taskOf = async (number, user = "eva") =>
    (await bodyOf(await who[user].get("flags"))).today.find(({ task }) => task === number);
  const send = async (user, path, body) => {
    const answer = await who[user].send("POST", `tasks/${path}`, body);
    return [answer.status, (await answer.json()).error];
  };
  const said = () =>
    rows(web.casebook, "SELECT task, contact, user, undone_ms IS NOT NULL AS undone FROM task_answer ORDER BY answer");

  test("names the god man of the register and then the school's own list", async () => {
    const task = await taskOf(30);
    assert.deepEqual([task.kind, task.own_list, task.done, task.guardians], ["routine", true, null, []]);
    assert.deepEqual(task.contacts, [
      { contact: "god_man", people: [{ name: "Gunnar God", phone: "070-1" }], told: null },
      { contact: "hvb", people: [{ name: "HVB Eken, jour", phone: "08-1" }], told: null },
      { contact: "socialtjanst", people: [{ name: "Mottagningen", phone: "" }], told: null },
    ]);
    assert.deepEqual(
      (await taskOf(31)).contacts.map(({ contact }) => contact),
      ["hvb", "socialtjanst"],
      "a placed child without god man",
    );
  });

  test("each is ticked with its time; all of them end it; the latest tick is taken back alone, and every row stays", async () => {
    assert.deepEqual(await send("eva", "30/done", { contact: "god_man", time: "12:30" }), [200, undefined]);
    assert.deepEqual(await send("nils", "30/done", { contact: "hvb" }), [200, undefined]);
    let task = await taskOf(30);
    assert.deepEqual(
      task.contacts.map(({ told }) => told && [told.by, told.at.slice(0, 16)]),
      [["eva", "2026-11-20T11:30"], ["nils", "2026-11-20T12:00"], null],
    );
    assert.equal(task.done, null);
    assert.deepEqual(await send("eva", "30/done", { contact: "socialtjanst", at: "2026-11-20T11:45:00Z" }), [
      200,
      undefined,
    ]);
    assert.equal((await taskOf(30)).done.by, "eva");
    assert.deepEqual(await send("eva", "30/undo", { contact: "hvb" }), [409, "nothing_to_undo"], "nils said it");
    assert.deepEqual(await send("nils", "30/undo", { contact: "hvb" }), [200, undefined]);
    task = await taskOf(30);
    assert.deepEqual([task.done, ...task.contacts.map(({ told }) => told?.by ?? null)], [null, "eva", null, "eva"]);
    assert.deepEqual(said(), [
      { task: 30, contact: "god_man", user: "eva", undone: 0 },
      { task: 30, contact: "hvb", user: "nils", undone: 1 },
      { task: 30, contact: "socialtjanst", user: "eva", undone: 0 },
    ]);
    assert.deepEqual(
      rows(web.casebook, "SELECT user, action, object FROM audit WHERE action LIKE 'routine%' ORDER BY sequence"),
      [
        ["eva", "routine_told", "god_man"],
        ["nils", "routine_told", "hvb"],
        ["eva", "routine_told", "socialtjanst"],
        ["nils", "routine_told_undone", "hvb"],
      ].map(([user, action, contact]) => ({ user, action, object: `p-alva 30 ${contact}` })),
    );
  });

  test("what is on no list, without a contact, to come or of another task is refused, and nothing is written", async () => {
    const before = said();
    for (const [path, body] of [
      ["31/done", {}],
      ["31/done", { contact: "" }],
      ["31/done", { contact: "polis" }],
      ["31/done", { contact: "hvb", time: "23:00" }],
      ["31/done", { contact: "hvb", time: "kl 9" }],
      ["31/done", { contact: "hvb", at: "2026-11-19T10:00:00Z" }],
      ["31/done", { contact: "hvb", at: "2026-11-20T10:00:00Z", time: "10:00" }],
      ["1/done", { contact: "hvb" }],
      ["31/undo", { contact: "polis" }],
    ])
      assert.deepEqual(await send("eva", path, body), [400, "bad_request"], `${path} ${JSON.stringify(body)}`);
    assert.deepEqual(said(), before);
  });

  test("by role and class: as for every task of the day", async () => {
    const may = {};
    for (const { user, role } of USERS) {
      const { status } = await who[user].send("POST", "tasks/32/done", { contact: "hvb" });
      may[user] = status;
      if (role === "mentor")
        assert.equal((await who[user].send("POST", "tasks/31/done", { contact: "hvb" })).status, 404);
    }
    assert.deepEqual(may, { kim: 200, vera: 404, eva: 404, nils: 200, lind: 404, berg: 403, ivar: 403, dana: 403 });
  });

  test("a guardian who is not to be told is not offered, and what to know of the others is told", async () => {
    sqlite(web.db, insert("guardian", [guardian("p-odd", "Farid Far", 3, { language: "ar", interpreter: 1 })]));
    assert.deepEqual(
      (await taskOf(1)).guardians.map(({ name, relation, language, interpreter }) => [
        name,
        relation,
        language,
        interpreter,
      ]),
      [
        ["Maria Mor", "vardnadshavare", "", false],
        ["Farid Far", "", "ar", true],
      ],
    );
  });
});

describe("the 18th birthday", () => {
  // Who is of age, by its own reckoning: the birthday's date, of 29 February in a common year the 28th.
  const turns18 = (born) => {
    const [year, rest] = [Number(born.slice(0, 4)) + 18, born.slice(4)];
    const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    return dayOf(`${year}${rest === "-02-29" && !leap ? "-02-28" : rest}`);
  };
  for (const [born, date] of [
    ["2008-11-21", "2026-11-20"],
    ["2008-11-20", "2026-11-20"],
    ["2008-02-29", "2026-02-27"],
    ["2008-02-29", "2026-02-28"],
    ["2010-03-01", "2028-02-29"],
    ["2010-03-01", "2028-03-01"],
  ])
    test(`born ${born}, on ${date}: ${turns18(born) <= dayOf(date) ? "the pupil" : "a guardian"}`, async (it) => {
      const boot = Math.round(1000 * Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]));
      const web = await startWeb({ clock: ["--demo-clock", `${date}T11:00:00.000Z,1,${boot}`] });
      it.after(() => web.stop());
      sqlite(
        web.db,
        `UPDATE pupil SET birth_day = ${dayOf(born)}, known_from_ms = 0; UPDATE task SET day = ${dayOf(date)};${insert(
          "guardian",
          [guardian("p-odd", "Maria Mor", 1, { relation: "god_man" })],
        )}${insert("task", [{ ...routine(30, "p-odd"), day: dayOf(date) }])}`,
      );
      const session = await signIn(web);
      const { today } = await bodyOf(await session.get("flags"));
      const [plain, of] = [1, 30].map((number) => today.find(({ task }) => task === number));
      const adult = turns18(born) <= dayOf(date);
      assert.equal(plain.contact_with, adult ? "pupil" : "guardian");
      assert.deepEqual(plain.guardians.length, adult ? 0 : 1, "no number of a guardian after the birthday");
      assert.equal(
        of.contacts.some(({ contact }) => contact === "god_man"),
        !adult,
      );
      assert.equal((await session.send("POST", "tasks/1/done", {})).status, 200);
    });

  test("over midnight, without a restart or anything else being done", async (it) => {
    const boot = Math.round(1000 * Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]));
    const web = await startWeb({ clock: ["--demo-clock", `2026-11-20T22:40:00.000Z,60,${boot}`] }); // midnight in 20 s
    it.after(() => web.stop());
    sqlite(web.db, `UPDATE pupil SET birth_day = ${dayOf("2008-11-21")}`);
    const session = await signIn(web);
    const seen = [];
    for (let i = 0; i < 600 && seen.at(-1) !== "2026-11-21 pupil"; i++) {
      const { date, today } = await bodyOf(await session.get("flags"));
      const now = `${date} ${today[0].contact_with}`;
      if (seen.at(-1) !== now) seen.push(now);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual(seen, ["2026-11-20 guardian", "2026-11-21 pupil"]);
  });
});

describe("the school's own list", () => {
  let web;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.stop());

  test("where none is written the page is told so, and two stand without names", async () => {
    sqlite(web.db, insert("task", [routine(30, "p-odd")]));
    const { today } = await bodyOf(await (await signIn(web)).get("flags"));
    const task = today.find(({ task: number }) => number === 30);
    assert.equal(task.own_list, false);
    assert.deepEqual(
      task.contacts.map(({ contact, people }) => [contact, people]),
      [
        ["boende", [{ name: "", phone: "" }]],
        ["socialtjanst", [{ name: "", phone: "" }]],
      ],
    );
  });

  const one = (id, more = "") => `{ id = "${id}"; name = "Namn"; ${more} }`;
  const eight = ["a", "b", "c", "d", "e", "f", "g", "h"].map((id) => one(id));
  for (const [what, list, why] of [
    ["a text", '"HVB Eken"', /routine must be a group/],
    ["a group", "{ id = 1; }", /routine must be a list of 1 to 8 contacts/],
    ["an empty one", "()", /routine must be a list of 1 to 8 contacts/],
    ["nine", `( ${[...eight, one("i")].join()} )`, /routine must be a list of 1 to 8 contacts/],
    ["a text in it", '( "HVB" )', /routine: each contact is a group/],
    ["one without a name", '( { id = "a"; } )', /name/],
    ["one twice", `( ${one("a")}, ${one("a")} )`, /routine: the id a stands twice/],
    ["a key that is none", `( ${one("a", 'mail = "x";')} )`, /mail/],
    ["a name of 121 bytes", `( { id = "a"; name = "${"x".repeat(121)}"; } )`, /name/],
    ["eight", `( ${eight.join()} )`, null],
  ])
    test(`settings with ${what}`, () => {
      const path = join(web.folder, "try.cfg");
      writeFileSync(path, `${readFileSync(web.config, "utf8")}routine = ${list};\n`);
      let refused = "";
      try {
        execFileSync(program, ["--config", path, "--check"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      } catch (failed) {
        refused = failed.stderr;
      }
      if (why === null) assert.equal(refused, "");
      else assert.match(refused, why);
      if (why) assert.match(refused, /try\.cfg:\d+/);
    });
});

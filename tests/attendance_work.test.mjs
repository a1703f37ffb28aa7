// Reported absences, corrections and a teacher's roll, through narvaro-web to a real narvarod: what the database holds then,
// and that flags and tasks follow. The school below is small enough to count by hand.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { until } from "./demo/stage.mjs";
import { bodyOf, program, rows, signIn, sqlite, startWeb, USERS } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const RULES = `rules = ( { id = "unreported-2"; severity = 2; when = ( { measure = "unreported_lessons"; days = 4; at_least = 2; } );
  clear = { measure = "unreported_lessons"; days = 4; below = 1; for_days = 2; }; } );`;
const DATES = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
const NOW = "2026-11-20T09:30:00Z"; // a Friday, 10:30 at the school
const csv = (head, lines) => `${[head, ...lines].join("\n")}\n`;

// 8B has two lessons a morning in R1, whose terminal works; Alva misses those of the 19th. 7C's room has no terminal.
const SCHOOL = {
  pupils: csv("pupil_id,given_name,family_name,class,year,protected,from,to", [
    "p-alva,Alva,Berg,8B,8,0,,",
    "p-bo,Bo,Ek,8B,8,0,,",
    "p-hidden,Skyddad,Elev,8B,8,1,,",
    "p-omar,Omar,Ali,7C,7,0,,",
  ]),
  members: csv("group_id,pupil_id,from,to", ["8B,p-alva,,", "8B,p-bo,,", "8B,p-hidden,,", "7C,p-omar,,"]),
  lessons: csv(
    "lesson_id,group_id,subject,room,date,start,end,state",
    DATES.flatMap((date) => [
      `${date}-1,8B,Matematik,R1,${date},08:10,09:10,held`,
      `${date}-2,8B,Svenska,R1,${date},09:20,10:20,held`,
      `${date}-3,7C,Engelska,R2,${date},08:10,09:10,held`,
    ]).concat(["later,7C,Musik,R2,2026-11-20,13:00,14:00,held"]),
  ),
  terminals: csv("terminal_id,room", ["t-1,R1"]),
  cards: csv("card,pupil_id,from,to", ["04A1B2C1,p-alva,,", "04A1B2C2,p-bo,,", "04A1B2C3,p-hidden,,"]),
  taps: csv(
    "terminal_id,card,at",
    DATES.flatMap((date) =>
      ["04A1B2C1", "04A1B2C2", "04A1B2C3"]
        .filter((card) => card !== "04A1B2C1" || date !== "2026-11-19")
        .flatMap((card) => [
          `t-1,${card},${date}T07:05:0${card.at(-1)}.000Z`,
          `t-1,${card},${date}T08:2${card === "04A1B2C2" ? 7 : 0}:0${card.at(-1)}.000Z`,
        ]),
    ),
  ),
  staff: csv("staff_id,name,role,email", ["lind,Jo Lind,teacher,", "berg,Bo Berg,teacher,"]),
  teachers: csv("group_id,staff_id,from,to", ["8B,lind,,", "7C,berg,,"]),
};

describe("attendance work", () => {
  let lonely, web;
  const session = {};
  before(async () => {
    lonely = new Lonely({ rules: RULES });
    await lonely.at(NOW);
    await lonely.import(SCHOOL, "2026-11-19");
    const clock = new CivilClock(Date.parse(NOW), 1);
    web = await startWeb({
      users: USERS,
      withSchool: false,
      db: lonely.database,
      control: lonely.control,
      clock: ["--demo-clock", clock.option],
    });
    for (const { user } of USERS) session[user] = await signIn(web, user);
  });
  after(async () => {
    await web?.stop();
    await lonely.end();
  });

  const get = async (user, path) => bodyOf(await session[user].get(path));
  const post = async (user, path, body = {}) => {
    const reply = await session[user].send("POST", path, body);
    return [reply.status, await bodyOf(reply)];
  };
  const db = (sql) => rows(lonely.database, sql);
  const inbox = async () =>
    (await get("eva", "flags")).inbox.map(({ pupil, flags }) => [
      pupil,
      flags.map(({ rule, raised_on: raised }) => `${rule} ${raised}`).join(),
    ]);
  const todo = async () =>
    (await get("eva", "flags")).today.map(({ pupil, lessons }) => [
      pupil,
      lessons.map(({ subject }) => subject).join(),
    ]);
  const lessonNumber = (id) => db(`SELECT lesson FROM lesson WHERE lesson_id = '${id}'`)[0].lesson;

  test("a reported absence takes the flag away at once, and taking it back brings it again", async () => {
    assert.deepEqual(await inbox(), [["p-alva", "unreported-2 2026-11-19"]]);
    const [status, { absence }] = await post("eva", "pupils/p-alva/absences", { type: "reported", date: "2026-11-19" });
    assert.equal(status, 201);
    assert.deepEqual(await inbox(), []);
    assert.deepEqual(db("SELECT pupil_id, type, from_ms, to_ms, known_to_ms, author FROM absence"), [
      {
        pupil_id: "p-alva",
        type: "reported",
        from_ms: Date.parse("2026-11-18T23:00:00Z"),
        to_ms: Date.parse("2026-11-19T23:00:00Z"),
        known_to_ms: null,
        author: "eva",
      },
    ]);
    assert.deepEqual(
      (await get("eva", "pupils/p-alva")).days.at(-1).lessons.map(([, , , word]) => word),
      ["present", "present"],
    );
    assert.deepEqual(
      (await get("eva", "pupils/p-alva")).days
        .find(({ date }) => date === "2026-11-19")
        .lessons.map(([, , , word]) => word),
      ["reported", "reported"],
    );
    assert.deepEqual(
      await post("eva", "pupils/p-alva/absences", { type: "reported", date: "2026-11-19", from: "08:00", to: "10:00" }),
      [422, { error: "refused", reasons: ["that is known already"] }],
    );
    await lonely.at(NOW);
    await web.restart();
    assert.deepEqual(await inbox(), []);
    assert.deepEqual(
      (await get("eva", "pupils/p-alva/absences")).absences.map((row) => [row.absence, row.type, row.from, row.author]),
      [[absence, "reported", "2026-11-18T23:00:00.000Z", "eva"]],
    );
    assert.deepEqual(await post("vera", `absences/${absence}/withdraw`), [200, {}]);
    assert.deepEqual(await inbox(), [["p-alva", "unreported-2 2026-11-19"]]);
    assert.deepEqual(db("SELECT author, ended_by, known_to_ms >= known_from_ms AS ended FROM absence"), [
      { author: "eva", ended_by: "vera", ended: 1 },
    ]);
    assert.deepEqual(await post("vera", `absences/${absence}/withdraw`), [404, { error: "not_found" }]);
    assert.deepEqual((await get("eva", "pupils/p-alva/absences")).absences, []);
  });

  test("a correction of a lesson keeps what was there", async () => {
    const lesson = lessonNumber("2026-11-19-1");
    assert.deepEqual(await post("lind", "pupils/p-alva/marks", { lesson, status: "late", absent_minutes: 10 }), [
      200,
      {},
    ]);
    assert.deepEqual(await inbox(), []);
    assert.deepEqual(await post("eva", "pupils/p-alva/marks", { lesson, status: "absent" }), [200, {}]);
    assert.deepEqual(await inbox(), [["p-alva", "unreported-2 2026-11-19"]]);
    const { lessons } = await get("eva", "pupils/p-alva/lessons?date=2026-11-19");
    assert.deepEqual(
      lessons.map((row) => [row.subject, row.start, row.status, row.absent_minutes]),
      [
        ["Matematik", "08:10", "unreported", 60],
        ["Svenska", "09:20", "unreported", 60],
      ],
    );
    assert.deepEqual(
      lessons[0].marks.map(({ status, absent_minutes: minutes, author }) => [status, minutes, author]),
      [
        ["unreported", 60, "eva"],
        ["late", 10, "lind"],
      ],
    );
    assert.deepEqual(lessons[1].marks, []);
    const refusals = [
      [{ lesson, status: "late", absent_minutes: 60 }, 422],
      [{ lesson, status: "late" }, 422],
      [{ lesson, status: "ill" }, 422],
      [{ lesson: 999, status: "present" }, 422],
      [{ lesson: lessonNumber("2026-11-19-3"), status: "present" }, 422],
      [{ status: "present" }, 400],
      [{ lesson }, 400],
    ];
    for (const [body, status] of refusals)
      assert.equal((await post("eva", "pupils/p-alva/marks", body))[0], status, JSON.stringify(body));
    assert.equal(db("SELECT count(*) AS n FROM mark")[0].n, 2);
  });

  test("an absence reported after the mark wins over it, until it is taken back", async () => {
    const [, { absence }] = await post("eva", "pupils/p-alva/absences", {
      type: "leave",
      date: "2026-11-19",
      from: "08:00",
      to: "09:30",
    });
    const statuses = async () =>
      (await get("eva", "pupils/p-alva/lessons?date=2026-11-19")).lessons.map(({ status }) => status);
    assert.deepEqual(await statuses(), ["leave", "unreported"]);
    await post("eva", `absences/${absence}/withdraw`);
    assert.deepEqual(await statuses(), ["unreported", "unreported"]);
  });

  test("a teacher's roll: proposed by check-ins, marked, and the guardian's task follows", async () => {
    const mine = await get("lind", "lessons?date=2026-11-20");
    assert.deepEqual(
      mine.lessons.map(({ subject, group, start, begun, marked }) => [subject, group, start, begun, marked]),
      [
        ["Matematik", "8B", "08:10", true, 0],
        ["Svenska", "8B", "09:20", true, 0],
      ],
    );
    assert.deepEqual(
      mine.lessons[1].pupils.map(({ pupil, checked_in: at, proposed }) => [pupil, at?.slice(11, 16), proposed]),
      [
        ["p-alva", "08:20", { status: "present", absent_minutes: 0 }],
        ["p-bo", "08:27", { status: "late", absent_minutes: 7 }],
      ],
    );
    const { lessons } = await get("berg", "lessons");
    assert.deepEqual(
      lessons.map(({ subject, begun, pupils }) => [
        subject,
        begun,
        pupils.map(({ pupil, proposed }) => [pupil, proposed]),
      ]),
      [
        ["Engelska", true, [["p-omar", null]]],
        ["Musik", false, [["p-omar", null]]],
      ],
    );
    assert.deepEqual(
      lessons.map(({ unknown }) => unknown),
      ["no_cover", null],
    ); // nobody can know: its teacher is asked; the other has not closed
    assert.deepEqual(await todo(), []);
    assert.deepEqual(
      await post("berg", `lessons/${lessons[0].lesson}/marks`, { marks: [{ pupil: "p-omar", status: "absent" }] }),
      [200, { marks: 1 }],
    );
    assert.deepEqual(await todo(), [["p-omar", "Engelska"]]);
    const after = (await get("berg", "lessons")).lessons[0];
    assert.equal(after.unknown, null);
    assert.deepEqual(
      [after.marked, after.pupils[0].mark.status, after.pupils[0].mark.author, after.pupils[0].proposed],
      [1, "unreported", "berg", { status: "absent", absent_minutes: 60 }],
    );
    assert.equal(
      (
        await post("berg", `lessons/${lessons[1].lesson}/marks`, { marks: [{ pupil: "p-omar", status: "present" }] })
      )[0],
      422,
    ); // not begun
    const [, { absence }] = await post("eva", "pupils/p-omar/absences", { type: "reported", date: "2026-11-20" });
    assert.deepEqual(await todo(), []);
    await post("eva", `absences/${absence}/withdraw`);
    assert.deepEqual(await todo(), [["p-omar", "Engelska"]]);
    await lonely.at(NOW);
    await web.restart();
    assert.deepEqual(await todo(), [["p-omar", "Engelska"]]);
  });

  test("one wrong mark of a roll and none is stored", async () => {
    const lesson = lessonNumber("2026-11-20-1");
    const before_ = db("SELECT count(*) AS n FROM mark")[0].n;
    const marks = [
      { pupil: "p-alva", status: "present" },
      { pupil: "p-bo", status: "late", absent_minutes: 99 },
    ];
    assert.equal((await post("lind", `lessons/${lesson}/marks`, { marks }))[0], 422);
    for (const bad of [{ marks: [] }, { marks: [7] }, { marks: [{ status: "present" }] }])
      assert.equal((await post("lind", `lessons/${lesson}/marks`, bad))[0], 422, JSON.stringify(bad));
    for (const pupil of ["p-nobody", "p-hidden", "", "x".repeat(1000)])
      assert.equal(
        (await post("lind", `lessons/${lesson}/marks`, { marks: [{ pupil, status: "present" }] }))[0],
        404,
        pupil,
      );
    assert.equal((await post("lind", `lessons/${lesson}/marks`, {}))[0], 400);
    assert.equal(db("SELECT count(*) AS n FROM mark")[0].n, before_);
    assert.equal(rows(web.casebook, "SELECT count(*) AS n FROM audit WHERE action = 'not_done'")[0].n > 0, true);
  });

  // An import and rules from the command line, which keeps no log: rows as of the command line (no user), each once, and of the
  // dashboard's own there is one row, too.
  test("what the command line did is in the audit log", async () => {
    const acts = () =>
      rows(
        web.casebook,
        "SELECT user, action, object FROM audit WHERE action IN ('import', 'rules_applied') ORDER BY sequence",
      ).map((row) => [row.user, row.action, row.object]);
    const files = JSON.stringify(Object.keys(SCHOOL).map((name) => `${name}.csv`));
    const sorted = (list) => list.map(([user, what, object]) => [user, what, object.split("").sort().join("")]);
    const first = sorted([["", "import", files]]);
    await until("the import from before the dashboard began", () => acts().length === 1);
    assert.deepEqual(sorted(acts()), first);
    lonely.tell("rules", "apply", lonely.rules, "--author", "ivar", "--why", "the same again");
    await until("the new rules", () => acts().length === 2);
    assert.deepEqual(acts()[1], ["", "rules_applied", "ivar"]);

    await post("ivar", "imports/pupils.csv", { first: true, text: SCHOOL.pupils });
    assert.equal((await post("ivar", "imports", { commit: true }))[0], 200);
    await web.restart();
    lonely.tell("rules", "apply", lonely.rules, "--author", "nils", "--why", "and again");
    await until("the last of them", () => acts().some(([, , object]) => object === "nils"));
    assert.deepEqual(acts().slice(2), [
      ["ivar", "import", '["pupils.csv"]'],
      ["", "rules_applied", "nils"],
    ]);
  });

  test("what the log has long had the daemon forgets, and the log does not", async () => {
    const kept = () => rows(lonely.database, "SELECT act FROM act ORDER BY act").map(({ act }) => act);
    const logged = () =>
      rows(web.casebook, "SELECT count(*) AS n FROM audit WHERE user = '' AND action <> 'retention'")[0].n;
    const before_ = logged();
    assert.deepEqual(kept(), [1, 2, 3]);
    sqlite(lonely.database, `UPDATE act SET at_ms = at_ms - ${32 * 86400000} WHERE act IN (1, 3)`);
    execFileSync(join(program, "../narvaro"), [
      "retention",
      "--commit",
      "--admin-socket",
      web.adminSocket,
      "--socket",
      lonely.control,
    ]);
    assert.deepEqual(kept(), [2, 3]);
    assert.equal(logged(), before_);
  });

  test("only dates in reach", async () => {
    const bad = [
      {},
      { type: "ill", date: "2026-11-20" },
      { type: "leave" },
      { type: "leave", date: "2026-09-01" },
      { type: "leave", date: "2027-08-01" },
      { type: "leave", date: "2026-11-20", to_date: "2026-11-19" },
      { type: "leave", date: "2026-11-20", from: "10:00", to: "09:00" },
      { type: "leave", date: "2026-11-20", from: "ten" },
    ];
    for (const body of bad)
      assert.equal((await post("eva", "pupils/p-alva/absences", body))[0], 400, JSON.stringify(body));
    assert.equal((await session.eva.get("pupils/p-alva/lessons?date=today")).status, 400);
  });

  // Written by hand from docs/api.md: a pupil of 8B, one of 7C, the protected one of 8B; lessons of 8B and 7C, the caller's or not.
  const PUPILS = {
    kim: [1, 1, 1],
    vera: [1, 1, 0],
    eva: [1, 1, 0],
    nils: [1, 1, 1],
    lind: [1, 0, 0],
    berg: null,
    ivar: null,
    dana: null,
  };
  const LESSONS = { kim: null, vera: null, eva: null, nils: null, lind: [1, 0], berg: [0, 1], ivar: null, dana: null };

  test("role × endpoint × object", async () => {
    const lesson = { "p-alva": "2026-11-18-1", "p-omar": "2026-11-18-3", "p-hidden": "2026-11-18-1" };
    for (const [user, may] of Object.entries(PUPILS))
      for (const [i, pupil] of ["p-alva", "p-omar", "p-hidden", "p-none"].entries()) {
        const status = (good) => (!may ? 403 : may[i] ? good : 404);
        const cell = `${user} ${pupil}`;
        for (const path of ["absences", "lessons"])
          assert.equal((await session[user].get(`pupils/${pupil}/${path}`)).status, status(200), `${cell} ${path}`);
        const [reported, { absence }] = await post(user, `pupils/${pupil}/absences`, {
          type: "reported",
          date: "2026-12-01",
        });
        assert.equal(reported, status(201), `${cell} report`);
        assert.equal(
          (
            await post(user, `pupils/${pupil}/marks`, {
              lesson: lessonNumber(lesson[pupil] ?? "2026-11-18-1"),
              status: "present",
            })
          )[0],
          status(200),
          `${cell} mark`,
        );
        if (!absence) continue;
        for (const [other, theirs] of Object.entries(PUPILS))
          if (!theirs?.[i])
            assert.equal(
              (await post(other, `absences/${absence}/withdraw`))[0],
              theirs ? 404 : 403,
              `${other} withdraws ${pupil}'s`,
            );
        assert.equal((await post(user, `absences/${absence}/withdraw`))[0], 200, `${cell} withdraw`);
      }
    for (const [user, may] of Object.entries(LESSONS)) {
      assert.equal((await session[user].get("lessons")).status, may ? 200 : 403, `${user} lessons`);
      for (const [i, [id, pupil]] of [
        ["2026-11-18-1", "p-bo"],
        ["2026-11-18-3", "p-omar"],
      ].entries())
        assert.equal(
          (await post(user, `lessons/${lessonNumber(id)}/marks`, { marks: [{ pupil, status: "present" }] }))[0],
          !may ? 403 : may[i] ? 200 : 404,
          `${user} ${id}`,
        );
    }
    assert.equal(
      (
        await post("lind", `lessons/${lessonNumber("2026-11-18-1")}/marks`, {
          marks: [{ pupil: "p-hidden", status: "present" }],
        })
      )[0],
      404,
    );
    assert.ok(!JSON.stringify(await get("lind", "lessons?date=2026-11-18")).includes("Skyddad"));
  });

  test("without the daemon nothing is promised, and pages go on", async () => {
    await lonely.stage.stop("narvarod");
    assert.deepEqual(await post("eva", "pupils/p-alva/absences", { type: "reported", date: "2026-11-20" }), [
      503,
      { error: "busy" },
    ]);
    assert.equal((await session.eva.get("flags")).status, 200);
    await lonely.at(NOW);
    await until(
      "the daemon again",
      async () => (await post("eva", "pupils/p-alva/absences", { type: "reported", date: "2026-11-20" }))[0] === 201,
    );
  });
});

// Imports over the command line into a real narvarod: what an import tells is what it does, and the past stays as it was.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { afterEach, test } from "node:test";
import { rootFile, until } from "./demo/stage.mjs";
import { rows } from "./fixture.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";

let lonely;
afterEach(() => lonely?.end());

const folderOf = (name, step) => rootFile(`tests/vectors/cases/${name}/${step}`);
function begin(time) {
  lonely = new Lonely();
  return lonely.at(time);
}
// A folder made here: { file name: text }.
function folder(files) {
  const path = lonely.stage.path(`folder-${(lonely.folders = (lonely.folders ?? 0) + 1)}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${path}/${name}`, text);
  return path;
}
const sql = (text) => rows(lonely.database, text);
const days = () =>
  sql(
    "SELECT pupil_id, class, date(day * 86400, 'unixepoch') AS date, hex(outcomes) AS outcomes FROM pupil_day ORDER BY 1, 3",
  ).map((row) => ({ ...row }));

// What the daemon answers over its control socket.
const ask = (request) =>
  new Promise((go, fail) => {
    let answer = "";
    const connection = createConnection(lonely.control, () => connection.write(`${JSON.stringify(request)}\n`));
    connection.on("data", (text) => (answer += text)).on("error", fail);
    connection.on("close", () => go(JSON.parse(answer)));
  });

// What a dry run tells follows exactly when it is done.
function importAsTold(path, ...options) {
  const before = days();
  const dry = lonely.tell("import", path, ...options);
  assert.deepEqual(days(), before, "a dry run stores nothing");
  assert.deepEqual(lonely.tell("import", path, ...options), dry, "nor does it change what the next one tells");
  const flags = () => sql("SELECT count(*) AS n FROM flag_change WHERE change IN ('raised', 'reopened')")[0].n;
  const raised = flags();
  const done = lonely.tell("import", path, "--commit", ...options);
  const plain = (text) =>
    text
      .replaceAll("would be ", "")
      .replace(/^(committed|nothing was changed.*)$/m, "")
      .replace("dates are taken", "dates taken");
  assert.equal(plain(done), plain(dry));
  assert.equal(flags() - raised, Number(/^(\d+) flags raised/m.exec(done)[1]));
  return done;
}

test("a terminal that is hung up later says nothing about the past", async () => {
  await begin("2026-09-01T05:00:00Z");
  importAsTold(folderOf("05-terminal-hung-up-later", 1));
  await lonely.at("2026-11-03T12:00:00Z");
  const before = days();
  assert.ok(before.length > 0);
  importAsTold(folderOf("05-terminal-hung-up-later", 2));
  assert.deepEqual(days(), before);
});

test("one card of two pupils is an error that names both", async () => {
  await begin("2026-09-01T05:00:00Z");
  lonely.tell("import", folderOf("09-one-card-two-pupils-is-not-told", 1), "--commit");
  for (const option of [[], ["--commit"]]) {
    const { status, stderr } = lonely.narvaro("import", folderOf("09-one-card-two-pupils-is-not-told", 2), ...option);
    assert.equal(status, 1);
    assert.match(stderr, /^cards\.csv:2: card: it has two holders from 2026-09-01: p0[01] and p0[01];/m);
  }
  assert.equal(sql("SELECT count(*) AS n FROM card WHERE pupil_id = 'p00'")[0].n, 1);
});

test("who left and came back was not here meanwhile", async () => {
  const name = "15-pupil-left-and-came-back";
  await begin("2026-09-25T15:00:00Z");
  importAsTold(folderOf(name, 1));
  const september = days().filter(({ date }) => date < "2026-10-01");
  assert.ok(september.some(({ pupil_id }) => pupil_id === "p00"));
  await lonely.at("2026-10-30T15:00:00Z");
  const second = importAsTold(folderOf(name, 2));
  assert.match(second, /came back 1 November 2026: p00/);
  await lonely.at("2026-11-10T18:00:00Z");
  importAsTold(folderOf(name, 3));
  const after = days().filter(({ pupil_id }) => pupil_id === "p00");
  assert.deepEqual(
    after.filter(({ date }) => date < "2026-10-01"),
    september.filter(({ pupil_id }) => pupil_id === "p00"),
  );
  assert.equal(after.filter(({ date }) => date >= "2026-10-01" && date < "2026-11-01").length, 0);
  assert.ok(after.some(({ date }) => date >= "2026-11-01"));
});

test("a class changes from now on", async () => {
  const name = "16-class-change-rewrites-the-past";
  await begin("2026-09-25T15:00:00Z");
  importAsTold(folderOf(name, 1));
  await lonely.at("2026-11-02T15:00:00Z");
  assert.match(importAsTold(folderOf(name, 2)), /^pupils\.csv: 1 moved to 7B from 2 November 2026: p00$/m);
  const classes = new Set(
    days()
      .filter(({ pupil_id, date }) => pupil_id === "p00" && date < "2026-11-02")
      .map((day) => day.class),
  );
  assert.deepEqual([...classes], ["7A"]);
  assert.doesNotMatch(importAsTold(folderOf(name, 2)), /moved/); // once
});

test("semicolons are read, columns that are missing are told beside those that are there", async () => {
  await begin("2026-09-25T15:00:00Z");
  for (const step of ["in", "b"])
    assert.equal(lonely.narvaro("import", folderOf("18-swedish-excel-semicolons", step)).status, 0, step);
  const path = folder({ "pupils.csv": "elev_id;klass\na;7A\n", "Lessons.csv": "x\n" });
  assert.match(
    lonely.narvaro("import", path).stderr,
    /^pupils\.csv:1: pupil_id: this file is separated by semicolons and has no column "pupil_id"; found: elev_id, klass$/m,
  );
  assert.match(lonely.narvaro("import", path).stderr, /^pupils\.csv:1: pupil_id: did you mean "elev_id"\?/m);
  writeFileSync(`${path}/columns.cfg`, 'pupils = { pupil_id = "elev_id"; class = "klass"; };\n');
  const told = lonely.tell("import", path);
  assert.match(told, /^pupils\.csv +1 +1 /m);
  assert.match(told, /^Lessons\.csv: 1 files that are not read; did you mean lessons\.csv\?: Lessons\.csv$/m);
  writeFileSync(`${path}/columns.cfg`, 'pupils = { pupil = "elev_id"; };\n');
  assert.match(lonely.narvaro("import", path).stderr, /columns\.cfg:1: unknown key pupil/);
});

test("every error of every file in one run, references too", async () => {
  await begin("2026-09-25T15:00:00Z");
  const { status, stderr } = lonely.narvaro(
    "import",
    folder({
      "pupils.csv": "pupil_id,from\na,2026-13-01\nb,\n",
      "members.csv": "group_id,pupil_id\n7A,ghost\n7A,a\n7A,b\n",
      "cards.csv": "card,pupil_id\n08A1B2C3,b\n",
      "lessons.csv": "lesson_id,group_id,date,start,end\nL1,7A,2086-09-01,08:00,09:00\n",
    }),
  );
  assert.equal(status, 1);
  for (const error of [
    /^pupils\.csv:2: from: "2026-13-01"/m,
    /^members\.csv:2: pupil_id: no pupil is called "ghost"/m,
    /^cards\.csv:2: card: 4 bytes that begin with 08/m,
    /^lessons\.csv:2: date: 2086-09-01 is more than 400 days/m,
  ])
    assert.match(stderr, error);
  assert.doesNotMatch(stderr, /called "a"/); // its row is there, only its date is wrong
});

test("a lesson that was taken out is told by name, and ends when the file owns its time", async () => {
  const name = "23-lesson-taken-out-of-the-export";
  await begin("2026-09-03T15:00:00Z");
  importAsTold(folderOf(name, 1));
  const told = importAsTold(folderOf(name, 2));
  assert.match(told, /^lessons\.csv: 1 known, and not in the file .*: L2 \(/m);
  const unreported = days().length;
  const replaced = importAsTold(
    folderOf(name, 2),
    "--replace",
    "lessons",
    "--from",
    "2026-09-01",
    "--to",
    "2026-09-30",
  );
  assert.match(replaced, /^lessons\.csv: 1 cancelled: L2 \(/m);
  assert.equal(days().length, unreported);
  assert.equal(
    sql("SELECT state FROM lesson_version JOIN lesson USING (lesson) WHERE lesson_id = 'L2' AND known_to_ms IS NULL")[0]
      .state,
    "cancelled",
  );
  assert.equal(lonely.narvaro("import", folderOf(name, 2), "--replace", "lessons").status, 2);
});

test("the same lesson under another id is told, and replacing heals it", async () => {
  const head = "lesson_id,group_id,subject,room,date,start,end\n";
  await begin("2026-09-03T15:00:00Z");
  lonely.tell(
    "import",
    folder({
      "pupils.csv": "pupil_id,class\na,7A\n",
      "members.csv": "group_id,pupil_id\n7A,a\n",
      "lessons.csv": `${head}L1,7A,no,101,2026-09-02,08:10,09:00\n`,
    }),
    "--commit",
  );
  const anew = folder({ "lessons.csv": `${head}X9,7A,no,101,2026-09-02,08:10,09:00\n` });
  assert.match(importAsTold(anew), /two ids at one time .*: X9 = L1 \(7A 2026-09-02 08:10\)/);
  const healed = importAsTold(anew, "--replace", "lessons", "--from", "2026-09-02", "--to", "2026-09-02");
  assert.match(healed, /cancelled: L1 /);
  assert.doesNotMatch(healed, /two ids/);
});

test("the log says whose account committed an import, and tells no dry run", async () => {
  await begin("2026-09-03T15:00:00Z");
  const path = folder({ "pupils.csv": "pupil_id,class,from,to\na,7A,2026-08-17,\n" });
  const log = () => readFileSync(lonely.stage.path("log/narvarod.log"), "utf8").match(/import committed .*/g) ?? [];
  lonely.tell("import", path);
  lonely.tell("import", path, "--commit");
  await until("the daemon's log", () => log().length > 0);
  assert.deepEqual(log(), [`import committed uid=${process.getuid()} files=1`]);
});

test("protection only rises, empty cells tell nothing, a name is not printed", async () => {
  const head = "pupil_id,given_name,family_name,class,year,protected,from,to\n";
  await begin("2026-09-03T15:00:00Z");
  lonely.tell("import", folder({ "pupils.csv": `${head}a,Ada,Berg,7A,7,1,,\n` }), "--commit");
  const told = importAsTold(folder({ "pupils.csv": `${head}a,,,,,0,,\n` }));
  assert.match(told, /^pupils\.csv: 1 stays protected.*: a$/m);
  assert.deepEqual(
    sql("SELECT given_name, class, protected FROM pupil WHERE known_to_ms IS NULL").map((row) => ({ ...row })),
    [{ given_name: "Ada", class: "7A", protected: 1 }],
  );
  const renamed = importAsTold(folder({ "pupils.csv": `${head}a,Eva,,,,,,\n` }));
  assert.match(renamed, /has another name: a$/m);
  assert.doesNotMatch(renamed, /Eva|Ada/);
  assert.equal(lonely.narvaro("protect", "a", "--by", "kim", "--why", "ended").status, 2);
  assert.match(
    lonely.narvaro("protect", "a", "--lower", "--by", "kim", "--why", "because of Ada").stderr,
    /one of ended mistake decision/,
  );
  lonely.tell("protect", "a", "--lower", "--by", "kim", "--why", "ended");
  assert.deepEqual(
    sql("SELECT given_name, protected FROM pupil WHERE known_to_ms IS NULL").map((row) => ({ ...row })),
    [{ given_name: "Eva", protected: 0 }],
  );
  assert.match(
    lonely.narvaro("protect", "a", "--lower", "--by", "kim", "--why", "ended").stderr,
    /no such pupil with protected identity/,
  );
});

const PUPIL_DETAILS = "pupil_id,class,from,to,end_reason,birth_date,school_form,home_municipality,programme,placed\n";
const pupilDetails = () =>
  sql(
    "SELECT class, date(to_day * 86400, 'unixepoch') AS until, end_reason, date(birth_day * 86400, 'unixepoch') AS born, school_form, home_municipality, programme, placed FROM pupil WHERE known_to_ms IS NULL ORDER BY from_day",
  ).map((row) => Object.values(row).join(" "));

test("details of pupils come in, are told, and stay where a cell is empty", async () => {
  await begin("2026-09-03T15:00:00Z");
  const bring = (row) => importAsTold(folder({ "pupils.csv": `${PUPIL_DETAILS}${row}\n` }));
  bring("a,7A,2026-08-17,,,2013-05-31,GR,0180,MU,1");
  assert.deepEqual(pupilDetails(), ["7A   2013-05-31 GR 0180 MU 1"]);
  assert.doesNotMatch(bring("a,7A,2026-08-17,,,2013-05-31,GR,0180,MU,1"), /details/);
  assert.doesNotMatch(bring("a,7A,2026-08-17,,,,,,,"), /details/);
  assert.match(bring("a,,,,,2013-06-01,,,,0"), /^pupils\.csv: 1 has other details: .*: a$/m);
  assert.deepEqual(pupilDetails(), ["7A   2013-06-01 GR 0180 MU 0"]);
  // A new class takes them along, and has its own; the time before keeps what it had.
  bring("a,7B,2026-09-10,,,,GRS,,,");
  assert.deepEqual(pupilDetails(), ["7A 2026-09-09  2013-06-01 GR 0180 MU 0", "7B   2013-06-01 GRS 0180 MU 0"]);
  bring("a,,2026-09-10,2026-09-30,moved,,,,,");
  assert.deepEqual(pupilDetails()[1], "7B 2026-09-30 moved 2013-06-01 GRS 0180 MU 0");
  // Who goes on in a new class within that time has not left before it, and leaves then as was told.
  bring("a,7C,2026-09-20,2026-09-30,,,,,,");
  assert.deepEqual(pupilDetails().slice(1), [
    "7B 2026-09-19  2013-06-01 GRS 0180 MU 0",
    "7C 2026-09-30 moved 2013-06-01 GRS 0180 MU 0",
  ]);
  const refused = (row, ...options) =>
    lonely.narvaro("import", folder({ "pupils.csv": `${PUPIL_DETAILS}${row}\n` }), ...options);
  assert.match(
    refused("b,7A,,,,2113-05-31,,,,").stderr,
    /^pupils\.csv:2: birth_date: the pupil would turn -87 in 2026: a slip of a digit\? --any-date takes it$/m,
  );
  assert.equal(refused("b,7A,,,,2113-05-31,,,,", "--any-date").status, 0);
  assert.equal(refused("b,7A,,,,1997-01-01,,,,").status, 0); // turns 29
  assert.doesNotMatch(refused("b,7A,,,,20110401-2384,,,,").stderr, /2011|2384/);
});

test("details of guardians: told, kept, extracted, erased", async () => {
  const head = "pupil_id,name,phone,email,order,relation,language,interpreter,notify\n";
  const guardians = () =>
    sql(
      "SELECT name, relation, language, interpreter, notify FROM guardian WHERE known_to_ms IS NULL ORDER BY priority",
    ).map((row) => Object.values(row).join(" "));
  await begin("2026-09-03T15:00:00Z");
  const bring = (text) => importAsTold(folder({ "guardians.csv": text }));
  lonely.tell(
    "import",
    folder({
      "pupils.csv": `${PUPIL_DETAILS}a,7A,,,,2013-05-31,GR,0180,,1\n`,
      "guardians.csv": `${head}a,Eva,1,,1,,,,\n`,
    }),
    "--commit",
  );
  assert.deepEqual(guardians(), ["Eva   0 1"]);
  bring(`${head}a,Eva,1,,1,vardnadshavare,arabiska,1,0\na,Bo,2,,2,annan,,,\na,Vera,3,,3,god_man,,,\n`);
  const now = ["Eva vardnadshavare arabiska 1 0", "Bo annan  0 0", "Vera god_man  0 1"];
  assert.deepEqual(guardians(), now);
  assert.match(bring("pupil_id,name,phone,email,order\na,Eva,1,,1\n"), /^guardians\.csv +1 +0 +0 +1 +2$/m);
  assert.match(bring(`${head}a,Eva,1,,1,,,,\na,Bo,2,,2,annan,,,0\n`), /^guardians\.csv +2 +0 +0 +2 +1$/m);
  assert.deepEqual(guardians(), now);
  bring(`${head}a,Bo,2,,2,,,,1\n`);
  assert.deepEqual(guardians()[1], "Bo annan  0 1");
  const held = async (part) => (await ask({ do: "extract", pupil: "a", part, offset: 0 })).rows;
  const eva = (await held("guardians")).find((row) => row.relation === "vardnadshavare");
  assert.deepEqual([eva.name, eva.language, eva.interpreter, eva.notify], ["Eva", "arabiska", 1, 0]);
  const [pupil] = await held("register");
  assert.deepEqual(
    [pupil.birth_date, pupil.school_form, pupil.home_municipality, pupil.placed],
    ["2013-05-31", "GR", "0180", 1],
  );
  assert.equal((await ask({ do: "erase", pupil: "a", author: "kim", why: "moved" })).ok, true);
  assert.deepEqual(sql("SELECT (SELECT count(*) FROM pupil) + (SELECT count(*) FROM guardian) AS n")[0].n, 0);
});

test("as of a date, and corrected for the past", async () => {
  const head = "pupil_id,class,from,to\n";
  await begin("2026-09-03T15:00:00Z");
  const periods = () =>
    sql(
      "SELECT class, date(from_day * 86400, 'unixepoch') AS since, date(to_day * 86400, 'unixepoch') AS until FROM pupil WHERE known_to_ms IS NULL ORDER BY from_day",
    ).map(({ class: name, since, until }) => [name, since, until]);
  lonely.tell("import", folder({ "pupils.csv": `${head}a,7A,2026-08-17,\n` }), "--commit");
  importAsTold(folder({ "pupils.csv": `${head}a,7B,2026-08-17,\n` }), "--as-of", "2026-09-10");
  assert.deepEqual(periods(), [
    ["7A", "2026-08-17", "2026-09-09"],
    ["7B", "2026-09-10", null],
  ]);
  importAsTold(folder({ "pupils.csv": `${head}a,7C,,\n` }), "--correct", "--as-of", "2026-09-12");
  assert.deepEqual(periods(), [
    ["7A", "2026-08-17", "2026-09-09"],
    ["7C", "2026-09-10", null],
  ]);
  assert.match(
    importAsTold(folder({ "pupils.csv": `${head}a,,,2026-09-30\n` }), "--as-of", "2026-09-12"),
    /left 30 September 2026: a/,
  );
  assert.match(
    importAsTold(folder({ "pupils.csv": `${head}a,8A,2026-08-01,2026-08-05\n` })),
    /a new period from 1 August 2026/,
  );
  assert.match(
    importAsTold(folder({ "pupils.csv": `${head}a,7A,2026-08-10,\n` }), "--as-of", "2026-08-20"),
    /begins earlier, 10 August 2026/,
  );
  assert.deepEqual(periods(), [
    ["8A", "2026-08-01", "2026-08-05"],
    ["7A", "2026-08-10", "2026-09-09"],
    ["7C", "2026-09-10", "2026-09-30"],
  ]);
});

test("in any order, and in another form, the same facts give the same days", async () => {
  const names = ["pupils", "members", "lessons", "exemptions", "terminals", "cards", "taps", "outages"];
  const dated = ({ name, text }) => {
    const [head, ...lines] = text.trimEnd().split("\n");
    const at = head.split(",").indexOf("from"); // what has no beginning would be so from the day of its import on
    if (name === "terminals") return `${[`${head},from`, ...lines.map((line) => `${line},2020-01-01`)].join("\n")}\n`;
    if (at < 0 || name === "outages") return text;
    return `${[head, ...lines.map((line) => line.replace(/,,([^,]*)$/, ",2020-01-01,$1"))].join("\n")}\n`;
  };
  const facts = Object.fromEntries(
    Object.entries(schoolFiles("school-plain", names)).map(([name, text]) => [`${name}.csv`, dated({ name, text })]),
  );
  const other = Object.fromEntries(
    Object.entries(facts).map(([name, text]) => [
      name,
      text.includes('"') ? text : `\ufeffsep=;\r\n${text.replaceAll(",", ";").replaceAll("\n", "\r\n")}`,
    ]),
  );
  other["cards.csv"] = other["cards.csv"].replace(/^[0-9A-F]+/gm, (card) => card.toLowerCase().match(/../g).join(":"));
  const all = [];
  for (const steps of [
    [facts],
    [other],
    [["pupils", "lessons"], ["terminals"], ["members", "cards"], ["taps"], ["exemptions", "outages"]].map((step) =>
      Object.fromEntries(step.map((name) => [`${name}.csv`, facts[`${name}.csv`]])),
    ),
    [["terminals", "lessons"], ["taps"], ["pupils"], ["exemptions"], ["outages", "cards"], ["members"]].map((step) =>
      Object.fromEntries(step.map((name) => [`${name}.csv`, other[`${name}.csv`]])),
    ),
  ]) {
    await begin("2026-10-28T12:00:00Z");
    for (const step of steps) lonely.tell("import", folder(step), "--commit");
    all.push(days());
    await lonely.end();
  }
  assert.ok(all[0].length > 300);
  for (const later of all.slice(1)) assert.deepEqual(later, all[0]);
});

// Random small schools, imported piece by piece into a real narvarod: every import is told before exactly as it is then done, and
// in the end the roll is the naive one of the files, whatever came first, twice, or in another form. SCHOOLS=n, FIRST_SCHOOL=n.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { fromSeed } from "./demo/random.mjs";
import { until } from "./demo/stage.mjs";
import { rows } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";
import { readSchool, rollcall } from "./naive/rollcall.mjs";

const SCHOOLS = Number(process.env.SCHOOLS ?? 2);
const FIRST = Number(process.env.FIRST_SCHOOL ?? 1);
const DATES = ["2026-10-26", "2026-10-27", "2026-10-28"];
const NOW = "2026-10-28T17:00:00Z";
const RULES = `rules = ( { id = "gone"; severity = 2; when = ( { measure = "unreported_lessons"; days = 5; at_least = 1; } );
    clear = { measure = "unreported_lessons"; days = 5; below = 1; for_days = 1; }; } );`;
const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown", "cancelled", "exempt"];
const HEADS = {
  pupils: "pupil_id,class,year,from,to",
  members: "group_id,pupil_id,from,to",
  lessons: "lesson_id,group_id,subject,room,date,start,end,state",
  exemptions: "pupil_id,group_id,from,to",
  terminals: "terminal_id,room,place,from,to",
  cards: "card,pupil_id,from,to",
  absences: "pupil_id,from,to,type",
  taps: "terminal_id,card,at",
  marks: "lesson_id,pupil_id,status,absent_minutes,recorded_at",
};
// What a row leans on must have come before it, or come with it.
const LEANED = ["pupils", "lessons"];
const LEANING = ["members", "exemptions", "cards", "absences", "marks"];

const two = (n) => String(n).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const utc = (date, minute, second) => `${date}T${clock(minute - 60)}:${two(second)}.000Z`; // winter time

// { file: [row…] }: two classes, a group across them, a room without a terminal, everything dated.
function makeSchool(r) {
  const school = Object.fromEntries(Object.keys(HEADS).map((file) => [file, []]));
  const ids = Array.from({ length: r.between(8, 12) }, (_, i) => `p${two(i)}`);
  for (const [i, id] of ids.entries()) {
    const group = i % 2 ? "7B" : "7A";
    if (r.chance(0.2)) school.pupils.push(`${id},${group},7,2026-08-17,2026-10-26`, `${id},8C,8,2026-10-27,`);
    else school.pupils.push(`${id},${group},7,2026-08-17,${r.chance(0.1) ? "2026-10-27" : ""}`);
    school.members.push(`${group},${id},2026-08-17,`);
    if (r.chance(0.4)) school.members.push(`kör,${id},2026-08-17,${r.chance(0.3) ? "2026-10-26" : ""}`);
    school.cards.push(`04A1B2${two(i)},${id},2026-08-17,`);
    if (r.chance(0.1)) school.exemptions.push(`${id},${group},2026-10-27,2026-10-27`);
    if (r.chance(0.3)) {
      const date = r.pick(DATES);
      school.absences.push(
        `${id},${date}T0${r.between(7, 9)}:00,${date}T1${r.between(0, 5)}:00,${r.pick(["reported", "leave"])}`,
      );
    }
  }
  school.terminals.push("t-1,R1,room,2026-08-17,", "t-2,R2,room,2026-08-17,");
  for (const date of DATES) {
    for (const terminal of ["t-1", "t-2"]) school.taps.push(`${terminal},DEADBEEF,${utc(date, 420, 0)}`); // it was alive
    for (const [k, group] of ["7A", "7B", "7A", "7B", "kör"].entries()) {
      const lesson = `${date}-${k}`;
      const start = [490, 490, 560, 560, 640][k];
      const room = r.pick(["R1", "R2", "R1", "R2", "Skogen"]);
      school.lessons.push(
        `${lesson},${group},ämne-${k},${room},${date},${clock(start)},${clock(start + 60)},${r.chance(0.1) ? "cancelled" : "held"}`,
      );
      for (const [i, id] of ids.entries()) {
        if (room !== "Skogen" && r.chance(0.5))
          school.taps.push(
            `t-${room.slice(1)},04A1B2${two(i)},${utc(date, start + r.between(-15, 25), r.between(0, 59))}`,
          );
        if (r.chance(0.03))
          school.marks.push(`${lesson},${id},${r.pick(["present", "unreported"])},0,${utc(date, 900, 0)}`);
      }
    }
  }
  return school;
}

// The same rows as another program would write them.
function inForm(r, file, lines) {
  const semicolons = r.chance(0.5);
  const cells = lines.map((line) => line.split(","));
  const places = cells[0].map((_, i) => i);
  if (r.chance(0.5)) places.reverse();
  const at = HEADS[file].split(",").indexOf("card");
  const end = r.chance(0.5) ? "\r\n" : "\n";
  const text = cells
    .map((row, i) => {
      const own = at >= 0 && i > 0 && semicolons ? row.with(at, row[at].toLowerCase().match(/../g).join(":")) : row;
      const written = places.map((place) => (semicolons && own[place] ? `"${own[place]}"` : own[place]));
      return written.join(semicolons ? ";" : ",").normalize(semicolons ? "NFD" : "NFC");
    })
    .join(end);
  return `${semicolons ? "\ufeff" : ""}${text}${end}`;
}

// [ { file: [row…] }… ]: every row once at least, some again later. Absences come last, as in life: they take back what followed.
function inStages(r, school, count) {
  const stages = Array.from({ length: count }, () => ({}));
  const put = (stage, file, row) => {
    (stages[stage][file] ??= []).push(row);
  };
  let known = 0; // the stage from which on all pupils and lessons are known
  const files = Object.keys(HEADS).sort((a, b) => LEANED.includes(b) - LEANED.includes(a));
  for (const file of files)
    for (const row of school[file]) {
      const earliest = file === "absences" ? count - 1 : LEANING.includes(file) ? known : 0;
      const stage = r.between(earliest, LEANED.includes(file) ? 1 : count - 1);
      if (LEANED.includes(file)) known = Math.max(known, stage);
      put(stage, file, row);
      for (let again = stage + 1; again < count; again++) if (r.chance(0.2)) put(again, file, row);
    }
  return stages.filter((stage) => Object.keys(stage).length > 0);
}

let lonely;
after(() => lonely?.end());
const sql = (text) => rows(lonely.database, text).map((row) => ({ ...row }));
function folder(files) {
  const path = lonely.stage.path(`folder-${(lonely.folders = (lonely.folders ?? 0) + 1)}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${path}/${name}.csv`, text);
  return path;
}

async function begin() {
  await lonely?.end();
  lonely = new Lonely({ rules: RULES });
  await lonely.at(NOW);
  const state = {
    v: 1,
    state: "ready",
    birth: 1,
    firmware: "test",
    at_ms: Date.parse(NOW),
    clock: "synced",
    queued: 0,
    oldest_unsent_ms: 0,
    free_records: 9,
    config_version: 0,
    readers_up: 1,
    readers_configured: 1,
  };
  return state;
}

// Live words of both terminals, so that tasks need not wait for them. They must be known by then.
async function speak(state) {
  for (const terminal of ["t-1", "t-2"]) {
    execFileSync("mosquitto_pub", [
      "--unix",
      lonely.broker,
      "-q",
      "1",
      "-t",
      `narvaro/1/ekskolan/${terminal}/state`,
      "-m",
      JSON.stringify(state),
    ]);
    await until(
      terminal,
      () => sql(`SELECT count(*) AS n FROM terminal_state WHERE terminal_id = '${terminal}'`)[0].n > 0,
    );
  }
}

const days = () =>
  sql(
    "SELECT pupil_id, class, date(day * 86400, 'unixepoch') AS date, hex(outcomes) AS outcomes FROM pupil_day ORDER BY 1, 3",
  )
    .flatMap(({ pupil_id, class: name, date, outcomes }) => {
      const bytes = Buffer.from(outcomes, "hex");
      return Array.from({ length: bytes.length / 13 }, (_, i) =>
        [
          pupil_id,
          name,
          date,
          clock(bytes.readUInt16LE(i * 13 + 4)),
          STATUSES[bytes[i * 13 + 12]],
          bytes.readUInt16LE(i * 13 + 8),
        ].join(" "),
      );
    })
    .sort();
const facts = () => [
  days(),
  ...[
    "flag",
    "flag_change",
    "task",
    "pupil",
    "member",
    "lesson_version",
    "card",
    "absence",
    "mark",
    "imported_tap",
  ].map((table) => sql(`SELECT * FROM ${table}`)),
];
const openTasks = () => sql("SELECT task FROM task WHERE closed_ms IS NULL").map(({ task }) => task);
const turns = () =>
  Object.fromEntries(
    sql("SELECT change, count(*) AS n FROM flag_change GROUP BY change").map(({ change, n }) => [change, n]),
  );
const plain = (text) =>
  text
    .replaceAll("would be ", "")
    .replace(/^(committed|nothing was changed.*)$/m, "")
    .replace("dates are taken", "dates taken");

const seen = { tasks: 0, closed: 0, raised: 0, withdrawn: 0 };
function importAsTold(path) {
  const [before, tasks, changes] = [facts(), openTasks(), turns()];
  const dry = lonely.tell("import", path);
  assert.deepEqual(facts(), before, "a dry run stores nothing");
  const done = lonely.tell("import", path, "--commit");
  assert.equal(plain(done), plain(dry));
  const now = openTasks();
  const later = turns();
  const more = (...words) => words.reduce((sum, word) => sum + (later[word] ?? 0) - (changes[word] ?? 0), 0);
  const told =
    /^(\d+) flags raised(?: \(.*?\))?, (\d+) withdrawn(?: \(.*?\))?, (\d+) cleared\n(\d+) tasks given, (\d+) closed$/m.exec(
      done,
    );
  const followed = {
    raised: more("raised", "reopened"),
    withdrawn: more("withdrawn"),
    cleared: more("cleared"),
    tasks: now.filter((task) => !tasks.includes(task)).length,
    closed: tasks.filter((task) => !now.includes(task)).length,
  };
  assert.deepEqual(told.slice(1).map(Number), Object.values(followed));
  for (const key of Object.keys(seen)) seen[key] += followed[key];
}

for (let seed = FIRST; seed < FIRST + SCHOOLS; seed++)
  test(`school ${seed}`, async () => {
    const r = fromSeed(seed);
    const school = makeSchool(r);
    const whole = Object.fromEntries(
      Object.entries(school).map(([file, lines]) => [file, `${[HEADS[file], ...lines].join("\n")}\n`]),
    );
    const state = await begin();
    lonely.tell("import", folder({ terminals: whole.terminals }), "--commit");
    await speak(state);
    for (const stage of inStages(r, school, 3))
      importAsTold(
        folder(
          Object.fromEntries(
            Object.entries(stage).map(([file, lines]) => [file, inForm(r, file, [HEADS[file], ...lines])]),
          ),
        ),
      );
    const all = folder(whole);
    const byPieces = days();
    importAsTold(all); // the same facts once more change nothing
    assert.deepEqual(days(), byPieces);
    const naive = rollcall(readSchool(all)).map((row) =>
      [row.pupil_id, row.class, row.date, row.start, row.status, row.absent_minutes].join(" "),
    );
    assert.ok(naive.length > 50);
    assert.deepEqual(byPieces, naive.sort());
    await begin();
    lonely.tell("import", folder(whole), "--commit");
    assert.deepEqual(days(), byPieces, "at once");
  });

test("something followed", () => {
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `${what}: ${JSON.stringify(seen)}`);
});

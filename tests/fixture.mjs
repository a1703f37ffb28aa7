// narvaro-web on loopback with a small invented school, for tests from outside: the attendance database is made by the
// sqlite3 program from daemon/store/schema.sql, its packed days by the encoder below, so that nothing here shares code with
// the programs under test. The civil clock stands at NOW when it starts and then runs as usual.
//
//   const web = await startWeb(); … web.url, web.db, web.casebook, web.folder, web.user, web.password … await web.stop()

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const NOW = "2026-11-20T12:00:00.000Z"; // a Friday
export const TODAY = Date.parse("2026-11-20T00:00:00Z") / 86400000;
export const PASSWORD = "korp-ekorre-vante-17";
export const ODD_NAME = `O'<b>"&`;
export const root = new URL("..", import.meta.url).pathname;
export const program = join(root, process.env.BUILD ?? "build", "bin/narvaro-web");

export const USERS = [
  { user: "kim", name: "Kim Rektor", role: "rektor", named_for: ["p-hidden"] },
  { user: "vera", name: "Vera Rektor", role: "rektor" },
  { user: "eva", name: "Eva Kurator", role: "eht" },
  { user: "nils", name: "Nils Kurator", role: "eht", named_for: ["p-hidden"] },
  { user: "lind", name: "Jo Lind", role: "mentor" },
  { user: "berg", name: "Bo Berg", role: "teacher" },
  { user: "ivar", name: "Ivar IT", role: "it" },
  { user: "dana", name: "Dana Ombud", role: "dpo" },
];

export const quote = (value) =>
  value === null
    ? "NULL"
    : typeof value === "number"
      ? String(value)
      : value instanceof Uint8Array
        ? `x'${Buffer.from(value).toString("hex")}'`
        : `'${String(value).replaceAll("'", "''")}'`;

export function insert(table, rows) {
  return rows
    .map(
      (row) => `INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${Object.values(row).map(quote).join()});\n`,
    )
    .join("");
}

export function sqlite(db, sql) {
  return execFileSync("sqlite3", ["-bail", "-cmd", ".timeout 5000", db], { input: sql, encoding: "utf8" });
}

const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown", "cancelled", "exempt"];

// daemon/core/outcome.h: lesson u32, start, minutes, absent minutes and subject u16, status u8; little-endian.
export function pack(lessons) {
  const bytes = Buffer.alloc(13 * lessons.length);
  lessons.forEach((lesson, i) => {
    bytes.writeUInt32LE(lesson.lesson ?? 0, 13 * i);
    bytes.writeUInt16LE(lesson.start, 13 * i + 4);
    bytes.writeUInt16LE(lesson.minutes, 13 * i + 6);
    bytes.writeUInt16LE(lesson.absent, 13 * i + 8);
    bytes.writeUInt16LE(lesson.subject, 13 * i + 10);
    bytes[13 * i + 12] = STATUSES.indexOf(lesson.status);
  });
  return bytes;
}

const ms = (text) => Date.parse(text);
const KNOWN = ms("2026-08-01T00:00:00Z");

export const PUPILS = [
  { pupil_id: "p-alva", given_name: "Alva", family_name: "Berg", class: "8B", protected: 0 },
  { pupil_id: "p-odd", given_name: "Örjan", family_name: ODD_NAME, class: "8B", protected: 0 },
  { pupil_id: "p-omar", given_name: "Omar", family_name: "Ali", class: "7C", protected: 0 },
  { pupil_id: "p-quiet", given_name: "Vera", family_name: "Ek", class: "7C", protected: 0 },
  { pupil_id: "p-well", given_name: "Åke", family_name: "Ström", class: "7C", protected: 0 },
  { pupil_id: "p-hidden", given_name: "Skyddad", family_name: "Elev", class: "8B", protected: 1 },
];

// Five lessons a day, 60 minutes each. Alva misses Mondays and every first lesson of a Tuesday; the others attend.
function lessonsOf(pupil, day) {
  const monday = (day + 3) % 7 === 0;
  return [0, 1, 2, 3, 4].map((i) => {
    let status = "present";
    let absent = 0;
    if (pupil === "p-alva" && monday) [status, absent] = ["unreported", 60];
    else if (pupil === "p-alva" && (day + 3) % 7 === 1 && i === 0) [status, absent] = ["late", 10];
    else if (pupil === "p-odd" && monday && i < 2) [status, absent] = ["reported", 60];
    else if (pupil === "p-omar" && i === 4) [status, absent] = ["unknown", 0];
    else if (pupil === "p-quiet" && day === TODAY - 1) [status, absent] = ["leave", 60];
    return { start: 490 + 70 * i, minutes: 60, absent, subject: i % 3, status };
  });
}

export const EVIDENCE = [
  {
    measure: "total_absence_share",
    days: 20,
    offset: 0,
    from: "2026-10-23",
    to: "2026-11-19",
    own_days: 20,
    numerator: 1240,
    denominator: 6000,
    comparison: "at_least",
    threshold_hundredths: 1500,
  },
];

const flag = (row) => ({
  rules_version: 1,
  cleared_day: null,
  evidence: JSON.stringify(EVIDENCE),
  decided_ms: ms(NOW),
  withdrawn_ms: null,
  ...row,
});
export const FLAGS = [
  flag({ flag: 1, pupil_id: "p-alva", rule: "absence-15", severity: 2, raised_day: TODAY - 3 }),
  flag({ flag: 2, pupil_id: "p-alva", rule: "mondays", severity: 3, raised_day: TODAY - 1 }),
  flag({ flag: 3, pupil_id: "p-odd", rule: "absence-15", severity: 2, raised_day: TODAY - 8 }),
  flag({ flag: 4, pupil_id: "p-quiet", rule: "late-3", severity: 1, raised_day: TODAY - 2 }),
  flag({ flag: 5, pupil_id: "p-hidden", rule: "absence-15", severity: 3, raised_day: TODAY - 5 }),
  flag({
    flag: 6,
    pupil_id: "p-alva",
    rule: "absence-15",
    severity: 2,
    raised_day: TODAY - 60,
    cleared_day: TODAY - 30,
  }),
  flag({ flag: 7, pupil_id: "p-omar", rule: "absence-15", severity: 2, raised_day: TODAY - 20, withdrawn_ms: ms(NOW) }),
];

const task = (number, pupil, at) => ({
  task: number,
  kind: "guardian",
  pupil_id: pupil,
  day: TODAY,
  created_ms: ms(at),
  lessons: JSON.stringify([{ start: "08:10", subject: "Matematik", minutes: 60, absent_minutes: 60 }]),
});

const state = (terminal, secondsAgo, more = {}) => ({
  terminal_id: terminal,
  birth: 1,
  phase: "ready",
  firmware: "1.4.0",
  at_ms: ms(NOW),
  clock: "synced",
  queued: 0,
  oldest_unsent_ms: 0,
  free_records: 7000,
  config_version: 1,
  readers_up: 2,
  readers_configured: 2,
  received_ms: ms(NOW) - 1000 * secondsAgo,
  ...more,
});

const tap = (sequence, at) => ({
  terminal_id: "entre-a",
  generation: 7,
  sequence,
  last_sequence: sequence,
  kind: "tap",
  boot: 1,
  mono_ms: 5,
  at_ms: ms(at),
  from_ms: 0,
  clock: "synced",
  age_ms: 10,
  token: 4711,
  reader: 1,
  feedback: "ok",
  received_ms: ms(at) + 200,
  settled_ms: ms(at),
  settled_day: TODAY,
});

function schoolSql() {
  const days = Array.from({ length: 60 }, (_, i) => TODAY - 59 + i).filter((day) => (day + 3) % 7 < 5);
  return [
    "PRAGMA journal_mode = WAL;\n",
    readFileSync(join(root, "daemon/store/schema.sql"), "utf8"),
    "BEGIN;\n",
    insert("setting", [
      { name: "school", value: "Ekskolan" },
      { name: "demo", value: "true" },
    ]),
    insert(
      "pupil",
      PUPILS.map((pupil) => ({ ...pupil, year: pupil.class[0], known_from_ms: KNOWN })),
    ),
    insert("subject", [
      { subject: 0, name: "Matematik" },
      { subject: 1, name: "Svenska" },
      { subject: 2, name: "Idrott & hälsa" },
    ]),
    insert("staff", [{ staff_id: "lind", name: "Jo Lind", role: "teacher", email: "" }]),
    insert("teacher", [
      { group_id: "8B", staff_id: "lind", known_from_ms: KNOWN },
      { group_id: "ma-7c", staff_id: "lind", known_from_ms: KNOWN },
      { group_id: "7C", staff_id: "lind", to_day: TODAY - 1, known_from_ms: KNOWN },
    ]),
    insert(
      "pupil_day",
      PUPILS.flatMap((pupil) =>
        days.map((day) => ({
          pupil_id: pupil.pupil_id,
          day,
          class: pupil.class,
          outcomes: pack(lessonsOf(pupil.pupil_id, day)),
        })),
      ),
    ),
    insert(
      "school_day",
      days.map((day) => ({ day, lessons_closed: 10, closed_ms: ms(NOW), decided_ms: day < TODAY ? ms(NOW) : null })),
    ),
    insert("flag", FLAGS),
    insert("task", [
      task(1, "p-odd", "2026-11-20T09:30:00Z"),
      task(2, "p-omar", "2026-11-20T09:31:00Z"),
      task(3, "p-hidden", "2026-11-20T09:32:00Z"),
    ]),
    insert(
      "terminal",
      ["entre-a", "hall-2", "idrott", "reserv", "stulen"].map((terminal) => ({
        terminal_id: terminal,
        room: terminal.toUpperCase(),
        known_from_ms: KNOWN,
      })),
    ),
    insert("certificate", [
      { terminal_id: "reserv", to_ms: ms("2027-01-01T00:00:00Z"), is_new: 1 },
      {
        terminal_id: "stulen",
        to_ms: ms("2028-01-01T00:00:00Z"),
        is_new: 0,
        revoked_ms: ms("2026-11-19T10:00:00Z"),
        revoked_why: "taken",
      },
    ]),
    insert("terminal_state", [
      state("entre-a", 5),
      state("hall-2", 360, { queued: 41, oldest_unsent_ms: 380000 }),
      state("idrott", 7800),
    ]),
    insert("card", [{ token: 4711, pupil_id: "p-alva", known_from_ms: KNOWN }]),
    insert("event", [tap(1, "2026-11-20T07:04:00Z"), tap(2, "2026-11-20T08:20:00Z")]),
    insert("receipt", [
      { terminal_id: "entre-a", generation: 7, upto: 2, events: 2, received_ms: ms("2026-11-20T08:20:00Z") + 200 },
    ]),
    insert("absence", [
      {
        absence: 1,
        pupil_id: "p-alva",
        type: "reported",
        from_ms: ms("2026-11-19T07:00:00Z"),
        to_ms: ms("2026-11-19T15:00:00Z"),
        known_from_ms: ms("2026-11-19T06:30:00Z"),
      },
    ]),
    insert("lesson", [{ lesson: 1, lesson_id: "l1" }]),
    insert("lesson_version", [
      {
        lesson: 1,
        group_id: "8B",
        subject: "Svenska",
        room: "R1",
        day: TODAY - 2,
        start_minute: 560,
        end_minute: 620,
        state: "held",
        known_from_ms: KNOWN,
      },
    ]),
    insert("mark", [
      {
        lesson: 1,
        pupil_id: "p-alva",
        status: "late",
        absent_minutes: 5,
        recorded_ms: ms("2026-11-18T09:00:00Z"),
        known_from_ms: ms("2026-11-18T09:00:00Z"),
        author: "berg",
      },
    ]),
    "COMMIT;\n",
  ].join("");
}

export function admin(socket, command) {
  return new Promise((resolve, reject) => {
    let reply = "";
    const client = net.connect(socket, () => client.write(`${JSON.stringify(command)}\n`));
    client
      .on("data", (bytes) => (reply += bytes))
      .on("error", reject)
      .on("close", () => resolve(JSON.parse(reply)));
  });
}

const bootMs = () => Math.round(1000 * Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]));

function launch(config, clock) {
  const child = spawn(program, ["--config", config, ...clock], { stdio: ["ignore", "ignore", "pipe"], cwd: root });
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr.on("data", (bytes) => {
      log += bytes;
      const port = log.match(/ready .*port=(\d+)/);
      if (port) resolve({ child, port: Number(port[1]), log: () => log });
    });
    child.on("exit", (code) => reject(new Error(`narvaro-web ended with ${code}: ${log}`)));
  });
}

const stopped = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode);
    child.on("exit", resolve);
    child.kill("SIGTERM");
  });

/** withSchool false: the attendance database does not exist. users: as USERS. tls: as if TLS stood before it.
 * listen: as the setting; FOLDER in it becomes the test's own. control, db, clock: of a daemon that runs. more: further settings. */
export async function startWeb({
  withSchool = true,
  users = USERS.slice(0, 1),
  tls = false,
  listen = "127.0.0.1:0",
  control,
  db: other,
  clock = ["--demo-clock", `${NOW},1,${bootMs()}`],
  more = "",
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-web-"));
  const db = other ?? join(folder, "attendance.db");
  const config = join(folder, "web.cfg");
  writeFileSync(
    config,
    `listen = "${listen.replace("FOLDER", folder)}";\nover_tls = ${tls};\nattendance = "${db}";\nstate = "${folder}";\nadmin_socket = "${folder}/admin.sock";\ncontrol_socket = "${control ?? `${folder}/control`}";\n${more}`,
  );
  const makeSchool = () => sqlite(db, schoolSql());
  if (withSchool) makeSchool();
  let running = await launch(config, clock);
  const web = {
    folder,
    db,
    config,
    makeSchool,
    casebook: join(folder, "casebook.db"),
    adminSocket: join(folder, "admin.sock"),
    user: users[0]?.user,
    password: PASSWORD,
  };
  const point = () =>
    Object.assign(web, {
      port: running.port,
      url: `http://127.0.0.1:${running.port}`,
      pid: running.child.pid,
      log: running.log,
    });
  point();
  web.restart = async () => {
    await stopped(running.child);
    running = await launch(config, clock);
    point();
  };
  web.stop = async () => {
    const code = await stopped(running.child);
    rmSync(folder, { recursive: true });
    return code;
  };
  for (const user of users) {
    const reply = await admin(web.adminSocket, { do: "user_add", password: PASSWORD, ...user });
    if (!reply.ok) throw new Error(reply.errors.join());
  }
  return web;
}

/** What a browser would do after signing in: `get(path)`, `send(method, path, body, headers)`. */
export async function signIn(web, user = web.user, password = web.password) {
  const own = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
  const answer = await fetch(`${web.url}/api/v1/login`, {
    method: "POST",
    headers: own,
    body: JSON.stringify({ user, password }),
  });
  const me = await answer.json();
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  return {
    status: answer.status,
    me,
    cookie,
    setCookie: answer.headers.get("set-cookie"),
    get: (path, headers = {}) => fetch(`${web.url}/api/v1/${path}`, { headers: { cookie, ...headers } }),
    send: (method, path, body = {}, headers = {}) =>
      fetch(`${web.url}/api/v1/${path}`, {
        method,
        headers: { ...own, cookie, "x-csrf-token": me.csrf, ...headers },
        body: JSON.stringify(body),
      }),
  };
}

let lent = 0;
/** `count` streams of changes, `each` an account: the session is lent to accounts made for that. */
export async function openStreams(web, session, count, each = 8) {
  const { user } = session.me;
  const lend = (from, to) => sqlite(web.casebook, `UPDATE session SET user = '${to}' WHERE user = '${from}'`);
  const streams = [];
  while (streams.length < count) {
    const other = `${user}-${++lent}`;
    sqlite(
      web.casebook,
      `INSERT INTO user (user, name, role, password, created_ms) SELECT '${other}', name, role, password, created_ms FROM user WHERE user = '${user}'`,
    );
    lend(user, other);
    const some = Math.min(each, count - streams.length);
    streams.push(...(await Promise.all(Array.from({ length: some }, () => session.get("events")))));
    lend(other, user);
  }
  return streams;
}

// The tables of what is done in a case, and the word of each in an answer and an extract.
export const PART_OF = {
  case_step: "steps",
  case_fact: "facts",
  case_contact: "contacts",
  case_measure: "measures",
  case_voice: "voices",
  case_actor: "actors",
  case_consent: "consents",
  case_concern: "concerns",
  case_sip: "sips",
  case_sip_member: "sip_members",
  case_deviation: "deviations",
};
export const CASE_TABLES = Object.keys(PART_OF);

/** A row of each in that case, for a casebook. */
export function doneInCase(number, user, atMs) {
  const day = Math.floor(atMs / 86400000);
  const row = { number, user, at_ms: atMs };
  return Object.entries({
    case_step: { kind: "contact", began_day: day, due_day: day, owner: user },
    case_fact: { kind: "seen", value: "", day },
    case_contact: { party: "guardian", way: "phone", outcome: "talked", cause: "known", day },
    case_measure: { kind: "peers", note: "", owner: user, began_day: day, due_day: day },
    case_voice: { wants: '["peers"]', note: "", day },
    case_actor: { sector: "social", title: "familjestöd", does: "", since_day: day, next_day: day },
    case_consent: { party: "guardian", scope: "sip", given_day: day },
    case_concern: { made_day: day },
    case_sip: { stage: "needed", value: "", day },
    case_sip_member: { sector: "social", title: "socialsekreterare", coordinates: 1, since_day: day },
    case_deviation: { promise: "no_answer", sector: "social", since_day: day, day },
  })
    .map(([table, more]) => insert(table, [{ ...row, ...more }]))
    .join("");
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const bodyOf = async (answer) => answer.json();
export const rows = (db, sql) =>
  JSON.parse(
    execFileSync("sqlite3", ["-readonly", "-json", db, sql], { encoding: "utf8", maxBuffer: 1 << 28 }) || "[]",
  );

/** Sends bytes as they are; resolves with all that came back until the server closed, or nothing came for a while. */
export function raw(web, bytes, patience = 700) {
  return new Promise((resolve, reject) => {
    let reply = "";
    const client = net.connect(web.port, "127.0.0.1", () => client.write(bytes));
    client.setTimeout(patience, () => client.destroy());
    client
      .on("data", (more) => (reply += more))
      .on("error", reject)
      .on("close", () => resolve(reply));
  });
}
export const statusOf = (reply) => Number(reply.match(/^HTTP\/1\.1 (\d+)/)?.[1]);

// node tests/fixture.mjs: keeps one running, to look at in a browser.
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const web = await startWeb({ users: USERS });
  console.log(
    `${web.url}\nusers ${USERS.map((user) => user.user).join(", ")}, password ${PASSWORD}\n${web.folder}\nCtrl-C ends it`,
  );
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => web.stop().then(() => process.exit(0)));
}

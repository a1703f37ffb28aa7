// Who may what, whole: every role at every call of the API about every kind of pupil, by every spelling of the path, and what
// the audit log says of it to whom. What is right is written by hand in who_may.mjs; a call that the program has and it has
// not, or the other way round, fails. One server and one session, which is lent to each user in turn.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { admin, insert, root, rows, signIn, sqlite, startWeb, TODAY } from "./fixture.mjs";
import {
  CALLS,
  cellOf,
  expected,
  HALF,
  namedFor,
  partsOf,
  PUPILS,
  reachOf,
  sees,
  STAFF,
  TASK,
  TAUGHT,
} from "./who_may.mjs";

let web;
let me;
let daemon;
const heard = [];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// What the daemon would answer to any command; nothing that is about p-hidden is done.
function answerAsDaemon(socket) {
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    text += bytes;
    if (!text.includes("\n")) return;
    const command = JSON.parse(text);
    heard.push(command);
    socket.end(
      `${JSON.stringify(
        command.author && text.includes("p-hidden")
          ? { ok: false, errors: ["no"] }
          : {
              ok: true,
              ...(command.do === "strays" && { strays: [{ terminal: "entre-a", pupils: Object.keys(PUPILS) }] }),
              kinds: [],
              absence: 7,
              marks: 1,
              taps: 1,
              since: "2026-11-20T08:00:00.000Z",
            },
      )}\n`,
    );
  });
}

before(async () => {
  web = await startWeb({ users: STAFF.slice(0, 1) });
  daemon = net.createServer(answerAsDaemon).listen(join(web.folder, "control"));
  me = await signIn(web);
  const known = Date.parse("2026-08-01T00:00:00Z");
  const each = (row) => Object.entries(PUPILS).flatMap(([id, { number }]) => (id === "p-none" ? [] : row(id, number)));
  sqlite(
    web.db,
    [
      "UPDATE school_day SET decided_ms = NULL WHERE day > (SELECT max(day) - 1 FROM school_day);",
      insert("pupil", [
        {
          pupil_id: "p-left",
          given_name: "Lo",
          family_name: "Gren",
          class: "8B",
          year: "8",
          protected: 0,
          to_day: TODAY - 1,
          known_from_ms: known,
        },
      ]),
      insert("teacher", [
        { group_id: "8B", staff_id: "mona", known_from_ms: known },
        { group_id: "sv", staff_id: "berg", known_from_ms: known },
      ]),
      insert(
        "member",
        each((id) => ({ group_id: id === "p-omar" ? "sv" : "8B", pupil_id: id, known_from_ms: known })),
      ),
      insert("lesson", [{ lesson: 2, lesson_id: "l2" }]),
      insert("lesson_version", [
        {
          lesson: 2,
          group_id: "sv",
          subject: "Svenska",
          room: "R1",
          day: TODAY - 2,
          start_minute: 560,
          end_minute: 620,
          state: "held",
          known_from_ms: known,
        },
      ]),
      "DELETE FROM absence; DELETE FROM task;",
      insert(
        "absence",
        each((id, absence) => ({
          absence,
          pupil_id: id,
          type: "leave",
          from_ms: known,
          to_ms: known + 1000,
          known_from_ms: known,
        })),
      ),
      insert(
        "task",
        each((id, number) => ({
          task: TASK + number,
          kind: "guardian",
          pupil_id: id,
          day: TODAY,
          created_ms: known,
          lessons: "[]",
        })),
      ),
    ].join(""),
  );
  const copy = ({ user, name, role }) =>
    `INSERT INTO user (user, name, role, password, created_ms) SELECT '${user}', '${name}', '${role}', password, created_ms FROM user WHERE user = 'kim';`;
  sqlite(
    web.casebook,
    [
      ...STAFF.slice(1).map(copy),
      insert("named_user", STAFF.slice(1).filter(namedFor).map(({ user }) => ({ user, pupil_id: "p-hidden" }))), // prettier-ignore
      insert(
        "support_case",
        each((id, serial) => ({
          pupil_id: id,
          owner: "kim",
          opened_by: "kim",
          next_day: TODAY,
          opened_ms: 0,
          opened_day: TODAY - 150,
          year: 2026,
          serial,
        })),
      ),
      insert(
        "task_answer",
        each((id, number) => ({
          task: TASK + number,
          pupil_id: id,
          user: "somebody",
          at_ms: 0,
          lessons: 1,
          recorded_ms: 0,
        })),
      ),
    ].join(""),
  );
});
after(async () => {
  agent.destroy();
  daemon?.close();
  await web?.stop();
});

const become = (user) => sqlite(web.casebook, `UPDATE session SET user = '${user}'`);
const latest = () => rows(web.casebook, "SELECT coalesce(max(sequence), 0) AS n FROM audit")[0].n;
const rowsSince = (sequence) =>
  rows(web.casebook, `SELECT user, action, object FROM audit WHERE sequence > ${sequence} ORDER BY sequence`);

/** The path goes out as it is. A stream is left when it has begun. */
function ask(method, path, { body = {}, headers = {}, signedIn = true } = {}) {
  const bytes = ["GET", "HEAD"].includes(method) ? "" : JSON.stringify(body);
  const own = signedIn ? { cookie: me.cookie, "x-csrf-token": me.me.csrf } : {};
  const json = bytes && { "content-type": "application/json", "content-length": Buffer.byteLength(bytes) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        port: web.port,
        host: "127.0.0.1",
        method,
        path,
        headers: { "sec-fetch-site": "same-origin", ...json, ...own, ...headers },
      },
      (answer) => {
        let text = "";
        const { statusCode: status } = answer;
        if (answer.headers["content-type"] === "text/event-stream") {
          answer.on("error", () => {});
          answer.destroy();
          return resolve({ status, text });
        }
        answer.on("data", (more) => (text += more)).on("end", () => resolve({ status, text }));
      },
    );
    request.on("error", reject).end(bytes);
  });
}

test("the tables know every call of the program, and no other", () => {
  const source = readFileSync(join(root, "dashboard/api/api.c"), "utf8");
  const routes = [...source.matchAll(/^ {4}\{HTTP_(\w+), "([^"]+)", (FULL|HALF|OPEN),/gm)];
  assert.equal(routes.length, source.match(/^ {4}\{HTTP_/gm).length);
  const table = Object.entries(CALLS).map(([call, { open, entry }]) => `${call} ${open ? "OPEN" : (entry ?? "FULL")}`);
  assert.deepEqual(routes.map(([, method, path, entry]) => `${method} ${path} ${entry}`).sort(), table.sort());
});

const SIGNING_OUT = "POST logout";
const walked = Object.keys(CALLS).filter((call) => call !== SIGNING_OUT);
const objectsOf = (call) => (CALLS[call].of ? Object.keys(PUPILS) : [""]);

test("lists name whom the user may see, and nobody else", async () => {
  for (const person of STAFF) {
    become(person.user);
    for (const call of walked.filter((name) => name.startsWith("GET") && !CALLS[name].of && name !== "GET audit")) {
      const { lists = [], names = call } = CALLS[call];
      const { method, path, body } = cellOf(call, "");
      const { text } = await ask(method, path, { body });
      for (const [id, { is }] of Object.entries(PUPILS)) {
        const listed = call === "GET lessons" || ((is === "hidden" && lists.length > 0) || lists.includes(is)); // prettier-ignore
        const told = reachOf(call, person) !== "-" && listed && sees(names, person, is);
        assert.equal(text.includes(`"${id}"`), told, `${person.user} ${call} ${id}`);
      }
    }
    const found = (await ask("GET", "/api/v1/pupils?q=skyddad")).text;
    assert.equal(found.includes("p-hidden"), sees("GET pupils", person, "hidden"), person.user);
  }
});

test("a form tutor sees tasks and facts of the own class, and no flags", async () => {
  become("lind");
  const { inbox, quiet } = JSON.parse((await ask("GET", "/api/v1/flags")).text);
  const { flags, days } = JSON.parse((await ask("GET", "/api/v1/pupils/p-alva")).text);
  assert.deepEqual([inbox, quiet, flags, days.length], [[], [], [], 44]);
});

test("the words of me are what the role may", async () => {
  const WORDS = {
    eht: "status flags tasks pupils triage case correct groups rules rules_try audit strays cards support intime published",
    rektor:
      "status flags tasks pupils terminals triage case correct groups rules rules_try rules_apply audit review retention strays cards trust support intime published publish",
    mentor: "status tasks pupils case correct lessons groups support",
    teacher: "status lessons",
    it: "status terminals rules rules_try rules_apply audit import strays trust support",
    dpo: "status rules audit review review_sign retention retention_sign published",
  };
  for (const { user, role } of STAFF) {
    become(user);
    const { permissions } = JSON.parse((await ask("GET", "/api/v1/me")).text);
    assert.equal(permissions.join(" "), WORDS[role], user);
  }
});

for (const person of STAFF)
  test(`${person.user}: call × pupil, what is written down, and what reaches the daemon`, async () => {
    become(person.user);
    const from = latest();
    heard.length = 0;
    const refused = [];
    const done = {};
    for (const call of walked) {
      const answers = {};
      for (const pupil of objectsOf(call)) {
        const { is } = PUPILS[pupil] ?? {};
        const { method, path, body } = cellOf(call, pupil);
        const { status, text } = await ask(method, path, { body });
        const right = expected(call, person, is);
        assert.ok(right.includes(status), `${person.user} ${call} ${pupil}: ${status}, not ${right}`);
        answers[is] = `${status} ${text}`;
        const named = CALLS[call].of === "pupil" || (CALLS[call].of === "lesson" && TAUGHT[person.user]?.[1]);
        if (status === 404 && named) refused.push(pupil);
        if (status < 300 && is) done[pupil] = (done[pupil] ?? 0) + 1;
      }
      if (CALLS[call].of && !namedFor(person)) assert.equal(answers.hidden, answers.nobody, `${person.user} ${call}`);
    }
    const written = rowsSince(from);
    assert.deepEqual(
      written.filter(({ action }) => action === "view_pupil_refused").map(({ object }) => object),
      refused,
    );
    assert.ok(written.every(({ user }) => user === person.user));
    const others = written.filter(({ action }) => action !== "view_pupil_refused").map(({ object }) => object);
    const naming = (id) => others.filter((object) => new RegExp(`(^|[ "/])${id}($|[ "/])`).test(object));
    for (const [id, { is }] of Object.entries(PUPILS)) {
      const may = ["GET pupils/*", "GET lessons"].some((call) => sees(call, person, is));
      assert.ok(may || naming(id).length === 0, `${person.user} ${id} is written down`);
      assert.ok(
        naming(id).length >= (done[id] ?? 0) - (reachOf("GET lessons", person) === "L" ? 1 : 0),
        `${person.user} ${id}`,
      );
      const told = heard.filter((command) => command.author && JSON.stringify(command).includes(`"${id}"`));
      assert.ok(may || told.length === 0, `${person.user} ${id} reaches the daemon`);
    }
    assert.ok(heard.every(({ author = person.user }) => author === person.user));
  });

test("a roll is taken of own lessons alone, and of those who are expected there", async () => {
  for (const person of STAFF.filter((one) => reachOf("POST lessons/*/marks", one) === "L"))
    for (const lesson of [1, 2, 99]) {
      become(person.user);
      const answers = {};
      for (const [pupil, { is }] of Object.entries(PUPILS)) {
        const from = latest();
        heard.length = 0;
        const body = { marks: [{ pupil, status: "present" }] };
        const { status, text } = await ask("POST", `/api/v1/lessons/${lesson}/marks`, { body });
        const own = TAUGHT[person.user][lesson];
        const right = !own?.includes(is) ? 404 : is === "hidden" ? 422 : 200;
        assert.equal(status, right, `${person.user} ${lesson} ${pupil}`);
        const written = rowsSince(from).map(({ action, object }) => `${action} ${object}`);
        answers[is] = JSON.stringify([status, text, written, heard]).replaceAll(pupil, "ID");
        if (right === 404) assert.deepEqual([written, heard], [own ? [`view_pupil_refused ${pupil}`] : [], []]);
      }
      for (const is of ["hidden", "other"])
        if (!TAUGHT[person.user][lesson]?.includes(is)) assert.equal(answers[is], answers.nobody);
    }
});

test("signed out, or with a session that is none", async () => {
  const from = latest();
  heard.length = 0;
  const nobodies = [{}, { cookie: "narvaro=" }, { cookie: `narvaro=${"0".repeat(32)}` }, { cookie: "narvaro=zz" }];
  for (const call of Object.keys(CALLS))
    for (const pupil of objectsOf(call))
      for (const headers of nobodies) {
        const { method, path, body } = cellOf(call, pupil);
        const { status, text } = await ask(method, path, { body, signedIn: false, headers });
        const right = CALLS[call].open ? [400, '{"error":"bad_request"}'] : [401, '{"error":"not_signed_in"}'];
        assert.deepEqual([status, text], right, `${call} ${pupil} ${JSON.stringify(headers)}`);
      }
  assert.deepEqual([rowsSince(from), heard], [[], []]);
});

test("without the one-time code that the role demands nothing but getting one", async () => {
  sqlite(web.db, "UPDATE setting SET value = 'false' WHERE name = 'demo'");
  for (const person of STAFF.filter(({ role }) => role === "rektor" || role === "it")) {
    become(person.user);
    const from = latest();
    heard.length = 0;
    for (const call of walked)
      for (const pupil of objectsOf(call).slice(0, 1)) {
        const { method, path, body } = cellOf(call, pupil);
        const { status, text } = await ask(method, path, { body });
        const { open, entry, passes = 200 } = CALLS[call];
        const free = open || entry === HALF;
        const allowed = reachOf(call, person) !== "-";
        assert.equal(status, free ? passes : 403, `${person.user} ${call}`);
        if (!free) assert.equal(text, `{"error":"${allowed ? "totp_required" : "not_allowed"}"}`, call);
      }
    assert.deepEqual([rowsSince(from), heard], [[], []]);
  }
  sqlite(web.db, "UPDATE setting SET value = 'true' WHERE name = 'demo'");
});

// Other spellings of a path: of those that mean the same the answer is the same, the others are no calls at all.
const upper = (path) => path.replace(/^[a-z_]+/, (word) => word.toUpperCase());
const SPELLINGS = [
  ["a slash at the end", (path) => `${path}/`],
  ["two slashes", (path) => (path.includes("/") ? path.replace("/", "//") : `/${path}`)],
  ["an encoded slash at the end", (path) => `${path}%2F`],
  ["two encoded slashes", (path) => `%2F${path}`],
  ["capital letters", upper],
  ["a parameter", (path) => path.replace(/^[a-z_]+/, "$&;x")],
  ["dots", (path) => `x/../${path}`],
  ["encoded dots", (path) => `x/%2e%2e/${path}`],
  ["a dot", (path) => `./${path}`],
  ["a space at the end", (path) => `${path}%20/`],
  ["a backslash", (path) => `\\${path}`],
  ["encoded slashes", (path) => path.replaceAll("/", "%2F"), true],
  ["an encoded letter", (path) => path.replace(/^[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`), true],
  ["a query", (path) => `${path}?pupil=p-omar&user=kim&role=rektor&method=GET`, true],
];
const PREFIXES = ["/api/v1//", "//api/v1/", "/API/v1/", "/api/V1/", "/api/v2/", "/api/", "/api/v1", "/x/api/v1/"];

for (const user of ["kim", "eva", "berg", undefined])
  test(`${user ?? "signed out"}: other spellings of every path`, async () => {
    const person = STAFF.find((one) => one.user === user);
    if (user) become(user);
    const from = latest();
    heard.length = 0;
    const plain = walked.filter((call) => !CALLS[call].query);
    let allowed = 0;
    for (const call of plain) {
      const pupil = CALLS[call].of ? "p-hidden" : "";
      const { method, path, body } = cellOf(call, pupil);
      const rest = path.slice("/api/v1/".length);
      for (const [what, spell, same] of SPELLINGS) {
        const { status } = await ask(method, `/api/v1/${spell(rest)}`, { body, signedIn: person !== undefined });
        const known = !person ? [CALLS[call].open ? 400 : 401] : expected(call, person, PUPILS[pupil]?.is);
        assert.ok((same ? known : [404]).includes(status), `${call}, ${what}: ${status}, not ${same ? known : 404}`);
        allowed += same ? 1 : 0;
      }
      for (const prefix of user === "kim" ? PREFIXES : [])
        assert.equal(
          (await ask(method, prefix + rest, { body, signedIn: person !== undefined })).status,
          404,
          prefix + rest,
        );
    }
    assert.equal(allowed, 3 * plain.length);
    if (!person) assert.deepEqual([rowsSince(from), heard], [[], []]);
  });

// HTTP knows these, the table GET, POST and PUT.
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "LOCK"];
test("a method that the table has not is no call, and HEAD asks what GET does", async () => {
  become("kim");
  heard.length = 0;
  const from = latest();
  const paths = [...new Set(walked.map((call) => partsOf(call)[1]))];
  for (const path of paths)
    for (const method of METHODS) {
      const like = method === "HEAD" ? "GET" : method;
      const star = path.replace(/[^/]+$/, "*"); // POST imports/clear is GET rules/preview to a table with GET rules/*
      if (CALLS[`${like} ${path}`] || CALLS[`${like} ${star}`]) continue;
      const { status } = await ask(method, `/api/v1/${path.replace("*", "p-alva")}`);
      assert.equal(status, ["GET", "HEAD", "POST", "PUT"].includes(method) ? 404 : 405, `${method} ${path}`);
    }
  assert.deepEqual([rowsSince(from), heard], [[], []]);
  for (const user of ["eva", "berg"]) {
    become(user);
    for (const call of walked.filter((name) => name.startsWith("GET ") && name !== "GET events"))
      for (const pupil of objectsOf(call)) {
        const { path } = cellOf(call, pupil);
        const { status, text } = await ask("HEAD", path);
        const right = expected(
          call,
          STAFF.find((one) => one.user === user),
          PUPILS[pupil]?.is,
        );
        assert.ok(right.includes(status) && text === "", `${user} HEAD ${path}: ${status}`);
      }
  }
});

test("every call that writes asks for the token, the origin and JSON", async () => {
  const from = latest();
  heard.length = 0;
  for (const call of walked.filter((name) => !name.startsWith("GET"))) {
    const { open } = CALLS[call];
    const person = STAFF.find((one) => reachOf(call, one) !== "-");
    become(person.user);
    const { method, path, body } = cellOf(call, CALLS[call].of ? "p-alva" : "");
    for (const [headers, status] of [
      [{ "x-csrf-token": "" }, open ? 400 : 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ origin: "http://evil.example" }, 403],
      [{ "content-type": "text/plain" }, 400],
    ])
      assert.equal((await ask(method, path, { body, headers })).status, status, `${call} ${JSON.stringify(headers)}`);
  }
  assert.deepEqual([rowsSince(from), heard], [[], []]);
});

// Every beginning of it, more than it, and each digit another.
const neighbours = (text) => [
  ...Array.from(text, (_, length) => text.slice(0, length)),
  ...Array.from(text, (_, length) => text.slice(0, length).padEnd(text.length, "-")),
  ...Array.from(text, (_, length) => text.slice(length + 1)),
  ...Array.from(text, (digit, at) => text.slice(0, at) + (parseInt(digit, 16) ^ 1).toString(16) + text.slice(at + 1)),
  ...["0", "00", text].flatMap((more) => [text + more, more + text]),
];

test("the token and the session's id are compared whole", async () => {
  become("kim");
  const body = { language: "sv" };
  const [name, id] = me.cookie.split("=");
  const to = (headers) => ask("PUT", "/api/v1/me", { body, headers });
  for (const token of neighbours(me.me.csrf)) assert.equal((await to({ "x-csrf-token": token })).status, 403, token);
  for (const other of neighbours(id)) assert.equal((await to({ cookie: `${name}=${other}` })).status, 401, other);
  for (const other of [name.toUpperCase(), `${name}x`, "x", "", `__Host-${name}`])
    assert.equal((await to({ cookie: `${other}=${id}` })).status, 401, other);
  assert.equal((await to({})).status, 200);
});

// All rows of the log as a reader gets them, page by page; undefined when the role may not.
async function logOf(user) {
  become(user);
  const entries = [];
  for (let before = ""; before !== undefined;) {
    const { status, text } = await ask("GET", `/api/v1/audit?before=${before}`);
    if (status === 403) return undefined;
    const page = JSON.parse(text);
    entries.push(...page.entries);
    before = page.more ? page.entries.at(-1).sequence : undefined;
  }
  return entries;
}
const isOf = (id) => (object) => new RegExp(`(^|[ "/])${id}($|[ "/])`).test(object);

// After all that was asked above there are rows of every kind about everybody, among them paths of what the daemon refused.
test("the log tells each role its rows, and of a hidden pupil only those who are named", async () => {
  const all = rows(web.casebook, "SELECT sequence, user, action, object FROM audit ORDER BY sequence DESC");
  const aboutHidden = all.filter(({ object }) => isOf("p-hidden")(object));
  const forms = new Set(aboutHidden.map(({ action }) => action));
  for (const action of [
    "view_pupil",
    "list_flags",
    "mark",
    "give_card",
    "not_done",
    "guardian_told",
    "view_pupil_refused",
  ])
    assert.ok(forms.has(action), action);
  const READS = { eht: "own", rektor: "all", it: "technical", dpo: "all" };
  for (const person of STAFF) {
    const from = latest();
    const entries = await logOf(person.user);
    const reads = READS[person.role];
    assert.equal(entries === undefined, reads === undefined, person.user);
    if (!reads) continue;
    const old = entries.filter(({ sequence }) => sequence <= from);
    const meant = rows(web.casebook, `SELECT sequence FROM audit WHERE sequence <= ${from} ORDER BY sequence DESC`);
    if (reads === "all") assert.equal(old.length, meant.length);
    if (reads === "own") assert.ok(old.length > 50 && old.every(({ user }) => user === person.user));
    if (reads === "technical") {
      assert.ok(old.length > 3);
      for (const { action, object } of old) assert.ok(!/\bp-/.test(object), `${action} ${object}`);
      continue;
    }
    const byNumber = new Map(all.map((row) => [row.sequence, row]));
    for (const { sequence, user, action, object, protected: hides } of old) {
      const row = byNumber.get(sequence);
      if (!row) continue;
      const hidden = isOf("p-hidden")(row.object) && !namedFor(person) && user !== person.user;
      assert.equal(hides, hidden, `${person.user} ${action} ${object}`);
      assert.ok(hidden ? !object.includes("p-hidden") : object === row.object, `${person.user} ${action} ${object}`);
    }
    const searched = `/api/v1/audit?object=p-hidden`;
    const { entries: found } = JSON.parse((await ask("GET", searched)).text);
    assert.ok(namedFor(person) || found.every(({ user }) => user === person.user), person.user);
  }
});

test("the month's review tells of a hidden pupil only those who are named, judged or not", async () => {
  const drawn = rows(
    web.casebook,
    "SELECT sequence FROM audit WHERE action = 'view_pupil' AND object IN ('p-hidden', 'p-alva') AND user = 'nils'",
  ).map(({ sequence }) => sequence);
  sqlite(web.casebook, `UPDATE audit SET at_ms = at_ms - 31 * 86400000 WHERE sequence IN (${drawn.join()})`);
  become("dana");
  assert.equal((await ask("POST", "/api/v1/audit/review", { body: { month: "2026-10" } })).status, 200);
  for (const judged of [false, true]) {
    become("dana");
    for (const sequence of judged ? drawn : [])
      assert.equal((await ask("POST", `/api/v1/audit/review/${sequence}`, { body: { verdict: "ok" } })).status, 200);
    for (const person of STAFF.filter((one) => reachOf("GET audit/review", one) === "S")) {
      become(person.user);
      const { text } = await ask("GET", "/api/v1/audit/review?month=2026-10");
      assert.ok(
        text.includes("p-alva") && JSON.parse(text).drawn.every(({ verdict }) => (verdict === "ok") === judged),
      );
      assert.equal(text.includes("p-hidden"), namedFor(person), `${person.user} ${judged}`);
    }
  }
});

test("naming a user for a pupil opens that pupil to that user only", async () => {
  assert.deepEqual(await admin(web.adminSocket, { do: "user_name", user: "eva", pupil: "p-hidden" }), { ok: true });
  for (const [user, status] of Object.entries({ eva: 200, vera: 404, lind: 404 })) {
    become(user);
    assert.equal((await ask("GET", "/api/v1/pupils/p-hidden")).status, status, user);
  }
});

test("signing out ends the session for every call", async () => {
  become("berg");
  assert.equal((await ask("POST", "/api/v1/logout")).status, 204);
  for (const call of Object.keys(CALLS)) {
    const { method, path, body } = cellOf(call, "p-alva");
    assert.equal((await ask(method, path, { body })).status, CALLS[call].open ? 400 : 401, call);
  }
});

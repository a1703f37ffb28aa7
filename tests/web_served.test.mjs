// narvaro-web from outside, by a foreign client: what it serves, and that it is what the database says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { until } from "./demo/stage.mjs";
import {
  bodyOf,
  EVIDENCE,
  insert,
  ODD_NAME,
  openStreams,
  PASSWORD,
  PUPILS,
  root,
  signIn,
  sqlite,
  startWeb,
  USERS,
} from "./fixture.mjs";

describe("before there is a school", () => {
  let web, me;
  before(async () => {
    web = await startWeb({ withSchool: false, users: [{ user: "eva", name: "Eva Kurator", role: "eht" }] }); // of others a one-time code is demanded
    me = await signIn(web);
  });
  after(() => web.stop());

  test("signing in works and data are busy", async () => {
    assert.equal(me.status, 200);
    assert.equal(me.me.school, "");
    for (const path of ["status", "flags", "pupils", "pupils/p-alva", "cases"]) {
      const answer = await me.get(path);
      assert.deepEqual([path, answer.status, await bodyOf(answer)], [path, 503, { error: "busy" }]);
    }
  });

  test("the school is there as soon as the daemon has made it", async () => {
    web.makeSchool();
    assert.equal((await bodyOf(await me.get("status"))).pupils, PUPILS.length);
    assert.equal((await bodyOf(await me.get("me"))).school, "Ekskolan");
  });

  test("a database put in the place of another is noticed", async () => {
    sqlite(web.db, `PRAGMA wal_checkpoint(TRUNCATE); VACUUM INTO '${web.db}.new'`);
    sqlite(`${web.db}.new`, "PRAGMA journal_mode = WAL; UPDATE setting SET value = 'Nyskolan' WHERE name = 'school'");
    execFileSync("sh", ["-c", `rm -f "$1"-wal "$1"-shm; mv "$1".new "$1"`, "sh", web.db]);
    await until("the other school", async () => (await bodyOf(await me.get("me"))).school === "Nyskolan");
  });
});

describe("what it serves", () => {
  let web, me;
  before(async () => {
    web = await startWeb({ users: [USERS[0]] });
    me = await signIn(web);
  });
  after(async () => assert.equal(await web.stop(), 0));

  const CSP =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

  test("every answer carries the strict headers", async () => {
    for (const path of ["/", "/nothing", "/api/v1/me", "/api/v1/nothing"]) {
      const { headers } = await fetch(web.url + path);
      assert.equal(headers.get("content-security-policy"), CSP, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.equal(headers.get("referrer-policy"), "no-referrer", path);
      assert.equal(headers.get("cross-origin-opener-policy"), "same-origin", path);
      assert.equal(headers.get("strict-transport-security"), null, path);
      if (path.startsWith("/api/")) assert.equal(headers.get("cache-control"), "no-store", path);
    }
  });

  test("every page is served as it is in its folder", async () => {
    const TYPES = {
      html: "text/html; charset=utf-8",
      css: "text/css; charset=utf-8",
      js: "text/javascript; charset=utf-8",
    };
    const folder = join(root, "dashboard/web");
    const files = readdirSync(folder, { recursive: true }).filter((file) => statSync(join(folder, file)).isFile());
    const pages = files.filter((file) => TYPES[file.split(".").pop()]);
    assert.ok(pages.includes("index.html"));
    for (const file of pages) {
      const answer = await fetch(`${web.url}/${file}`);
      assert.equal(answer.headers.get("content-type"), TYPES[file.split(".").pop()], file);
      assert.equal(await answer.text(), readFileSync(join(folder, file), "utf8"), file);
      const again = await fetch(`${web.url}/${file}`, { headers: { "if-none-match": answer.headers.get("etag") } });
      assert.equal(again.status, 304, file);
    }
    assert.equal(await (await fetch(`${web.url}/`)).text(), readFileSync(join(folder, "index.html"), "utf8"));
    for (const path of ["/vendor/VENDOR", "/..%2f..%2fMakefile", "/index.html%00.js", "/main.c"])
      assert.notEqual((await fetch(web.url + path)).status, 200, path);
  });

  test("HEAD has the headers of GET and no body", async () => {
    const answer = await fetch(`${web.url}/`, { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.ok(Number(answer.headers.get("content-length")) > 0);
    assert.equal(await answer.text(), "");
  });

  test("the status counts what is in the database", async () => {
    assert.deepEqual(
      { ...(await bodyOf(await me.get("status"))), now: null },
      {
        now: null,
        last_event_at: "2026-11-20T08:20:00.200Z",
        decided_through: "2026-11-19",
        events_stored: 2,
        lessons_closed: 440,
        flags_raised: 6,
        flags_open: 5,
        tasks_open: 3,
        pupils: 6,
      },
    );
  });

  test("the inbox: who has waited longest first, one item a pupil, reasons with it", async () => {
    const inbox = await bodyOf(await me.get("flags"));
    assert.equal(inbox.decided_through, "2026-11-19");
    assert.deepEqual(
      inbox.inbox.map((item) => [
        item.pupil,
        item.since,
        item.waiting_days,
        item.severity,
        item.flags.map((flag) => flag.flag),
      ]),
      [
        ["p-odd", "2026-11-12", 8, 2, [3]],
        ["p-hidden", "2026-11-15", 5, 3, [5]],
        ["p-alva", "2026-11-17", 3, 3, [1, 2]],
      ],
    );
    assert.deepEqual(
      inbox.quiet.map((item) => item.pupil),
      ["p-quiet"],
    );
    assert.deepEqual(
      inbox.today.map((task) => [task.task, task.pupil, task.date]),
      [
        [1, "p-odd", "2026-11-20"],
        [2, "p-omar", "2026-11-20"],
        [3, "p-hidden", "2026-11-20"],
      ],
    );
    assert.deepEqual(inbox.today[0].lessons, [
      { start: "08:10", subject: "Matematik", minutes: 60, absent_minutes: 60 },
    ]);
    const [odd, hidden, alva] = inbox.inbox;
    assert.equal(odd.name, `Örjan ${ODD_NAME}`);
    assert.equal(hidden.protected, true);
    assert.deepEqual(alva.finding.well, [20, 25, 5]); // away on Monday
    assert.equal(alva.coverage_percent, 100);
    assert.deepEqual(alva.flags[0].evidence, EVIDENCE);
    assert.deepEqual(
      { ...alva.flags[1], evidence: null, now: null },
      {
        flag: 2,
        rule: "mondays",
        severity: 3,
        raised_on: "2026-11-19",
        rules_version: 1,
        evidence: null,
        now: null,
      },
    );
  });

  test("the pupil page: days of the school year, all flags, timeline", async () => {
    const alva = await bodyOf(await me.get("pupils/p-alva"));
    assert.deepEqual(
      [alva.pupil, alva.name, alva.class, alva.year, alva.protected],
      ["p-alva", "Alva Berg", "8B", "8", false],
    );
    assert.deepEqual(
      alva.flags.map((flag) => [flag.flag, flag.cleared_on]),
      [
        [2, null],
        [1, null],
        [6, "2026-10-21"],
      ],
    );
    assert.equal(alva.days.length, 44);
    const monday = alva.days.find((day) => day.date === "2026-11-16");
    assert.deepEqual(
      { ...monday, lessons: monday.lessons.length },
      {
        date: "2026-11-16",
        kind: "absent",
        expected_minutes: 300,
        counted_minutes: 300,
        absent_minutes: 300,
        leave_minutes: 0,
        unreported_minutes: 300,
        unknown_minutes: 0,
        lessons: 5,
      },
    );
    const tuesday = alva.days.find((day) => day.date === "2026-11-17");
    assert.deepEqual([tuesday.kind, tuesday.absent_minutes], ["attended", 10]); // late, which misses no lesson
    assert.deepEqual(tuesday.lessons[0], ["08:10", 60, "Matematik", "late", 10]);
    assert.deepEqual(alva.timeline, [
      { at: "2026-11-20T08:20:00.000Z", kind: "check_in", terminal: "entre-a", room: "ENTRE-A", feedback: "ok" },
      { at: "2026-11-20T07:04:00.000Z", kind: "check_in", terminal: "entre-a", room: "ENTRE-A", feedback: "ok" },
      {
        at: "2026-11-19T06:30:00.000Z",
        kind: "absence",
        type: "reported",
        from: "2026-11-19T07:00:00.000Z",
        to: "2026-11-19T15:00:00.000Z",
      },
      { at: "2026-11-18T09:00:00.000Z", kind: "mark", status: "late", subject: "Svenska", start: "09:20" },
    ]);
    const omar = await bodyOf(await me.get("pupils/p-omar"));
    assert.deepEqual([omar.days[0].expected_minutes, omar.days[0].unknown_minutes], [240, 60]);
    assert.equal(omar.flags[0].withdrawn, "2026-11-20T12:00:00.000Z");
    const quiet = await bodyOf(await me.get("pupils/p-quiet"));
    const leave = quiet.days.at(-2);
    assert.deepEqual(
      [leave.kind, leave.leave_minutes, leave.absent_minutes, leave.counted_minutes],
      ["leave", 300, 0, 0],
    );
    for (const nobody of ["p-none", "p-alva'--", "%00", "p-alva/days", ""])
      assert.ok([400, 404].includes((await me.get(`pupils/${nobody}`)).status), nobody);
  });

  test("searching finds words of name and class, Swedish letters alike", async () => {
    const found = async (q) =>
      (await bodyOf(await me.get(`pupils?q=${encodeURIComponent(q)}`))).pupils.map((pupil) => pupil.pupil);
    assert.deepEqual(await found("åke"), ["p-well"]);
    assert.deepEqual(await found("STRÖM"), ["p-well"]);
    assert.deepEqual(await found("ÖRJAN 8b"), ["p-odd"]);
    assert.deepEqual(await found(ODD_NAME), ["p-odd"]);
    assert.deepEqual(await found("8b alva berg"), ["p-alva"]);
    assert.deepEqual(await found("%"), []);
    assert.equal((await found("")).length, PUPILS.length);
    assert.equal((await me.get(`pupils?q=${"x".repeat(2000)}`)).status, 400);
  });

  test("terminals are live, stale, offline or unseen", async () => {
    const { terminals } = await bodyOf(await me.get("terminals"));
    assert.deepEqual(
      terminals.map((terminal) => [terminal.terminal, terminal.state, terminal.queue]),
      [
        ["entre-a", "live", 0],
        ["hall-2", "stale", 41],
        ["idrott", "offline", 0],
        ["reserv", "unseen", 0],
        ["stulen", "revoked", 0],
      ],
    );
    assert.deepEqual(terminals[1], {
      terminal: "hall-2",
      room: "HALL-2",
      state: "stale",
      last_seen: "2026-11-20T11:54:00.000Z",
      queue: 41,
      oldest_unsent_s: 380,
      clock: "synced",
      firmware: "1.4.0",
      readers_up: 2,
      readers: 2,
      trouble: "",
      distrusted_since: null,
      certificate_to: null,
    });
    assert.equal(terminals[3].last_seen, null);
    assert.equal(terminals[3].certificate_to, "2027-01-01T00:00:00.000Z");
  });

  test("a stream tells of a change, and which", async () => {
    const stream = await me.get("events");
    assert.equal(stream.headers.get("content-type"), "text/event-stream");
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => JSON.parse((await reader.read()).value.match(/^event: change\ndata: (.*)\n\n$/)[1]);
    const first = await next();
    sqlite(web.db, insert("flag_change", [{ flag: 1, change: "raised", why: "", recorded_ms: 1 }]));
    const second = await next();
    assert.deepEqual(
      [second.status > first.status, second.flags > first.flags, second.terminals === first.terminals],
      [true, true, true],
    );
    sqlite(web.db, "UPDATE terminal_state SET received_ms = received_ms + 1 WHERE terminal_id = 'idrott'");
    const third = await next();
    assert.deepEqual([third.flags === second.flags, third.terminals > second.terminals], [true, true]);
    await reader.cancel();
  });

  test("a hundred streams all hear of one change", async () => {
    const streams = await openStreams(web, me, 100);
    assert.ok(streams.every((stream) => stream.status === 200));
    const readers = streams.map((stream) => stream.body.getReader());
    await Promise.all(readers.map((reader) => reader.read()));
    sqlite(web.db, "INSERT INTO subject VALUES (9, 'Slöjd')");
    await Promise.all(readers.map((reader) => reader.read()));
    await Promise.all(readers.map((reader) => reader.cancel()));
  });
  test("an account has eight streams, and its ninth takes nobody else's place", async () => {
    const streams = await openStreams(web, me, 12, 12);
    const refused = streams.filter((stream) => stream.status === 503);
    assert.equal(refused.length, 4);
    assert.deepEqual(await bodyOf(refused[0]), { error: "busy" });
    const [other] = await openStreams(web, me, 1);
    assert.equal(other.status, 200);
    await Promise.all([other, ...streams].map((stream) => stream.body.locked || stream.body.cancel()));
  });
  test("no more than two hundred streams, and those that left make room", async () => {
    for (let i = 0; i < 250; i++)
      assert.equal(
        (await fetch(`${web.url}/api/v1/events`, { method: "HEAD", headers: { cookie: me.cookie } })).status,
        200,
      );
    const streams = await openStreams(web, me, 210);
    const full = streams.filter((stream) => stream.status === 503);
    assert.ok(full.length >= 10, `${full.length} of 210 were refused`);
    assert.deepEqual(await bodyOf(full[0]), { error: "busy" });
    await Promise.all(streams.map((stream) => stream.body.locked || stream.body.cancel()));
    sqlite(web.db, "INSERT INTO subject VALUES (11, 'Hemkunskap')"); // speaking to them shows that they left
    const again = await until("a place", async () => {
      const answer = await me.get("events");
      if (answer.status === 200) return answer;
      await answer.body.cancel();
    });
    await again.body.cancel();
  });
});

test("on a Unix socket, as behind nginx", async () => {
  const web = await startWeb({ tls: true, listen: "FOLDER/http.sock" });
  const socketPath = join(web.folder, "http.sock");
  assert.equal(statSync(socketPath).mode & 0o777, 0o660);
  const ask = (options, body) =>
    new Promise((resolve, reject) => {
      const request = http.request({ socketPath, host: "narvaro.example", ...options }, (answer) => {
        answer
          .setEncoding("utf8")
          .on("data", (text) => (answer.text = (answer.text ?? "") + text))
          .on("end", () => resolve(answer));
      });
      request.on("error", reject).end(body);
    });
  const login = await ask(
    {
      method: "POST",
      path: "/api/v1/login",
      headers: { host: "narvaro.example", origin: "https://narvaro.example", "content-type": "application/json" },
    },
    JSON.stringify({ user: "kim", password: PASSWORD }),
  );
  assert.equal(login.statusCode, 200);
  const cookie = login.headers["set-cookie"][0].split(";")[0];
  assert.equal(JSON.parse((await ask({ path: "/api/v1/status", headers: { cookie } })).text).pupils, PUPILS.length);
  await web.restart(); // over the socket file that was there
  assert.equal((await ask({ path: "/api/v1/status", headers: { cookie } })).statusCode, 200);
  await web.stop();
});

test("the pages are gzipped once, at build time", async () => {
  const web = await startWeb({ users: [] });
  const reply = await new Promise((resolve, reject) => {
    const parts = [];
    const client = net.connect(web.port, "127.0.0.1", () =>
      client.write("GET /app.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    );
    client
      .on("data", (bytes) => parts.push(bytes))
      .on("error", reject)
      .on("close", () => resolve(Buffer.concat(parts)));
  });
  const at = reply.indexOf("\r\n\r\n");
  assert.match(reply.subarray(0, at).toString(), /Content-Encoding: gzip/);
  assert.equal(gunzipSync(reply.subarray(at + 4)).toString(), readFileSync(join(root, "dashboard/web/app.js"), "utf8"));
  await web.stop();
});

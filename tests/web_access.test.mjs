// narvaro-web from outside: sessions, and an audit log verified by code that shares nothing with the program. Who may what:
// tests/web_matrix.test.mjs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bodyOf, PASSWORD, raw, root, rows, signIn, sqlite, startWeb, statusOf, TODAY, USERS } from "./fixture.mjs";

describe("sessions", () => {
  let web;
  before(async () => {
    web = await startWeb({ users: USERS });
  });
  after(() => web.stop());

  test("a wrong password, an unknown user and a missing field are refused", async () => {
    assert.deepEqual((await signIn(web, "kim", "fel-losenord-123")).me, { error: "bad_login" });
    assert.equal((await signIn(web, "ingen", PASSWORD)).status, 401);
    assert.equal((await signIn(web, "kim", undefined)).status, 200); // the default of signIn
    assert.equal((await signIn(web, undefined, null)).status, 400);
    assert.equal((await signIn(web, "x".repeat(300), PASSWORD)).status, 400);
  });

  test("the cookie is strict, and its id is not what is stored", async () => {
    const me = await signIn(web);
    assert.match(me.setCookie, /^narvaro=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    const stored = execFileSync("sh", ["-c", `cat "$1"/casebook.db*`, "sh", web.folder]).toString("latin1");
    assert.ok(
      !stored.includes(me.cookie.split("=")[1]) &&
        !stored.includes(Buffer.from(me.cookie.split("=")[1], "hex").toString("latin1")),
    );
    assert.ok(!stored.includes(PASSWORD));
    assert.ok(stored.includes("$argon2id$v=19$m=65536,t=2,p=1$"));
  });

  test("behind TLS the cookie is Secure and __Host-, and browsers stay with HTTPS", async () => {
    const secure = await startWeb({ tls: true });
    const me = await signIn(secure);
    assert.match(me.setCookie, /^__Host-narvaro=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    assert.equal((await me.get("me")).headers.get("strict-transport-security"), "max-age=31536000");
    await secure.stop();
  });

  test("signing in again rotates the session, signing out ends it", async () => {
    const first = await signIn(web);
    const answer = await fetch(`${web.url}/api/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", cookie: first.cookie },
      body: JSON.stringify({ user: web.user, password: PASSWORD }),
    });
    const second = answer.headers.get("set-cookie").split(";")[0];
    assert.notEqual(second, first.cookie);
    assert.equal((await first.get("me")).status, 401);
    const me = await signIn(web);
    const out = await me.send("POST", "logout");
    assert.equal(out.status, 204);
    assert.match(out.headers.get("set-cookie"), /^narvaro=; .*Max-Age=0$/);
    assert.equal((await me.get("me")).status, 401);
  });

  test("a session ends after 15 idle minutes and after 8 hours, and survives a restart before", async () => {
    const idle = await signIn(web);
    const old = await signIn(web);
    const good = await signIn(web);
    sqlite(web.casebook, "UPDATE session SET seen_ms = seen_ms - 14 * 60000, began_ms = began_ms - 7 * 3600000");
    await web.restart();
    for (const session of [idle, old, good]) assert.equal((await session.get("me")).status, 200);
    sqlite(web.casebook, "UPDATE session SET began_ms = began_ms - 3600000");
    assert.equal((await old.get("me")).status, 401);
    sqlite(web.casebook, "UPDATE session SET began_ms = began_ms + 8 * 3600000");
    assert.equal((await good.get("me")).status, 200);
    sqlite(web.casebook, "UPDATE session SET seen_ms = seen_ms - 15 * 60000");
    assert.equal((await idle.get("me")).status, 401);
  });

  test("what a page asks by itself does not keep a session alive", async () => {
    const me = await signIn(web);
    const seen = () => rows(web.casebook, "SELECT max(seen_ms) AS seen FROM session")[0].seen;
    sqlite(web.casebook, "UPDATE session SET seen_ms = seen_ms - 10 * 60000");
    const before = seen();
    assert.equal((await me.get("status", { "x-background": "1" })).status, 200);
    assert.equal(seen(), before);
    assert.equal((await me.get("status")).status, 200);
    assert.ok(seen() >= before + 10 * 60000);
  });

  test("a stream ends with its session", async () => {
    const me = await signIn(web);
    const reader = (await me.get("events")).body.getReader();
    await reader.read();
    await me.send("POST", "logout");
    sqlite(web.db, "INSERT INTO subject VALUES (10, 'Bild')");
    assert.equal((await reader.read()).done, true);
  });

  test("writes are refused from elsewhere, without the token, or as anything but JSON", async () => {
    const me = await signIn(web);
    const tries = [
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ origin: "https://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ origin: `evil://127.0.0.1:${web.port}` }, 403],
      [{ origin: `https://127.0.0.1:${web.port}` }, 403],
      [{ origin: `http://evil.example/http://127.0.0.1:${web.port}` }, 403],
      [{ origin: `http://127.0.0.1:${web.port}.evil.example` }, 403],
      [{ origin: `http://127.0.0.1` }, 403],
      [{ "x-csrf-token": "" }, 403],
      [{ "x-csrf-token": "0".repeat(32) }, 403],
      [{ "content-type": "text/plain" }, 400],
      [{ "content-type": "application/jsonp" }, 400],
      [{ origin: `http://127.0.0.1:${web.port}` }, 200],
    ];
    for (const [headers, status] of tries)
      assert.equal((await me.send("PUT", "me", { language: "en" }, headers)).status, status, JSON.stringify(headers));
    const reply = await raw(
      web,
      `PUT /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${me.cookie}\r\nX-CSRF-Token: ${me.me.csrf}\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"language":"sv"}`,
    );
    assert.equal(statusOf(reply), 403, "neither Origin nor Sec-Fetch-Site");
    const other = await signIn(web, "eva");
    assert.equal((await me.send("PUT", "me", { language: "en" }, { "x-csrf-token": other.me.csrf })).status, 403);
  });

  test("the language is kept", async () => {
    const me = await signIn(web);
    assert.equal((await bodyOf(await me.send("PUT", "me", { language: "sv" }))).language, "sv");
    assert.equal((await bodyOf(await me.send("PUT", "me", { language: "en" }))).language, "en");
    assert.equal((await signIn(web)).me.language, "en");
    for (const body of [{ language: "de" }, { language: 7 }, {}, []])
      assert.equal((await me.send("PUT", "me", body)).status, 400);
  });

  test("hashing a password does not hold up the others", async () => {
    const me = await signIn(web);
    const slow = Promise.all(
      ["eva", "eva", "eva", "lind", "lind", "berg", "ivar", "dana"].map((user) => signIn(web, user)),
    );
    let finished = false;
    slow.then(() => (finished = true));
    let answered = 0;
    for (; !finished; answered++) await bodyOf(await me.get("me"));
    const hashed = await slow;
    assert.ok(hashed.every((session) => session.status === 200));
    assert.ok(
      answered > 2 * hashed.length,
      `${answered} answers: one that waits for a hash each time gets ${hashed.length}`,
    );
  });

  test("five failed tries lock one account for a while, not the others", async () => {
    for (let i = 0; i < 5; i++) assert.equal((await signIn(web, "ivar", "fel-losenord-123")).status, 401);
    assert.deepEqual((await signIn(web, "ivar")).me, { error: "too_many_attempts" });
    assert.equal((await signIn(web, "dana")).status, 200);
  });

  test("passwords that would have to wait too long are turned away", async () => {
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => signIn(web, `ingen-${i}`, "fel-losenord-123")));
    const busy = all.filter((session) => session.status === 503);
    assert.ok(
      busy.length > 0 && busy.every((session) => session.me.error === "busy"),
      all.map((session) => session.status).join(),
    );
    await web.restart(); // for the tries that were counted
  });

  test("sixty failed tries from one network close the door to it alone", async (t) => {
    const secure = await startWeb({ tls: true });
    t.after(() => secure.stop());
    const from = async (address, user, password) => {
      const answer = await fetch(`${secure.url}/api/v1/login`, {
        method: "POST",
        headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", "x-real-ip": address },
        body: JSON.stringify({ user, password }),
      });
      await answer.body.cancel();
      return answer.status;
    };
    const tried = [];
    for (let batch = 0; batch < 7; batch++)
      tried.push(
        ...(await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            from(`2001:db8::${batch}${i}`, `gissning-${batch}-${i}`, "fel-losenord-123"),
          ),
        )),
      );
    assert.deepEqual([tried.filter((status) => status === 401).length, tried.slice(60)], [60, Array(10).fill(429)]);
    assert.equal(await from("2001:db8::1:1", "kim", PASSWORD), 429);
    for (const address of ["2001:db8:0:1::1", "192.0.2.7"]) assert.equal(await from(address, "kim", PASSWORD), 200);
  });
});

describe("the audit log", () => {
  let web;
  before(async () => {
    web = await startWeb({ users: USERS });
  });
  after(() => web.stop());
  const log = () =>
    rows(web.casebook, "SELECT sequence, at_ms, user, action, object, hex(mac) AS mac FROM audit ORDER BY sequence");

  /** The first row that does not follow from those before it; 0 when all do. */
  function brokenAt(entries, key) {
    let previous = Buffer.alloc(32);
    for (const [i, entry] of entries.entries()) {
      const fields = [entry.sequence, entry.at_ms, entry.user, entry.action, entry.object].map((field) =>
        Buffer.from(String(field)),
      );
      const line = Buffer.concat(fields.flatMap((field) => [Buffer.from(`${field.length}:`), field, Buffer.from(",")]));
      const mac = createHmac("sha256", key).update(previous).update(line).digest();
      if (entry.sequence !== i + 1 || entry.mac !== mac.toString("hex").toUpperCase()) return i + 1;
      previous = mac;
    }
    return 0;
  }

  test("each view, sign-in and failure leaves one row", async () => {
    const kim = await signIn(web, "kim");
    const from = log().length;
    for (const path of [
      "flags",
      "pupils?q=alva",
      "pupils?q=nobody",
      "pupils/p-alva",
      "pupils/p-alva",
      "pupils/p-none",
      "status",
      "terminals",
      "me",
    ])
      await (await kim.get(path)).text();
    const vera = await signIn(web, "vera");
    await vera.get("pupils/p-hidden");
    await signIn(web, "eva", "fel-losenord-123");
    await signIn(web, "mitt-hemliga-losenord", "fel-losenord-123");
    await kim.send("POST", "logout");
    assert.deepEqual(
      log()
        .slice(from)
        .map((entry) => [entry.user, entry.action, entry.object]),
      [
        ["kim", "list_flags", '["p-odd","p-hidden","p-alva","p-quiet","p-odd","p-omar","p-hidden"]'],
        ["kim", "list_pupils", '["p-alva"]'],
        ["kim", "view_pupil", "p-alva"],
        ["kim", "view_pupil", "p-alva"],
        ["kim", "view_pupil_refused", "p-none"],
        ["vera", "login", ""],
        ["vera", "view_pupil_refused", "p-hidden"],
        ["eva", "login_failed", ""],
        ["", "login_failed", ""],
        ["kim", "logout", ""],
      ],
    );
    assert.equal(
      log()[from].at_ms >= Date.parse("2026-11-20T12:00:00Z") && log()[from].at_ms < Date.parse("2026-11-20T12:10:00Z"),
      true,
      "civil time",
    );
  });

  test("nobody can blind the log with what it cannot show, or learn from it who is hidden", async () => {
    const eva = await signIn(web, "eva");
    for (const odd of ["%ff", "%C3", "%ED%A0%80", "%F4%90%80%80", "%00"])
      for (const path of ["pupils/", "audit?object=", "audit?user=", "pupils?q="])
        await (await eva.get(path + odd)).text();
    for (const pupil of ["p-hidden", "p-none"]) assert.equal((await eva.get(`pupils/${pupil}`)).status, 404);
    const { entries } = await (await eva.get("audit")).json();
    const own = log().filter((entry) => entry.user === "eva");
    assert.equal(entries.length, own.length - 1, "all but this look");
    assert.ok(entries.length > 10);
    assert.deepEqual(
      entries.slice(0, 2).map((entry) => [entry.action, entry.object]),
      [
        ["view_pupil_refused", "p-none"],
        ["view_pupil_refused", "p-hidden"],
      ],
    );
  });

  test("the chain verifies, goes on over a restart, and shows every change in it", async () => {
    await web.restart();
    await (await (await signIn(web, "kim")).get("pupils/p-odd")).text();
    const key = readFileSync(join(web.folder, "audit.key"));
    for (const file of ["audit.key", "casebook.db", "casebook.db-wal"])
      assert.equal(statSync(join(web.folder, file)).mode & 0o777, 0o600, file);
    const entries = log();
    assert.ok(entries.length > 15);
    assert.equal(brokenAt(entries, key), 0);
    const changed = (i, change) => entries.map((entry, at) => (at === i ? { ...entry, ...change } : entry));
    assert.equal(brokenAt(changed(4, { user: "nobody" }), key), 5);
    assert.equal(brokenAt(changed(7, { at_ms: entries[7].at_ms + 1 }), key), 8);
    assert.equal(
      brokenAt(changed(7, { action: entries[7].action + entries[7].object, object: "" }), key) === 8 ||
        entries[7].object === "",
      true,
    );
    assert.equal(
      brokenAt(
        entries.filter((_, at) => at !== 6),
        key,
      ),
      7,
    );
    assert.equal(brokenAt(entries, Buffer.alloc(32)), 1);
  });

  test("a lost key is noticed at the start, not replaced", async () => {
    const lone = await startWeb();
    execFileSync("rm", [join(lone.folder, "audit.key")]);
    await assert.rejects(lone.restart(), /audit\.key: missing/);
    await lone.stop();
  });

  test("what cannot be logged is not shown", async () => {
    const kim = await signIn(web, "kim");
    sqlite(web.casebook, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    for (const path of ["flags", "pupils", "pupils/p-alva"])
      assert.deepEqual(await bodyOf(await kim.get(path)), { error: "busy" }, path);
    assert.equal((await kim.get("me")).status, 200);
    sqlite(web.casebook, "DROP TRIGGER full");
    assert.equal((await kim.get("pupils/p-alva")).status, 200);
  });

  test("looks at the same moment share a commit, and each is in the log before it is answered", async () => {
    const kim = await signIn(web, "kim");
    const looks = () => rows(web.casebook, "SELECT count(*) AS n FROM audit WHERE action = 'view_pupil'")[0].n;
    for (let i = 0, before = looks(); i < 5; i++) {
      await bodyOf(await kim.get("pupils/p-alva"));
      assert.equal(looks(), before + i + 1);
    }
    const before = looks();
    const answered = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const answer = await kim.get(i % 3 === 2 ? "me" : i % 2 ? "pupils/p-alva" : "pupils/p-odd");
        return [i % 3 === 2 || (await bodyOf(answer)).pupil === (i % 2 ? "p-alva" : "p-odd"), answer.status];
      }),
    );
    assert.ok(answered.every(([right, status]) => right && status === 200));
    assert.equal(looks(), before + 40);
    const write = kim.send("PUT", "me", { language: "sv" });
    assert.deepEqual(
      (await Promise.all([kim.get("pupils/p-odd"), write, kim.get("pupils/p-odd")])).map((answer) => answer.status),
      [200, 200, 200],
    );
    assert.equal(brokenAt(log(), readFileSync(join(web.folder, "audit.key"))), 0);
  });

  test("when the shared commit fails, nothing that waited for it is shown, and the chain goes on", async () => {
    const kim = await signIn(web, "kim");
    const before = log().length;
    sqlite(
      web.casebook,
      "CREATE TABLE late (user TEXT REFERENCES user (user) DEFERRABLE INITIALLY DEFERRED); CREATE TRIGGER late AFTER INSERT ON audit BEGIN INSERT INTO late VALUES ('nobody'); END",
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => kim.get("pupils/p-alva")));
    for (const answer of answers) assert.deepEqual([answer.status, await bodyOf(answer)], [503, { error: "busy" }]);
    assert.equal(log().length, before);
    sqlite(web.casebook, "DROP TRIGGER late; DROP TABLE late");
    assert.equal((await kim.get("pupils/p-alva")).status, 200);
    assert.equal(log().length, before + 1);
    assert.equal(brokenAt(log(), readFileSync(join(web.folder, "audit.key"))), 0);
  });

  test("no name and no password is in the program's own log", () => {
    for (const word of [PASSWORD, "Alva", "Skyddad", "Kim", "mitt-hemliga", "fel-losenord"])
      assert.ok(!web.log().includes(word), word);
  });
});

test("ways to support: the pupil's own age, place and god man; who asked stands in the log", async (t) => {
  const ways = await startWeb({
    users: [USERS[2]],
    more: `support = "${join(root, "config/support.cfg")}";\n`,
  });
  t.after(() => ways.stop());
  sqlite(
    ways.db,
    `UPDATE pupil SET birth_day = ${TODAY - 365 * 12}, home_municipality = '0180' WHERE pupil_id = 'p-alva';
     INSERT INTO guardian (pupil_id, name, phone, email, priority, known_from_ms, relation) VALUES ('p-alva', 'G', '', '', 1, 0, 'god_man');`,
  );
  const eva = await signIn(ways, "eva");
  const ask = async (path) => bodyOf(await eva.get(path));
  const told = await ask("pupils/p-alva/support?cause=psykisk");
  assert.deepEqual([told.age, told.place, told.situations], [11, "0180", ["god_man"]]);
  const ids = ({ cards }) => cards.map(({ id }) => id);
  assert.ok(ids(told).includes("god-man") && ids(told).includes("vardcentral-bas") && !("born" in told));
  const by = await ask("support/cards?cause=psykisk&born=2020-12-31&place=0180");
  const malina = by.cards.find(({ id }) => id === "malinamottagning");
  assert.deepEqual([by.age, malina.begin_by, malina.must_begin_before_age], [5, "2026-12-30", 6]);
  assert.equal(malina.text.easy.length > 0 && malina.contact.en.length > 0, true);
  const unknown = await ask("pupils/p-omar/support?cause=psykisk");
  assert.deepEqual([unknown.age, unknown.place, unknown.cards], [null, null, []]);
  const helped = await ask("pupils/p-omar/support?cause=psykisk&born=2014-01-01&place=0114&left_school=1");
  assert.deepEqual([helped.age, helped.place, helped.situations], [12, "0114", ["left_school"]]);
  for (const query of ["", "cause=psykisk&born=2026-11-21", "cause=psykisk&born=x", "cause=psykisk&place=018"])
    assert.equal((await eva.get(`support/cards?${query}`)).status, 400, query);
  const table = await ask("support");
  assert.deepEqual([table.places.length, table.programmes.length, table.unsettled], [27, 9, []]);
  assert.deepEqual((await ask("support/cards?cause=social&born=2026-11-20&place=")).age, 0);
  const seen = rows(ways.casebook, "SELECT object FROM audit WHERE action = 'view_support'").map(
    ({ object }) => object,
  );
  assert.deepEqual(seen, ["p-alva", "p-omar", "p-omar"]);
});

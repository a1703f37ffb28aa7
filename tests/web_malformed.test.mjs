// narvaro-web from outside: what no decent client sends, over raw sockets; and settings that are wrong.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "./demo/stage.mjs";
import { PASSWORD, program, raw, root, signIn, startWeb, USERS, wait } from "./fixture.mjs";

describe("malformed requests", () => {
  let web, me;
  before(async () => {
    web = await startWeb({ users: [USERS[0], USERS[2]] });
    me = await signIn(web);
  });
  after(() => web.stop());
  const head = (lines) =>
    [
      "POST /api/v1/login HTTP/1.1",
      "Host: x",
      "Sec-Fetch-Site: same-origin",
      "Content-Type: application/json",
      ...lines,
      "",
      "",
    ].join("\r\n");
  const SMUGGLED = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n";

  const CASES = {
    "Content-Length and Transfer-Encoding": [
      `${head(["Content-Length: 2", "Transfer-Encoding: chunked"])}0\r\n\r\n${SMUGGLED}`,
      400,
    ],
    "Transfer-Encoding and Content-Length": [
      `${head(["Transfer-Encoding: chunked", "Content-Length: 2"])}0\r\n\r\n${SMUGGLED}`,
      400,
    ],
    "Transfer-Encoding alone": [`${head(["Transfer-Encoding: chunked"])}0\r\n\r\n`, 400],
    "an odd Transfer-Encoding": [`${head(["Transfer-Encoding: xchunked"])}0\r\n\r\n`, 400],
    "two Content-Lengths": [`${head(["Content-Length: 2", "Content-Length: 40"])}{}${SMUGGLED}`, 400],
    "two equal Content-Lengths": [`${head(["Content-Length: 2", "Content-Length: 2"])}{}${SMUGGLED}`, 400],
    "a list of Content-Lengths": [`${head(["Content-Length: 2, 2"])}{}`, 400],
    "a signed Content-Length": [`${head(["Content-Length: +2"])}{}`, 400],
    "a hexadecimal Content-Length": [`${head(["Content-Length: 0x2"])}{}`, 400],
    "a space before the colon": [`${head(["Content-Length : 2"])}{}`, 400],
    "a header name with a space in it": [`${head(["X Y: 1", "Content-Length: 2"])}{}`, 400],
    "two Hosts": [`GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`, 400],
    "no Host": ["GET / HTTP/1.1\r\n\r\n", 400],
    "a GET with a body": ["GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 400],
    "a body over 64 KiB": [head(["Content-Length: 65537"]), 413],
    "a huge Content-Length": [head(["Content-Length: 99999999999999999999"]), 413],
    "a header over 16 KiB": [`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${"x".repeat(40000)}\r\n\r\n`, 431],
    "a path that is none": ["GET index.html HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    "a NUL in the path": ["GET /api/v1/me%00x HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    "no HTTP at all": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
  };

  for (const [name, [bytes, status]] of Object.entries(CASES))
    test(name, async () => {
      const reply = await raw(web, bytes);
      const answers = reply.match(/HTTP\/1\.[01] \d+/g) ?? [];
      if (name !== "no HTTP at all") assert.ok(answers.length > 0, "closed without a word");
      assert.ok(
        answers.every((answer) => answer.endsWith(` ${status}`)),
        reply,
      ); // so what was smuggled was not answered
    });

  test("a body of exactly 64 KiB is read", async () => {
    const body = JSON.stringify({ language: "sv", padding: "" });
    const answer = await me.send("PUT", "me", { language: "sv", padding: "x".repeat(65536 - body.length) });
    assert.equal(answer.status, 200);
  });

  test("JSON that is none, or twice the same key, or nested deeply", async () => {
    const headers = {
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
      cookie: me.cookie,
      "x-csrf-token": me.me.csrf,
    };
    for (const body of [
      "",
      "{",
      "null",
      '"x"',
      "[]",
      '{"language":"sv","language":"en"}',
      '{"language":"\\u0000"}',
      "[[".repeat(15000),
      '{"language":"\xff"}',
    ])
      assert.equal(
        (await fetch(`${web.url}/api/v1/me`, { method: "PUT", headers, body: Buffer.from(body, "latin1") })).status,
        400,
        body.slice(0, 40),
      );
  });

  test("a client that stops in the middle holds nobody up", async () => {
    const stalled = net.connect(web.port, "127.0.0.1", () => stalled.write(head(["Content-Length: 60000"])));
    await wait(50);
    assert.equal((await me.get("status")).status, 200);
    stalled.destroy();
  });

  test("a client that leaves while its password is hashed", async () => {
    for (let i = 0; i < 20; i++) {
      const body = JSON.stringify({ user: "kim", password: PASSWORD });
      const leaver = net.connect(web.port, "127.0.0.1", () =>
        leaver.write(head([`Content-Length: ${body.length}`]) + body, () => leaver.destroy()),
      );
    }
    await wait(200);
    assert.equal((await me.get("status")).status, 200);
    await wait(1500);
    assert.equal((await signIn(web, "eva")).status, 200);
  });
});

describe("settings", () => {
  const check = (text, more = ["--check"]) => {
    const config = join(process.env.TMPDIR ?? "/tmp", `narvaro-web-${process.pid}.cfg`);
    execFileSync("sh", ["-c", 'cat >"$1"', "sh", config], { input: text });
    const ended = spawnSync(program, ["--config", config, ...more], { encoding: "utf8" });
    execFileSync("rm", [config]);
    return ended;
  };
  const example = readFileSync(join(root, "config/narvaro-web.cfg"), "utf8");

  test("the example is right", () => {
    const ended = spawnSync(program, ["--config", join(root, "config/narvaro-web.cfg"), "--check"], {
      encoding: "utf8",
    });
    assert.deepEqual([ended.status, ended.stderr], [0, ""]);
  });

  test("what is wrong is named with file, line and key", () => {
    for (const [text, fault] of [
      [`${example}\ncolour = "red";\n`, /narvaro-web-\d+\.cfg:\d+: .*colour/],
      [example.replace(/^state.*$/m, ""), /state/],
      [`${example}\nitems_a_week = 0;\n`, /:\d+: .*items_a_week/],
      [`${example}\nitems_a_week = 1001;\n`, /:\d+: .*items_a_week/],
      [`${example}\nitems_a_week = "ten";\n`, /:\d+: .*items_a_week/],
      [
        example.replace("over_tls = true", "over_tls = false"),
        /:\d+: .*over_tls must be true unless listen is 127\.0\.0\.1/,
      ],
      [example.replace(/^listen.*$/m, 'listen = "0.0.0.0:80";'), /listen must be 127\.0\.0\.1:PORT/],
      [
        example.replace(/^listen.*$/m, 'listen = "127.0.0.1:80800";'),
        /:\d+: listen: the port after 127\.0\.0\.1: must be 0 to 65535/,
      ],
      [example.replace("over_tls = true", "over_tls = 1"), /over_tls/],
    ]) {
      const ended = check(text);
      assert.equal(ended.status, 1);
      assert.match(ended.stderr, fault);
    }
  });

  test("SIGHUP with wrong settings changes nothing, with right ones it ends", async () => {
    const web = await startWeb({ withSchool: false, users: [] });
    const says = (words) => until(String(words), () => words.test(web.log()));
    const right = readFileSync(web.config, "utf8");
    writeFileSync(web.config, `${right}\ncolour = "red";\n`);
    process.kill(web.pid, "SIGHUP");
    await says(/web\.cfg:\d+: unknown key colour/);
    await says(/the settings are not right: those in force stay problems=1/);
    assert.equal((await fetch(`${web.url}/`)).status, 200);
    const table = join(web.folder, "support.cfg");
    writeFileSync(table, "places = ( { code = 1; } );");
    writeFileSync(web.config, `${right}\nsupport = "${table}";\n`);
    process.kill(web.pid, "SIGHUP");
    await says(/support\.cfg:1: code must be a text in quotes of at most 4 bytes/);
    await says(/the settings are not right: those in force stay problems=4/);
    assert.equal((await fetch(`${web.url}/`)).status, 200);
    writeFileSync(web.config, right);
    process.kill(web.pid, "SIGHUP");
    await says(/the settings are right: ending, to be started with them/);
    await says(/stopped/);
    await web.stop();
  });

  test("--version, no --config, and a clock that is none", () => {
    assert.match(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout, /^narvaro-web \d/);
    assert.notEqual(spawnSync(program, [], { encoding: "utf8" }).status, 0);
    assert.match(check(example, ["--demo-clock", "noon"]).stderr, /START,RATE,MONO/);
  });
});

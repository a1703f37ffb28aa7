// The whole way of a browser in production: config/nginx.conf with other paths and ports before narvaro-web on its socket.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import http from "node:http";
import { userInfo } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { makeAuthority } from "./demo/broker.mjs";
import { freePort, run, Stage, until } from "./demo/stage.mjs";
import { PASSWORD, root, startWeb, USERS } from "./fixture.mjs";

const HOST = "narvaro.example.se";
const stage = new Stage();
let web, ca, port, plainPort;

// Each line of the example that names a place is replaced, and must have been there.
function site(certificate) {
  const places = [
    ["unix:/run/narvaro-web/http.sock", `unix:${join(web.folder, "http.sock")}`],
    ["listen 443 ssl http2", `listen 127.0.0.1:${port} ssl http2`],
    ["listen 80;", `listen 127.0.0.1:${plainPort};`],
    ["/etc/narvaro/web.pem", certificate.cert],
    ["/etc/narvaro/web.key", certificate.key],
  ];
  return places.reduce(
    (text, [from, to]) => {
      assert.ok(text.includes(from), `config/nginx.conf has no ${from}`);
      return text.replace(from, to);
    },
    readFileSync(join(root, "config/nginx.conf"), "utf8"),
  );
}

before(async () => {
  [port, plainPort] = [await freePort(), await freePort()];
  web = await startWeb({ tls: true, listen: "FOLDER/http.sock", users: USERS });
  const authority = makeAuthority(stage.path("certificates"));
  ca = readFileSync(authority.ca);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${stage.path(kind)};`)
    .join("\n");
  writeFileSync(
    stage.path("nginx.conf"),
    `user ${userInfo().username}; daemon off; pid ${stage.path("pid")}; error_log stderr;\nevents {}\nhttp {\n${temporary}\n${site(authority.issue(HOST, ["-addext", `subjectAltName=DNS:${HOST}`]))}}\n`,
  );
  stage.start("nginx", "nginx", ["-e", "stderr", "-p", stage.folder, "-c", stage.path("nginx.conf")]);
  await until("nginx", () =>
    ask({ path: "/" }).then(
      ({ statusCode }) => statusCode === 200,
      () => false,
    ),
  ).catch((error) => assert.fail(`${error.message}\n${stage.lastWords()}`));
});
after(async () => {
  await stage.end();
  await web.stop();
});

const ask = ({ body, headers = {}, ...options }) =>
  new Promise((resolve, reject) => {
    const agent = new Agent({ ca, servername: HOST });
    request({ agent, host: "127.0.0.1", port, ...options, headers: { host: HOST, ...headers } }, (answer) => {
      answer
        .setEncoding("utf8")
        .on("data", (text) => (answer.text = (answer.text ?? "") + text))
        .on("end", () => (agent.destroy(), resolve(answer)));
    })
      .on("error", reject)
      .end(body);
  });
const signIn = (password = PASSWORD) =>
  ask({
    method: "POST",
    path: "/api/v1/login",
    body: JSON.stringify({ user: "kim", password }),
    headers: { origin: `https://${HOST}`, "content-type": "application/json" },
  });

// Bytes as they are, over TLS 1.3: all that came back until the server closed.
const raw = (bytes) =>
  new Promise((resolve, reject) => {
    let reply = "";
    const client = tls.connect({ host: "127.0.0.1", port, ca, servername: HOST, ALPNProtocols: ["http/1.1"] }, () =>
      client.write(bytes),
    );
    client.setTimeout(1500, () => client.destroy());
    client
      .on("data", (more) => (reply += more))
      .on("error", reject)
      .on("close", () => resolve(reply));
  });

test("signed in over TLS 1.3: the cookie is Secure, and what it opens is read", async () => {
  const login = await signIn();
  assert.equal(login.statusCode, 200, login.text);
  const [cookie] = login.headers["set-cookie"];
  assert.match(cookie, /^__Host-narvaro=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  const status = await ask({ path: "/api/v1/status", headers: { cookie: cookie.split(";")[0] } });
  assert.equal(status.statusCode, 200);
  assert.equal(status.headers["strict-transport-security"], "max-age=31536000");
  assert.equal((await ask({ path: "/api/v1/status" })).statusCode, 401);
});

test("older TLS is refused, and plain HTTP is sent away", async () => {
  const { status, stderr } = run("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, "-tls1_2"]);
  assert.notEqual(status, 0);
  assert.match(stderr, /alert protocol version/);
  const answer = await new Promise((resolve, reject) =>
    http.get({ host: "127.0.0.1", port: plainPort, path: "/x", headers: { host: HOST } }, resolve).on("error", reject),
  );
  assert.deepEqual([answer.statusCode, answer.headers.location], [301, `https://${HOST}/x`]);
  answer.resume();
});

test("a live stream comes through while it is open", async () => {
  const cookie = (await signIn()).headers["set-cookie"][0].split(";")[0];
  const agent = new Agent({ ca, servername: HOST });
  const first = await new Promise((resolve, reject) => {
    request({ agent, host: "127.0.0.1", port, path: "/api/v1/events", headers: { host: HOST, cookie } }, (answer) => {
      answer.once("data", (bytes) => resolve({ type: answer.headers["content-type"], bytes: bytes.length }));
    })
      .on("error", reject)
      .end();
  });
  agent.destroy();
  assert.match(first.type, /^text\/event-stream/);
  assert.ok(first.bytes > 0, JSON.stringify(first));
});

test("what could smuggle a request is refused before narvaro-web hears of it", async () => {
  const head = (lines) => `POST /api/v1/login HTTP/1.1\r\nHost: ${HOST}\r\n${lines.join("\r\n")}\r\n\r\n`;
  for (const lines of [
    ["Content-Length: 2", "Transfer-Encoding: chunked"],
    ["Content-Length: 2", "Content-Length: 40"],
    ["Content-Length : 2"],
    ["Transfer-Encoding: x"],
  ]) {
    const reply = await raw(`${head(lines)}0\r\n\r\nGET /api/v1/me HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    assert.match(reply, /^HTTP\/1\.1 (400|501) /, `${lines}: ${reply.slice(0, 80)}`);
    assert.equal(reply.match(/HTTP\/1\.1 \d/g).length, 1, "one answer, then the connection ends");
  }
  assert.match(await raw(`${head([`X: ${"a".repeat(40_000)}`])}`), /^HTTP\/1\.1 (400|414|431) /);
  assert.equal(
    (
      await ask({
        method: "POST",
        path: "/api/v1/login",
        body: "x".repeat(70_000),
        headers: { "content-type": "application/json" },
      })
    ).statusCode,
    413,
  );
});

test("who tries passwords is stopped", async () => {
  const statuses = [];
  for (let i = 0; i < 8; i++) statuses.push((await signIn(`fel-losenord-${i}`)).statusCode);
  assert.ok(statuses.includes(429), statuses.join());
  assert.equal(statuses.at(-1), 429);
  assert.ok(!statuses.includes(200));
});

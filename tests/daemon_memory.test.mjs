// narvarod with 1,000 pupils and a school year of six lessons a day: how much memory it holds. How fast it is ready is `make bench`'s to say.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSchoolYear, writeSettings } from "./schoolyear.mjs";

const BUILD = process.env.BUILD ?? "build";
const SANITISED = BUILD.includes("san");
const PUPILS = 1000;
const RSS_KB_MAX = 24 * 1024;

const status = (socket) => {
  const call = spawnSync(`${BUILD}/bin/narvaro`, ["status", "--socket", socket], { encoding: "utf8" });
  return [0, 3].includes(call.status) ? call.stdout : ""; // 3: nobody is heard, for there is no broker
};

const ask = (socket, request) =>
  new Promise((go, fail) => {
    let answer = "";
    const connection = createConnection(socket, () => connection.write(`${JSON.stringify(request)}\n`));
    connection.on("data", (text) => (answer += text)).on("error", fail);
    connection.on("close", () => go(JSON.parse(answer)));
  });

test("1,000 pupils and a school year fit in 24 MB", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-memory-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await writeSchoolYear(join(folder, "a.db"), PUPILS);
  const settings = writeSettings(folder, "stor");

  const began = Date.now();
  const daemon = spawn(`${BUILD}/bin/narvarod`, ["--config", settings], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((go) => daemon.on("close", go));
  t.after(() => daemon.kill("SIGKILL"));
  let log = "";
  await new Promise((go) => daemon.stderr.on("data", (text) => (log += text).includes("ready") && go()));
  const readyMs = Date.now() - began;
  await new Promise((go) => setTimeout(go, 500));
  assert.ok(existsSync(join(folder, "control")));
  assert.match(status(join(folder, "control")), new RegExp(`pupils=${PUPILS}\\b`));
  // A new version of the rules asks every pupil's every day again and raises what follows.
  const text = readFileSync("tests/rules-25.cfg", "utf8");
  const asked = Date.now();
  const applied = await ask(join(folder, "control"), {
    do: "rules_apply",
    text,
    author: "test",
    why: "memory",
    from: "2000-01-01",
  });
  assert.deepEqual(applied, { ok: true, version: 2 });
  const rulesMs = Date.now() - asked;
  assert.match(status(join(folder, "control")), /flags_raised=[1-9]/);
  const rss = Number(readFileSync(`/proc/${daemon.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
  const top = Number(readFileSync(`/proc/${daemon.pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]);
  t.diagnostic(`rss ${rss} KB, top ${top} KB, ready after ${readyMs} ms, rules applied in ${rulesMs} ms`);
  if (!SANITISED) assert.ok(rss <= RSS_KB_MAX, `rss ${rss} KB`);
  daemon.kill("SIGTERM");
  assert.equal(await ended, 0, log);
});

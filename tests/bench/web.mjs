// What narvaro-web costs, on a school of 1,000 pupils, 110 days, 300,000 events and 40 open flags: requests a second and
// p99 by wrk (apt-get install wrk), memory, how long a look waits beside passwords that are hashed,
// and a commit takes to reach 100 streams. Ends with status 1 when a budget is broken.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { EVIDENCE, insert, openStreams, pack, quote, signIn, sqlite, startWeb, TODAY, USERS } from "../fixture.mjs";

const RSS_KB_MAX = 16 * 1024;
const PER_SECOND_MIN = 1000;
const P99_MS_MAX = 50;
const BESIDE_HASHES_MS_MAX = 250;
const HASHES = 8;
const PUPILS = 1000;
const DAYS = 110;
let broken = 0;

function line(name, figure, within) {
  console.log(`${within ? "      " : "OVER  "}${name.padEnd(40)}${figure}`);
  broken += !within;
}

const day = pack(
  [0, 1, 2, 3, 4, 5, 6].map((i) => ({
    start: 480 + 60 * i,
    minutes: 50,
    absent: i === 2 ? 50 : 0,
    subject: i % 3,
    status: i === 2 ? "unreported" : "present",
  })),
);
const count = (name, from, to) =>
  `WITH RECURSIVE ${name}(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${to})`;

const web = await startWeb({ users: USERS.slice(0, 1) });
sqlite(
  web.db,
  [
    "BEGIN;",
    insert(
      "pupil",
      Array.from({ length: PUPILS }, (_, i) => ({
        pupil_id: `q${i}`,
        given_name: "Förnamn",
        family_name: `Efternamn ${i}`,
        class: `${i % 40}`,
        year: "7",
        protected: 0,
        known_from_ms: 1,
      })),
    ),
    insert(
      "card",
      Array.from({ length: PUPILS }, (_, i) => ({ token: i + 1, pupil_id: `q${i}`, known_from_ms: 1 })),
    ),
    `${count("d", TODAY - DAYS + 1, TODAY)} INSERT OR IGNORE INTO pupil_day SELECT pupil_id, n, class, ${quote(day)} FROM pupil, d;`,
    `${count("e", 10, 300000)} INSERT INTO event SELECT 'entre-a', 7, n, n, 'tap', 1, n, n, 0, 'synced', 1, n % ${PUPILS} + 1, 1, 'ok', n, NULL, 1795000000000 + n, ${TODAY - DAYS} + n / 3000 FROM e;`,
    insert(
      "flag",
      Array.from({ length: 40 }, (_, i) => ({
        flag: 100 + i,
        pupil_id: `q${i}`,
        rule: "absence-15",
        severity: 1 + (i % 3),
        rules_version: 1,
        raised_day: TODAY - i,
        evidence: JSON.stringify(EVIDENCE),
        decided_ms: 1,
      })),
    ),
    "COMMIT;",
  ].join("\n"),
);

const rssKb = () => Number(readFileSync(`/proc/${web.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
const me = await signIn(web);

function load(path) {
  const text = execFileSync(
    "wrk",
    ["-t1", "-c16", "-d3s", "--latency", "-H", `Cookie: ${me.cookie}`, `${web.url}${path}`],
    { encoding: "utf8" },
  );
  if (/Non-2xx/.test(text)) throw new Error(`${path}: ${text}`);
  const [, value, unit] = text.match(/99%\s+([\d.]+)(us|ms|s)/);
  return {
    perSecond: Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    p99Ms: value * { us: 0.001, ms: 1, s: 1000 }[unit],
  };
}

for (const path of [
  "/app.js",
  "/api/v1/me",
  "/api/v1/status",
  "/api/v1/terminals",
  "/api/v1/flags",
  "/api/v1/groups",
  "/api/v1/pupils?q=efternamn",
  "/api/v1/pupils/q1",
]) {
  const bytes = (await (await fetch(web.url + path, { headers: { cookie: me.cookie } })).arrayBuffer()).byteLength;
  const { perSecond, p99Ms } = load(path);
  line(
    path,
    `${Math.round(perSecond)} req/s, p99 ${p99Ms.toFixed(1)} ms, ${bytes} bytes`,
    p99Ms <= P99_MS_MAX && perSecond >= PER_SECOND_MIN,
  );
}
line("memory after that", `${rssKb()} kB`, rssKb() <= RSS_KB_MAX);

let hashing = true;
const hashed = Promise.all(Array.from({ length: HASHES }, () => signIn(web))).then(() => (hashing = false));
let worst = 0;
while (hashing) {
  const asked = performance.now();
  await (await me.get("me")).arrayBuffer();
  worst = Math.max(worst, performance.now() - asked);
}
await hashed;
line(`a look beside ${HASHES} passwords hashed, worst`, `${worst.toFixed(0)} ms`, worst <= BESIDE_HASHES_MS_MAX);

const readers = (await openStreams(web, me, 100)).map((stream) => stream.body.getReader());
await Promise.all(readers.map((reader) => reader.read()));
line("memory with 100 streams", `${rssKb()} kB`, rssKb() <= RSS_KB_MAX);
const took = [];
for (let i = 0; i < 10; i++) {
  sqlite(web.db, insert("flag_change", [{ flag: 1, change: "raised", why: "", recorded_ms: i }]));
  const committed = performance.now();
  await Promise.all(readers.map((reader) => reader.read()));
  took.push(performance.now() - committed);
}
line("a commit to 100 streams, worst of 10", `${Math.max(...took).toFixed(0)} ms`, Math.max(...took) <= 1000);
await Promise.all(readers.map((reader) => reader.cancel()));
await web.stop();
process.exit(broken ? 1 : 0);

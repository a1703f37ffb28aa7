// What the pages cost whoever waits for them, in Debian's Chromium at a quarter of the processor's speed: first paint and ready
// of every screen, the next pupil, an event that becomes visible, the first visit's bytes and requests; then the preview of
// rules for 1,500 pupils and a school year. Medians of RUNS; ends with status 1 when a budget of docs/dashboard.md is broken.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { CivilClock } from "../demo/civilclock.mjs";
import { Lonely } from "../lonely.mjs";
import { fillClasses, fillInbox } from "../browser/inbox.mjs";
import { openHouse } from "../browser/visit.mjs";
import { insert, NOW, pack, quote, root, signIn, sqlite, startWeb, TODAY, USERS } from "../fixture.mjs";
import { VERSION } from "../schoolyear.mjs";

const RUNS = Number(process.env.RUNS ?? 5);
const SLOWER = 4;
const BUDGET = { paint: 600, ready: 1200, next: 100, seen: 1000, bytes: 60000, requests: 15, preview: 300 };
const SCREENS = [
  ["review", "kim", "[role=option]"],
  ["pupil/p-a", "kim", "svg.strip"],
  ["cases", "kim", "#heading"],
  ["groups", "kim", "table.groups"],
  ["rules", "kim", ".rules"],
  ["terminals", "kim", "table.terminals"],
  ["audit", "kim", "main table"],
  ["retention", "dana", "#heading"],
  ["roll", "lind", "#heading"],
  ["imports", "ivar", "#files"],
  ["account", "kim", "#statement"],
];
let broken = 0;

const middle = (figures) => [...figures].sort((a, b) => a - b)[figures.length >> 1];
function line(name, figure, within) {
  console.log(`${within ? "      " : "OVER  "}${name.padEnd(28)}${figure}`);
  broken += !within;
}
async function repeat(work) {
  const all = [];
  for (let i = 0; i < RUNS; i++) all.push(await work(i));
  return all;
}

const house = await openHouse();
fillInbox(house.web.db);
fillClasses(house.web.db);
const rules = readFileSync(`${root}config/rules.cfg`, "utf8");
sqlite(
  house.web.db,
  insert("rules_version", [
    { version: 1, text: rules, author: "kim", why: "first", from_day: TODAY - 100, recorded_ms: Date.parse(NOW) },
  ]),
);

/** A browser with nothing kept, slowed down. */
async function slowly(user) {
  const visit = await house.visitor({ user });
  const wire = await visit.context.newCDPSession(visit.page);
  await wire.send("Network.enable");
  await wire.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  return { ...visit, wire };
}

async function load(hash, user, ready) {
  const { context, page, wire } = await slowly(user);
  let bytes = 0,
    requests = 0;
  wire.on("Network.requestWillBeSent", ({ request }) => {
    requests += !request.url.startsWith("data:");
  });
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(`${house.web.url}/#/${hash}`);
  await page.waitForSelector(ready);
  const [readyMs, paintMs] = await page.evaluate(() => [
    performance.now(),
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
  ]);
  await context.close();
  return { readyMs, paintMs, bytes, requests };
}

for (const [hash, user, ready] of SCREENS) {
  const all = await repeat(() => load(hash, user, ready));
  const paint = middle(all.map(({ paintMs }) => paintMs)),
    whole = middle(all.map(({ readyMs }) => readyMs));
  line(
    hash,
    `paint ${paint.toFixed(0)} ms, ready ${whole.toFixed(0)} ms`,
    paint <= BUDGET.paint && whole <= BUDGET.ready,
  );
  if (hash === "review")
    line(
      "first visit",
      `${all[0].bytes} bytes, ${all[0].requests} requests`,
      all[0].bytes <= BUDGET.bytes && all[0].requests <= BUDGET.requests,
    );
}

{
  const { page, open, context } = await slowly("kim");
  await open("review", "#row-flag-p-a");
  const next = await repeat((i) =>
    page.evaluate(
      async (key) => {
        const shown = () => document.querySelector(".panel h2").textContent;
        document.querySelector('[role=option][tabindex="0"]').focus();
        const before = shown(),
          began = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        while (shown() === before) await new Promise((go) => requestAnimationFrame(go));
        await new Promise((go) => requestAnimationFrame(go));
        return performance.now() - began;
      },
      i % 2 ? "k" : "j",
    ),
  );
  line("next pupil", `${middle(next).toFixed(0)} ms`, middle(next) <= BUDGET.next);
  const seen = await repeat(async (i) => {
    sqlite(
      house.web.db,
      insert("task", [
        { task: 50 + i, kind: "guardian", pupil_id: "p-a", day: TODAY - i, created_ms: Date.parse(NOW), lessons: "[]" },
      ]),
    );
    const began = performance.now();
    await page.waitForSelector(`#row-task-${50 + i}`);
    return performance.now() - began;
  });
  line("stored, then visible", `${middle(seen).toFixed(0)} ms`, middle(seen) <= BUDGET.seen);
  await context.close();
}
await house.close();

// As at the end of a school year: 178 days of six lessons, a twentieth missed.
function schoolYear(db) {
  const first = Date.parse("2026-08-17T00:00:00Z") / 86400000;
  const days = Array.from({ length: 300 }, (_, i) => first + i)
    .filter((day) => (day + 3) % 7 < 5)
    .slice(0, 178);
  const packed = (missed) =>
    quote(
      pack(
        [0, 1, 2, 3, 4, 5].map((i) => ({
          lesson: 0,
          start: 480 + 70 * i,
          minutes: 60,
          absent: i === missed ? 60 : 0,
          subject: i,
          status: i === missed ? "unreported" : "present",
        })),
      ),
    );
  const count = (name, to) =>
    `WITH RECURSIVE ${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${to - 1})`;
  const variants = [0, 1, 2, 3, 4, 5].map((missed) => `WHEN ${missed} THEN ${packed(missed)}`).join(" ");
  execFileSync("sqlite3", ["-bail", db], {
    input: [
      readFileSync(`${root}daemon/store/schema.sql`, "utf8"),
      "BEGIN;",
      insert(
        "subject",
        [0, 1, 2, 3, 4, 5].map((i) => ({ subject: i, name: `ämne ${i}` })),
      ),
      insert(
        "school_day",
        days.map((day) => ({ day, lessons_closed: 360, closed_ms: 1, decided_ms: 1 })),
      ),
      `${count("p", 1500)} INSERT INTO pupil (pupil_id, given_name, family_name, class, year, protected, known_from_ms) SELECT 'p' || n, 'A', 'B', 'k' || (n % 60), 7 + n % 3, 0, 0 FROM p;`,
      `INSERT INTO pupil_day SELECT pupil_id, day, class, CASE (CAST(substr(pupil_id, 2) AS INTEGER) * 31 + day * 17) % 19 ${variants} ELSE ${packed(-1)} END FROM pupil, school_day;`,
      `PRAGMA user_version = ${VERSION}; COMMIT;`,
    ].join("\n"),
  });
  return new Date((days.at(-1) + 1) * 86400000).toISOString();
}

const daemon = new Lonely();
const now = schoolYear(daemon.database);
await daemon.at(now);
const web = await startWeb({
  users: USERS.slice(0, 3),
  withSchool: false,
  db: daemon.database,
  control: daemon.control,
  clock: ["--demo-clock", new CivilClock(Date.parse(now), 1).option],
});
const eva = await signIn(web, "eva");
const preview = await repeat(async () => {
  const began = performance.now();
  const answer = await eva.send("POST", "rules/preview", { text: rules });
  const body = await answer.json();
  if (answer.status !== 200 || body.school.pupils !== 1500) throw new Error(JSON.stringify(body).slice(0, 300));
  return performance.now() - began;
});
line("preview, 1,500 pupils", `${middle(preview).toFixed(0)} ms`, middle(preview) <= BUDGET.preview);
await web.stop();
await daemon.end();
process.exit(broken ? 1 : 0);

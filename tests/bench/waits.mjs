// The daemon's work taken apart: a start, the roll of a lesson that the whole school ends at the same minute, and the
// instructions of a tap.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testProgram } from "../demo/stage.mjs";
import { utcOfLocal } from "../naive/civil.mjs";
import { FIRST_TOKEN, writeSchoolYear, writeSettings } from "../schoolyear.mjs";
import { instructions } from "./callgrind.mjs";

const ROUNDS = 5;
const COUNTED = 6_400; // taps
const TAPPING = 92; // of a hundred pupils

const bench = (...words) =>
  JSON.parse(execFileSync(testProgram("bench-daemon"), words.map(String), { encoding: "utf8" }));
const sql = (database, text) => execFileSync("sqlite3", [database], { input: text, encoding: "utf8" });
const date = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
const median = (list, key) => list.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function withSchool(pupils, use) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-waits-"));
  try {
    const database = join(folder, "a.db");
    await writeSchoolYear(database, pupils);
    return use(database, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// { pupils, check_ms, rebuild_ms, read_ms, rss_kb }, medians.
export function start(pupils) {
  return withSchool(pupils, (database) => {
    const rounds = Array.from({ length: pupils > 5000 ? 1 : ROUNDS }, () => bench("start", database));
    return {
      ...rounds[0],
      check_ms: median(rounds, "check_ms"),
      rebuild_ms: median(rounds, "rebuild_ms"),
      read_ms: median(rounds, "read_ms"),
    };
  });
}

// { rows, compute_ms, store_ms, commit_ms }: a minute after the end of the last date's first lesson.
export function roll(pupils) {
  return withSchool(pupils, (database) => {
    const day = Number(sql(database, "SELECT max(day) FROM school_day;"));
    const tapped = utcOfLocal(date(day), "07:58");
    const taps = Array.from({ length: pupils }, (_, p) => p)
      .filter((p) => p % 100 < TAPPING)
      .map(
        (p) =>
          `INSERT INTO imported_tap VALUES ('t-${p % Math.ceil(pupils / 25)}', ${FIRST_TOKEN + p}, ${tapped}, ${day}, 0);`,
      );
    sql(
      database,
      `BEGIN; DELETE FROM pupil_day WHERE day = ${day}; DELETE FROM school_day WHERE day = ${day};\n${taps.join("\n")}\nCOMMIT;`,
    );
    return bench("roll", database, day, utcOfLocal(date(day), "09:01"));
  });
}

// Where the instructions of a tap go.
const PARTS = ["json_loadb", "wire_decode_events", "store_event_insert", "store_card_refusal", "ingest_save"];

// From the message to the commit and the receipt, libmosquitto and the kernel not counted: { all, and each of PARTS } for one tap;
// null without valgrind.
export function instructionsOfTap() {
  return withSchool(1000, (_, folder) => {
    const settings = writeSettings(folder, "bench");
    const counted = (taps) => instructions(["daemon_step"], PARTS, testProgram("bench-daemon"), "taps", settings, taps);
    const some = counted(COUNTED),
      none = counted(0); // what a start does once
    if (some === null || none === null) return null;
    return Object.fromEntries(Object.keys(some).map((part) => [part, (some[part] - none[part]) / COUNTED]));
  });
}

// Profiles tried on made-up schools by narvaro backtest.

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRules } from "../../naive/detect.mjs";
import { Marginals } from "./marginals.mjs";
import { Quality, readFlags } from "./quality.mjs";
import { HEADER, makeSchool, missedMinutes, rowsOf } from "./school.mjs";

const NARVARO = join(process.env.BUILD ?? "build", "bin", "narvaro");

// Writes attendance.csv; returns the pupils, as Quality wants them.
export function writeSchool(file, school, marginals) {
  const out = openSync(file, "w");
  const pupils = [];
  writeSync(out, HEADER);
  makeSchool(school, (pupil, days) => {
    marginals?.add(days);
    const lost = days.map(
      (day) => day.statuses.reduce((sum, _, i) => sum + missedMinutes(day, i), 0) / (day.minutes * day.statuses.length),
    );
    pupils.push({ id: pupil.id, kind: pupil.kind, onset: pupil.onset, twins: pupil.twins, lost });
    writeSync(out, days.map((day) => rowsOf(pupil, day)).join(""));
  });
  closeSync(out);
  return pupils;
}

export function backtest(profile, file) {
  const severities = new Map(readRules(readFileSync(profile, "utf8")).map(({ id, severity }) => [id, severity]));
  return readFlags(
    execFileSync(NARVARO, ["backtest", "--rules", profile, file], { encoding: "utf8", maxBuffer: 1 << 28 }),
    severities,
  );
}

// The profiles on as many schools of that form and level: { results by profile, marginals }.
export function tryProfiles(profiles, { form, level, pupils, schools }) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-early-"));
  const file = join(folder, "attendance.csv");
  const marginals = new Marginals();
  const qualities = new Map(profiles.map((profile) => [profile, new Quality()]));
  try {
    for (let seed = 1; seed <= schools; seed++) {
      const made = writeSchool(file, { form, level, pupils, seed }, marginals);
      for (const [profile, quality] of qualities) quality.add(made, backtest(profile, file));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { marginals, results: new Map([...qualities].map(([profile, quality]) => [profile, quality.result()])) };
}

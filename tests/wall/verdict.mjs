// What the lamps said against what the database holds: the only thing that counts.

import { readFileSync } from "node:fs";
import { countBy } from "../demo/judge.mjs";
import { storedToken } from "../naive/siphash.mjs";

const KEPT = ["ok", "late", "other_room", "unknown_card", "recorded"]; // lamps that promise the event is safe
const UNDATED_MS = 65_000; // a head cannot say how long a tap has waited beyond this
const DATED_WITHIN_MS = 3000;

const byKey = (list) => {
  const lists = new Map();
  for (const item of list) lists.set(item.key, [...(lists.get(item.key) ?? []), item]);
  return lists;
};

// Every promise with the time of its tap. One that came too late to be shown was made all the same: the card is journalled.
function promises(house) {
  const key = readFileSync(house.stage.path("token.key"), "utf8").trim();
  return [...house.bus.lamps, ...house.bus.silent].map((lamp) => ({
    ...lamp,
    key: `${lamp.bus} ${lamp.reader} ${storedToken(key, lamp.card)}`,
    tapped_ms: lamp.boot_ms - lamp.latency_ms,
  }));
}

const storedTaps = (house) =>
  house.query(
    "SELECT terminal_id || ' ' || reader || ' ' || CAST(token AS TEXT) AS key, settled_ms, clock FROM event WHERE kind = 'tap'",
  );

// A tap that a power cut took from between journal and lamp is answered "again": its event is there, its green lamp is not.
function takenByCut(house, all) {
  return all.filter(
    ({ bus, pattern, tapped_ms, boot_ms }) =>
      house.cut &&
      bus === house.cut.name &&
      pattern === "again" &&
      tapped_ms <= house.cut.boot_ms &&
      boot_ms >= house.cut.boot_ms,
  ).length;
}

function misdated(house, promised, stored) {
  let wrong = 0;
  for (const [key, taps] of promised) {
    const times = (stored.get(key) ?? []).map(({ settled_ms }) => settled_ms).filter((ms) => ms !== null);
    const expected = taps
      .filter(({ latency_ms }) => latency_ms < UNDATED_MS)
      .map(({ tapped_ms }) => house.clock.utcMs(tapped_ms));
    wrong += expected.filter((utc_ms) => !times.some((ms) => Math.abs(ms - utc_ms) <= DATED_WITHIN_MS)).length;
  }
  return wrong;
}

export function verdict(house) {
  const all = promises(house);
  const kept = all.filter(({ pattern }) => KEPT.includes(pattern));
  const rows = storedTaps(house);
  const [promised, stored] = [byKey(kept), byKey(rows)];
  const excess = (many, few) =>
    [...many].reduce((sum, [key, list]) => sum + Math.max(0, list.length - (few.get(key)?.length ?? 0)), 0);
  return {
    taps: house.bus.taps.length,
    dropped_by_heads: house.bus.troubles.filter((line) => line.startsWith("dropped")).length,
    lamps: countBy(house.bus.lamps, ({ pattern }) => pattern),
    too_late_to_show: all.length - house.bus.lamps.length,
    promised: kept.length,
    stored: rows.length,
    lost: excess(promised, stored),
    doubled: Math.max(0, excess(stored, promised) - takenByCut(house, all)),
    misdated: misdated(house, promised, stored),
    stored_by_clock: countBy(rows, ({ clock }) => clock),
  };
}

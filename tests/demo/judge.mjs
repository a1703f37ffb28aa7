// Compares a day that was lived with what was predicted of it: taps, lamps, events, outcomes, lessons, tasks, flags, and
// what the dashboard serves of them.

import { nextDate } from "../naive/civil.mjs";

const STATUSES = ["present", "late", "reported", "leave", "unreported", "unknown", "cancelled", "exempt"];
const PACKED_BYTES = 13; // daemon/core/outcome.h
const dayNumber = (date) => Date.parse(`${date}T00:00Z`) / 86_400_000;
const dateOfDay = (day) => (day === null ? "" : nextDate("1970-01-01", day));
const flagText = (f) => `${f.pupil_id} ${f.rule} ${f.raised_on}–${f.cleared_on}`;
const outcomeText = (o) => `${o.pupil_id} ${o.lesson_id} ${o.status} ${o.absent_minutes}`;

export function countBy(rows, key) {
  const counts = {};
  for (const word of rows.map(key).sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

// `shown`: pupils whom the signed-in user may see. Adds rows to the report.
export async function judge({ report, house, api, prediction, today, shown }) {
  const { bus } = house;
  report.compare("taps made", bus.taps.length, prediction.taps, () => bus.troubles.slice(0, 5).join("; "));
  report.compare(
    "lamps shown",
    countBy(bus.lamps, (l) => l.pattern),
    sorted(prediction.lamps),
    () => bus.troubles.slice(0, 5).join("; "),
  );
  judgeDatabase(report, house, prediction, today);
  await judgeServed(report, api, prediction, today, shown);
}

const sorted = (counts) => Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

function judgeDatabase(report, house, prediction, today) {
  const stored = house.query("SELECT terminal_id, count(*) AS n FROM event WHERE kind = 'tap' GROUP BY 1 ORDER BY 1");
  const perTerminal = Object.fromEntries(stored.map((row) => [row.terminal_id, row.n]));
  const total = (counts) => Object.values(counts).reduce((a, b) => a + b, 0);
  const predicted = countBy(prediction.stored, (t) => t.terminal_id);
  report.compare("events stored", total(perTerminal), total(predicted));
  report.compareSets("  by terminal", Object.entries(perTerminal).map(String), Object.entries(predicted).map(String));
  report.compareSets(
    "outcomes of the day",
    storedOutcomes(house, today),
    prediction.outcomes.filter(counts).map(outcomeText),
  );
  const closed = house.query(`SELECT lessons_closed AS n FROM school_day WHERE day = ${dayNumber(today)}`);
  report.compare("lessons closed", closed[0]?.n ?? 0, prediction.lessonsClosed);
  const flags = house
    .query("SELECT pupil_id, rule, raised_day, cleared_day FROM flag WHERE withdrawn_ms IS NULL")
    .map((f) => ({ ...f, raised_on: dateOfDay(f.raised_day), cleared_on: dateOfDay(f.cleared_day) }));
  report.compareSets(
    "flags raised today",
    flags.filter((f) => f.raised_on === today).map(flagText),
    prediction.flagsToday.map(flagText),
  );
  report.compareSets("flags raised this term", flags.map(flagText), prediction.flags.map(flagText));
}

const counts = (outcome) => outcome.status !== "cancelled" && outcome.status !== "exempt";

function storedOutcomes(house, today) {
  const lessons = new Map(house.query("SELECT lesson, lesson_id FROM lesson").map((l) => [l.lesson, l.lesson_id]));
  const rows = house.query(`SELECT pupil_id, hex(outcomes) AS packed FROM pupil_day WHERE day = ${dayNumber(today)}`);
  return rows
    .flatMap(({ pupil_id, packed }) => {
      const bytes = Buffer.from(packed, "hex");
      return Array.from({ length: bytes.length / PACKED_BYTES }, (_, i) => {
        const at = i * PACKED_BYTES;
        const absent_minutes = bytes.readUInt16LE(at + 8);
        return {
          pupil_id,
          lesson_id: lessons.get(bytes.readUInt32LE(at)),
          absent_minutes,
          status: STATUSES[bytes.readUInt8(at + 12)],
        };
      });
    })
    .filter(counts)
    .map(outcomeText);
}

async function judgeServed(report, api, prediction, today, shown) {
  const served = await api.get("flags");
  const seen = (pupil) => shown.has(pupil);
  const flags = servedFlags(served).filter((f) => !f.cleared_on);
  const open = prediction.flagsOpen.filter((f) => seen(f.pupil_id));
  report.compareSets("flags served by the API", flags.map(flagText), open.map(flagText));
  report.compareSets(
    "  of them from today",
    flags.filter((f) => f.raised_on === today).map(flagText),
    open.filter((f) => f.raised_on === today).map(flagText),
  );
  report.compareSets("guardians to be told", servedTasks(served), prediction.tasks.filter(seen));
}

export const servedFlags = ({ inbox, quiet }) =>
  [...inbox, ...quiet].flatMap((item) =>
    item.flags.map((f) => ({
      pupil_id: item.pupil,
      rule: f.rule,
      raised_on: f.raised_on,
      cleared_on: f.cleared_on ?? "",
    })),
  );
export const servedTasks = ({ today }) => today.map((task) => task.pupil);

// From the evidence of a flag (docs/api.md) to a sentence. Rules are data that each school edits, so nothing here knows a
// rule: every condition is told by its measure, its window and its numbers, in the words of the catalogue.
/** @import { Day, Evidence, Flag } from "./types.js" */
import { day, number, percent, shortDay, t } from "./words.js";

const SHARES = new Set(["total_absence_share", "absence_share", "unreported_share"]);
const MINUTES_PER_HOUR = 60;
export const COVERAGE_ENOUGH_PERCENT = 80;

/**
 * "3–28 november" would need the grammar of both languages; "3 nov–28 nov" does not.
 * @param {Evidence} evidence
 */
export const period = (evidence) => `${shortDay(evidence.from)}–${shortDay(evidence.to)}`;

// Evidence is from the day the flag was raised; "the latest days" is only true while no later day has been decided.
/** @param {Evidence} evidence @param {boolean} past */
function spanOfDays(evidence, past) {
  const { days, own_days: ownDays, offset } = evidence;
  if (!days) return "";
  if (offset) return t.window.earlier(ownDays, period(evidence));
  if (past) return t.window.upTo(ownDays, day(evidence.to));
  return ownDays < days ? t.window.soFar(ownDays) : t.window.latest(ownDays);
}

/** @param {Evidence} evidence @param {Day | null} [decidedThrough] */
function values(evidence, decidedThrough) {
  const { measure, numerator: n, denominator: d, threshold_hundredths: hundredths } = evidence;
  const inHours = SHARES.has(measure);
  const scale = inHours ? MINUTES_PER_HOUR : 1;
  const past = evidence.to < (decidedThrough ?? "");
  const limit = evidence.measure === "weekday_tail" ? hundredths : hundredths / 100;
  return {
    count: d === 1 ? n : Math.round(n / d),
    percent: percent(n, d, 1),
    wholePercent: percent(n, d),
    points: number((100 * n) / d, 1),
    part: number(n / scale, inHours ? 1 : 0),
    whole: number(d / scale, inHours ? 1 : 0),
    days: evidence.days,
    window: spanOfDays(evidence, past),
    until: past ? day(evidence.to) : null,
    weekday: evidence.weekday,
    subject: evidence.subject,
    limit: number(limit, 2),
  };
}

/** @param {string} measure */
const wordsOf = (measure) => t.measures[measure] ?? t.measures.other;

/**
 * { lead, text, limit }: the number, what it is a number of, and the school's limit.
 * @param {Evidence} evidence
 * @param {Day | null} [decidedThrough]
 */
export function reason(evidence, decidedThrough) {
  const words = wordsOf(evidence.measure);
  const value = { ...values(evidence, decidedThrough), measure: evidence.measure };
  const limit = words.limit(value);
  return {
    lead: words.lead(value),
    text: words.text(value),
    limit:
      evidence.comparison === "at_most" && evidence.measure !== "weekday_tail"
        ? t.reason.atMost(limit)
        : t.reason.limit(limit),
  };
}

/**
 * A few words for a row of a list.
 * @param {Flag} flag
 */
export function shortReason(flag) {
  const [first] = flag.evidence;
  if (!first) return "";
  const words = wordsOf(first.measure);
  const value = { ...values(first), measure: first.measure };
  const short = words.short(value);
  return first.measure === "weekday_tail" ? short : `${short} · ${t.reason.shortLimit(words.limit(value))}`; // a probability needs more than a few words
}

/**
 * How the number came about, for "Så räknar vi".
 * @param {Evidence} evidence
 */
export const howCounted = (evidence) => wordsOf(evidence.measure).how;

/** @param {Evidence} a @param {Evidence} b */
const sameMeasure = (a, b) => a.measure === b.measure && a.days === b.days && a.offset === b.offset && a.to === b.to;

/**
 * The evidence of several flags, the gravest flag first, each measure once: two limits on one number are one reason.
 * @param {Flag[]} flags
 */
export function distinctEvidence(flags) {
  const all = [...flags].sort((a, b) => b.severity - a.severity).flatMap((flag) => flag.evidence);
  return all.filter((evidence, index) => all.findIndex((other) => sameMeasure(evidence, other)) === index);
}

/** @param {Flag[]} flags */
export const gravest = (flags) => flags.reduce((a, b) => (b.severity > a.severity ? b : a));

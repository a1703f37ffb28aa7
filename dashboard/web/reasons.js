// From the evidence of a flag (docs/api.md) to a sentence. Rules are data that each school edits, so nothing here knows a
// rule: every condition is told by its measure, its window and its numbers, in the words of the catalogue.
/** @import { Day, Evidence, Flag } from "./types.js" */
import { day, number, percent, shortDay, t } from "./words.js";

const MINUTES_PER_HOUR = 60;
const TAILS = new Set(["weekday", "class"]); // kinds of measures that are probabilities
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

/**
 * Its own words over those of its kind over those of any: a measure that these pages do not know is shown by its name.
 * @param {string} measure @returns {Record<string, string>}
 */
const wordsOf = (measure) => ({
  ...t.kinds.any,
  ...t.kinds[t.measures[measure]?.kind],
  ...t.measures[measure],
});

/** @param {string} measure */
const isTail = (measure) => TAILS.has(wordsOf(measure).kind);

/**
 * A sentence of FLAG_WORDS (i18n/en.js) with its values.
 * @param {string} sentence @param {Record<string, string | number>} given
 */
function fill(sentence, given) {
  return sentence.replace(/ ?\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (blank, key, one, several) => {
    const value = one === undefined ? (given[key] ?? "") : String(given[key]) === "1" ? one : several;
    return blank.startsWith(" ") && value !== "" ? ` ${value}` : value;
  });
}

/**
 * What a measure is called.
 * @param {string} measure
 */
export function measureName(measure) {
  const words = wordsOf(measure);
  return fill(words.name, { ...words, measure });
}

/**
 * The unit of a measure's threshold; counts have none, and are whole numbers.
 * @param {string} measure
 */
export const measureUnit = (measure) => wordsOf(measure).unit ?? "";

/**
 * A rule's threshold in the unit it is shown in: a probability as times in a hundred.
 * @param {string} measure @param {number} value
 */
export const shownThreshold = (measure, value) => (isTail(measure) ? Number((100 * value).toFixed(6)) : value);

/**
 * And back.
 * @param {string} measure @param {number} shown
 */
export const ruleThreshold = (measure, shown) => (isTail(measure) ? shown / 100 : shown);

/** @param {Evidence} evidence @param {Day | null} [decidedThrough] */
function values(evidence, decidedThrough) {
  const { measure, numerator: n, denominator: d, threshold_hundredths: hundredths } = evidence;
  const { class_numerator: classPart = 0, class_denominator: classWhole = 0 } = evidence;
  const words = wordsOf(measure);
  const past = evidence.to < (decidedThrough ?? "");
  const count = d === 1 ? n : Math.round(n / d);
  return {
    ...words,
    measure,
    count,
    noun: count === 1 ? words.one : words.many,
    percent: percent(n, d, 1),
    whole_percent: percent(n, d),
    points: number((100 * n) / d, 1),
    part: number(n),
    whole: number(d),
    class_count: number(classWhole && (d * classPart) / classWhole, 1), // in as many days as the pupil's
    part_hours: number(n / MINUTES_PER_HOUR, 1),
    whole_hours: number(d / MINUTES_PER_HOUR, 1),
    window: spanOfDays(evidence, past),
    until: past ? day(evidence.to) : t.window.now,
    weekday: t.weekdays[evidence.weekday ?? -1] ?? words.weekday,
    subject: evidence.subject ?? words.subject,
    limit: number(isTail(measure) ? hundredths : hundredths / 100, 2),
  };
}

/**
 * { lead, text, limit }: the number, what it is a number of, and the school's limit.
 * @param {Evidence} evidence
 * @param {Day | null} [decidedThrough]
 */
export function reason(evidence, decidedThrough) {
  const { lead, text, limit } = wordsOf(evidence.measure);
  const value = values(evidence, decidedThrough);
  const threshold = fill(limit, value);
  return {
    lead: fill(lead, value),
    text: fill(text, value),
    limit:
      evidence.comparison === "at_most" && !isTail(evidence.measure)
        ? t.reason.atMost(threshold)
        : t.reason.limit(threshold),
  };
}

/**
 * A few words for a row of a list.
 * @param {Flag} flag
 */
export function shortReason(flag) {
  const [first] = flag.evidence;
  if (!first) return "";
  const { short, limit } = wordsOf(first.measure);
  const value = values(first);
  const told = fill(short, value);
  return isTail(first.measure) ? told : `${told} · ${t.reason.shortLimit(fill(limit, value))}`; // a probability needs more than a few words
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

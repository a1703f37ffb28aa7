// From the evidence of a flag (docs/api.md) to a sentence. Rules are data that each school edits, so nothing here knows a
// rule: every condition is told by its measure, its window and its numbers, in the words of the catalogue.
/** @import { Clear, Day, Evidence, Finding, Flag, Now } from "./types.js" */
import { day, number, percent, shortDay, t } from "./words.js";

const MINUTES_PER_HOUR = 60;
const TAILS = new Set(["weekday", "class"]); // kinds of measures that are probabilities
export const COVERAGE_ENOUGH_PERCENT = 80;
const FINDING_DAYS = 20; // daemon/core/finding.h
/** Of a flag's evidence the latest days are those before the flag, never the latest of today. */
export const LATER = "9999-12-31";

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
export const isTail = (measure) => TAILS.has(wordsOf(measure).kind);

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
 * Any sentence about a number, filled in with it.
 * @param {Evidence} evidence @param {string} sentence
 */
export const phrase = (evidence, sentence) => fill(sentence, values(evidence));

/** @param {Evidence} a @param {Evidence} b */
const sameMeasure = (a, b) => a.measure === b.measure && a.days === b.days && a.offset === b.offset;

/**
 * The conditions of several flags, the gravest flag first, each once: two limits on one number are one reason. `now` is the
 * same condition on the last decided day.
 * @param {Flag[]} flags
 * @returns {{ evidence: Evidence, now: Now | null }[]}
 */
export function distinctEvidence(flags) {
  const all = [...flags]
    .sort((a, b) => b.severity - a.severity)
    .flatMap((flag) => flag.evidence.map((evidence, at) => ({ evidence, now: flag.now?.[at] ?? null })));
  return all.filter(({ evidence }, at) => all.findIndex((other) => sameMeasure(evidence, other.evidence)) === at);
}

/** A share that is not 0 is not told as 0 %. @param {number} part @param {number} whole */
const wholePercent = (part, whole) => percent(part, whole, 200 * part < whole ? 1 : 0);

/**
 * The number that is told then and now.
 * @param {Finding} finding @param {Flag[]} flags open ones
 * @returns {{ then: Evidence, now: Now | null }}
 */
export function thenAndNow({ told: [flag, condition] }, flags) {
  return { then: flags[flag].evidence[condition], now: flags[flag].now?.[condition] ?? null };
}

/**
 * The values of a finding, for the sentences of FLAG_WORDS.
 * @param {Finding} finding @param {Flag[]} flags
 */
function findingValues(finding, flags) {
  const { figures, most, share } = finding;
  const { then, now } = thenAndNow(finding, flags);
  const told = values(then);
  const live = values(now ?? then);
  return {
    ...figures,
    days: finding.days,
    window: finding.days < FINDING_DAYS ? t.window.soFar(finding.days) : t.window.latest(finding.days),
    run_from: finding.run_from ? day(finding.run_from) : "",
    most_lesson: most?.lesson ?? "",
    most_weekday: most ? t.weekdays[most.weekday] : "",
    share_percent: share ? wholePercent(...share) : "",
    class_percent: finding.class ? wholePercent(...finding.class) : "",
    then_count: told.count,
    then_noun: told.noun,
    then_part: told.part,
    then_whole: told.whole,
    then_to: day(then.to),
    weekday: told.weekday,
    subject: live.subject,
    now_part: live.part,
    now_whole: live.whole,
    now_rise: (now ?? then).numerator > 0 ? live.points : 0,
  };
}

/** @param {string} words */
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/**
 * What is said first: the pattern with its number, the share of absence, the class. `brief`: the pattern alone.
 * @param {Finding} finding @param {Flag[]} flags @param {boolean} [brief]
 */
export function findingSentence(finding, flags, brief) {
  const { some, none, key } = t.findings.patterns[finding.pattern] ?? t.findings.patterns.share;
  /** @type {Record<string, string | number>} */
  const given = findingValues(finding, flags);
  if (some.includes("{share_percent}") && !finding.share) return `${fill(t.findings.unknown, given)}.`;
  given.class = finding.class && !brief ? fill(t.findings.class, given) : "";
  given.share = finding.share && !brief ? fill(t.findings.share, given) : "";
  given.share_long = finding.share && !brief ? fill(t.findings.share_long, given) : "";
  given.most = finding.most ? fill(t.findings.most, given) : "";
  return capital(`${fill(none && key && !given[key] ? none : some, given)}${brief ? "" : "."}`);
}

/**
 * One number as a plain sentence: as it was, or as it is.
 * @param {Evidence} evidence @param {Day} [decidedThrough]
 */
export function stateOf(evidence, decidedThrough) {
  const value = values(evidence, decidedThrough);
  const words = wordsOf(evidence.measure);
  const nothing = words.nothing && evidence.weekday === undefined && !evidence.subject && !evidence.class_denominator;
  return capital(`${fill(fill(nothing ? words.nothing : words.line, value), value)}.`);
}

/** @param {Finding} finding @param {Flag[]} flags */
export const thenName = (finding, flags) => fill(t.findings.then, { raised_on: day(flags[finding.told[0]].raised_on) });

/**
 * What takes the flag away, and how far that has come.
 * @param {Clear} clear
 */
export function clearsWhen(clear) {
  const words = wordsOf(clear.measure);
  const limit = number(clear.threshold_hundredths / 100, 2);
  const { for_days, counted } = clear;
  const name = measureName(clear.measure);
  return `${fill(t.findings.clears, { ...words, name, comparison: t.comparisons[clear.comparison], limit, for_days, counted })}.`;
}

/** @param {Finding} finding */
export function worksWell(finding) {
  const [attended, lessons, days] = finding.well;
  if (attended === 0) return "";
  const given = { well_attended: attended, well_lessons: lessons, well_days: days };
  return `${fill(attended === lessons ? t.findings.well_all : t.findings.well, given)}.`;
}

// English for trying thresholds on closed school years (Rules). The same keys as sv_tune.js.
import { count } from "./en.js";

export default /** @satisfies {typeof import("./sv_tune.js").default} */ ({
  title: "Try other thresholds on closed school years",
  lead: "Up to 5,000 choices of thresholds are tried on the school's own closed years. They are chosen on one half of the pupils, and the figures are those of the other. Nothing is changed. Counts only, no names.",
  capacity: "New per week that the school can meet",
  usual: "Leave empty for the usual: 10 for each 1,000 pupils.",
  severity: "From level",
  start: "Try thresholds",
  reading: (done, of) => `Counting: ${done} of ${of} school years of pupils.`,
  trying: (done, of) => `Trying: ${done} of at most ${of} choices.`,
  basis: (years, weeks, from, to, toldOf) =>
    `Counted on ${years} school years of pupils and ${count(weeks, "week", "weeks")}, ${from} to ${to}. The figures are of the half of the pupils on which nothing was chosen (${toldOf}); new per week is for the whole school. Counts are rounded to fives.`,
  too_few: "Too few pupils, or too few who missed 10 % or more of a spring term, for anything to be said.",
  none: "Nothing is better than the rules in force.",
  best: (profile) => `Profile ${profile} is better than the rules in force.`,
  profile: (number) => `Profile ${number}`,
  rows: {
    items_per_week: "New per week, on average",
    worst_week: "New in the worst week",
    flagged_autumn: "Pupils flagged in autumn",
    missed_in_spring: "… of whom missed 10 % or more in spring",
    days_lost: "School days missed from the first sign to the flag",
  },
  beside: "Compared with now",
  verdicts: { better: "better", undecided: "no certain difference", worse: "worse" },
  few: "fewer than 5",
  changes: (profile) => `Profile ${profile} changes`,
  change: (rule, before, after) => `${rule}: ${after}, now ${before}.`,
  download: (profile) => `Download profile ${profile} as a file`,
  use: (profile) => `Use profile ${profile} as the change`,
  used: (profile) => `Profile ${profile} is now the change. Preview it and save it as usual.`,
});

// What the made-up schools are made from: each number with where it is published, or the word "assumption". Shares are of 1.

// A Swedish school year, 178 school days at least, and its holidays (both dates included).
export const YEAR = { from: "2025-08-19", to: "2026-06-09" };
export const HOLIDAYS = [
  ["2025-10-27", "2025-10-31"],
  ["2025-12-22", "2026-01-08"],
  ["2026-02-23", "2026-02-27"],
  ["2026-03-30", "2026-04-06"],
  ["2026-05-01", "2026-05-01"],
  ["2026-05-14", "2026-05-15"],
];

// Illness by the day: absence records of six primary schools in London, 2005–2007 (Schmidt, Pebody, Mangtani,
// Eurosurveillance 2010;15(3)): begins on 1.3 % of pupil-days, mean 1.8 days, over 60 % of one day, 2.9 % away on a day.
export const ILLNESS = { begins: 0.013, one_day: 0.65, longer_days: [2, 2, 3, 3, 4, 4] };
// Flu: 28 more episodes and 63 more missed days for 100 children in a season (Neuzil et al., Arch Pediatr Adolesc Med
// 2002;156:986); two waves, each class at its own time within them: assumption.
export const FLU = { waves: ["2025-12-02", "2026-02-10"], attack: 0.14, spread_days: 12, days: [1, 2, 2, 3, 3] };
// Fridays have 20 % more absence than other days (Clifton-Sprigg and James, British Educational Research Journal,
// 10.1002/berj.4066): more begins on them.
export const FRIDAY = 1.4;
// More in winter than in late summer: assumption.
export const SEASON = { 8: 0.7, 9: 1, 10: 1.1, 11: 1.2, 12: 1.1, 1: 1.1, 2: 1.2, 3: 1, 4: 0.8, 5: 0.7, 6: 0.6 };

// Shares of pupils, and what they do: assumptions all, but that more than four in ten of those who are reported ill often
// have a diagnosed disease (43.5 %, Vanneste et al., Open Journal of Preventive Medicine 2015;5:111), and holidays in term
// (0.5 % of sessions unauthorised, Department for Education, 2023/24).
export const INNOCENT = {
  chronic: { pupils: 0.03, times: 3, part: 2 }, // ill more often, the same all year; more visits to the doctor
  long_illness: { pupils: 0.01, days: [8, 25] }, // once, reported
  holiday: { pupils: 0.16, days: [3, 7], granted: 0.7 },
  forgetful: { pupils: 0.05, forgets: 0.2 }, // home does not report in time; others forget 3 %
  forgets: 0.03,
  bus: { lines: 6, pupils: 0.12, bad_days: 0.06, bad_weeks: 3, missed: 0.15 }, // the line is late for all who take it
  sport: { pupils: 0.04, weeks: 10, granted: 0.6 }, // one afternoon a week
  injury: { pupils: 0.015, weeks: 4 }, // away from physical education, reported
  lax: { classes: 0.1, forgets: 0.15 }, // the office is told and the roll does not show it
};

// An ordinary part-day, by kind: assumption. Of 50,000 pupils in years 6 to 12 4.2 % of days were missed whole and 12.2 % in
// part, disengaging pupils among them; first and last lessons 5 %, the third 3 % (Whitney and Liu, AERA Open 2017, 3(2)).
export const PART_DAYS = { overslept: 0.3, doctor: 0.25, home_at_noon: 0.25, one_lesson: 0.2 };
export const LEVELS = [0.05, 0.08, 0.12];
// Pupils and classes differ: the level is multiplied by a pupil's factor and a class's (gamma, mean 1): assumption.
export const SPREAD = { pupil: 4, class: 16 };

// Pupils who disengage, and how. Compulsory school: assumption, between the 18,000 of about a million pupils with repeated
// unreported absence (Skolinspektionen, 2016) and the 160,000 of a million who missed 15 % of an autumn (Skolverket, 2021,
// autumn of 2019), illness included. Upper secondary: 10.1 % missed 15 % of a term (Askeland et al., BMC Public Health
// 2015;15:626, Norway), and 9.8 to 10.8 % lost a month's study grant (CSN, 2022/23 to 2024/25).
export const DISENGAGING = { compulsory: 0.09, upper_secondary: 0.1 };
// How it shows, each with its innocent twin: assumption.
export const KINDS = {
  compulsory: { fades: 0.35, spells: 0.25, truant: 0.15, withdraws: 0.15, avoids: 0.1 },
  upper_secondary: { fades: 0.3, spells: 0.15, truant: 0.35, withdraws: 0.1, avoids: 0.1 },
};
// A third goes on from the year before, the others begin between the third week and two thirds of the year: assumption.
export const ONSET = { before: 0.33, days: [14, 118] };
export const RAMP_DAYS = [20, 50];

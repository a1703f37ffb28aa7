// Due dates by counting on lists: all days of a decade are written down as texts, those that count are kept, and a date is looked up by
// its place. The clocks are typed from docs/support.md, the public holidays from almanacs: nothing here is shared with the program.

const DAY_MS = 86_400_000;
const dates = (from, to) => {
  const list = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    list.push(new Date(at).toISOString().slice(0, 10));
  return list;
};
const ALL = dates("2025-01-01", "2031-12-31");

const SAME_EVERY_YEAR = ["01-01", "01-06", "05-01", "06-06", "12-25", "12-26"];
// Good Friday, Easter Monday and Ascension Day; what falls on Saturdays and Sundays makes no difference to a Monday to Friday.
const MOVING = `2025-04-18 2025-04-21 2025-05-29  2026-04-03 2026-04-06 2026-05-14  2027-03-26 2027-03-29 2027-05-06
  2028-04-14 2028-04-17 2028-05-25  2029-03-30 2029-04-02 2029-05-10  2030-04-19 2030-04-22 2030-05-30
  2031-04-11 2031-04-14 2031-05-22`.split(/\s+/);
const isWeekday = (date) => ![0, 6].includes(new Date(date).getUTCDay());
const WORKING = ALL.filter(
  (date) => isWeekday(date) && !SAME_EVERY_YEAR.includes(date.slice(5)) && !MOVING.includes(date),
);

const COMPULSORY = ["FKLASS", "GR", "GRS", "SP", "SAM"];
// Of each clock: school or working days, for whom.
export const CLOCKS = {
  guardian_told: { same: true, who: (pupil) => pupil.age < 18 },
  first_contact: { school: 5 },
  mapping: { school: 10 },
  inquiry_decision: { school: 5 },
  inquiry: { school: 15 },
  huvudman_told: { working: 5, who: (pupil) => COMPULSORY.includes(pupil.form) },
  home_municipality_told: {
    working: 5,
    who: (pupil) => pupil.elsewhere && (COMPULSORY.includes(pupil.form) || pupil.age < 20),
  },
  measure_evaluated: { school: 15 },
  sip: { school: 10 },
  next_date: { school: 20 },
  long_case: { school: 20 },
  concern_answered: {},
};

// 1 August to 31 July, by its first year.
const schoolYear = (date) => Number(date.slice(0, 4)) - (date.slice(5) < "08-01" ? 1 : 0);
const within = (date, span) => date >= (span.from ?? "0000") && date <= (span.to ?? "9999");

// The school days, and the school years that the calendar tells of. A calendar comes again and again: the last one is kept.
let last = { calendar: "", answer: null };
export function schoolDays(calendar) {
  const text = JSON.stringify(calendar);
  if (text !== last.calendar) last = { calendar: text, answer: countDays(calendar) };
  return last.answer;
}

function countDays(calendar) {
  const of = (...kinds) => calendar.filter((span) => kinds.includes(span.kind));
  const told = new Set(of("lasar").flatMap((span) => ALL.filter((date) => within(date, span)).map(schoolYear)));
  const off = of("lov", "studiedag", "helgdag");
  const days = WORKING.filter(
    (date) =>
      !off.some((span) => within(date, span)) &&
      (!told.has(schoolYear(date)) || of("lasar").some((span) => within(date, span))),
  );
  return { days, told };
}

function ageOn(born, date) {
  if (born === null) return 0;
  const birthday = born.slice(5) === "02-29" && Number(date.slice(0, 4)) % 4 ? "02-28" : born.slice(5);
  return Number(date.slice(0, 4)) - Number(born.slice(0, 4)) - (date.slice(5) < birthday ? 1 : 0);
}

/** Does it run, when is it due (null: no figure, or no such day), and was a day counted without the calendar? */
export function dueOf({ calendar, clock, form, elsewhere, born, began }) {
  const { school, working, same, who } = CLOCKS[clock];
  if (who && !who({ form, elsewhere, age: ageOn(born, began) }))
    return { runs: false, due: null, without_calendar: false };
  if (same) return { runs: true, due: began, without_calendar: false };
  if (!school && !working) return { runs: true, due: null, without_calendar: false };
  const { days, told } = school ? schoolDays(calendar) : { days: WORKING, told: null };
  const due = days.filter((date) => date > began)[(school ?? working) - 1];
  const on_the_way = told ? dates(began, due).slice(1) : [];
  return { runs: true, due, without_calendar: on_the_way.some((date) => !told.has(schoolYear(date))) };
}

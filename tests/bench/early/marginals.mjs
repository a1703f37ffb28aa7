// What a made-up school adds up to, beside what is published: so that whoever reads a figure sees what it holds for.

import { missedMinutes } from "./school.mjs";

const SPELL_WINDOW = 60;
const MONTH = 20;

// What one day is to the counts.
function standing(day) {
  const absent = day.statuses.filter((s) => s === "reported" || s === "unreported").length;
  const expected = day.statuses.filter((s) => s !== "leave").length;
  const minutes = (test) => day.statuses.reduce((sum, s, i) => sum + (test(s) ? missedMinutes(day, i) : 0), 0);
  return {
    whole: expected > 0 && absent === expected,
    part: absent > 0 && absent < expected,
    missed: minutes(() => true) / (day.minutes * day.statuses.length),
    hours: minutes((s) => s === "unreported") / 60,
    reported: day.statuses.every((s) => s === "reported"),
    friday: day.weekday === 4,
    month: day.month,
    length: day.minutes * day.statuses.length,
  };
}

// Lengths of the stretches of days with a property.
function stretches(days, test) {
  const found = [];
  let length = 0;
  days.forEach((day, i) => {
    length = test(day) ? length + 1 : 0;
    if (length > 0 && !(days[i + 1] && test(days[i + 1]))) found.push({ end: i, length });
  });
  return found;
}

const within = (days, length, value, least) => {
  let sum = 0;
  return days.some((day, i) => {
    sum += value(day) - (i >= length ? value(days[i - length]) : 0);
    return sum >= least;
  });
};

export class Marginals {
  pupils = 0;
  days = { all: 0, whole: 0, part: 0, friday: [0, 0], other: [0, 0] };
  spells = { count: 0, days: 0, one: 0 };
  lessons = { first: [0, 0], third: [0, 0], last: [0, 0] };
  who = { tenth: 0, autumn15: 0, half: 0, unreported: 0, month: 0, mazl: 0, grant: 0 };

  add(lived) {
    const days = lived.map(standing);
    this.pupils++;
    for (const day of days) {
      this.days.all++;
      this.days.whole += day.whole;
      this.days.part += day.part;
      const on = this.days[day.friday ? "friday" : "other"];
      on[0] += day.missed;
      on[1]++;
    }
    for (const day of lived) this.#lessons(day);
    this.#pupil(days);
  }

  #lessons({ statuses }) {
    for (const [name, at] of [
      ["first", 0],
      ["third", 2],
      ["last", statuses.length - 1],
    ]) {
      this.lessons[name][0] += statuses[at] === "reported" || statuses[at] === "unreported";
      this.lessons[name][1]++;
    }
  }

  #pupil(days) {
    const share = (some) => some.reduce((sum, d) => sum + d.missed, 0) / some.length;
    const ill = stretches(days, (d) => d.reported);
    this.spells.count += ill.length;
    this.spells.days += ill.reduce((sum, { length }) => sum + length, 0);
    this.spells.one += ill.filter(({ length }) => length === 1).length;
    this.who.tenth += share(days) >= 0.1;
    this.who.half += share(days) >= 0.5;
    this.who.autumn15 += share(days.filter((d) => d.month >= 8)) >= 0.15;
    // Scattered: a twentieth of two months unreported; a month in a row away with most of it unreported.
    this.who.unreported += within(days, 2 * MONTH, (d) => (60 * d.hours) / d.length, 2 * MONTH * 0.05);
    this.who.month += stretches(days, (d) => d.whole).some(
      ({ end, length }) =>
        length >= MONTH && days.slice(end - length + 1, end + 1).filter((d) => !d.reported).length * 2 > length,
    );
    const ends = ill.map(({ end }) => end);
    this.who.mazl +=
      ill.some(({ length }) => length > 6) || ends.some((end, i) => i >= 3 && end - ends[i - 3] < SPELL_WINDOW);
    this.who.grant += within(days, MONTH, (d) => d.hours, 4);
  }

  // [what, here, published]
  rows(form) {
    const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
    const of = ([part, whole]) => percent(part, whole);
    const { days, spells, lessons, who, pupils } = this;
    const times = (100 * days.friday[0]) / days.friday[1] / ((days.other[0] / days.other[1]) * 100);
    return [
      ["days missed whole", percent(days.whole, days.all), "4.2 %, years 6 to 12, USA (Whitney and Liu 2017)"],
      ["days missed in part", percent(days.part, days.all), "12.2 % (the same)"],
      [
        "first, third, last lesson missed",
        [lessons.first, lessons.third, lessons.last].map(of).join(", "),
        "5, 3, 5 %, only part of the day (the same)",
      ],
      [
        "days of a reported illness; of one day",
        `${(spells.days / spells.count).toFixed(1)}; ${percent(spells.one, spells.count)}`,
        "1.8; over 60 %, London (Schmidt et al. 2010)",
      ],
      [
        "Friday beside other days",
        `${((times - 1) * 100).toFixed(0)} % more`,
        "20 % more, England (Clifton-Sprigg and James 2024)",
      ],
      [
        "pupils who miss a tenth",
        percent(who.tenth, pupils),
        "9 %, 24 % with part-days, USA (Whitney and Liu 2017); 20 %, England 2023/24",
      ],
      ["half", percent(who.half, pupils), "2.3 %, England 2023/24 (Department for Education)"],
      form === "compulsory"
        ? ["15 % of an autumn", percent(who.autumn15, pupils), "about 15 %, Sweden 2019 (Skolverket 2021)"]
        : ["15 % of an autumn", percent(who.autumn15, pupils), "10.1 % of a term, Norway (Askeland et al. 2015)"],
      form === "compulsory"
        ? [
            "a twentieth of two months unreported; a month in a row",
            `${percent(who.unreported, pupils)}; ${percent(who.month, pupils)}`,
            "1.8; 0.17 % of compulsory school, Sweden 2015 (Skolinspektionen 2016; as schools know it)",
          ]
        : [
            "4 hours of a month unreported",
            percent(who.grant, pupils),
            "9.8 to 10.8 % lost the study grant, Sweden (CSN, 2022/23 to 2024/25; the school judges)",
          ],
      ["ill four times in 12 weeks or over six days", percent(who.mazl, pupils), "12 to 14 %, Netherlands (M@ZL)"],
    ];
  }
}

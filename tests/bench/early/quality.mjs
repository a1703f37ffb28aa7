// What a profile did for a made-up school: its flags held against who disengaged, and from when.

import { nextDate, weekday } from "../../naive/civil.mjs";
import { DAYS } from "./school.mjs";

export const CHRONIC_DAYS = 18; // a tenth of the school year (Attendance Works: chronic)
const CALLS = { list: 2, mapping: 3 }; // severities: the student health team's list, a mapping and the head

const dayIndex = new Map(DAYS.map(({ date, index }) => [date, index]));
const monday = (date) => nextDate(date, -weekday(date));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const mean = (numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

// Flags as narvaro backtest prints them, with the severity of their rules.
export function readFlags(text, severities) {
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => {
    const [pupil, rule, raised_on, cleared_on] = line.split(",");
    return { pupil, severity: severities.get(rule), raised: raised_on, cleared: cleared_on || "9999-12-31" };
  });
}

// Dates on which a flag of that severity or worse comes while the pupil has none open: what a school must meet.
function itemDates(flags, severity) {
  const dates = [];
  let until = "";
  for (const { raised, cleared } of flags
    .filter((f) => f.severity >= severity)
    .sort((a, b) => (a.raised < b.raised ? -1 : 1))) {
    if (raised > until) dates.push(raised);
    if (cleared > until) until = cleared;
  }
  return dates;
}

// The pupils of several schools, one result. A pupil: { id, kind, onset, lost } with the school days lost by day index.
export class Quality {
  pupils = 0;
  any = 0; // pupils flagged at all
  items = { list: 0, mapping: 0 };
  weeks = new Map();
  flagged = { right: 0, wrong: 0 };
  ill = 0; // of those flagged in vain, the chronically and the long ill
  found = { list: 0, mapping: 0 };
  disengaging = 0;
  lost = [];
  lead = [];
  ceiling = [];

  add(pupils, flags) {
    const byPupil = new Map(pupils.map(({ id }) => [id, []]));
    for (const flag of flags) byPupil.get(flag.pupil).push(flag);
    for (const pupil of pupils) this.#pupil(pupil, byPupil.get(pupil.id));
  }

  #pupil(pupil, flags) {
    this.pupils++;
    this.any += flags.length > 0;
    const items = itemDates(flags, CALLS.mapping);
    this.items.mapping += items.length;
    this.items.list += itemDates(flags, CALLS.list).length;
    for (const date of items) this.weeks.set(monday(date), (this.weeks.get(monday(date)) ?? 0) + 1);
    const first = (severity) =>
      Math.min(
        ...flags
          .filter((f) => f.severity >= severity && (dayIndex.get(f.cleared) ?? Infinity) >= pupil.onset)
          .map((f) => Math.max(pupil.onset, dayIndex.get(f.raised))),
      );
    const right = pupil.kind !== null && first(CALLS.mapping) < Infinity;
    if (items.length > 0) this.flagged[right ? "right" : "wrong"]++;
    if (items.length > 0 && !right) this.ill += pupil.twins.includes("chronic") || pupil.twins.includes("long_illness");
    if (pupil.kind === null) return;
    this.disengaging++;
    for (const call of Object.keys(CALLS)) this.found[call] += first(CALLS[call]) < Infinity;
    this.#time(pupil, first(CALLS.list));
  }

  // School days lost up to the first flag of the list, and how long before the pupil had lost a tenth of a year it came.
  #time({ onset, lost }, first) {
    let sum = 0;
    let chronic = -1;
    for (let day = onset; day < DAYS.length; day++) {
      sum += lost[day];
      if (day === first) this.lost.push(sum);
      if (chronic < 0 && sum >= CHRONIC_DAYS) chronic = day;
    }
    if (chronic < 0) return;
    this.lead.push(Math.max(0, chronic - Math.min(first, chronic)));
    this.ceiling.push(chronic - onset);
  }

  result() {
    const weeks = new Set(DAYS.map(({ week }) => week)).size;
    const perThousand = 1000 / this.pupils;
    return {
      pupils: this.pupils,
      flagged: this.any / this.pupils,
      items_a_week: (this.items.mapping * perThousand) / weeks,
      list_a_week: (this.items.list * perThousand) / weeks,
      worst_week: Math.max(0, ...this.weeks.values()) * perThousand,
      disengaging: this.disengaging,
      found_list: this.found.list / this.disengaging,
      found: this.found.mapping / this.disengaging,
      ppv: this.flagged.right / (this.flagged.right + this.flagged.wrong),
      vain: this.flagged.wrong,
      vain_ill: this.ill / this.flagged.wrong,
      lost_median: median(this.lost),
      lost_mean: mean(this.lost),
      lead: median(this.lead),
      ceiling: median(this.ceiling),
    };
  }
}

// English for cases and for the list from last year: a part of en_views.js.
import { count } from "./en.js";

export const cases = /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: (n) => `${count(n, "open case", "open cases")}. On its date the pupil comes back to To review.`,
  none: "No open cases.",
  none_next: "A case opens when a flag is confirmed in To review.",
  columns: {
    name: "Pupil",
    class: "Class",
    next: "Next date",
    owner: "Owner",
    number: "Case",
    opened: "Opened",
    actions: "Action",
  },
  open: (number, name) => `Case ${number}, ${name}`,
  move: (name) => `New date for ${name}`,
  close: (name) => `Close the case of ${name}`,
  left: (n) => `Cases of pupils who have left (${n})`,
  left_lead: "Hand over to whoever takes over, or close. Nothing is erased while the case is open.",
  left_on: "Last day",
  move_short: "New date",
  close_short: "Close",
});

export const last_year = /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: (n, left) =>
    left === 0
      ? `${count(n, "pupil", "pupils")}. All have been gone through.`
      : `${count(n, "pupil", "pupils")}, ${left} to go through.`,
  who: "These pupils have a case since last school year, or had a flag of level 3 or 4 in their last 40 school days of it. Nobody is flagged anew. Go through the list once, head teacher and pupil health team together.",
  joins: (day) => `New flags of these pupils belong to the list until ${day}.`,
  none: "Nobody to follow from last year.",
  none_why: "No pupil has a case since then, or had a flag of level 3 or 4 when the school year ended.",
  undecided: "To go through",
  gone_through: "Gone through",
  case: (number, owner, day) => `Case ${number} since ${day}, owner ${owner}.`,
  flag: (level, from, to) => `Level ${level}, ${to ? `${from}–${to}` : `since ${from}`}:`,
  since: (day) => `New flag ${day}:`,
  kinds: {
    keep_watching: "is followed further",
    case_goes_on: "the case goes on",
    not_needed: "need not be followed",
  },
  acts: { keep_watching: "Keep watching", case_goes_on: "The case goes on", not_needed: "Not needed" },
  act_of: (act, name) => `${act}: ${name}`,
  decided: (kind, reason, by, day) => `${kind}${reason ? ` (${reason.toLowerCase()})` : ""}, ${by} ${day}.`,
  again: "Decide anew",
  why: "Why is it not needed?",
  not_needed_why: (name) => `${name} need not be followed: why`,
});

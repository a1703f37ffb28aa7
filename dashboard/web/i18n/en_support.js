// English for Stödvägar: a part of en_views.js. What stands on the cards is in three tongues in ways.js.
import { count } from "./en.js";

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: "Three questions: what it is about, how old the pupil is, and where the pupil lives. The answer holds today.",
  check: "The rows are a help and no decision. Check the contact before it is passed on.",
  none: "There is no table of ways to support yet.",
  none_next: "IT copies support.cfg, somebody of pupil health checks every row, and IT puts it in force.",
  cause: "1. What is it about?",
  causes: {
    psykisk: "How the pupil feels",
    medicinsk: "The body, illness",
    social: "Home, friends, leisure",
    pedagogisk: "Learning, school work",
  },
  born: "2. The pupil's date of birth",
  age: (age) => `The pupil is ${age}, by the school's data.`,
  age_unknown: "The school's data have no date of birth of the pupil.",
  place: "3. Where does the pupil live?",
  place_known: (name) => `Home municipality: ${name}.`,
  place_unknown: "The school's data have no home municipality of the pupil.",
  elsewhere: "Elsewhere in Sweden",
  also: "Also true",
  situations: {
    god_man: "Unaccompanied child with a god man",
    left_school: "Has left school, compulsory schooling is done",
  },
  show: "Show ways",
  found: (n, age) => `${count(n, "way", "ways")} at the age of ${age}`,
  found_none: "No way of the table fits. Ask pupil health, or try another question.",
  missing: "Fill in what is missing and ask again.",
  tongue: "Language of the cards",
  tongues: { sv: "Svenska", easy: "Lätt svenska", en: "English" },
  print: "Print",
  for_pupil: (name, group) => `${name}, ${group}`,
  programmes: (n) => `Programmes for class, group and school (${n})`,
  unsettled: (n) => `To look at in the table (${n})`,
  unsettled_how: "Pupil health reviews, IT edits the file.",
  whys: {
    stale: (day) => `not reviewed since ${day}`,
    ended: (day) => `ended ${day}`,
    to_come: (day) => `begins ${day}`,
  },
});

// Svenska för Stödvägar: en del av sv_views.js. Vad som står på korten finns på tre språk i ways.js.
import { count } from "./sv.js";

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: "Tre frågor: vad det handlar om, hur gammal eleven är och var eleven bor. Svaret gäller i dag.",
  check: "Raderna är en hjälp och inget beslut. Kontrollera kontakten innan den lämnas vidare.",
  none: "Ingen tabell över stödvägar är inlagd ännu.",
  none_next: "IT kopierar support.cfg, någon på elevhälsan kontrollerar varje rad, och IT lägger in den.",
  cause: "1. Vad handlar det om?",
  causes: {
    psykisk: "Hur eleven mår",
    medicinsk: "Kroppen, sjukdom",
    social: "Hemma, kamrater, fritid",
    pedagogisk: "Lärandet, skolarbetet",
  },
  born: "2. Elevens födelsedatum",
  age: (age) => `Eleven är ${age} år, enligt skolans uppgifter.`,
  age_unknown: "Skolans uppgifter har inget födelsedatum för eleven.",
  place: "3. Var bor eleven?",
  place_known: (name) => `Hemkommun: ${name}.`,
  place_unknown: "Skolans uppgifter har ingen hemkommun för eleven.",
  elsewhere: "Annan plats i Sverige",
  also: "Gäller också",
  situations: {
    god_man: "Ensamkommande barn med god man",
    left_school: "Har slutat skolan, skolplikten är fullgjord",
  },
  show: "Visa vägar",
  found: (n, age) => `${count(n, "väg", "vägar")} för den som är ${age} år`,
  found_none: "Ingen väg i tabellen passar. Fråga elevhälsan, eller prova en annan fråga.",
  missing: "Fyll i det som saknas och fråga igen.",
  tongue: "Kortens språk",
  tongues: { sv: "Svenska", easy: "Lätt svenska", en: "English" },
  print: "Skriv ut",
  for_pupil: (name, group) => `${name}, ${group}`,
  programmes: (n) => `Program för klass, grupp och skola (${n})`,
  unsettled: (n) => `Att se över i tabellen (${n})`,
  unsettled_how: "Elevhälsan granskar, IT ändrar i filen.",
  whys: {
    stale: (day) => `inte granskad sedan ${day}`,
    ended: (day) => `slutade gälla ${day}`,
    to_come: (day) => `börjar gälla ${day}`,
  },
});

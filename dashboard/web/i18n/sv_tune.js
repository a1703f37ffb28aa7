// Svenska för att pröva gränser på avslutade läsår (Regler). Samma nycklar som en_tune.js.
import { count } from "./sv.js";

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  title: "Pröva andra gränser på avslutade läsår",
  lead: "Upp till 5 000 val av gränser prövas på skolans egna avslutade läsår. Gränserna väljs på ena hälften av eleverna, och siffrorna gäller den andra. Inget ändras. Bara antal, inga namn.",
  capacity: "Nya per vecka som skolan hinner med",
  usual: "Lämna tomt för det vanliga: 10 på 1 000 elever.",
  severity: "Från och med nivå",
  start: "Pröva gränser",
  reading: (done, of) => `Räknar: ${done} av ${of} elevers läsår.`,
  trying: (done, of) => `Prövar: ${done} av högst ${of} val.`,
  basis: (years, weeks, from, to, toldOf) =>
    `Räknat på ${years} elevers läsår och ${count(weeks, "vecka", "veckor")}, ${from} till ${to}. Siffrorna gäller den hälft av eleverna som gränserna inte valdes på (${toldOf}); nya per vecka är omräknat till hela skolan. Antal är avrundade till femtal.`,
  too_few: "För få elever, eller för få som var borta 10 % av en vårtermin eller mer, för att något ska gå att säga.",
  none: "Inget är bättre än reglerna som gäller nu.",
  best: (profile) => `Profil ${profile} är bättre än reglerna som gäller nu.`,
  profile: (number) => `Profil ${number}`,
  rows: {
    items_per_week: "Nya per vecka, i medel",
    worst_week: "Nya under den värsta veckan",
    flagged_autumn: "Elever flaggade på hösten",
    missed_in_spring: "… av dem borta minst 10 % på våren",
    days_lost: "Skoldagar borta från första tecken till flagga",
  },
  beside: "Jämfört med nu",
  verdicts: { better: "bättre", undecided: "ingen säker skillnad", worse: "sämre" },
  few: "färre än 5",
  changes: (profile) => `Profil ${profile} ändrar`,
  change: (rule, before, after) => `${rule}: ${after}, nu ${before}.`,
  download: (profile) => `Hämta profil ${profile} som fil`,
  use: (profile) => `Lägg in profil ${profile} som ändring`,
  used: (profile) => `Profil ${profile} är inlagd som ändring. Förhandsvisa den och spara den som vanligt.`,
});

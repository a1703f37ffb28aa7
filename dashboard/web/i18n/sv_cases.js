// Svenska för ärenden och för listan från förra läsåret: en del av sv_views.js.
import { count } from "./sv.js";

export const cases = /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: (n) => `${count(n, "öppet ärende", "öppna ärenden")}. På sitt datum kommer eleven tillbaka i Att granska.`,
  none: "Inga öppna ärenden.",
  none_next: "Ett ärende öppnas när en flagga bekräftas i Att granska.",
  columns: {
    name: "Elev",
    class: "Klass",
    next: "Nästa datum",
    owner: "Ansvarig",
    number: "Ärende",
    opened: "Öppnat",
    actions: "Åtgärd",
  },
  open: (number, name) => `Ärende ${number}, ${name}`,
  move: (name) => `Nytt datum för ${name}`,
  close: (name) => `Avsluta ärendet för ${name}`,
  left: (n) => `Ärenden för elever som slutat (${n})`,
  left_lead: "Lämna över till den som tar vid, eller avsluta. Uppgifterna gallras inte medan ärendet är öppet.",
  left_on: "Sista dag",
  move_short: "Nytt datum",
  close_short: "Avsluta",
});

export const last_year = /** @satisfies {import("../types.js").Catalogue} */ ({
  lead: (n, left) =>
    left === 0
      ? `${count(n, "elev", "elever")}. Alla är genomgångna.`
      : `${count(n, "elev", "elever")}, ${left} att gå igenom.`,
  who: "Här står elever som har ett ärende sedan förra läsåret, eller som hade en flagga på nivå 3 eller 4 under sina 40 sista skoldagar då. Ingen är flaggad på nytt. Gå igenom listan en gång, rektor och elevhälsa tillsammans.",
  joins: (day) => `Nya flaggor för de här eleverna hör till listan fram till ${day}.`,
  none: "Ingen att följa från förra läsåret.",
  none_why: "Ingen elev har ett ärende sedan dess, eller hade en flagga på nivå 3 eller 4 när läsåret slutade.",
  undecided: "Att gå igenom",
  gone_through: "Genomgångna",
  case: (number, owner, day) => `Ärende ${number} sedan ${day}, ansvarig ${owner}.`,
  flag: (level, from, to) => `Nivå ${level}, ${to ? `${from}–${to}` : `sedan ${from}`}:`,
  since: (day) => `Ny flagga ${day}:`,
  kinds: {
    keep_watching: "fortsätter följas",
    case_goes_on: "ärendet fortsätter",
    not_needed: "behöver inte följas",
  },
  acts: { keep_watching: "Fortsätt följa", case_goes_on: "Ärendet fortsätter", not_needed: "Behöver inte följas" },
  act_of: (act, name) => `${act}: ${name}`,
  decided: (kind, reason, by, day) => `${kind}${reason ? ` (${reason.toLowerCase()})` : ""}, ${by} ${day}.`,
  again: "Besluta på nytt",
  why: "Varför behövs det inte?",
  not_needed_why: (name) => `${name} behöver inte följas: varför`,
});

// Svenska. Samma nycklar som en.js (ett prov vakar över det). Orden är skolans; händelser beskrivs, aldrig barnet.

/** @param {number} n @param {string} one @param {string} many */
export const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

// What is said of measures; en.js tells how.
// prettier-ignore
export const FLAG_WORDS = {
  "kinds": {
    "any": {
      "name": "{measure}",
      "line": "{name} {window}",
      "lead": "{count}",
      "text": "{measure} {window}.",
      "limit": "{limit} {unit}"
    },
    "count": {
      "name": "{many}",
      "line": "{count} {noun} {window}",
      "lead": "{count} {noun}",
      "text": "{window}."
    },
    "share": {
      "unit": "%",
      "line": "{percent} {name} {window} ({part_hours} av {whole_hours} timmar)",
      "lead": "{percent}"
    },
    "class": {
      "name": "{many} jämfört med klassens övriga elever",
      "unit": "gånger på 100 av en slump",
      "line": "{part} {many} av {whole}, klassen i övrigt {class_count}, {window}",
      "nothing": "{name} {window}",
      "lead": "{part} {many}",
      "text": "{window}, klassen i övrigt {class_count}.",
      "limit": "att så många är ovanligt i klassen"
    },
    "term_start": {
      "name": "{many} sedan terminsstarten",
      "line": "{count} {noun} sedan terminsstarten {window}",
      "lead": "{count} {noun}",
      "text": "sedan terminens första skoldag."
    }
  },
  "measures": {
    "total_absence_share": {
      "kind": "share",
      "name": "frånvaro inklusive beviljad ledighet",
      "text": "frånvaro {window}, giltig och ogiltig tillsammans ({part_hours} av {whole_hours} timmar)."
    },
    "absence_share": {
      "kind": "share",
      "name": "frånvaro utöver beviljad ledighet",
      "text": "frånvaro {window}, utan beviljad ledighet ({part_hours} av {whole_hours} timmar)."
    },
    "unreported_share": {
      "kind": "share",
      "name": "oanmäld frånvaro",
      "text": "oanmäld frånvaro {window} ({part_hours} av {whole_hours} timmar)."
    },
    "absence_rise": {
      "kind": "rise",
      "name": "mer frånvaro än under perioden före",
      "unit": "procentenheter",
      "line": "{points} {unit} {name} {window}",
      "lead": "+{points} {unit}",
      "text": "högre frånvaro {window} än under perioden före.",
      "limit": "+{limit} {unit}"
    },
    "absent_days": {
      "kind": "count",
      "one": "hel frånvarodag",
      "many": "hela frånvarodagar"
    },
    "partial_days": {
      "kind": "count",
      "one": "dag med frånvaro under en del av dagen",
      "many": "dagar med frånvaro under en del av dagen"
    },
    "spells": {
      "kind": "count",
      "one": "frånvarotillfälle",
      "many": "olika frånvarotillfällen"
    },
    "unreported_lessons": {
      "kind": "count",
      "one": "lektion med oanmäld frånvaro",
      "many": "lektioner med oanmäld frånvaro"
    },
    "unreported_dates": {
      "kind": "count",
      "one": "dag med oanmäld frånvaro",
      "many": "dagar med oanmäld frånvaro"
    },
    "late_arrivals": {
      "kind": "count",
      "one": "sen ankomst",
      "many": "sena ankomster"
    },
    "absent_run": {
      "kind": "run",
      "one": "hel frånvarodag i rad",
      "many": "hela frånvarodagar i rad",
      "name": "{many}",
      "line": "{count} {noun}",
      "lead": "{count} {noun}",
      "text": "till och med {until}."
    },
    "term_start_absent_days": {
      "kind": "term_start",
      "one": "hel frånvarodag",
      "many": "hela frånvarodagar"
    },
    "term_start_spells": {
      "kind": "term_start",
      "one": "frånvarotillfälle",
      "many": "olika frånvarotillfällen"
    },
    "weekday_tail": {
      "kind": "weekday",
      "name": "frånvaro på en veckodag mot klassens övriga elever",
      "unit": "gånger på 100 av en slump",
      "line": "borta {part} av {whole} {weekday}, jämfört med klassens övriga elever {window}",
      "nothing": "{name} {window}",
      "weekday": "dagar på samma veckodag",
      "lead": "{part} av {whole} {weekday}",
      "text": "med hel frånvarodag {window}, tydligt mer än för resten av klassen.",
      "limit": "att slumpen ger ett sådant mönster högst {limit} {limit|gång|gånger} på 100"
    },
    "partial_tail": {
      "kind": "class",
      "many": "dagar med frånvaro under en del av dagen"
    },
    "spells_tail": {
      "kind": "class",
      "many": "dagar då ett nytt frånvarotillfälle började"
    },
    "unreported_tail": {
      "kind": "class",
      "many": "dagar med oanmäld frånvaro"
    },
    "subject_missed_share": {
      "kind": "subject",
      "name": "missade lektioner i ett ämne",
      "unit": "%",
      "line": "{percent} missade lektioner i {subject} dagar med närvaro i övrigt {window} ({part} av {whole} lektioner)",
      "nothing": "{percent} {name} {window} ({part} av {whole} lektioner)",
      "subject": "ett ämne",
      "lead": "{percent}",
      "text": "av lektionerna i {subject} missade {window}, dagar då eleven annars var på plats ({part} av {whole} lektioner)."
    }
  },
  "findings": {
    "class": ", klassen i övrigt {class_percent}",
    "share": "; {share_percent} frånvaro{class}",
    "share_long": "; {share_percent} frånvaro {window}{class}",
    "most": ", mest lektion {most_lesson} på {most_weekday}",
    "patterns": {
      "run": {
        "key": "absent_run",
        "some": "Borta {absent_run} {absent_run|hel skoldag|hela skoldagar i rad}, sedan {run_from}{share_long}",
        "none": "Var borta {then_count} {then_count|hel skoldag|hela skoldagar i rad} fram till {then_to}, inte nu{share_long}"
      },
      "unreported": {
        "key": "unreported_dates",
        "some": "Oanmäld frånvaro {unreported_dates} {unreported_dates|dag|dagar} ({unreported_lessons} {unreported_lessons|lektion|lektioner}) {window}{share}",
        "none": "Ingen oanmäld frånvaro {window}{share}"
      },
      "spells": {
        "key": "spells",
        "some": "Frånvaro vid {spells} {spells|tillfälle|olika tillfällen} {window}{share}",
        "none": "Inget nytt frånvarotillfälle {window}{share}"
      },
      "scattered": {
        "key": "partial_days",
        "some": "Missar delar av dagen, {partial_days} {partial_days|dag|dagar} {window}{most}{share}",
        "none": "Missar inte delar av dagen {window}{share}"
      },
      "days_away": {
        "key": "absent_days",
        "some": "Borta {absent_days} {absent_days|hel skoldag|hela skoldagar} {window}{share}",
        "none": "Ingen hel frånvarodag {window}{share}"
      },
      "weekday": {
        "some": "Borta {then_part} av {then_whole} {weekday} fram till {then_to}{share_long}"
      },
      "subject": {
        "key": "now_part",
        "some": "Missar {now_part} av {now_whole} lektioner i {subject} dagar med närvaro i övrigt{share_long}",
        "none": "Inget ämne missas längre mer än andra{share_long}"
      },
      "rise": {
        "key": "now_rise",
        "some": "Frånvaron har ökat med {now_rise} procentenheter mot tiden före{share_long}",
        "none": "Frånvaron ökar inte längre{share_long}"
      },
      "late": {
        "key": "late_arrivals",
        "some": "{late_arrivals} {late_arrivals|sen ankomst|sena ankomster} {window}{share}",
        "none": "Ingen sen ankomst {window}{share}"
      },
      "term_start": {
        "some": "{then_count} {then_noun} från terminsstarten till {then_to}{share_long}"
      },
      "share": {
        "some": "Borta {share_percent} av lektionstiden {window}{class}"
      }
    },
    "unknown": "För lite är känt av lektionstiden {window} för att säga hur stor frånvaron är",
    "then": "När flaggan kom {raised_on}",
    "now": "Nu",
    "holds": "Gäller fortfarande.",
    "eased": "Gränsen överskrids inte längre.",
    "clears": "När {name} är {comparison} {limit} {unit} {for_days} {for_days|skoldag|skoldagar i rad}, hittills {counted}",
    "well": "Med på {well_attended} av {well_lessons} lektioner de senaste {well_days} skoldagarna",
    "well_all": "Med på alla {well_lessons} lektioner de senaste {well_days} skoldagarna"
  },
  "comparisons": { "at_least": "minst", "at_most": "högst", "below": "under", "above": "över" },
  "weekdays": ["måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar"]
};

export default /** @satisfies {import("../types.js").Catalogue} */ ({
  app: {
    name: "Närvaro",
    skip: "Hoppa till innehållet",
    demo: "Demonstrationsdata – inga verkliga elever",
    menu: "Huvudmeny",
    loading: "Hämtar …",
    as_table: "Visa som tabell",
    language: "English",
    sign_out: "Logga ut",
    help: "Hjälp",
    close: "Stäng",
    live: "Uppdateras direkt",
    no_contact: "Ingen kontakt med servern. Sidan visar det senaste och försöker igen.",
    search: "Sök elev eller klass",
    days: (n) => count(n, "dag", "dagar"),
    protected: "Skyddade personuppgifter",
    unprinted: "Elever med skyddade personuppgifter skrivs inte ut.",
    nowhere: "Sidan finns inte. Välj i menyn.",
    nothing_allowed: "Ditt konto har ingen behörighet till någon sida här. Vänd dig till rektor eller IT.",
  },
  titles: {
    review: "Att granska",
    cases: "Ärenden",
    together: "Samverkan",
    last_year: "Att följa från förra läsåret",
    gymnasium: "Gymnasieskolans listor",
    pupils: "Elever",
    support: "Stödvägar",
    intime: "Stöd i tid",
    reviews: "Genomlysning",
    group_measures: "Åtgärder för klass och årskurs",
    terminals: "Drift",
    roll: "Rapportera frånvaro",
    groups: "Skolan",
    rules: "Regler och gränser",
    imports: "Import",
    retention: "Gallring",
    audit: "Logg",
    account: "Konto och hjälp",
  },
  problems: {
    no_contact: "Ingen kontakt med servern. Försök igen om en stund.",
    bad_login: "Användarnamnet eller lösenordet stämmer inte.",
    too_many_attempts: "För många försök. Vänta några minuter och försök igen.",
    not_signed_in: "Du är utloggad. Logga in igen.",
    not_allowed: "Ditt konto har inte behörighet till detta.",
    not_found: "Det du söker finns inte, eller så har du inte behörighet till det.",
    bad_request: "Servern förstod inte frågan. Läs in sidan igen.",
    busy: "Servern har mycket att göra. Försök igen om en stund.",
    changed: "Flaggorna har ändrats medan du läste. Läs underlaget igen och svara på nytt.",
    not_open: "Någon annan har redan svarat.",
    nothing_to_undo: "Det finns inget att ångra. Bara dagens senaste egna svar kan ångras.",
    bad_code: "Koden stämmer inte. Vänta på nästa kod och försök igen; kontrollera att telefonens klocka går rätt.",
    has_case: "Eleven har redan ett ärende.",
    no_case: "Eleven har inget öppet ärende.",
    protected: "Elevens uppgifter är skyddade. Inget tas ut eller lämnas över härifrån.",
    not_listed: "Eleven står inte längre på listan.",
    decided_meanwhile: "Någon annan har beslutat medan du läste. Läs beslutet och svara på nytt.",
    refused: "Det gick inte:",
    bad_password: "Det nya lösenordet duger inte:",
    not_same: "De två nya lösenorden är inte lika.",
    totp_required: "Ditt konto behöver en engångskod. Ordna den under Konto och hjälp.",
    unknown: "Något gick fel. Läs in sidan igen; be IT se i loggen om det upprepas.",
  },
  review: {
    decided: (day) => `Gäller till och med ${day}.`,
    not_decided: "Inga uppgifter ännu.",
    list: "Elever att granska",
    today: (n) => `Vårdnadshavare att kontakta i dag (${n})`,
    fresh: (n) => `Flaggor att granska (${n})`,
    joined: (n) => `Följs från förra läsåret (${n})`,
    joined_why: "Eleven följs redan från förra läsåret, och flaggan hör till den uppföljningen:",
    last_year: (n, left) =>
      left === 0
        ? `(${count(n, "elev", "elever")}, alla genomgångna)`
        : `(${count(n, "elev", "elever")}, ${left} att gå igenom)`,
    too_many: (waiting, most) =>
      `${count(waiting, "elev", "elever")} väntar, och skolan hinner ${most} i veckan. De visas i ordning efter förlorad skoltid, mest först. Alla finns i listan.`,
    lost: "Förlorad skoltid",
    lost_hours: (hours, days) =>
      `${hours} timmar de senaste ${count(days, "skoldagen", "skoldagarna")}, all frånvaro och ledighet.`,
    quiet: (n) => `Första tecken (${n})`,
    quiet_lead: "För mentorn: början till ett mönster. Här väntar inget beslut av elevhälsan.",
    quiet_list: "Första tecken",
    empty: "Inget att granska.",
    empty_why: (day, pupils) =>
      `Senaste beräkning: ${day}, ${count(pupils, "elev", "elever")}. Ingen elev är över skolans gränser.`,
    empty_next: "Nya flaggor kommer när skoldagen är slut. Sidan uppdateras av sig själv.",
    empty_undecided: "Flaggor beräknas när den första skoldagen är slut.",
    no_tasks: "Ingen oanmäld frånvaro att meddela just nu.",
    mentor: (names) => `Mentor: ${names}`,
    choose: "Välj en elev i listan för att se varför.",
    waiting: (n) => (n === 0 ? "ny i dag" : count(n, "dag", "dagar")),
    since: (day, n) => (n === 0 ? `Flaggad i dag, ${day}.` : `Väntar sedan ${day} (${count(n, "dag", "dagar")}).`),
    why: "Varför",
    well: "Det som fungerar",
    conditions: (n) => `Villkor som uppfylldes (${n})`,
    cleared_when: "Tas bort när",
    first_sign: "Första tecken",
    basis: "Täckning",
    covered: (percent) => `${percent} % av lektionstiden är rapporterad.`,
    uncertain: "Osäkert underlag",
    uncertain_why: (percent) =>
      `Bara ${percent} % av lektionstiden är rapporterad. Se till att det som saknas rapporteras innan något beslutas.`,
    next: "Förslag till nästa steg",
    steps: {
      0: "Närvaron är åter under skolans gränser. Ta ställning till om uppföljningen kan avslutas.",
      1: "Mentorn tar en första, omtänksam kontakt med eleven.",
      2: "Mentorn tar kontakt med elev och vårdnadshavare. Eleven tas upp på nästa elevhälsomöte.",
      3: "Enkel kartläggning inom två veckor. Rektor underrättas.",
      4: "Rektor tar ställning till utredning tillsammans med elevhälsan.",
    },
    open: "Öppna elev",
    print: "Skriv ut underlag",
    updated: (n) => `Listan är uppdaterad: ${n} att granska.`,
    gone: "Inte längre aktuell",
    gone_why: "Flaggan har släckts eller återtagits medan du läste.",
    task: (day) => `Oanmäld frånvaro ${day}`,
    task_short: (n) => count(n, "lektion med oanmäld frånvaro", "lektioner med oanmäld frånvaro"),
    task_why:
      "Vårdnadshavare ska informeras samma dag. Ring numret nedan. Finns en förklaring: registrera anmäld frånvaro.",
    due: (n) => `Uppföljning i dag (${n})`,
    due_snooze: (day) => `Ni avvaktade till ${day}.`,
    due_case: (number, owner, day) => `Ärende ${number}, ansvarig ${owner}. Nästa datum var ${day}.`,
    cleared: "Flaggorna är inte längre aktuella",
    cleared_why: "Flaggorna är inte längre aktuella sedan ni svarade. Kan uppföljningen avslutas?",
    confirm: "Öppna ärende",
    case_next: "Nytt datum",
    close: "Avsluta ärendet",
    snooze: "Avvakta",
    dismiss: "Ej aktuell",
    undo: "Ångra",
    open_case: "Öppna ärendet",
    answered: {
      confirm: (name, day) => `${name}: bekräftad, ärende öppnat. Nästa datum ${day}.`,
      case_next: (name, day) => `${name}: ärendet har nytt datum, ${day}.`,
      snooze: (name, day) => `${name}: avvaktar till ${day}.`,
      dismiss: (name, day) => `${name}: ej aktuell. Ingen ny flagga av samma skäl före ${day}, om inte frånvaron ökar.`,
      close: (name, day) =>
        `${name}: ärendet är avslutat. Ingen ny flagga av samma skäl före ${day}, om inte frånvaron ökar.`,
      told: (name) => `${name}: vårdnadshavare kontaktad.`,
      told_pupil: (name) => `${name}: eleven är kontaktad.`,
      routine: (name) => `${name}: kontakten är antecknad.`,
      undone: (name) => `${name}: svaret är ångrat.`,
    },
    signals: "Klasser med ovanligt hög frånvaro",
    signal: {
      class: (name, share, day, usual) =>
        `Klass ${name}: ${share} frånvaro ${day}, vanligen ${usual}. Kan det finnas en gemensam orsak, till exempel sjukdom eller schemaändring?`,
      year: (name, share, day, usual) =>
        `Årskurs ${name}: ${share} frånvaro ${day}, vanligen ${usual}. Kan det finnas en gemensam orsak, till exempel sjukdom eller schemaändring?`,
    },
    paused: "Väntar: hela klassen har ovanligt hög frånvaro",
    told: "Markera som kontaktad",
    told_whom: (name) => `Markera ${name} som kontaktad`,
    adult_why:
      "Eleven är myndig: prata med eleven själv. Vårdnadshavare ska inte längre underrättas. Anmäl frånvaron i skolans system om den har en förklaring.",
    relations: { god_man: "god man", annan: "annan vuxen", behorig: "behörig" },
    speaks: (code) => `språk: ${code}`,
    interpreter: "tolk behövs",
    routine: (day) => `Kontakta enligt rutin i dag: hel dag utan besked ${day}`,
    routine_short: "hel dag utan besked: kontakta enligt rutin i dag",
    speak_first: (name) => `Ring inte hem av rutin. Prata först med ${name}.`,
    no_guardian: "Ingen vårdnadshavare är registrerad.",
    task_told: (time) => `Vårdnadshavare kontaktad ${time}`,
    task_by: (time) => `Kontakta senast ${time}.`,
    task_done: (time, whom, by) => `${whom ?? "Vårdnadshavare"} kontaktad ${time}${by ? `, senast ${by}` : ""}.`,
    task_more: (n) => `Därefter ${count(n, "lektion med oanmäld frånvaro", "lektioner med oanmäld frånvaro")} till.`,
    task_lesson: (minutes, absent) => (absent >= minutes ? "hela lektionen" : `${absent} av ${minutes} minuter`),
  },
  reason: {
    limit: (limit) => `Skolans gräns är ${limit}.`,
    atMost: (limit) => `Skolans gräns är högst ${limit}.`,
  },
  window: {
    now: "den senaste skoldagen",
    latest: (days) => `de senaste ${days} skoldagarna`,
    soFar: (days) => `de ${days} skoldagarna hittills i år`,
    upTo: (days, day) => `de ${days} skoldagarna fram till ${day}`,
    earlier: (days, period) => `under ${count(days, "skoldag", "skoldagar")} dessförinnan, ${period}`,
  },
  ...FLAG_WORDS,
});

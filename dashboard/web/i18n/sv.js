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
      "limit": "{limit} {unit}",
      "short": "{measure}",
      "how": "Måttet saknar beskrivning i den här versionen av sidorna."
    },
    "count": {
      "name": "{many}",
      "line": "{count} {noun} {window}",
      "lead": "{count} {noun}",
      "text": "{window}.",
      "short": "{count} {noun}"
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
      "short": "{part} {many}, klassen {class_count}",
      "limit": "att så många är ovanligt i klassen"
    },
    "term_start": {
      "name": "{many} sedan terminsstarten",
      "line": "{count} {noun} sedan terminsstarten {window}",
      "lead": "{count} {noun}",
      "text": "sedan terminens första skoldag.",
      "short": "{count} {noun} sedan terminsstarten"
    }
  },
  "measures": {
    "total_absence_share": {
      "kind": "share",
      "name": "frånvaro inklusive beviljad ledighet",
      "short": "Frånvaro {whole_percent}",
      "text": "frånvaro {window}, giltig och ogiltig tillsammans ({part_hours} av {whole_hours} timmar).",
      "how": "Frånvarotid och beviljad ledighet delad med all lektionstid under perioden."
    },
    "absence_share": {
      "kind": "share",
      "name": "frånvaro utöver beviljad ledighet",
      "short": "Frånvaro {whole_percent}",
      "text": "frånvaro {window}, beviljad ledighet borträknad ({part_hours} av {whole_hours} timmar).",
      "how": "Frånvarotid, anmäld och oanmäld samt sen ankomst, delad med lektionstiden. Lektioner med beviljad ledighet räknas inte med."
    },
    "unreported_share": {
      "kind": "share",
      "name": "oanmäld frånvaro",
      "short": "Oanmäld frånvaro {whole_percent}",
      "text": "oanmäld frånvaro {window} ({part_hours} av {whole_hours} timmar).",
      "how": "Tiden för oanmälda lektioner delad med lektionstiden. Lektioner med beviljad ledighet räknas inte med."
    },
    "absence_rise": {
      "kind": "rise",
      "name": "mer frånvaro än under perioden före",
      "unit": "procentenheter",
      "line": "{points} {unit} {name} {window}",
      "short": "Frånvaron +{points} {unit}",
      "lead": "+{points} {unit}",
      "text": "högre frånvaro {window} än under perioden före.",
      "limit": "+{limit} {unit}",
      "how": "Andelen frånvaro under perioden minus elevens egen andel under den längre perioden före."
    },
    "absent_days": {
      "kind": "count",
      "one": "hel frånvarodag",
      "many": "hela frånvarodagar",
      "how": "Dagar då eleven var borta från all lektionstid som är känd. Dagar med bara beviljad ledighet räknas inte."
    },
    "partial_days": {
      "kind": "count",
      "one": "dag med frånvaro under en del av dagen",
      "many": "dagar med frånvaro under en del av dagen",
      "short": "Frånvaro under en del av dagen, {count} {count|dag|dagar}",
      "how": "Dagar då eleven var på plats men borta från minst en lektion."
    },
    "spells": {
      "kind": "count",
      "one": "skilt frånvarotillfälle",
      "many": "skilda frånvarotillfällen",
      "short": "Ströfrånvaro, {count} {count|tillfälle|tillfällen}",
      "how": "Ett tillfälle är lektioner i följd utan närvaro emellan. Nätter, helger och lov bryter inte ett tillfälle."
    },
    "unreported_lessons": {
      "kind": "count",
      "one": "oanmäld lektion",
      "many": "oanmälda lektioner",
      "how": "Lektioner utan närvaro och utan anmäld frånvaro eller ledighet."
    },
    "unreported_dates": {
      "kind": "count",
      "one": "dag med oanmäld frånvaro",
      "many": "dagar med oanmäld frånvaro",
      "short": "Oanmäld frånvaro, {count} {count|dag|dagar}",
      "how": "Dagar med minst en oanmäld lektion."
    },
    "late_arrivals": {
      "kind": "count",
      "one": "sen ankomst",
      "many": "sena ankomster",
      "how": "Lektioner dit eleven kom senare än skolans tidsgräns."
    },
    "absent_run": {
      "kind": "run",
      "one": "hel frånvarodag i rad",
      "many": "hela frånvarodagar i rad",
      "name": "{many}",
      "line": "{count} {noun}",
      "short": "{count} {noun}",
      "lead": "{count} {noun}",
      "text": "till och med {until}.",
      "how": "Hela frånvarodagar i följd fram till nu. Helger, lov och dagar med beviljad ledighet bryter inte följden."
    },
    "term_start_absent_days": {
      "kind": "term_start",
      "one": "hel frånvarodag",
      "many": "hela frånvarodagar",
      "how": "Hela frånvarodagar under terminens första skoldagar."
    },
    "term_start_spells": {
      "kind": "term_start",
      "one": "skilt frånvarotillfälle",
      "many": "skilda frånvarotillfällen",
      "how": "Skilda frånvarotillfällen under terminens första skoldagar."
    },
    "weekday_tail": {
      "kind": "weekday",
      "name": "frånvaro på en veckodag mot klassens övriga elever",
      "unit": "gånger på 100 av en slump",
      "line": "borta {part} av {whole} {weekday}, jämfört med klassens övriga elever {window}",
      "nothing": "{name} {window}",
      "weekday": "dagar på samma veckodag",
      "short": "Återkommande mönster: {weekday}, {part} av {whole}",
      "lead": "{part} av {whole} {weekday}",
      "text": "med hel frånvarodag {window}, tydligt mer än för resten av klassen.",
      "limit": "att slumpen ger ett sådant mönster högst {limit} {limit|gång|gånger} på 100",
      "how": "Hela frånvarodagar på en veckodag jämförs med klassens övriga elever samma veckodag. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump."
    },
    "partial_tail": {
      "kind": "class",
      "many": "dagar med frånvaro under en del av dagen",
      "how": "Dagar då eleven var i skolan men missade minst en lektion, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump."
    },
    "spells_tail": {
      "kind": "class",
      "many": "dagar då ett nytt frånvarotillfälle började",
      "short": "Spridd frånvaro, {part} tillfällen, klassen {class_count}",
      "how": "Dagar då ett nytt frånvarotillfälle började, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump."
    },
    "unreported_tail": {
      "kind": "class",
      "many": "dagar med oanmäld frånvaro",
      "short": "Oanmäld frånvaro {part} dagar, klassen {class_count}",
      "how": "Dagar med minst en oanmäld lektion, jämfört med hur många sådana dagar klassens övriga elever hade i snitt under samma veckor. Gränsen är hur ofta en sådan skillnad skulle uppstå av en slump."
    },
    "subject_missed_share": {
      "kind": "subject",
      "name": "missade lektioner i ett ämne",
      "unit": "%",
      "line": "{percent} missade lektioner i {subject} dagar med närvaro i övrigt {window} ({part} av {whole} lektioner)",
      "nothing": "{percent} {name} {window} ({part} av {whole} lektioner)",
      "subject": "ett ämne",
      "short": "{subject}, missat {whole_percent}",
      "lead": "{percent}",
      "text": "av lektionerna i {subject} missade {window}, dagar då eleven annars var på plats ({part} av {whole} lektioner).",
      "how": "Missade lektioner i ämnet delat med alla lektioner i ämnet, de dagar eleven var i skolan. Räknas bara när ämnet missas minst tre gånger så mycket som övriga ämnen."
    }
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
    published_already: "Terminen är redan publicerad. Det som är publicerat räknas inte om.",
    too_early: "Det är för tidigt: 15 dagar ska ha gått sedan den första dagen.",
    reason_needed: "Före 30 dagar behövs ett skäl.",
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
    changed_cases: "Ärendena har ändrats medan du läste. Läs listan igen och besluta på nytt.",
    clock_open:
      "Något som lagen kräver är inte gjort ännu. Det står under Tider i ärendet, och görs innan det avslutas.",
    head_alone: "Ett ärende på nivå 4 avslutas av rektor.",
    protected: "Elevens uppgifter är skyddade. Inget tas ut eller lämnas över härifrån.",
    case_full: "Ärendet rymmer inte mer av det slaget.",
    no_step: "Inget sådant steg pågår.",
    no_row: "Det är redan avslutat, eller någon annans att avsluta.",
    changed_meanwhile: "Någon annan har ändrat det under tiden. Läs in sidan igen.",
    sip_order: "SIP är inte i det läget nu. Läs in sidan igen.",
    needs_consent: "Samtycke till SIP är inte antecknat, eller är återtaget.",
    school_may_not_call: "Rektor har inte beslutat att skolan får kalla till SIP.",
    step_open: "Ett sådant steg pågår redan.",
    needs_contact: "Ta först en kontakt, eller hoppa över den med ett skäl.",
    not_listed: "Eleven står inte längre på listan.",
    decided_meanwhile: "Någon annan har beslutat medan du läste. Läs beslutet och svara på nytt.",
    why_needed: "Skriv en motivering.",
    approver_needed: "Ange vem som har beslutat: användarnamnet på en rektor.",
    month_not_over: "Månaden är inte slut ännu.",
    no_files: "Välj minst en fil.",
    too_large: "Filerna är för stora för att läsas in här. Använd kommandot narvaro import.",
    unknown_file: "En av filerna har ett namn som inte hör till skolans filer.",
    refused: "Det gick inte:",
    bad_password: "Det nya lösenordet duger inte:",
    not_same: "De två nya lösenorden är inte lika.",
    totp_required: "Ditt konto behöver en engångskod. Ordna den under Konto och hjälp.",
    unknown: "Något gick fel. Läs in sidan igen; be IT se i loggen om det upprepas.",
  },
  review: {
    decided: (day) => `Beräknat till och med ${day}.`,
    not_decided: "Ingen skoldag är beräknad ännu.",
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
    empty_next: "Nya flaggor kommer när skoldagen har stängt. Sidan uppdateras av sig själv.",
    empty_undecided: "Flaggor beräknas när den första skoldagen har stängt.",
    no_tasks: "Ingen oanmäld frånvaro att meddela just nu.",
    mentor: (names) => `Mentor: ${names}`,
    choose: "Välj en elev i listan för att se varför.",
    waiting: (n) => (n === 0 ? "ny i dag" : count(n, "dag", "dagar")),
    since: (day, n) => (n === 0 ? `Flaggad i dag, ${day}.` : `Väntar sedan ${day} (${count(n, "dag", "dagar")}).`),
    why: "Varför",
    well: "Går bra",
    well_days: (present, of) =>
      present === of
        ? `På plats alla ${of} senaste skoldagarna.`
        : `På plats ${present} av de ${of} senaste skoldagarna.`,
    basis: "Underlag",
    covered: (percent) => `${percent} % av lektionstiden är rapporterad.`,
    uncertain: "Underlag osäkert",
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
    task_short: (n) => count(n, "oanmäld lektion", "oanmälda lektioner"),
    task_why:
      "Vårdnadshavare ska få veta samma dag. Ring numret i skolans elevregister, och anmäl frånvaron i skolans system om den har en förklaring.",
    due: (n) => `Uppföljning i dag (${n})`,
    due_snooze: (day) => `Ni avvaktade till ${day}.`,
    due_case: (number, owner, day) => `Ärende ${number}, ansvarig ${owner}. Nästa datum var ${day}.`,
    cleared: "Flaggorna har släckts",
    cleared_why: "Flaggorna har släckts sedan ni svarade. Kan uppföljningen avslutas?",
    confirm: "Bekräfta",
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
      dismiss: (name, day) => `${name}: ej aktuell. Samma regel är tyst till ${day}.`,
      close: (name, day) => `${name}: ärendet är avslutat. Samma regel är tyst till ${day}.`,
      told: (name) => `${name}: vårdnadshavare kontaktad.`,
      told_pupil: (name) => `${name}: eleven är kontaktad.`,
      routine: (name) => `${name}: kontakten är antecknad.`,
      undone: (name) => `${name}: svaret är ångrat.`,
    },
    signals: "Grupper som sticker ut",
    signal: {
      class: (name, share, day, usual) =>
        `Klass ${name}: ${share} frånvaro ${day}, vanligen ${usual}. Gäller det gruppen och inte eleven?`,
      year: (name, share, day, usual) =>
        `Årskurs ${name}: ${share} frånvaro ${day}, vanligen ${usual}. Gäller det gruppen och inte eleven?`,
    },
    paused: "Pausad: hela gruppen sticker ut",
    told: "Kontaktad",
    told_whom: (name) => `${name} kontaktad`,
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
    task_more: (n) => `Därefter ${count(n, "oanmäld lektion", "oanmälda lektioner")} till.`,
    task_lesson: (minutes, absent) => (absent >= minutes ? "hela lektionen" : `${absent} av ${minutes} minuter`),
  },
  pupils: {
    search: "Sök på namn eller klass",
    submit: "Sök",
    hint: "Skriv minst två tecken.",
    none: (q) => `Ingen elev eller klass passar ”${q}”. Pröva en del av namnet.`,
    found: (n) => count(n, "träff", "träffar"),
    many: (n) => `De ${n} första visas. Skriv mer av namnet för att hitta rätt.`,
    name: "Namn",
    class: "Klass",
  },
  reason: {
    limit: (limit) => `Skolans gräns är ${limit}.`,
    atMost: (limit) => `Skolans gräns är högst ${limit}.`,
    shortLimit: (limit) => `gräns ${limit}`,
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

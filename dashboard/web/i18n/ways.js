// What stands on the cards of Stödvägar, in each of their tongues: a card is printed for a family, whatever language the page is in.
const AGE_MAX = 120; // the table's: no upper limit is meant

/** @param {number} from @param {number} to @param {{ all: string, over: string, between: string }} words */
const ages = (from, to, words) => (to < AGE_MAX ? words.between : from > 0 ? words.over : words.all);

export const WAYS = {
  sv: {
    lang: "sv",
    title: "Vägar till stöd",
    danger: "Vid fara för liv: ring 112.",
    levels: { bas: "Bas", utökad: "Utökat stöd", specialist: "Specialist" },
    reach: { individ: "individ", grupp: "klass eller grupp", organisation: "hela skolan" },
    who: "Vem tar kontakt",
    referral: {
      self: "eleven själv",
      guardian: "vårdnadshavare",
      school: "skolan",
      professional: "vård eller socialtjänst",
    },
    age: "Ålder",
    years: (/** @type {number} */ from, /** @type {number} */ to) =>
      ages(from, to, { all: "alla", over: `från ${from} år`, between: `${from}–${to} år` }),
    begin: (/** @type {string} */ day) => `Ska ha börjat senast ${day}.`,
    ends: (/** @type {string} */ day) => `Gäller till och med ${day}.`,
    contact: "Kontakt",
    languages: "Språk",
    interpreter: "tolk",
    target: "För vem",
    provider: "Ges av",
    evidence: "Kunskap om effekt",
    source: (/** @type {string} */ source, /** @type {string} */ day, /** @type {string} */ by) =>
      `Källa: ${source}. Granskad ${day} av ${by}.`,
    stale: "Inte granskad på minst ett år. Kontrollera uppgifterna först.",
    printed: (/** @type {string} */ day) => `Utskrivet ${day}. Kontrollera uppgifterna hos den som ger stödet.`,
  },
  easy: {
    lang: "sv",
    title: "Här kan du få hjälp",
    danger: "Om någon är i fara: ring 112.",
    levels: { bas: "Börja här", utökad: "Mer hjälp", specialist: "Hjälp av specialister" },
    reach: { individ: "för en person", grupp: "för en klass eller grupp", organisation: "för hela skolan" },
    who: "Vem tar kontakt?",
    referral: {
      self: "du själv",
      guardian: "din vårdnadshavare",
      school: "skolan",
      professional: "vården eller kommunen",
    },
    age: "Ålder",
    years: (/** @type {number} */ from, /** @type {number} */ to) =>
      ages(from, to, { all: "alla", over: `från ${from} år`, between: `${from} till ${to} år` }),
    begin: (/** @type {string} */ day) => `Du måste börja senast den ${day}.`,
    ends: (/** @type {string} */ day) => `Finns till den ${day}.`,
    contact: "Så hittar du dit",
    languages: "Språk",
    interpreter: "det finns tolk",
    target: "För vem?",
    provider: "Vem gör det?",
    evidence: "Hur bra fungerar det?",
    source: (/** @type {string} */ source, /** @type {string} */ day, /** @type {string} */ by) =>
      `Källa: ${source}. Granskad ${day} av ${by}.`,
    stale: "Ingen har kontrollerat det här på ett år.",
    printed: (/** @type {string} */ day) => `Utskrivet den ${day}.`,
  },
  en: {
    lang: "en",
    title: "Ways to support",
    danger: "If a life is in danger: call 112.",
    levels: { bas: "First", utökad: "Extended support", specialist: "Specialist" },
    reach: { individ: "individual", grupp: "class or group", organisation: "the whole school" },
    who: "Who makes contact",
    referral: {
      self: "the pupil",
      guardian: "guardian",
      school: "the school",
      professional: "health care or social services",
    },
    age: "Age",
    years: (/** @type {number} */ from, /** @type {number} */ to) =>
      ages(from, to, { all: "all", over: `${from} and older`, between: `${from}–${to}` }),
    begin: (/** @type {string} */ day) => `Must have begun by ${day}.`,
    ends: (/** @type {string} */ day) => `Until ${day}.`,
    contact: "Contact",
    languages: "Languages",
    interpreter: "interpreter",
    target: "For whom",
    provider: "Given by",
    evidence: "What is known of its effect",
    source: (/** @type {string} */ source, /** @type {string} */ day, /** @type {string} */ by) =>
      `Source: ${source}. Reviewed ${day} by ${by}.`,
    stale: "Not reviewed for at least a year. Check the facts first.",
    printed: (/** @type {string} */ day) => `Printed ${day}. Check the facts with who gives the support.`,
  },
};

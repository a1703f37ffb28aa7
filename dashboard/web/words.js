// The language in use: its catalogue, and how it writes numbers, dates and times.
// Instants from the server are UTC and are shown in the school's zone, wherever the browser is.
/** @import { Day, Instant, Words } from "./types.js" */

const ZONE = "Europe/Stockholm";
const LANGUAGES = ["sv", "en"];

/**
 * The catalogue in use; a live binding, so always read it through the import.
 * @type {Words}
 */
export let t;
let locale = "sv";

let fully = false; // whether a view beyond the start page has been opened
/** @type {Promise<void> | undefined} */
let spoken; // the latest wish, once it is granted

/**
 * Resolves when the words are here, also when another language was asked for meanwhile.
 * @param {string} language @returns {Promise<void>}
 */
export function speak(language) {
  locale = LANGUAGES.includes(language) ? language : "sv";
  /** @type {Promise<void>} */
  const mine = fetchWords(locale, fully).then((words) => {
    if (mine !== spoken) return spoken;
    t = words;
    document.documentElement.lang = locale;
    localStorage.setItem("language", locale);
  });
  spoken = mine;
  return mine;
}

/** @param {string} wanted @param {boolean} all @returns {Promise<Words>} */
async function fetchWords(wanted, all) {
  const [first, views] = await Promise.all([import(`./i18n/${wanted}.js`), all && import(`./i18n/${wanted}_views.js`)]);
  return { ...first.default, ...(views && views.default) };
}

/** With the words of the views that are fetched when first opened. */
export function speakFully() {
  if (fully) return spoken;
  fully = true;
  return speak(locale).catch((problem) => {
    fully = false; // the next view tries again
    throw problem;
  });
}

export const language = () => locale;
export const preferredLanguage = () => localStorage.getItem("language") ?? "sv";

// British English: day before month and a 24-hour clock, as Swedish schools write.
const tag = () => (locale === "en" ? "en-GB" : "sv-SE");
/** @param {Intl.DateTimeFormatOptions} options @returns {(iso: Day) => string} */
const dateFormat = (options) => (iso) =>
  new Intl.DateTimeFormat(tag(), { ...options, timeZone: "UTC" }).format(new Date(`${iso}T00:00Z`));

/**
 * A number with at most `digits` decimals.
 * @param {number} value
 */
export const number = (value, digits = 0) =>
  new Intl.NumberFormat(tag(), { maximumFractionDigits: digits }).format(value);
/** @param {number} numerator @param {number} denominator */
export const percent = (numerator, denominator, digits = 0) => `${number((100 * numerator) / denominator, digits)} %`;

// Dates are YYYY-MM-DD without a zone: they are read and written as UTC, so no zone can move them.
export const longDate = dateFormat({ weekday: "long", day: "numeric", month: "long" });
export const day = dateFormat({ day: "numeric", month: "long" });
export const shortDay = dateFormat({ day: "numeric", month: "short" });
/**
 * "2026-11" → "november 2026"
 * @param {string} month
 */
export const monthYear = (month) => dateFormat({ month: "long", year: "numeric" })(`${month}-01`);
export const monthName = dateFormat({ month: "short" });
/**
 * Monday is 0, as schools count.
 * @param {Day} iso
 */
export const weekday = (iso) => (new Date(`${iso}T00:00Z`).getUTCDay() + 6) % 7;
/** @param {number} index */
export const weekdayName = (index) => dateFormat({ weekday: "short" })(`2024-01-0${index + 1}`);

/**
 * A date some days later, moved on to Monday when it falls on a weekend: someone is there to do what is due.
 * @param {Day} iso @param {number} days
 */
export function schoolDayLater(iso, days) {
  const date = new Date(`${iso}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  const past = ((date.getUTCDay() + 6) % 7) - 4; // days past Friday
  if (past > 0) date.setUTCDate(date.getUTCDate() + 3 - past);
  return date.toISOString().slice(0, 10);
}

/** @param {Instant | number} instant */
export const dateOf = (instant) => new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date(instant));
/** @param {Instant} instant */
export const timeOf = (instant) =>
  new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: ZONE }).format(new Date(instant));

/**
 * "6 min", "2 h 10 min", "3 dagar": how long it is between two instants.
 * @param {Instant} from @param {Instant} to
 */
export function span(from, to) {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return t.app.days(Math.round(minutes / (24 * 60)));
}

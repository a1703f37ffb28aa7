// Stödvägar: who can help, by three questions, and the catalogue of programmes. For a pupil (#/support/PUPIL?cause=…) age, place and
// god man come from the school's data. The cards are in a tongue of their own, for they are printed for a family.
/** @import { Day, Programme, SupportAnswer, SupportTable, Submitted, ViewProps, Way } from "../types.js" */
import { WAYS } from "../i18n/ways.js";
import {
  fieldsOf,
  Heading,
  html,
  nameOf,
  Problem,
  Protected,
  useAnswer,
  useEffect,
  useElement,
  useState,
  Waiting,
} from "../ui.js";
import { language, t } from "../words.js";

/** @typedef {keyof typeof WAYS} Tongue */

const CAUSES = ["psykisk", "medicinsk", "social", "pedagogisk"];
const SITUATIONS = ["god_man", "left_school"];
const LEVELS = /** @type {const} */ (["bas", "utökad", "specialist"]);
const TONGUES = /** @type {Tongue[]} */ (["sv", "easy", "en"]);
const INTERPRETER = "tolk";

/** A date in the tongue of the cards. @param {Tongue} tongue @param {Day} iso */
const dayIn = (tongue, iso) =>
  new Intl.DateTimeFormat(tongue === "en" ? "en-GB" : "sv-SE", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${iso}T00:00Z`));

/** @param {Tongue} tongue @param {string[]} codes */
function languagesIn(tongue, codes) {
  const names = new Intl.DisplayNames([WAYS[tongue].lang], { type: "language", fallback: "code" });
  return codes.map((code) => (code === INTERPRETER ? WAYS[tongue].interpreter : names.of(code))).join(", ");
}

/** @param {{ card: Way | Programme, tongue: Tongue }} props */
function Reviewed({ card, tongue }) {
  const words = WAYS[tongue];
  return html`<p class="quiet small">${words.source(card.source, dayIn(tongue, card.reviewed_on), card.reviewed_by)}
    ${card.valid_to && ` ${words.ends(dayIn(tongue, card.valid_to))}`}</p>
    ${card.stale && html`<p><span class="mark uncertain">${words.stale}</span></p>`}`;
}

/** @param {{ way: Way, tongue: Tongue }} props */
function WayCard({ way, tongue }) {
  const words = WAYS[tongue];
  return html`<article class="card way"><h3>${way.name}</h3>
    <p>${way.text[tongue]}</p>
    ${way.begin_by && html`<p><strong>${words.begin(dayIn(tongue, way.begin_by))}</strong></p>`}
    <dl class="terms">
      <dt>${words.contact}</dt><dd>${way.contact[tongue]}</dd>
      <dt>${words.who}</dt><dd>${way.referral.map((who) => words.referral[who]).join(", ")}</dd>
      <dt>${words.age}</dt><dd>${words.years(way.age_from, way.age_to)}</dd>
      <dt>${words.languages}</dt><dd>${languagesIn(tongue, way.languages)}</dd>
    </dl>
    <${Reviewed} card=${way} tongue=${tongue} /></article>`;
}

/** @param {{ programme: Programme, tongue: Tongue }} props */
function ProgrammeCard({ programme, tongue }) {
  const words = WAYS[tongue];
  return html`<article class="card way"><h3>${programme.name}</h3>
    <p>${programme.text[tongue]}</p>
    <dl class="terms">
      <dt>${words.target}</dt><dd>${programme.target[tongue]} (${words.reach[programme.level]}, ${words.years(programme.age_from, programme.age_to)})</dd>
      <dt>${words.evidence}</dt><dd>${programme.evidence[tongue]}</dd>
      <dt>${words.provider}</dt><dd>${programme.provider}</dd>
      <dt>${words.contact}</dt><dd>${programme.contact[tongue]}</dd>
      <dt>${words.languages}</dt><dd>${languagesIn(tongue, programme.languages)}</dd>
    </dl>
    <${Reviewed} card=${programme} tongue=${tongue} /></article>`;
}

/** @param {{ tongue: Tongue, onChoose: (tongue: Tongue) => void }} props */
function TongueChoice({ tongue, onChoose }) {
  return html`<label>${t.support.tongue} <select value=${tongue} onChange=${(event) => onChoose(event.target.value)}>
    ${TONGUES.map((each) => html`<option key=${each} value=${each}>${t.support.tongues[each]}</option>`)}</select></label>`;
}

/** The cards, which are the paper. @param {{ answer: SupportAnswer, age: number, tongue: Tongue }} props */
function Cards({ answer: { cards, today }, age, tongue }) {
  const words = WAYS[tongue];
  const heading = useElement();
  useEffect(() => heading.current.focus(), [cards]);
  return html`<section aria-labelledby="ways-found" class="stack">
    <h2 id="ways-found" tabindex="-1" ref=${heading} class="screen-only">${cards.length > 0 ? t.support.found(cards.length, age) : t.support.found_none}</h2>
    ${
      cards.length > 0 &&
      html`<div lang=${words.lang} class="stack ways"><p class="print-only title">${words.title}</p><p><strong>${words.danger}</strong></p>
      ${LEVELS.map((level) => ({ level, of: cards.filter((way) => way.level === level) }))
        .filter(({ of }) => of.length > 0)
        .map(
          ({ level, of }) => html`<section key=${level} aria-labelledby=${`ways-${level}`} class="stack">
        <h2 id=${`ways-${level}`}>${words.levels[level]}</h2>
        <div class="columns">${of.map((way) => html`<${WayCard} key=${way.id} way=${way} tongue=${tongue} />`)}</div></section>`,
        )}
      <p class="print-only">${words.printed(dayIn(tongue, today))}</p></div>`
    }</section>`;
}

/** @param {{ table: SupportTable, tongue: Tongue }} props */
function Table({ table: { programmes, unsettled }, tongue }) {
  return html`<details class="screen-only"><summary>${t.support.programmes(programmes.length)}</summary>
      <div lang=${WAYS[tongue].lang} class="columns ways">${programmes.map(
        (programme) => html`<${ProgrammeCard} key=${programme.id} programme=${programme} tongue=${tongue} />`,
      )}</div></details>
    ${
      unsettled.length > 0 &&
      html`<details class="screen-only counted"><summary>${t.support.unsettled(unsettled.length)}</summary><p>${t.support.unsettled_how}</p>
      <ul>${unsettled.map((row) => html`<li key=${row.id}>${row.name}: ${t.support.whys[row.why](row.date)}</li>`)}</ul></details>`
    }`;
}

/** What is known of a pupil is told instead of asked. @param {{ answer: SupportAnswer | undefined, table: SupportTable, ofPupil: boolean }} props */
function AgeAndPlace({ answer, table, ofPupil }) {
  if (ofPupil && !answer) return null;
  const known = (ofPupil && answer) || { age: null, place: null };
  const nameOfPlace = table.places.find(({ code }) => code === known.place)?.name ?? known.place;
  return html`${
    known.age !== null
      ? html`<p>${t.support.age(known.age)}</p>`
      : html`${ofPupil && html`<p>${t.support.age_unknown}</p>`}<p><label class="stacked">${t.support.born} <input type="date" name="born" required max=${table.today} /></label></p>`
  }
  ${
    known.place !== null
      ? html`<p>${t.support.place_known(nameOfPlace)}</p>`
      : html`${ofPupil && html`<p>${t.support.place_unknown}</p>`}<p><label class="stacked">${t.support.place} <select name="place">
        ${table.places.map((place) => html`<option key=${place.code} value=${place.code}>${place.name}</option>`)}
        <option value="">${t.support.elsewhere}</option></select></label></p>`
  }`;
}

/** @param {{ table: SupportTable, cause: string | null, ofPupil: boolean, known: SupportAnswer | undefined, onAsk: (asked: URLSearchParams) => void }} props */
function Questions({ table, cause, ofPupil, known, onAsk }) {
  /** @param {Submitted} event */
  const ask = (event) => {
    event.preventDefault();
    onAsk(new URLSearchParams(fieldsOf(event)));
  };
  return html`<form class="card screen-only" onSubmit=${ask}>
    <fieldset><legend>${t.support.cause}</legend>${CAUSES.map(
      (each) =>
        html`<label class="check wide-check" key=${each}><input type="radio" name="cause" value=${each} required defaultChecked=${each === cause} /> ${t.support.causes[each]}</label>`,
    )}</fieldset>
    <${AgeAndPlace} answer=${known} table=${table} ofPupil=${ofPupil} />
    <fieldset><legend>${t.support.also}</legend>${SITUATIONS.map(
      (each) =>
        html`<label class="check wide-check" key=${each}><input type="checkbox" name=${each} value="1" defaultChecked=${Boolean(known?.situations.includes(each))} /> ${t.support.situations[each]}</label>`,
    )}</fieldset>
    <p><button>${t.support.show}</button></p></form>`;
}

/** @param {{ id: string | undefined, asked: URLSearchParams, table: SupportTable, tongue: Tongue, onTongue: (tongue: Tongue) => void, onKnown: (answer: SupportAnswer) => void }} props */
function Found({ id, asked, tongue, onTongue, onKnown }) {
  const path = /** @type {`support/cards?${string}`} */ (
    id ? `pupils/${encodeURIComponent(id)}/support?${asked}` : `support/cards?${asked}`
  );
  const { answer, problem } = useAnswer(path, { asked });
  useEffect(() => {
    if (answer) onKnown(answer);
  }, [answer]);
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  if (answer.age === null || answer.place === null)
    return html`<p class="notice" role="status">${t.support.missing}</p>`;
  return html`<p class="actions screen-only"><${TongueChoice} tongue=${tongue} onChoose=${onTongue} />
      ${answer.cards.length > 0 && html`<button type="button" class="quiet-button" onClick=${() => window.print()}>${t.support.print}</button>`}</p>
    <${Cards} answer=${answer} age=${answer.age} tongue=${tongue} />`;
}

/** @param {{ table: SupportTable, id: string | undefined, query: URLSearchParams }} props */
function Chooser({ table, id, query }) {
  const cause = query.get("cause");
  const [asked, setAsked] = useState(id && cause ? new URLSearchParams({ cause }) : null);
  const [known, setKnown] = useState(/** @type {SupportAnswer | undefined} */ (undefined));
  const [tongue, setTongue] = useState(/** @type {Tongue} */ (language()));
  const pupil = known?.pupil;
  /** What the school's data did not tell is asked, and stays asked: an answer that is whole says nothing of them. @param {SupportAnswer} answer */
  const learn = (answer) => setKnown((before) => before ?? answer);
  return html`<p class="screen-only">${pupil && html`<strong><a href=${`#/pupil/${encodeURIComponent(pupil.pupil)}`}>${t.support.for_pupil(nameOf(pupil), pupil.class)}</a></strong> ${pupil.protected && html`<${Protected} />`} `}${t.support.lead} ${t.support.check}</p>
    <${Questions} key=${id && known ? "known" : "asked"} table=${table} cause=${asked?.get("cause") ?? cause} ofPupil=${Boolean(id)} known=${id ? known : undefined} onAsk=${setAsked} />
    ${asked && html`<${Found} id=${id} asked=${asked} tongue=${tongue} onTongue=${setTongue} onKnown=${learn} />`}
    <${Table} table=${table} tongue=${tongue} />`;
}

/** @param {ViewProps} props */
export default function Support({ id, query }) {
  const { answer, problem } = useAnswer("support");
  return html`<div class="screen-only"><${Heading}>${t.titles.support}<//></div>
    ${
      !answer
        ? problem
          ? html`<${Problem} problem=${problem} />`
          : html`<${Waiting} />`
        : answer.routes === 0
          ? html`<div class="empty"><p><strong>${t.support.none}</strong></p><p>${t.support.none_next}</p></div>`
          : html`<${Chooser} table=${answer} id=${id} query=${query} />`
    }`;
}

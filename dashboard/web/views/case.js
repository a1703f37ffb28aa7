// Ärende: one case whole. What can be done stands in a toolbar, one key each while focus is there; times and what has been written
// down stand below. Opening it is written to the log, so it is read again only when something was done here.
/** @import { CaseWhole, Me, Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import {
  Heading,
  html,
  nameOf,
  Problem,
  Protected,
  shortcutsOn,
  useAnswer,
  useEffect,
  useLayoutEffect,
  useState,
  Waiting,
  titleAfter,
} from "../ui.js";
import { day, longDate, t } from "../words.js";
import Answer from "./answer.js";
import { ActForm, ACTS, actsOf } from "./case_acts.js";
import { Clocks, ownerName, Record } from "./case_parts.js";
import { Deviations } from "./case_deviation.js";
import { Sip } from "./case_sip.js";

const CAUSES = ["psykisk", "medicinsk", "social", "pedagogisk"];
/** Those two answer the pupil's flags, too. @type {Record<string, "confirm" | "close">} */
const ANSWERS = { next: "confirm", close: "close" };
/** @type {Record<string, string>} */
const ANSWER_KEYS = { next: "n", close: "x" };

/** @param {string} word */
const buttonId = (word) => `act-${word}`;
/** @param {string} word */
const keyOf = (word) => ANSWER_KEYS[word] ?? ACTS[word].key;

/** @param {CaseWhole} one @param {Me} me */
const wordsOf = (one, me) => [
  ...actsOf(one, me),
  ...(me.permissions.includes("triage") ? (one.closing ? ["next"] : ["next", "close"]) : []),
];

/**
 * One tab stop: arrow keys go through the buttons, a letter presses one.
 * @param {{ words: string[], chosen: string, onStart: (word: string) => void }} props
 */
function Toolbar({ words, chosen, onStart }) {
  const [at, setAt] = useState(words[0]);
  const current = words.includes(at) ? at : words[0];
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const meant = shortcutsOn() && !event.repeat && words.find((word) => keyOf(word) === event.key);
    if (move) {
      const next = words[(words.indexOf(current) + move + words.length) % words.length];
      setAt(next);
      document.getElementById(buttonId(next))?.focus();
    } else if (meant) {
      setAt(meant);
      onStart(meant);
    } else {
      return;
    }
    event.preventDefault();
  };
  return html`<div role="toolbar" class="actions" aria-label=${t.casework.do} onKeyDown=${pressed}>${words.map(
    (word) =>
      html`<button type="button" class="quiet-button" key=${word} id=${buttonId(word)} aria-expanded=${word === chosen} tabindex=${word === current ? 0 : -1}
        onFocus=${() => setAt(word)} onClick=${() => onStart(word)}>${t.casework.acts[word]} <kbd aria-hidden="true">${keyOf(word)}</kbd></button>`,
  )}</div>`;
}

/** To the toolbar's tab stop. */
const toStop = () =>
  /** @type {HTMLElement | null} */ (document.querySelector("[role=toolbar] [tabindex='0']"))?.focus();

/** @param {{ one: CaseWhole, me: Me, onDone: () => void }} props */
function Work({ one, me, onDone }) {
  const [word, setWord] = useState("");
  const [said, setSaid] = useState("");
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const words = wordsOf(one, me);
  const file = one.case;
  useLayoutEffect(() => {
    if (said && document.activeElement === document.body) toStop(); // what was done may have taken its own button away
  }, [one]);
  /** Back to where the next thing is begun. @param {string} last */
  const back = (last) => {
    setWord("");
    setTimeout(() => document.getElementById(buttonId(last))?.focus());
  };
  /** @param {string} path @param {object} body */
  const attempt = async (path, body) => {
    try {
      await send(path, body);
      setRefusal(null);
      setSaid(t.casework.done(t.casework.acts[word]));
      back(word);
      onDone();
    } catch (problem) {
      setSaid("");
      setRefusal(problem);
    }
  };
  const kind = ANSWERS[word];
  return html`<section class="card screen-only" aria-labelledby="do"><h2 id="do">${t.casework.do}</h2>
    <${Toolbar} words=${words} chosen=${word} onStart=${setWord} />
    ${one.closing && me.permissions.includes("triage") && html`<p class="quiet">${t.casework.not_closed} ${t.problems[one.closing]}</p>`}
    <p id="told" class="answered" role="status">${said}</p>
    ${refusal && html`<${Problem} problem=${refusal} />`}
    ${
      kind
        ? html`<${Answer} key=${word} kind=${kind} item=${file} today=${one.date} owners=${one.owners} onAnswer=${(/** @type {object} */ body) => attempt(`flags/${encodeURIComponent(file.pupil)}/${kind}`, body)} onCancel=${() => back(word)} />`
        : word &&
          html`<${ActForm} key=${word} word=${word} one=${one} onDo=${(/** @type {object} */ body) => attempt(`cases/${file.case}`, body)} onCancel=${() => back(word)} />`
    }
  </section>`;
}

/** @param {{ one: CaseWhole, me: Me }} props */
function Head({ one, me }) {
  const file = one.case;
  const ways = (/** @type {string} */ cause) => `#/support/${encodeURIComponent(file.pupil)}?cause=${cause}`;
  return html`<section class="card" aria-labelledby="about"><h2 id="about">${t.casework.about(file.number)}</h2>
    <dl class="terms">
      <dt>${t.cases.columns.owner}</dt><dd>${me.role === "rektor" && one.open ? html`<a href=${`#/take_over/${encodeURIComponent(file.owner)}`}>${file.owner_name}</a>` : file.owner_name}</dd>
      <dt>${t.casework.deputy}</dt><dd>${one.deputy ? ownerName(one.owners, one.deputy) : t.casework.nobody}</dd>
      <dt>${t.cases.columns.next}</dt><dd>${longDate(file.next_on)}</dd>
      <dt>${t.casework.level}</dt><dd>${one.level}</dd>
      <dt>${t.cases.columns.opened}</dt><dd>${day(file.opened_on)}</dd>
      <dt>${t.casework.with}</dt><dd>${t.casework.turn_to[one.contact_with]}${one.contact_with === "guardian" && one.adult_on && ` (${t.casework.adult_on(day(one.adult_on), one.adult_on.slice(0, 4))})`}</dd>
    </dl>
    ${me.permissions.includes("triage") && !file.protected && html`<p><a href=${`#/case_record/${file.case}`}>${t.casework.record}</a></p>`}
    ${me.permissions.includes("support") && html`<p>${t.casework.ways} ${CAUSES.map((cause, index) => html`${index > 0 && ", "}<a key=${cause} href=${ways(cause)}>${t.support.causes[cause]}</a>`)}</p>`}
  </section>`;
}

/** @param {ViewProps} props */
export default function CasePage({ id, me }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer(/** @type {`cases/${string}`} */ (`cases/${encodeURIComponent(id)}`), {
    asked,
  });
  useEffect(() => {
    if (answer) titleAfter(answer.case);
  });
  if (!answer)
    return html`<${Heading}>${t.titles.cases}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  const file = answer.case;
  return html`${me.permissions.includes("triage") && html`<p><a href="#/cases">← ${t.titles.cases}</a></p>`}
    <${Heading}><a href=${`#/pupil/${encodeURIComponent(file.pupil)}`}>${nameOf(file)}</a>, ${file.class} ${file.protected && html`<${Protected} />`}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${answer.open ? html`<${Work} one=${answer} me=${me} onDone=${() => setAsked(asked + 1)} />` : html`<p class="answered" id="closed" role="status">${t.casework.closed} ${answer.ending && t.casework.ended(t.answer.reasons[answer.ending.outcome], answer.ending.by_name, day(answer.ending.on))}</p>`}
    <div class="columns"><${Head} one=${answer} me=${me} /><${Clocks} one=${answer} /></div>
    <${Record} one=${answer} isMentor=${me.role === "mentor"} />
    ${me.role !== "mentor" && html`<${Sip} one=${answer} name=${(/** @type {string} */ user) => ownerName(answer.owners, user)} /><${Deviations} one=${answer} name=${(/** @type {string} */ user) => ownerName(answer.owners, user)} />`}`;
}

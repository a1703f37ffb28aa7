// Drift: is every terminal heard of, and the daemon well, and if not, what to do; which cards and check-ins count nowhere, and who decides about them. A
// state is told by word, shape and colour.
/** @import { Instant, Me, Status, Terminal, ViewProps } from "../types.js" */
import { Heading, html, Problem, useAnswer, useEffect, useState, Waiting, Wide } from "../ui.js";
import { dateOf, longDate, number, span, t, timeOf } from "../words.js";
import Daemon from "./daemon.js";
import { ForgottenOfAny } from "./forgotten.js";
import Strays from "./strays.js";
import { Distrust, HeldTaps } from "./trust.js";

const AGAIN_MS = 30000; // a terminal goes stale by time alone, without any change on the server
const QUEUE_UNKNOWN = "?";
const CERTIFICATE_SOON_MS = 60 * 86400000;
const FACTS = /** @type {const} */ (["pupils", "events_stored", "lessons_closed", "flags_open", "tasks_open"]);

// Full, half, empty with a bar, empty, crossed out: told apart without colour.
const SHAPES = {
  live: () => html`<circle cx="8" cy="8" r="6" class="shape-fill" />`,
  stale: () =>
    html`<circle cx="8" cy="8" r="6" class="shape-line" /><path d="M8 2a6 6 0 0 1 0 12z" class="shape-fill" />`,
  offline: () =>
    html`<rect x="2.5" y="2.5" width="11" height="11" class="shape-line" /><path d="M5 8h6" class="shape-line" />`,
  unseen: () => html`<circle cx="8" cy="8" r="6" class="shape-line dashed" />`,
  revoked: () => html`<path d="M3 3l10 10M13 3L3 13" class="shape-line" />`,
};

/** @param {{ state: Terminal["state"] }} props */
const State = ({ state }) => html`<span class=${`state state-${state}`}>
  <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[state]?.()}</svg> ${t.terminals.states[state]}</span>`;

/**
 * What someone can do about it: words of the catalogue's advice.
 * @param {Terminal} terminal
 * @param {Instant} now
 * @returns {string[]}
 */
function adviceFor(terminal, now) {
  if (terminal.state === "revoked") return [];
  const ends =
    terminal.certificate_to &&
    Date.parse(terminal.certificate_to) - Date.parse(now) < CERTIFICATE_SOON_MS &&
    "certificate";
  const faults =
    terminal.state === "live"
      ? [terminal.readers_up < terminal.readers && "readers", terminal.clock === "unset" && "clock"]
      : [terminal.state];
  return [...faults, ends].filter((fault) => typeof fault === "string");
}

/** @param {{ terminal: Terminal, now: Instant }} props */
function Row({ terminal, now }) {
  const seen = terminal.last_seen && span(terminal.last_seen, now);
  const heard = Boolean(terminal.last_seen);
  const reachable = terminal.state === "live" || terminal.state === "stale";
  return html`<tr>
    <th scope="row">${terminal.terminal}</th>
    <td>${terminal.room}</td>
    <td><${State} state=${terminal.state} /></td>
    <td>${!heard ? t.terminals.never : terminal.state === "live" ? t.terminals.now : t.terminals.ago(seen)}</td>
    <td>${!heard ? "" : reachable ? number(terminal.queue) : QUEUE_UNKNOWN}</td>
    <td>${heard && reachable ? (t.terminals.clocks[terminal.clock] ?? terminal.clock) : ""}</td>
    <td>${heard && reachable ? t.terminals.readers(terminal.readers_up, terminal.readers) : ""}</td>
    <td>${terminal.firmware ?? ""}</td>
  </tr>`;
}

/**
 * A sentence for each reader that is down: "2 checksum, 5 exception-2" as the terminal says it.
 * @param {string} trouble
 */
const readersSay = (trouble) =>
  trouble
    .split(", ")
    .filter(Boolean)
    .map((one) => {
      const [reader, why = ""] = one.split(" ");
      return t.terminals.reader_trouble(reader, t.terminals.troubles[why.replace(/-\d+$/, "")] ?? why);
    })
    .join(" ");

/** @param {{ terminals: Terminal[], now: Instant }} props */
function Todo({ terminals, now }) {
  const todo = terminals.flatMap((terminal) => adviceFor(terminal, now).map((advice) => ({ terminal, advice })));
  if (todo.length === 0) return null;
  return html`<section class="card" aria-labelledby="todo"><h2 id="todo">${t.terminals.todo}</h2>
    <ul class="todo">${todo.map(
      ({ terminal, advice }) => html`<li key=${terminal.terminal + advice}>
      <strong>${terminal.terminal}</strong>${terminal.room && ` (${terminal.room})`}: ${advice === "certificate" && terminal.certificate_to ? t.terminals.advice[advice](longDate(dateOf(terminal.certificate_to))) : t.terminals.advice[advice]}${advice === "readers" && ` ${readersSay(terminal.trouble)}`}</li>`,
    )}</ul>
    <p class="quiet">${t.terminals.unknown_rule}</p>
  </section>`;
}

/** @param {{ status: Status }} props */
function Numbers({ status }) {
  const last = status.last_event_at
    ? `${longDate(dateOf(status.last_event_at))} ${timeOf(status.last_event_at)}`
    : t.terminals.not_yet;
  const decided = status.decided_through ? longDate(status.decided_through) : t.terminals.not_yet;
  return html`<section class="card" aria-labelledby="numbers"><h2 id="numbers">${t.terminals.numbers}</h2>
    <dl class="tiles">
      ${FACTS.map((fact) => html`<div key=${fact}><dt>${t.terminals.facts[fact]}</dt><dd>${number(status[fact])}</dd></div>`)}
      <div><dt>${t.terminals.facts.last_event}</dt><dd class="small">${last}</dd></div>
      <div><dt>${t.terminals.facts.decided}</dt><dd class="small">${decided}</dd></div>
    </dl></section>`;
}

/** @param {{ terminals: Terminal[], now: Instant }} props */
function List({ terminals, now }) {
  if (terminals.length === 0)
    return html`<div class="empty"><p><strong>${t.terminals.none}</strong></p><p>${t.terminals.none_next}</p></div>`;
  const troubled = terminals.filter((terminal) => adviceFor(terminal, now).length > 0).length;
  return html`<p role="status" class="lead">${troubled === 0 ? t.terminals.all_live(terminals.length) : t.terminals.some_not(troubled, terminals.length)}</p>
    <${Wide} label=${t.terminals.caption}>
      <table class="terminals">
        <caption class="hidden">${t.terminals.caption}</caption>
        <thead><tr>${Object.entries(t.terminals.columns).map(([key, name]) => html`<th scope="col" key=${key}>${name}</th>`)}</tr></thead>
        <tbody>${terminals.map((terminal) => html`<${Row} key=${terminal.terminal} terminal=${terminal} now=${now} />`)}</tbody>
      </table>
    <//>
    <${Todo} terminals=${terminals} now=${now} />`;
}

/** @param {{ me: Me, now: Instant, news: string, turn: number }} props */
function Terminals({ me, now, news, turn }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer("terminals", { asked, news });
  const decides = me.permissions.includes("trust");
  if (!answer) return problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`;
  const { terminals } = answer;
  return html`${problem && html`<${Problem} problem=${problem} />`}
    <${List} terminals=${terminals} now=${now} />
    <${Daemon} decides=${decides} turn=${turn} />
    ${decides && html`<${HeldTaps} terminals=${terminals} turn=${turn} /><${Distrust} terminals=${terminals} today=${dateOf(now)} onChanged=${() => setAsked(asked + 1)} />`}`;
}

/** @param {ViewProps} props */
export default function Drift({ counters, me }) {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setTurn(turn + 1), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [turn]);
  const news = `${counters.terminals} ${counters.status} ${turn}`;
  /** @param {string} permission */
  const may = (permission) => me.permissions.includes(permission);
  const { answer: status, problem } = useAnswer("status", { news });
  if (!status)
    return html`<${Heading}>${t.titles.terminals}<//>${problem ? html`<${Problem} problem=${problem} />` : html`<${Waiting} />`}`;
  return html`
    <${Heading}>${t.titles.terminals}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${may("terminals") && html`<${Terminals} me=${me} now=${status.now} news=${news} turn=${turn} />`}
    ${may("strays") && html`<${Strays} gives=${may("cards")} />`}
    ${may("cards") && html`<${ForgottenOfAny} today=${dateOf(status.now)} />`}
    <${Numbers} status=${status} />`;
}

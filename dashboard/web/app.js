// The frame around every view: who is signed in, which view the address names, and what changed on the server.
/** @import { Counters, Inbox, Load, Me, Reading, Submitted, Trouble, View } from "./types.js" */
import { chooseLanguage, follow, read, readUnasked, session, signOut, who } from "./server.js";
import { fieldsOf, html, Lazy, Problem, render, useEffect, useLayoutEffect, useRef, useState, Waiting } from "./ui.js";
import { language, preferredLanguage, speak, speakFully, t } from "./words.js";
import { Review } from "./views/review.js";

// for: any of these permissions (docs/api.md) opens it; load: views beyond the start page are fetched when first opened.
/** @type {Record<string, { for: string[], view?: View, load?: Load, under?: string }>} */
const VIEWS = {
  review: { for: ["flags", "tasks"], view: Review },
  cases: { for: ["triage"], load: () => import("./views/cases.js") },
  case: { for: ["case"], load: () => import("./views/case.js"), under: "cases" },
  case_record: { for: ["triage"], load: () => import("./views/case_record.js"), under: "cases" },
  take_over: { for: ["triage"], load: () => import("./views/take_over.js"), under: "cases" },
  deviation: { for: ["triage"], load: () => import("./views/deviation.js"), under: "cases" },
  together: { for: ["triage"], load: () => import("./views/together.js") },
  last_year: { for: ["triage"], load: () => import("./views/last_year.js"), under: "review" },
  gymnasium: { for: ["triage"], load: () => import("./views/gymnasium.js"), under: "cases" },
  pupils: { for: ["pupils"], load: () => import("./views/pupils.js") },
  pupil: { for: ["pupils"], load: () => import("./views/pupil.js"), under: "review" },
  support: { for: ["support"], load: () => import("./views/support.js") },
  roll: { for: ["lessons"], load: () => import("./views/roll.js") },
  intime: { for: ["intime", "published"], load: () => import("./views/intime.js") },
  reviews: { for: ["intime"], load: () => import("./views/reviews.js"), under: "intime" },
  group_measures: { for: ["intime"], load: () => import("./views/group_measures.js"), under: "intime" },
  groups: { for: ["groups"], load: () => import("./views/groups.js") },
  rules: { for: ["rules"], load: () => import("./views/rules.js") },
  terminals: { for: ["terminals", "strays"], load: () => import("./views/terminals.js") },
  imports: { for: ["import"], load: () => import("./views/imports.js") },
  audit: { for: ["audit"], load: () => import("./views/audit.js") },
  retention: { for: ["retention"], load: () => import("./views/retention.js") },
  account: { for: ["status"], load: () => import("./views/account.js") },
};
const help = () => import("./views/help.js");
const signInView = () => import("./views/sign_in.js");
const SESSION_CHECK_MS = 60000;
const MENU = [
  "roll",
  "review",
  "cases",
  "together",
  "pupils",
  "groups",
  "intime",
  "terminals",
  "support",
  "rules",
  "imports",
  "audit",
  "retention",
];

/** "#/pupil/123?print=1" → { name: "pupil", id: "123", query } */
function route() {
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, id] = path.split("/");
  return { name, id: id && decodeURIComponent(id), query: new URLSearchParams(search) };
}

/**
 * Whoever must have a one-time code and has none may only get one.
 * @param {Me} me
 * @param {string} name
 */
const mayOpen = (me, name) =>
  (name === "account" || me.totp !== "required") &&
  Object.hasOwn(VIEWS, name) &&
  VIEWS[name].for.some((permission) => me.permissions.includes(permission));

function useRoute() {
  const [current, setCurrent] = useState(route);
  useEffect(() => {
    const changed = () => setCurrent(route());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return current;
}

/**
 * The flags and tasks, kept here because the menu counts them on every page.
 * @param {boolean} wanted
 * @param {string} version
 */
function useFlags(wanted, version) {
  const [state, setState] = useState(/** @type {Reading<Inbox>} */ ({}));
  const [asked, setAsked] = useState(0);
  const last = useRef(-1);
  useEffect(() => {
    if (!wanted) return;
    const byItself = last.current === asked;
    last.current = asked;
    (byItself ? readUnasked : read)("flags").then(
      (answer) => setState({ answer }),
      (problem) => setState((before) => ({ ...before, problem })),
    );
  }, [wanted, version, asked]);
  return { ...state, again: () => setAsked((times) => times + 1) };
}

/** Change counters of the server; `ready` once no change can be missed any more: nothing is read before that. */
function useChanges() {
  const [changes, setChanges] = useState({
    ready: false,
    contact: true,
    counters: /** @type {Partial<Counters>} */ ({}),
  });
  useEffect(() => {
    /** @param {Partial<typeof changes>} news */
    const merge = (news) => setChanges((before) => ({ ...before, ...news }));
    Promise.resolve(
      follow(
        (counters) => merge({ counters }),
        (contact) => merge({ contact }),
      ),
    ).then(() => merge({ ready: true }));
  }, []);
  return changes;
}

/** Tells the server about use of the page that asks it for nothing, and hears when the session has ended without any. */
function useSession() {
  useEffect(() => {
    let used = false;
    const use = () => {
      used = true;
    };
    const check = () => {
      (used ? read : readUnasked)("me").catch(() => {}); // a lost session is told by its event
      used = false;
    };
    const timer = setInterval(check, SESSION_CHECK_MS);
    for (const event of ["keydown", "pointerdown"]) addEventListener(event, use);
    session.addEventListener("ended", () => location.reload(), { once: true }); // starts over: nothing about pupils stays in memory
    return () => {
      clearInterval(timer);
      for (const event of ["keydown", "pointerdown"]) removeEventListener(event, use);
    };
  }, []);
}

/** @param {{ name: string, id: string, [prop: string]: unknown }} props */
function View({ name, ...props }) {
  const { view, load } = VIEWS[name];
  const key = `${name} ${props.id}`;
  return view ? html`<${view} key=${key} ...${props} />` : html`<${Lazy} key=${key} load=${load} ...${props} />`;
}

/** @param {Inbox} [answer] */
const toReview = (answer) => (answer ? answer.inbox.length + answer.today.filter((task) => !task.done).length : 0);
/** @param {string} name */
const title = (name) => t.titles[VIEWS[name].under ?? name];

/** @param {{ me: Me, name: string, waiting: number }} props */
function Menu({ me, name, waiting }) {
  const shown = VIEWS[name]?.under ?? name;
  return html`<nav aria-label=${t.app.menu}><ul>
    ${MENU.filter((entry) => mayOpen(me, entry)).map(
      (entry) => html`<li key=${entry}>
      <a href="#/${entry}" aria-current=${entry === shown ? "page" : null}>${t.titles[entry]}
        ${entry === "review" && waiting > 0 && html` <span class="count">${waiting}</span>`}</a></li>`,
    )}
  </ul></nav>`;
}

function Search() {
  /** @param {Submitted} event */
  const search = (event) => {
    event.preventDefault();
    location.hash = `#/pupils?q=${encodeURIComponent(fieldsOf(event).q)}`;
  };
  return html`<form role="search" onSubmit=${search}>
    <input id="search" type="search" name="q" aria-label=${t.app.search} placeholder=${t.app.search} autocomplete="off" maxlength="64" />
  </form>`;
}

/** @param {{ me: Me, setMe: (me: Me) => unknown }} props */
function Signed({ me, setMe }) {
  const here = useRoute();
  const changes = useChanges();
  useSession();
  const flags = useFlags(
    changes.ready && mayOpen(me, "review"),
    `${changes.counters.flags} ${changes.counters.answers}`,
  );
  const [helping, setHelping] = useState(false);
  const name = me.totp === "required" ? "account" : here.name || (MENU.find((entry) => mayOpen(me, entry)) ?? "");

  useLayoutEffect(() => {
    document.title = `${VIEWS[name] ? title(name) : t.app.name} – ${t.app.name}`;
  });

  const otherLanguage = async () => {
    const wanted = language() === "sv" ? "en" : "sv";
    await speak(wanted);
    setMe(await chooseLanguage(wanted).catch(() => ({ ...me })));
  };

  return html`
    <a class="skip" href="#content" onClick=${(event) => {
      event.preventDefault();
      document.getElementById("heading")?.focus();
    }}>${t.app.skip}</a>
    <header>
      ${me.demo && html`<p class="demo">${t.app.demo}</p>`}
      <p class="school"><strong>${t.app.name}</strong> <span>${me.school}</span></p>
      <${Menu} me=${me} name=${name} waiting=${toReview(flags.answer)} />
      ${mayOpen(me, "pupils") && html`<${Search} />`}
      <p class="account">
        <a href="#/account" aria-current=${name === "account" ? "page" : null} aria-label=${`${me.name}, ${t.titles.account}`}>${me.name}</a>
        <button type="button" class="plain" lang=${language() === "sv" ? "en" : "sv"} onClick=${otherLanguage}>${t.app.language}</button>
        <button type="button" class="plain" onClick=${() => setHelping(true)}>${t.app.help}</button>
        <button type="button" class="plain" onClick=${signOut}>${t.app.sign_out}</button>
      </p>
    </header>
    <main id="content" data-unprinted=${t.app.unprinted}>
      ${
        !changes.ready
          ? html`<${Waiting} />`
          : mayOpen(me, name)
            ? html`<${View} name=${name} id=${here.id} query=${here.query} flags=${flags} counters=${changes.counters} me=${me} setMe=${setMe} onHelp=${() => setHelping(true)} />`
            : html`<h1 id="heading" tabindex="-1">${t.app.name}</h1><p>${name ? t.app.nowhere : t.app.nothing_allowed}</p>`
      }
    </main>
    <footer><p class=${changes.contact ? "quiet" : "notice"} role="status">${changes.contact ? t.app.live : t.app.no_contact}</p></footer>
    ${helping && html`<${Lazy} load=${help} onClose=${() => setHelping(false)} />`}`;
}

function App() {
  const [state, setState] = useState(
    /** @type {{ asked: boolean, me?: Me, problem?: Trouble | null }} */ ({ asked: false }),
  );
  /** @param {Me} me */
  const enter = async (me) => {
    await speak(me.language ?? preferredLanguage());
    setState({ asked: true, me });
  };
  useEffect(() => {
    const { name } = route();
    if (Object.hasOwn(VIEWS, name))
      VIEWS[name]
        .load?.()
        .then(speakFully)
        .catch(() => {}); // on the way while the server is asked who we are
    who().then(enter, (problem) =>
      setState({ asked: true, problem: problem.code === "not_signed_in" ? null : problem }),
    );
  }, []);
  if (!state.asked) return null;
  if (state.problem)
    return html`<main class="sign-in"><h1>${t.app.name}</h1><${Problem} problem=${state.problem} /></main>`;
  if (!state.me) return html`<${Lazy} load=${signInView} onSigned=${enter} />`;
  return html`<${Signed} me=${state.me} setMe=${enter} />`;
}

await speak(preferredLanguage());
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));

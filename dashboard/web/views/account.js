// Konto och hjälp: one's own password and one-time code, how the pages look and work, and the accessibility statement.
/** @import { Children, Me, Submitted, Trouble, Typed, ViewProps } from "../types.js" */
import { chooseLanguage, send, who } from "../server.js";
import { fieldsOf, Heading, html, namesHidden, Problem, shortcutsOn, useEffect, useElement, useState } from "../ui.js";
import { language, speak, t } from "../words.js";

const SECRET_GROUP = /.{1,4}/g; // read and typed four at a time
const PASSWORD_MIN = 12;

/** @typedef {{ secret?: string, uri?: string, done?: boolean, problem?: Trouble }} Step */

/** @param {{ children: Children }} props */
function Done({ children }) {
  const told = useElement();
  useEffect(() => {
    told.current.focus();
  }, []);
  return html`<p class="answered" role="status" tabindex="-1" ref=${told}>${children}</p>`;
}

function Password() {
  const [state, setState] = useState(/** @type {{ done?: boolean, problem?: Trouble }} */ ({}));
  /** @param {Submitted} event */
  const change = async (event) => {
    event.preventDefault();
    const form = event.target;
    const given = fieldsOf(event);
    if (given.new !== given.again) return setState({ problem: { code: "not_same" } });
    try {
      await send("account/password", { password: given.password, new: given.new });
      form.reset();
      setState({ done: true });
    } catch (problem) {
      setState({ problem });
    }
  };
  return html`<section class="card" aria-labelledby="password-title"><h2 id="password-title">${t.account.password}</h2>
    <p class="quiet">${t.account.password_lead(PASSWORD_MIN)}</p>
    ${state.problem && html`<${Problem} problem=${state.problem} />`}
    ${state.done && html`<${Done}>${t.account.password_done}<//>`}
    <form class="stacked" onSubmit=${change}>
      <label for="old">${t.account.password_now}</label><input id="old" name="password" type="password" autocomplete="current-password" required maxlength="256" />
      <label for="new">${t.account.password_new}</label><input id="new" name="new" type="password" autocomplete="new-password" required minlength=${PASSWORD_MIN} maxlength="256" />
      <label for="again">${t.account.password_again}</label><input id="again" name="again" type="password" autocomplete="new-password" required maxlength="256" />
      <button type="submit">${t.account.password_submit}</button>
    </form></section>`;
}

/** @param {{ me: Me, setMe: (me: Me) => unknown }} props */
function Code({ me, setMe }) {
  const [state, setState] = useState(/** @type {Step} */ ({}));
  /** @param {() => Promise<Step>} work */
  const attempt = async (work) => {
    try {
      setState(await work());
    } catch (problem) {
      setState((before) => ({ ...before, problem }));
    }
  };
  /** @param {Submitted} event */
  const begin = (event) => {
    event.preventDefault();
    const { password } = fieldsOf(event);
    attempt(() => send("account/totp", { password }));
  };
  /** @param {Submitted} event */
  const confirm = (event) => {
    event.preventDefault();
    const code = fieldsOf(event).code.replace(/\s/g, "");
    attempt(async () => {
      await send("account/totp/confirm", { code });
      setMe(await who());
      return { done: true };
    });
  };
  return html`<section class="card" aria-labelledby="code-title"><h2 id="code-title">${t.account.code}</h2>
    <p><strong>${t.account.code_state[me.totp]}</strong> ${t.account.code_lead}</p>
    ${state.problem && html`<${Problem} problem=${state.problem} />`}
    ${state.done && html`<${Done}>${t.account.code_done}<//>`}
    ${
      !state.secret
        ? html`<form key="begin" class="stacked" onSubmit=${begin}>
      <label for="code-password">${t.account.password_now}</label><input id="code-password" name="password" type="password" autocomplete="current-password" required maxlength="256" />
      <button type="submit">${me.totp === "on" ? t.account.code_again : t.account.code_begin}</button></form>`
        : html`<form key="confirm" class="stacked" onSubmit=${confirm}>
      <p>${t.account.code_add}</p>
      <p class="secret" translate="no">${state.secret.match(SECRET_GROUP)?.join(" ")}</p>
      <p><a href=${state.uri}>${t.account.code_open}</a></p>
      <label for="code">${t.account.code_type}</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" required />
      <button type="submit">${t.account.code_confirm}</button></form>`
    }
  </section>`;
}

/** @param {{ me: Me, setMe: (me: Me) => unknown }} props */
function Pages({ me, setMe }) {
  const [, again] = useState(0);
  /** @param {string} key @param {string} off */
  const keep = (key, off) => {
    localStorage.setItem(key, off);
    again((times) => times + 1);
    setMe({ ...me });
  };
  /** @param {Typed} event */
  const speakNow = async (event) => {
    await speak(event.target.value);
    setMe(await chooseLanguage(event.target.value).catch(() => ({ ...me })));
  };
  return html`<section class="card" aria-labelledby="pages-title"><h2 id="pages-title">${t.account.pages}</h2>
    <p class="fields"><label>${t.account.language} <select value=${language()} onChange=${speakNow}><option value="sv" lang="sv">Svenska</option><option value="en" lang="en">English</option></select></label></p>
    <label class="check"><input type="checkbox" id="shortcuts" checked=${shortcutsOn()} onChange=${() => keep("shortcuts", shortcutsOn() ? "off" : "on")} /> ${t.help.on}</label>
    <label class="check"><input type="checkbox" id="names" checked=${namesHidden()} onChange=${() => keep("names", namesHidden() ? "shown" : "hidden")} /> ${t.account.hide_names}</label>
    <p class="quiet">${t.account.hide_names_why}</p></section>`;
}

/** @param {{ me: Me }} props */
function Statement({ me }) {
  return html`<section class="card" aria-labelledby="statement"><h2 id="statement">${t.account.statement}</h2>
    ${t.account.statement_text(me.school).map((/** @type {string} */ paragraph, /** @type {number} */ index) => html`<p key=${index}>${paragraph}</p>`)}</section>`;
}

/** @param {ViewProps} props */
export default function Account({ me, setMe, onHelp }) {
  return html`<${Heading}>${t.titles.account}<//>
    ${me.totp === "required" && html`<p class="notice">${t.account.code_needed}</p>`}
    <div class="columns">
      <div class="stack"><${Pages} me=${me} setMe=${setMe} />
        <section class="card" aria-labelledby="keys-title"><h2 id="keys-title">${t.help.title}</h2><p>${t.help.lead}</p><p><button type="button" class="quiet-button" onClick=${onHelp}>${t.account.show_keys}</button></p></section>
        <${Statement} me=${me} /></div>
      <div class="stack">${me.totp && html`<${Code} me=${me} setMe=${setMe} /><${Password} />`}</div>
    </div>`;
}

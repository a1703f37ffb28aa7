/** @import { Me, Submitted } from "../types.js" */
import { signIn } from "../server.js";
import { fieldsOf, Heading, html, useEffect, useElement, useState } from "../ui.js";
import { language, speak, t } from "../words.js";

/**
 * Says what went wrong, takes focus, and leads back to the field.
 * @param {{ code: string }} props
 */
function Summary({ code }) {
  const box = useElement();
  useEffect(() => {
    box.current.focus();
  }, [code]);
  return html`<div class="notice" role="alert" tabindex="-1" ref=${box}>
    <h2>${t.sign_in.failed}</h2>
    <p><a href="#user" onClick=${(event) => {
      event.preventDefault();
      document.getElementById("user")?.focus();
    }}>${t.problems[code] ?? t.problems.unknown}</a></p>
  </div>`;
}

/** Asked for only when the account has one; the password was right. */
function Code() {
  const field = useElement();
  useEffect(() => {
    field.current.focus();
  }, []);
  return html`<label for="code">${t.sign_in.code}</label>
    <input id="code" name="code" ref=${field} inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" required />`;
}

/** @param {{ onSigned: (me: Me) => void }} props */
export default function SignIn({ onSigned }) {
  const [problem, setProblem] = useState(/** @type {{ code: string } | null} */ (null));
  const [wantsCode, setWantsCode] = useState(false);
  const [shown, setShown] = useState(false);
  const [, setLanguage] = useState(language());
  useEffect(() => {
    document.title = `${t.sign_in.title} – ${t.app.name}`;
  });

  /** @param {Submitted} event */
  const submit = async (event) => {
    event.preventDefault();
    const { user, password, code } = fieldsOf(event);
    try {
      onSigned(await signIn(user, password, code?.replace(/\s/g, "")));
    } catch (refusal) {
      if (refusal.code === "code_needed") setWantsCode(true);
      setProblem(refusal.code === "code_needed" ? null : { code: refusal.code });
    }
  };
  const otherLanguage = async () => {
    await speak(language() === "sv" ? "en" : "sv");
    setLanguage(language());
  };
  return html`<main class="sign-in">
    <p class="brand">${t.app.name}</p>
    <p class="quiet">${t.sign_in.lead}</p>
    <${Heading}>${t.sign_in.title}<//>
    ${problem && html`<${Summary} key=${problem} code=${problem.code} />`}
    <form onSubmit=${submit}>
      <label for="user">${t.sign_in.user}</label>
      <input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck=${false} required maxlength="64" />
      <label for="password">${t.sign_in.password}</label>
      <input id="password" name="password" type=${shown ? "text" : "password"} autocomplete="current-password" required maxlength="256" />
      ${wantsCode && html`<${Code} />`}
      <label class="check"><input type="checkbox" checked=${shown} onChange=${() => setShown(!shown)} /> ${t.sign_in.show}</label>
      <button type="submit">${t.sign_in.submit}</button>
    </form>
    <p class="quiet">${t.sign_in.forgotten}</p>
    <p><button type="button" class="plain" lang=${language() === "sv" ? "en" : "sv"} onClick=${otherLanguage}>${t.app.language}</button></p>
  </main>`;
}

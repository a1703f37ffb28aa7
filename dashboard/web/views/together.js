// Samverkan: what the head decides for the whole school about working together.
/** @import { Trouble, ViewProps } from "../types.js" */
import { send } from "../server.js";
import { Heading, html, Problem, useAnswer, useState, Waiting } from "../ui.js";
import { t } from "../words.js";

/** @param {{ may: boolean, isHead: boolean, onDecided: () => void }} props */
function MayCall({ may, isHead, onDecided }) {
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  const decide = async () => {
    try {
      await send("together", { school_may_call_sip: !may });
      setRefusal(null);
      onDecided();
    } catch (problem) {
      setRefusal(problem);
    }
  };
  return html`<section class="card" aria-labelledby="may-call"><h2 id="may-call">${t.together.calling}</h2>
    <p role="status">${may ? t.sip.may_call : t.sip.may_not_call}</p>
    <p class="quiet">${t.together.calling_how}</p>
    ${refusal && html`<${Problem} problem=${refusal} />`}
    ${isHead && html`<p class="actions"><button type="button" onClick=${decide}>${may ? t.together.forbid_calling : t.together.allow_calling}</button></p>`}</section>`;
}

/** @param {ViewProps} props */
export default function TogetherPage({ me }) {
  const [asked, setAsked] = useState(0);
  const { answer, problem } = useAnswer("together", { asked });
  return html`<${Heading}>${t.titles.together}<//>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${
      answer
        ? html`<${MayCall} may=${answer.school_may_call_sip} isHead=${me.role === "rektor"} onDecided=${() => setAsked(asked + 1)} />`
        : !problem && html`<${Waiting} />`
    }`;
}

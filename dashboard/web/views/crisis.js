// Allvarlig händelse i familjen: whom to speak with first, while it stands. A person begins it and a person ends it.
/** @import { Crisis, Owner, Submitted, Trouble } from "../types.js" */
import { send } from "../server.js";
import { html, Problem, useState } from "../ui.js";
import { longDate, t } from "../words.js";

/** @param {{ owners: Owner[], onBegin: (contact: string) => void }} props */
function Begin({ owners, onBegin }) {
  /** @param {Submitted} event */
  const submit = (event) => {
    event.preventDefault();
    onBegin(String(new FormData(event.target).get("contact")));
  };
  return html`<form class="answer" onSubmit=${submit}>
    <p>${t.crisis.how}</p>
    <label class="stacked">${t.crisis.who} <select name="contact" required><option value="">${t.crisis.choose}</option>
      ${owners.map(({ user, name }) => html`<option key=${user} value=${user}>${name}</option>`)}</select></label>
    <p class="actions"><button type="submit">${t.crisis.begin}</button></p></form>`;
}

/** @param {{ pupil: { pupil: string, crisis: Crisis | null, owners?: Owner[] }, onChanged: () => void }} props */
export default function CrisisCard({ pupil, onChanged }) {
  const [refusal, setRefusal] = useState(/** @type {Trouble | null} */ (null));
  /** @param {`pupils/${string}/crisis` | `pupils/${string}/crisis/end`} path @param {object} body */
  const attempt = async (path, body) => {
    try {
      await send(path, body);
      setRefusal(null);
      onChanged();
    } catch (problem) {
      setRefusal(problem);
    }
  };
  const { crisis } = pupil;
  const path = /** @type {`pupils/${string}/crisis`} */ (`pupils/${encodeURIComponent(pupil.pupil)}/crisis`);
  return html`<section class="card screen-only" aria-labelledby="crisis"><h2 id="crisis">${t.crisis.title}</h2>
    ${refusal && html`<${Problem} problem=${refusal} />`}
    ${
      crisis
        ? html`<p class="notice" role="status">${t.crisis.stands(crisis.contact_name, longDate(crisis.since))}</p><p>${t.crisis.paused}</p>
      <p class="actions"><button type="button" onClick=${() => attempt(`${path}/end`, {})}>${t.crisis.end}</button></p>`
        : html`<${Begin} owners=${pupil.owners ?? []} onBegin=${(/** @type {string} */ contact) => attempt(path, { contact })} />`
    }</section>`;
}

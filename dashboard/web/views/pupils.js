/** @import { Submitted, ViewProps } from "../types.js" */
import { fieldsOf, Heading, html, nameOf, Problem, Protected, useAnswer, Waiting } from "../ui.js";
import { t } from "../words.js";

/** @param {{ q: string }} props */
function Found({ q }) {
  const { answer, problem } = useAnswer(`pupils?q=${encodeURIComponent(q)}`);
  if (problem) return html`<${Problem} problem=${problem} />`;
  if (!answer) return html`<${Waiting} />`;
  if (answer.pupils.length === 0) return html`<p role="status">${t.pupils.none(q)}</p>`;
  return html`
    <p role="status" class="quiet">${answer.more ? t.pupils.many(answer.pupils.length) : t.pupils.found(answer.pupils.length)}</p>
    <table>
      <thead><tr><th scope="col">${t.pupils.name}</th><th scope="col">${t.pupils.class}</th></tr></thead>
      <tbody>${answer.pupils.map(
        (pupil) => html`<tr key=${pupil.pupil}>
        <td><a href="#/pupil/${encodeURIComponent(pupil.pupil)}">${nameOf(pupil)}</a> ${pupil.protected && html`<${Protected} />`}</td><td>${pupil.class}</td></tr>`,
      )}
      </tbody>
    </table>`;
}

/** @param {ViewProps} props */
export default function Pupils({ query }) {
  const q = (query.get("q") ?? "").trim();
  /** @param {Submitted} event */
  const search = (event) => {
    event.preventDefault();
    location.hash = `#/pupils?q=${encodeURIComponent(fieldsOf(event).q)}`;
  };
  return html`
    <${Heading}>${t.titles.pupils}<//>
    <form class="row screen-only" onSubmit=${search}>
      <label for="q">${t.pupils.search}</label>
      <input id="q" key=${q} name="q" type="search" defaultValue=${q} minlength="2" maxlength="64" autocomplete="off" required />
      <button type="submit">${t.pupils.submit}</button>
    </form>
    ${q.length >= 2 ? html`<${Found} q=${q} />` : html`<p class="quiet">${t.pupils.hint}</p>`}`;
}

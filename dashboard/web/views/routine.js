// Whom to contact the same day around a child with a god man, or a placed one: the school's own list, each with a tick and the time.
// The program contacts nobody.
/** @import { Contact, Submitted, Task } from "../types.js" */
import { fieldsOf, html } from "../ui.js";
import { t, timeOf } from "../words.js";
import { phoneHash } from "./review.js";

/** @param {Contact} contact @returns {string} */
const wordOf = ({ contact, people }) =>
  (contact !== "god_man" && people[0]?.name) ||
  (Object.hasOwn(t.routine.who, contact) ? /** @type {Record<string, string>} */ (t.routine.who)[contact] : contact);

/** @param {{ contact: Contact, onTold?: (body: object) => void }} props */
function Row({ contact, onTold }) {
  const whom = wordOf(contact);
  /** @param {Submitted} event */
  const tick = (event) => {
    event.preventDefault();
    const { time } = fieldsOf(event);
    onTold?.({ contact: contact.contact, ...(time && { time }) });
  };
  return html`<li>
    <span><strong>${whom}</strong>${contact.people.map(
      ({ name, phone }) =>
        html` <span>${name !== whom && name}${" "}${phone ? html`<a href=${phoneHash(phone)}>${phone}</a>` : html`<span class="quiet">${t.routine.no_number}</span>`}</span>`,
    )}</span>
    ${
      contact.told
        ? html`<span>${t.routine.ticked(timeOf(contact.told.at), contact.told.by)}</span>`
        : onTold &&
          html`<form class="routine" onSubmit=${tick}>
      <input type="time" name="time" aria-label=${t.routine.time(whom)} />
      <button type="submit" class="told quiet-button" aria-label=${t.routine.tick_whom(whom)}>${t.routine.tick}</button>
    </form>`
    }
  </li>`;
}

/** @param {{ item: Task, onTold?: (body: object) => void }} props */
export default function Routine({ item, onTold }) {
  return html`
    <p>${t.routine.why}</p>
    ${item.own_list === false && html`<p class="notice">${t.routine.no_list}</p>`}
    ${item.done && html`<p><strong>${t.routine.all}</strong></p>`}
    <ul class="guardians">
      ${item.contacts?.map((contact) => html`<${Row} key=${contact.contact} contact=${contact} onTold=${onTold} />`)}
    </ul>`;
}

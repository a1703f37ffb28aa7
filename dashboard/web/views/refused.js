// The reasons of the programs when they refuse, one by one, in the reader's language.
import { refusal } from "../refusals.js";
import { html, useEffect, useState } from "../ui.js";
import { language, t } from "../words.js";

export default function Refused({ reasons, list }) {
  const [table, setTable] = useState(null);
  const inSwedish = language() === "sv";
  useEffect(() => {
    if (inSwedish) import("../i18n/refusals_sv.js").then((module) => setTable(module.default));
  }, [inSwedish]);
  if (inSwedish && !table) return null;
  const told = reasons.map((reason) => refusal(reason, inSwedish ? table : null, t.refused.place));
  const lang = ({ known }) => (known ? null : "en");
  return list
    ? html`<ul class="reasons">${told.map((each, index) => html`<li key=${index} lang=${lang(each)}>${each.text}</li>`)}</ul>`
    : told.map((each, index) => html` <span key=${index} lang=${lang(each)}>${each.text}</span>`);
}

// The reasons of the programs when they refuse, one by one, in the reader's language. A part of ui.js's Problem, fetched when
// it is first needed: so it is built without ui.js.
import { refusal } from "../refusals.js";
import { useEffect, useState } from "../vendor/hooks.js";
import { h } from "../vendor/preact.js";
import { language, t } from "../words.js";

/** @param {{ reasons: string[], list?: boolean }} props */
export default function Refused({ reasons, list }) {
  const [table, setTable] = useState(/** @type {string[][] | null} */ (null));
  const inSwedish = language() === "sv";
  useEffect(() => {
    if (inSwedish) import("../i18n/refusals_sv.js").then((module) => setTable(module.default));
  }, [inSwedish]);
  if (inSwedish && !table) return null;
  const told = reasons.map((reason) => refusal(reason, inSwedish ? table : null, t.refused.place));
  /** @param {string} tag @param {{ text: string, known: boolean }} one @param {number} index */
  const part = (tag, { text, known }, index) => h(tag, { key: index, lang: known ? null : "en" }, text);
  return list
    ? h("ul", { class: "reasons" }, ...told.map((each, index) => part("li", each, index)))
    : told.map((each, index) => [" ", part("span", each, index)]);
}

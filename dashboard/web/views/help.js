import { html, shortcutsOn, useEffect, useElement, useState } from "../ui.js";
import { t } from "../words.js";

const KEYS = [
  ["j", "↓", "next"],
  ["k", "↑", "previous"],
  ["b", "confirm"],
  ["a", "snooze"],
  ["e", "dismiss"],
  ["u", "undo"],
  ["o", "open_case"],
  ["Enter", "open"],
  ["p", "print"],
  ["/", "search"],
  ["?", "help"],
];

/** @param {{ onClose: () => void }} props */
export default function Help({ onClose }) {
  const dialog = useElement();
  const [on, setOn] = useState(shortcutsOn());
  useEffect(() => {
    dialog.current.showModal();
  }, []);
  const toggle = () => {
    localStorage.setItem("shortcuts", on ? "off" : "on");
    setOn(!on);
  };
  return html`<dialog ref=${dialog} aria-labelledby="help-title" onClose=${onClose}>
    <h2 id="help-title">${t.help.title}</h2>
    <p>${t.help.lead}</p>
    <dl class="keys">
      ${KEYS.map(
        (entry) => html`<div key=${entry[0]}>
        <dt>${entry.slice(0, -1).map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${t.help.keys[entry[entry.length - 1]]}</dd></div>`,
      )}
    </dl>
    <label class="check"><input type="checkbox" checked=${on} onChange=${toggle} /> ${t.help.on}</label>
    <p class="quiet">${t.help.off_note}</p>
    <h3>${t.help.words}</h3>
    <p>${t.help.word_flag}</p>
    <p>${t.help.word_unknown}</p>
    <p>${t.help.word_log}</p>
    <button type="button" onClick=${() => dialog.current.close()}>${t.app.close}</button>
  </dialog>`;
}

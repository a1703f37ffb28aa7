// A school file as schools write it, for the naive roll call: `,` `;` or tab, a first line `sep=;`, BOM, CRLF, empty
// trailing rows and columns; cells are trimmed and in NFC. Of docs/rollcall.md (Imports, Text) alone.

const SEPARATORS = [",", ";", "\t"];

export function readSchoolCsv(text) {
  let rest = text.replace(/^\uFEFF/, "");
  const told = rest.match(/^sep=(.)\r?\n/);
  if (told) rest = rest.slice(told[0].length);
  const head = rest.split(/\r?\n/, 1)[0];
  const count = (separator) => head.split(separator).length;
  const separator = told ? told[1] : SEPARATORS.reduce((best, s) => (count(s) > count(best) ? s : best));
  const [header, ...rows] = split(rest, separator).map((row) => row.map((cell) => cell.trim().normalize("NFC")));
  return rows
    .filter((row) => row.some((cell) => cell !== ""))
    .map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""]).filter(([name]) => name !== "")));
}

function split(text, separator) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell.trim() === "") {
      quoted = true;
      cell = "";
    } else if (c === separator || c === "\n") {
      rows.at(-1).push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") rows.push([]);
    } else cell += c;
  }
  if (cell !== "" || rows.at(-1).length > 0) rows.at(-1).push(cell);
  return rows.filter((row) => row.length > 0);
}

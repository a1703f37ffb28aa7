// From a program's sentence to the reader's, by a table of both (i18n/refusals_sv.js). Sentences about a file begin with it:
// "pupils.csv:14: class: must not be empty".

const PLACE = /^([a-z_]+(?:\.csv)?)(?::(\d+))?: (.*)$/s;
const COLUMN = /^([a-z_]+|\(column not used\)): (.*)$/s;

/** @param {string} sentence */
const pattern = (sentence) =>
  new RegExp(
    `^${sentence
      .split("{}")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("(.*?)")}$`,
    "s",
  );

/** @type {{ table: string[][], rows: [RegExp, string][] } | null} */
let compiled = null;
/** @param {string[][]} table @returns {[RegExp, string][]} */
const rowsOf = (table) => {
  if (compiled?.table !== table) compiled = { table, rows: table.map(([theirs, ours]) => [pattern(theirs), ours]) };
  return compiled.rows;
};

/**
 * The sentence of a row, or undefined. What is filled in is told in the same way when it can be.
 * @param {string} sentence
 * @param {string[][]} table
 * @returns {string | undefined}
 */
function told(sentence, table) {
  for (const [theirs, ours] of rowsOf(table)) {
    const filled = sentence.match(theirs);
    if (filled) return ours.replace(/\{(\d)\}/g, (_, number) => told(filled[number], table) ?? filled[number]);
  }
  return undefined;
}

/**
 * { text, known }: `place` is the catalogue's way to name one; without a table the sentence is told as it is.
 * @param {string} sentence
 * @param {string[][] | null} table
 * @param {(file: string, line: string, column: string) => string} place
 */
export function refusal(sentence, table, place) {
  if (!table) return { text: sentence, known: true };
  const row = table.find(([theirs]) => theirs === sentence);
  if (row) return { text: row[1], known: true };
  const [, file, line, rest] = sentence.match(PLACE) ?? [];
  const [, column, what] = rest?.match(COLUMN) ?? [];
  const ours = told(what ?? rest ?? sentence, table);
  if (!ours) return { text: sentence, known: false };
  return {
    text: file ? `${place(told(file, table) ?? file, line, column && (told(column, table) ?? column))}: ${ours}` : ours,
    known: true,
  };
}

// CSV as RFC 4180 has it, for tests: text in, one object per row out, and back.

export function readCsv(text) {
  const [header, ...rows] = cells(text);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

export function writeCsv(columns, rows) {
  const quoted = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const line = (values) => `${values.map((value) => quoted(String(value ?? ""))).join(",")}\n`;
  return line(columns) + rows.map((row) => line(columns.map((name) => row[name]))).join("");
}

function cells(text) {
  const rows = [];
  let row = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) throw new Error(`not CSV near ${JSON.stringify(text.slice(cell.lastIndex, cell.lastIndex + 40))}`);
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === ",") {
      if (cell.lastIndex === text.length) rows.push([...row, ""]);
      continue;
    }
    rows.push(row);
    row = [];
  }
  return rows;
}

// Rows as a CSV file for a spreadsheet (RFC 4180): every field quoted, UTF-8 with its mark, and no field that a spreadsheet would compute.

/** @param {string} field */
const quoted = (field) => `"${(/^[=+\-@\t\r]/.test(field) ? `'${field}` : field).replaceAll('"', '""')}"`;

/** @param {string[][]} rows */
export const csvOf = (rows) => `\ufeff${rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("")}`;

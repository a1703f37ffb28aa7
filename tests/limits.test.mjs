// docs/limits.md and the headers say the same: every limit, its value, where it stands; and its tests are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("..", import.meta.url).pathname;
const read = (path) => readFileSync(root + path, "utf8");
const headers = ["common", "daemon", "dashboard", "firmware"].flatMap((room) =>
  readdirSync(root + room, { recursive: true })
    .filter((path) => path.endsWith(".h"))
    .map((path) => `${room}/${path}`),
);

// Every constant of the headers: name → its text and file.
const constants = new Map();
for (const path of headers) {
  const text = read(path).replaceAll("\\\n", " ");
  for (const [, macro, of, member, is] of text.matchAll(
    /^#define +(\w+) +(.*?)(?=\/\*|$)|^ +([A-Z]\w+_MAX) *=\s*([^,/\n]*)/gm,
  ))
    constants.set(macro ?? member, { text: (macro ? of : is).trim(), path });
}

function value(text) {
  const plain = text
    .replace(/U?INT64_C\((\d+)\)/g, "$1")
    .replace(/\(size_t\)|\(int64_t\)/g, "")
    .replace(/\b(\d+)[uUlL]+\b/g, "$1")
    .replace(/\b\d+\b/g, "$&n")
    .replace(/\b[A-Z]\w+\b/g, (name) => `${value(constants.get(name).text)}n`);
  assert.match(plain, /^[\dn\s()+*/<>-]+$/, text);
  return Function(`return ${plain}`)();
}

const rows = [
  ...read("docs/limits.md").matchAll(/^\| `(\w+)` \| ([\d,]+) \| `(.*?)` \| (.*?) \| (.*?) \| (.*?) \|$/gm),
].map(([, name, number, path, bounds, answer, tests]) => ({ name, number, path, bounds, answer, tests }));
const limits = [...constants.keys()].filter((name) => name.endsWith("_MAX"));

test("every limit of a header is in the table, once, and no other", () => {
  assert.ok(limits.length > 100, `${limits.length} limits found`);
  assert.deepEqual(rows.map(({ name }) => name).sort(), limits.sort());
});

for (const { name, number, path, bounds, answer, tests } of rows)
  test(`${name} is as the table says`, () => {
    assert.equal(path, constants.get(name).path);
    assert.equal(number.replaceAll(",", ""), String(value(constants.get(name).text)));
    assert.ok(bounds && answer);
    const holder = answer.match(/the compiler holds \(`(.*?)`\)/)?.[1];
    if (holder)
      assert.ok(
        [...read(holder).matchAll(/static_assert\(([^;]*)\);/gi)].some(([, text]) => text.includes(name)),
        `no assertion of it in ${holder}`,
      );
    assert.ok(holder || tests !== "–", "neither a test nor an assertion");
    assert.ok(holder || !answer.includes("the compiler holds"), "the file of the assertion is not named");
    for (const [, file] of tests.matchAll(/`(.*?)`/g))
      assert.ok(existsSync(`${root}tests/${file.endsWith(".mjs") ? file : `unit/${file}.c`}`), `no test ${file}`);
  });

// docs/firmware.md shows the patterns and the sizes that the code has.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { rootFile } from "./demo/stage.mjs";

const read = (path) => readFileSync(rootFile(path), "utf8");

test("every pattern is drawn as it is", () => {
  const order = /enum pattern \{([^}]*)\}/
    .exec(read("firmware/core/registers.h"))[1]
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split(",")
    .map((name) => name.replace(/=.*/, "").trim())
    .filter((name) => name && !["PATTERN_COMMANDS", "PATTERNS"].includes(name));
  const rhythms = Object.fromEntries(
    [
      ...read("firmware/core/pattern.c").matchAll(
        /\[(PATTERN_\w+)\] = \{(\d), (\d), (\d),\s*"([#.]*)",\s*"([#.]*)"\}/g,
      ),
    ].map(([, name, green, red, repeats, lamp, sound]) => [
      name,
      {
        colour: green === "1" ? (red === "1" ? "yellow" : "green") : "red",
        repeats: repeats === "1",
        drawing: `<pre>${lamp}<br>${sound}</pre>`,
      },
    ]),
  );
  const rows = [...read("docs/firmware.md").matchAll(/^\| (\d+) [a-z ]+ \| (.*) \| (\w+) \| (<pre>.*<\/pre>) \|$/gm)];
  assert.equal(rows.length, order.length - 1);
  for (const [, number, meaning, colour, drawing] of rows) {
    const { repeats, ...rest } = rhythms[order[number]];
    assert.deepEqual({ colour, drawing }, rest, order[number]);
    assert.equal(/repeats$/.test(meaning), repeats, order[number]);
  }
});

test("every register is listed", () => {
  const text = read("docs/firmware.md");
  const registers = read("firmware/core/registers.h");
  const magic = Number(/REGISTERS_MAGIC\s+(\S+)/.exec(registers)[1]);
  assert.match(text, new RegExp(`\\| 0 \\| magic \\| 0x${magic.toString(16)} \\|`, "i"));
  const map = text.slice(text.indexOf("| input register (4) |"));
  const inputs = [
    ...map.matchAll(/^\| (\d+)(?:–(\d+))? \| (?:magic|map|firmware v|card|age|pending|status|boot|lost|CRC)/gm),
  ];
  const numbers = inputs.flatMap(([, first, last = first]) =>
    Array.from({ length: last - first + 1 }, (_, i) => Number(first) + i),
  );
  assert.deepEqual(
    numbers,
    Array.from({ length: 16 }, (_, i) => i),
  );
});

test("every test that is named as a proof exists", () => {
  const text = read("docs/firmware.md");
  const table = text.slice(text.indexOf("| mistake | test"), text.indexOf("QEMU has no pins"));
  const proofs = [...table.matchAll(/`(\w+\.(?:c|test\.mjs))` (?:"([^"]*)"|(\w+))/g)];
  assert.ok(proofs.length >= 11, `${proofs.length} found`);
  for (const [, file, sentence, name] of proofs) {
    const source = read(file.endsWith(".c") ? `tests/unit/${file}` : `tests/${file}`).replace("${QUEUED}", "1200");
    for (const part of (sentence ?? `TEST(${name})`)
      .split("…")
      .map((words) => words.trim())
      .filter(Boolean))
      assert.ok(source.includes(part), `${file} has no ${part}`);
  }
});

// Instructions, counted by callgrind: no load of the machine changes them.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The lines of callgrind_annotate are "1,234 (5.6%)  file:function [object]".
function inclusive(file) {
  const { stdout } = spawnSync("callgrind_annotate", ["--inclusive=yes", "--threshold=100", "--auto=no", file], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const lines = stdout.split("\n").map((line) => line.split(" [")[0].trim());
  return (name) => {
    const line = lines.find((one) => one.endsWith(`:${name}`));
    return line ? Number(line.split(" ")[0].replaceAll(",", "")) : 0;
  };
}

// Of the program with these words, within the functions `counted`: { all, and each function of `parts` with all that it calls };
// null where there is no valgrind.
export function instructions(counted, parts, program, ...words) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-callgrind-"));
  const file = join(folder, "out");
  const toggles = counted.map((name) => `--toggle-collect=${name}`);
  try {
    const run = spawnSync(
      "valgrind",
      ["--tool=callgrind", `--callgrind-out-file=${file}`, ...toggles, program, ...words.map(String)],
      { stdio: "ignore" },
    );
    if (run.status !== 0) return null;
    const all = Number(readFileSync(file, "utf8").match(/^(?:totals|summary): (\d+)/m)[1]);
    const of = parts.length > 0 ? inclusive(file) : null;
    return { all, ...Object.fromEntries(parts.map((name) => [name, of(name)])) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

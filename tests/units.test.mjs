// The systemd units: how much a service could do if somebody took it over, by systemd's own measure, and that they start
// what is installed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { program, rootFile } from "./demo/stage.mjs";

const analyze = (...args) => spawnSync("systemd-analyze", args, { encoding: "utf8" });
const without = analyze("--version").error ? "systemd-analyze is not installed" : false;
const MOST = {
  narvarod: 0.5,
  "narvaro-web": 0.5,
  "narvaro-broker": 1.5,
  "narvaro-terminal": 2.5,
  "narvaro-backup": 1.5,
};

for (const [name, most] of Object.entries(MOST)) {
  const unit = rootFile(`config/systemd/${name}.service`);

  test(`${name} is exposed by ${most} of 10 at most`, { skip: without }, () => {
    const { status, stdout } = analyze("security", "--offline=true", `--threshold=${most * 10}`, "--no-pager", unit);
    assert.equal(status, 0, stdout.trim().split("\n").at(-1));
  });

  test(`${name} starts a program that takes these options`, () => {
    const text = readFileSync(unit, "utf8").replaceAll(
      "/var/lib/narvaro-program/current",
      "/usr/local/bin/narvaro-terminal",
    );
    const commands = [...text.matchAll(/^Exec\w+=[-+]*\/usr\/local\/bin\/(\S+) (.*)$/gm)];
    for (const [, command, options] of commands) {
      const { stdout } = spawnSync(program(command), [...(options.match(/^[a-z]+/) ?? []), "--help"], {
        encoding: "utf8",
      });
      for (const option of options.match(/--[a-z-]+/g)) assert.ok(stdout.includes(option), `${command} ${option}`);
    }
    assert.equal(commands.length > 0, name !== "narvaro-broker");
  });
}

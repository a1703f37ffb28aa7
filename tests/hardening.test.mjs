// What the compiler, systemd and the kernel are asked to forbid, looked at with their own tools.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { program, rootFile } from "./demo/stage.mjs";

const said = (command, ...words) => {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: "utf8" });
  assert.equal(error, undefined);
  assert.equal(status, 0, `${command}: ${stderr}`);
  return stdout;
};

// Sanitizers and the like link as they need.
const plain = !process.env.BUILD || /(^|\/)build$/.test(process.env.BUILD);

for (const name of ["narvarod", "narvaro-web", "narvaro-terminal", "narvaro-terminal-update", "narvaro"])
  test(
    `${name} moves in memory, and neither its stack nor its tables can be rewritten to run`,
    { skip: !plain },
    () => {
      const file = program(name);
      assert.match(said("readelf", "--file-header", file), /Type:\s+DYN/);
      const dynamic = said("readelf", "--dynamic", file);
      assert.match(dynamic, /BIND_NOW/);
      const segments = said("readelf", "--program-headers", "--wide", file);
      assert.match(segments, /GNU_RELRO/);
      assert.match(segments, /GNU_STACK.* RW /);
      const symbols = said("readelf", "--dyn-syms", "--wide", file);
      assert.match(symbols, /__stack_chk_fail/);
      assert.match(symbols, /__[a-z]+_chk@/); // fortified calls
    },
  );

// Debian's start-up code has neither, so the programs as a whole are not marked.
test("what is compiled says where jumps may land", { skip: !plain || process.arch !== "x64" }, () => {
  assert.match(said("readelf", "--notes", rootFile("build/common/civil.o")), /x86 feature: IBT, SHSTK/);
});

// In tenths, as the tool counts: 0 is shut, 100 is open. The terminal needs serial ports, the network and the clock.
for (const [unit, most] of Object.entries({
  "narvaro-audit-head": 15,
  "narvaro-broker": 15,
  "narvaro-terminal": 25,
  "narvaro-web": 15,
  narvarod: 15,
}))
  test(`${unit}.service is exposed by ${most / 10} of 10 at most, and leaves no core`, () => {
    const file = rootFile(`config/systemd/${unit}.service`);
    said("systemd-analyze", "security", "--offline=true", `--threshold=${most}`, file);
    assert.match(said("grep", "LimitCORE", file), /^LimitCORE=0$/m);
  });

// In a network of its own: connections that say nothing, as a stranger's do.
test("from one address the packet filter lets eight connections wait at the broker's port", () => {
  const opens = `
    const net = require("node:net");
    let open = 0, refused = 0;
    const done = () => open + refused === 12 && (console.log(open, refused), process.exit());
    net.createServer().listen(8883, "127.0.0.1", () => {
      for (let i = 0; i < 12; i++)
        net.connect(8883, "127.0.0.1").on("connect", () => (open++, done())).on("error", () => (refused++, done()));
    });`;
  const shell = `ip link set lo up && nft -f "$1" && exec "$2" -e "$3"`;
  assert.equal(
    said("unshare", "-rn", "sh", "-c", shell, "-", rootFile("config/nftables.conf"), process.execPath, opens).trim(),
    "8 4",
  );
});

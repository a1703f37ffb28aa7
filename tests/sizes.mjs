// How large things are: the reader head, and the terminal's program and memory on each processor, after some taps. Of the ARM programs, which run in QEMU, only pages between the addresses that the guest was given are counted,
// so the emulator's own are not; on a board the kernel may keep more or fewer of the libraries' pages.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rootFile, run, sleep, Stage } from "./demo/stage.mjs";
import { Desk } from "./desk.mjs";

const BUILD = process.env.BUILD ?? "build";
const TAPS = 40;
const GUEST = { base: 0x100000000000, bytes: 0x100000000 };
const base = ["-B", `0x${GUEST.base.toString(16)}`];
const PROCESSORS = {
  amd64: { strip: "strip", binary: join(BUILD, "bin/narvaro-terminal") },
  armhf: { strip: "arm-linux-gnueabihf-strip", emulator: ["qemu-arm-static", ...base] },
  arm64: { strip: "aarch64-linux-gnu-strip", emulator: ["qemu-aarch64-static", ...base, "-R", "0x40000000"] },
};

function head() {
  const elf = rootFile(join(BUILD, "reader/narvaro-reader.elf"));
  const [text, data, bss] = run("arm-none-eabi-size", [elf]).stdout.split("\n")[1].trim().split(/\s+/).map(Number);
  console.log(`reader head: flash ${text + data} bytes, RAM ${data + bss} bytes with the stack\n`);
}

function strippedBytes(strip, binary) {
  const stage = new Stage();
  run(strip, ["-o", stage.path("stripped"), binary]);
  const { size } = statSync(stage.path("stripped"));
  stage.clear();
  return size;
}

// { resident, own } in kB; own are the pages that the program has written.
function memory(pid, guest) {
  const sum = { resident: 0, own: 0 };
  let counted = false;
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const range = /^([0-9a-f]+)-[0-9a-f]+ /.exec(line);
    if (range)
      counted = !guest || (parseInt(range[1], 16) >= GUEST.base && parseInt(range[1], 16) < GUEST.base + GUEST.bytes);
    const [, key, kb] = /^(Rss|Private_Dirty):\s+(\d+) kB/.exec(line) ?? [];
    if (counted && key) sum[key === "Rss" ? "resident" : "own"] += Number(kb);
  }
  return sum;
}

async function atWork(command, secure, guest) {
  const desk = await Desk.open({ secure, command });
  try {
    await desk.startBroker();
    desk.sayDaemon("ready");
    desk.startTerminal();
    await desk.readersUp();
    for (let i = 0; i < TAPS; i++) await desk.tap(1 + (i % 2), (0xa0000000 + i).toString(16));
    await sleep(500);
    return memory(desk.child.pid, guest);
  } finally {
    await desk.end();
  }
}

const rows = {
  "program, stripped": [],
  "resident, TLS with certificates": [],
  "of it written": [],
  "resident, no TLS": [],
};
const mb = (kb) => `${(kb / 1024).toFixed(1)} MB`;
head();
for (const [name, { strip, emulator, binary = join(BUILD, name, "bin/narvaro-terminal") }] of Object.entries(
  PROCESSORS,
)) {
  const path = rootFile(binary);
  if (!existsSync(path)) throw new Error(`${path} is not built: make cross`);
  const command = emulator ? [...emulator, "-L", rootFile(join(BUILD, name, "sysroot")), path] : [path];
  const [tls, plain] = [
    await atWork(command, true, Boolean(emulator)),
    await atWork(command, false, Boolean(emulator)),
  ];
  for (const [row, cell] of [
    [0, `${Math.round(strippedBytes(strip, path) / 1000)} kB`],
    [1, mb(tls.resident)],
    [2, mb(tls.own)],
    [3, mb(plain.resident)],
  ])
    Object.values(rows)[row].push(cell);
}
console.log(`| | ${Object.keys(PROCESSORS).join(" | ")} |\n|---|---|---|---|`);
for (const [row, cells] of Object.entries(rows)) console.log(`| ${row} | ${cells.join(" | ")} |`);

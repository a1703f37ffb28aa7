// The packages as a school installs them, under a systemd of their own: units, users, sandboxes, watchdog, enrolment,
// updates. Root, and the machine's systemd as a file, are needed; boot.sh keeps everything in namespaces.
//
//   node tests/systemd/run.mjs        prints what was told, then what of it is wrong

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { writeSchool } from "../demo/files.mjs";
import { makeSchool } from "../demo/school.mjs";
import { program, rootFile, testProgram } from "../demo/stage.mjs";

const SECONDS_MOST = 240;
const MARK = "narvaro-terminal-version=";
const folder = mkdtempSync("/dev/shm/narvaro-systemd-");
// systemd's own hierarchy of process groups, by a mount that only this call sees; in it one group of ours.
const inGroups = (script, ...words) =>
  spawnSync(
    "unshare",
    [
      "--mount",
      "sh",
      "-c",
      `mkdir -p ${folder}/groups && mount -t cgroup -o none,name=systemd none ${folder}/groups && group=${folder}/groups/narvaro-${process.pid} && ${script}`,
      "sh",
      ...words,
    ],
    { encoding: "utf8" },
  );
const files = (...names) => join(folder, "files", ...names);

// Packages: the real program, and two that only claim to be one. All take --check.
const key = generateKeyPairSync("ed25519");
function pack(name, bytes, [major, minor, patch]) {
  const head = Buffer.alloc(80);
  head.write("narvaro-terminal", "latin1");
  [
    [1, 16],
    [bytes.length, 20],
  ].forEach(([value, at]) => head.writeUInt32LE(value, at));
  [major, minor, patch].forEach((number, i) => head.writeUInt16LE(number, 24 + 2 * i));
  head.write({ x64: "amd64", arm64: "arm64", arm: "armhf" }[process.arch], 32, "latin1");
  createHash("sha256").update(bytes).digest().copy(head, 48);
  writeFileSync(files("root", name), Buffer.concat([bytes, head, sign(null, head, key.privateKey)]));
}
const script = (line) =>
  Buffer.from(`#!/bin/sh\ncase "$*" in *--check*) exit 0 ;; esac\n${line}\n# ${MARK}0.9.9\0`, "latin1");

function prepare() {
  assert.equal(process.getuid(), 0, "only root may make namespaces");
  assert.ok(existsSync("/lib/systemd/systemd"), "the package systemd is not installed");
  mkdirSync(files("root"), { recursive: true });
  mkdirSync(files("usr/local/bin"), { recursive: true });
  const packages = rootFile(join(process.env.BUILD ?? "build", "deb"));
  for (const name of readdirSync(packages))
    if (/^narvaro(-terminal)?_.*\.deb$/.test(name))
      copyFileSync(join(packages, name), files("root", name.replace(/_.*/, ".deb")));
  copyFileSync(testProgram("bus-emulator"), files("usr/local/bin/bus-emulator"));
  const school = makeSchool({ seed: 1, classes: 1, from: "2026-08-18", to: "2026-12-18" });
  for (const nothing of ["absences", "marks", "taps", "outages"]) school[nothing] ??= [];
  writeSchool(files("root/school"), school);
  const real = readFileSync(program("narvaro-terminal"));
  real.write("0.2.0", real.indexOf(MARK) + MARK.length, "latin1");
  pack("good", real, [0, 2, 0]);
  pack("ends", script("exit 7"), [0, 9, 9]);
  pack("never-ready", script("sleep 1000"), [0, 9, 9]);
  writeFileSync(files("root/update.pub"), key.publicKey.export({ format: "pem", type: "spki" }));
  const room = school.lessons[0].room;
  writeFileSync(files("root/walk.sh"), `ROOM='${room}'\n${readFileSync(rootFile("tests/systemd/walk.sh"), "utf8")}`);
}

function boot() {
  const { stdout, stderr } = inGroups(
    'mkdir $group && echo $$ >$group/cgroup.procs && exec timeout "$@"',
    "-s",
    "KILL",
    String(SECONDS_MOST),
    "unshare",
    "--pid",
    "--fork",
    "--kill-child",
    "--cgroup",
    "--net",
    "--ipc",
    "--uts",
    "bash",
    rootFile("tests/systemd/boot.sh"),
    folder,
  );
  return stdout + stderr;
}

function clear() {
  inGroups("find $group -depth -type d -exec rmdir {} +");
  rmSync(folder, { recursive: true, force: true });
}

function judge(told) {
  const facts = told
    .split("\n")
    .filter((line) => line.startsWith("fact "))
    .map((line) => line.slice(5));
  const of = (name) =>
    facts.filter((fact) => fact.startsWith(`${name} `)).map((fact) => fact.slice(name.length + 1).trim());
  const expected = {
    packaged: ["narvaro-broker active narvaro-broker", "narvarod active narvaro", "narvaro-web active narvaro-web"],
    again: ["1"],
    page: ["2", "2"],
    active: ["narvaro-broker active narvaro-broker", "narvarod active narvaro", "narvaro-web active narvaro-web"],
    night: ["success root 644 1", "success root 644 2", "exit-code root 644 2"],
    slots: ["root 755"],
    restarted: ["1 another"],
    program: [
      "first /usr/bin/narvaro-terminal running",
      "trial a running",
      "stays a running",
      "ends a running",
      "never-ready a running",
    ],
    names: ["a current"],
    taps: ["5"],
    broker: ["another"],
    ended: [
      "narvaro-broker inactive success",
      "narvarod inactive success",
      "narvaro-web inactive success",
      "narvaro-terminal inactive success",
    ],
    removed: ["data kept", "site gone"],
    reinstalled: ["narvarod active", "5"],
    purged: ["0"],
  };
  for (const [name, values] of Object.entries(expected)) assert.deepEqual(of(name), values, name);
  assert.match(of("user")[0], /^narvaro\+?/);
  assert.equal(of("lamp").length, 5);
  for (const lamp of of("lamp")) assert.match(lamp, /^0400000\d (recorded|unknown_card)$/);
  assert.match(of("firmware")[0], /^narvaro-terminal-\d+\.\d+\.\d+-reverted$/);
  assert.ok(facts.includes("complete"), "the walk did not come to its end");
}

try {
  prepare();
  const console_ = boot();
  const told = readFileSync(join(folder, "told"), "utf8");
  process.stdout.write(told);
  try {
    judge(told);
  } catch (error) {
    process.stdout.write(`== systemd\n${console_}\n`);
    for (const name of ["narvaro-broker", "narvarod", "narvaro-web", "narvaro-terminal"]) {
      const log = join(folder, "changes/root", `${name}.log`);
      if (existsSync(log)) process.stdout.write(`== ${name}\n${readFileSync(log, "utf8")}`);
    }
    throw error;
  }
  console.log("All services did as their units and the manual say.");
} finally {
  clear();
}

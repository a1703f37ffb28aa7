// A temporary folder and the programs that live in it. Whatever happens, neither outlives us.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD = process.env.BUILD ?? "build";
const STOP_PATIENCE_MS = 20_000;
const SOCKET_PATH_BYTES = 107; // sun_path of Linux, its NUL not counted
const LONGEST_NAME = "/broker/narvaro-broker.sock.new"; // no socket of ours has a longer one in the folder
const PATIENCE_MS = 180_000; // a loaded machine is ten times slower; a test of what is there waits no longer for it
export const program = (name) => join(ROOT, BUILD, "bin", name);
export const testProgram = (name) => join(ROOT, BUILD, "tests", name);
export const rootFile = (path) => join(ROOT, path);
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Stage {
  constructor() {
    if (/\s/.test(tmpdir()))
      throw new Error(`TMPDIR is "${tmpdir()}": it must have no space, which the broker's configuration cannot quote`);
    const longest = Buffer.byteLength(join(tmpdir(), "narvaro-XXXXXX") + LONGEST_NAME);
    if (longest > SOCKET_PATH_BYTES)
      throw new Error(
        `TMPDIR is "${tmpdir()}": it must be ${longest - SOCKET_PATH_BYTES} bytes shorter, for the path of a Unix socket has ${SOCKET_PATH_BYTES} at most`,
      );
    this.folder = mkdtempSync(join(tmpdir(), "narvaro-"));
    this.children = new Map(); // label → { child, ended }
    this.ending = false;
    process.on("exit", () => this.clear());
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  // Its standard error is LABEL.log, unless a third of `stdio` says otherwise: what it has written is there when it answers or
  // has ended. A program that ends by itself is told to `onEnd(label, code)`.
  start(label, command, args, { stdio = ["ignore", "ignore"], onEnd = () => {} } = {}) {
    mkdirSync(this.path("log"), { recursive: true });
    const log = openSync(this.path("log", `${label}.log`), "a");
    const child = spawn(command, args, { stdio: [...stdio, log].slice(0, 3), cwd: this.folder });
    closeSync(log);
    const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
    child.once("error", (error) => onEnd(label, error.message));
    const entry = { child, ended, wanted: true };
    ended.then((code) => {
      if (this.children.get(label) === entry) this.children.delete(label);
      if (entry.wanted && !this.ending) onEnd(label, code);
    });
    this.children.set(label, entry);
    return child;
  }

  // Resolves with the exit status, or the signal's name.
  async stop(label, signal = "SIGTERM", patienceMs = STOP_PATIENCE_MS) {
    const entry = this.children.get(label);
    if (!entry) return undefined;
    entry.wanted = false;
    entry.child.kill(signal);
    const patience = setTimeout(() => entry.child.kill("SIGKILL"), patienceMs);
    const code = await entry.ended;
    clearTimeout(patience);
    return code;
  }

  // The end of every program's log, for whoever must find out what went wrong.
  lastWords(lines = 5) {
    const folder = this.path("log");
    if (!existsSync(folder)) return "";
    return readdirSync(folder)
      .map((name) => {
        const text = readFileSync(join(folder, name), "utf8").trimEnd().split("\n").slice(-lines).join("\n");
        return text ? `${name}:\n${text}` : "";
      })
      .filter(Boolean)
      .join("\n");
  }

  async end(patienceMs = STOP_PATIENCE_MS) {
    this.ending = true;
    await Promise.all([...this.children.keys()].map((label) => this.stop(label, "SIGTERM", patienceMs)));
    this.clear();
  }

  clear() {
    this.ending = true;
    for (const { child } of this.children.values()) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// { status, stdout, stderr } of a program that ends by itself.
export function run(command, args, { input = "" } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", input, maxBuffer: 64 << 20 });
  if (error && status === null) throw error; // a program that never read its input is no error of ours
  return { status, stdout, stderr };
}

// A port for a program that is told its port. Below the range that the kernel gives to clients, and each process of tests has
// ports of its own (its number repeats after PORT_BLOCKS others), so that none is taken between here and the program's start.
const PORTS_FROM = 10_000;
const PORT_BLOCK = 10;
const PORT_BLOCKS = 2_000;
let portsGiven = 0;
export async function freePort() {
  for (let tries = 0; tries < PORT_BLOCK; tries++) {
    const port = PORTS_FROM + (process.pid % PORT_BLOCKS) * PORT_BLOCK + (portsGiven++ % PORT_BLOCK);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of ${PORT_BLOCK} is free`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
      .on("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

// Until `test` gives something true, or throws with `what`.
export async function until(what, test, { timeoutMs = PATIENCE_MS, everyMs = 20 } = {}) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const got = await test();
    if (got) return got;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(everyMs);
  }
}

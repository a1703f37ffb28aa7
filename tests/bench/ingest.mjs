// From a tap's message to its durable row and receipt: narvarod beside a consumer that only counts, on the same broker, the
// same messages, in one run. And how long a tap waits for its receipt at an everyday rate.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, program, sleep, testProgram, until } from "../demo/stage.mjs";
import "../demo/broker.mjs"; // knows where Mosquitto is
import { writeSchoolYear, writeSettings } from "../schoolyear.mjs";

const BENCH = testProgram("bench-ingest");
const SCHOOL = "bench";
const TICKS_A_SECOND = 100;

// As config/mosquitto.conf, but without TLS, and with room for all: publishers are faster than consumers.
const BROKER = (port, socket) => `per_listener_settings false
listener ${port} 127.0.0.1
listener 0 ${socket}
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 20
persistence false
set_tcp_nodelay true
user root
log_dest none
`;

const bench = (...words) => {
  const { status, stdout, stderr } = spawnSync(BENCH, words.map(String), { encoding: "utf8", timeout: 600_000 });
  if (status !== 0) throw new Error(`bench-ingest: ${stderr || "no end"}`);
  return JSON.parse(stdout);
};

// Processor seconds of a running process.
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

const publish = (port, events, batch, receipts, rate) => bench("publish", port, events, batch, receipts ? 1 : 0, rate);

async function counted(house, events, batch) {
  const child = spawn(BENCH, ["count", house.socket, String(events / batch)], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const ended = new Promise((go) => child.on("close", go));
  child.stdout.on("data", (text) => (said += text));
  await until("the consumer", () => said.includes("ready"));
  const { start_ns } = publish(house.port, events, batch, false, 0);
  await ended;
  const { end_ns, cpu_s } = JSON.parse(said.split("\n")[1]);
  return { perSecond: events / ((end_ns - start_ns) / 1e9), cpu_us: (cpu_s / events) * 1e6 };
}

function stored(house, events, batch) {
  const before = cpu(house.daemon.pid);
  const { start_ns, end_ns } = publish(house.port, events, batch, true, 0);
  return { perSecond: events / ((end_ns - start_ns) / 1e9), cpu_us: ((cpu(house.daemon.pid) - before) / events) * 1e6 };
}

async function open(folder) {
  const house = { folder, port: await freePort(), socket: join(folder, "broker.sock") };
  writeFileSync(join(folder, "mosquitto.conf"), BROKER(house.port, house.socket));
  house.broker = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
  await until("the broker", () => existsSync(house.socket));
  await writeSchoolYear(join(folder, "a.db"), 1000);
  house.settings = writeSettings(folder, SCHOOL, { host: house.socket, port: 0 });
  return house;
}

async function startDaemon(house) {
  house.daemon = spawn(program("narvarod"), ["--config", house.settings], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  house.daemon.stderr.on("data", (text) => (log += text));
  await until("narvarod", () => log.includes("connected to the broker"));
  await sleep(1000); // its first words to the terminals
}

// Of so many events, one in a message and sixteen: { counted, stored }, each { perSecond, cpu_us }. And the latency at 1,000 a
// second: { p50_us, p99_us }.
export async function ingest(events) {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-ingest-"));
  const house = await open(folder);
  try {
    const single = await counted(house, events, 1);
    const backlog = await counted(house, events, 16);
    await startDaemon(house);
    return {
      single: { counted: single, stored: stored(house, events, 1) },
      backlog: { counted: backlog, stored: stored(house, events, 16) },
      latency: publish(house.port, 10_000, 1, true, 1000),
    };
  } finally {
    house.daemon?.kill("SIGKILL");
    house.broker.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

// A private Mosquitto for the demonstration and the tests: config/mosquitto.conf itself, with other paths, port and
// school, and certificates that live as long as the folder.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./stage.mjs";

const CONFIG = fileURLToPath(new URL("../../config/", import.meta.url));
const DAYS = "2";

// Mosquitto is in a folder that Debian gives only to root to look in.
process.env.PATH += ":/usr/sbin";

// A school's authority in `folder`: authority.issue(name) → { cert, key }, authority.ca.
export function makeAuthority(folder) {
  mkdirSync(folder, { recursive: true });
  const ca = join(folder, "ca.crt");
  const caKey = join(folder, "ca.key");
  const newKey = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS];
  const openssl = (args) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  openssl([
    ...newKey,
    "-subj",
    "/CN=demo authority",
    "-keyout",
    caKey,
    "-out",
    ca,
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
  ]);
  const issue = (name, extra = []) => {
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
    openssl([
      ...newKey,
      "-CA",
      ca,
      "-CAkey",
      caKey,
      "-subj",
      `/CN=${name}`,
      "-keyout",
      key,
      "-out",
      cert,
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      ...extra,
    ]);
    return { cert, key };
  };
  return { ca, issue };
}

// The same by the program's own commands, in two folders: its key and register, and what the broker gets. A terminal's
// certificate is where it will be when `narvaro terminal add` has answered its request.
export function makeOwnAuthority(folder, hosts = ["127.0.0.1", "localhost"]) {
  const [own, broker] = [join(folder, "ca"), join(folder, "broker")];
  mkdirSync(broker, { recursive: true });
  const words = ["terminal", "ca", "--authority", own, "--broker", broker, ...hosts.flatMap((host) => ["--host", host])];
  execFileSync(program("narvaro"), words, { stdio: ["ignore", "ignore", "pipe"] });
  const [ca, list, cert, key] = ["ca.crt", "revoked.crl", "broker.crt", "broker.key"].map((name) => join(broker, name));
  const issue = (name) => {
    if (name === "broker") return { cert, key };
    const place = join(folder, name);
    mkdirSync(place, { recursive: true });
    return { ca: join(place, "ca.crt"), cert: join(place, "terminal.crt"), key: join(place, "terminal.key") };
  };
  return { own, broker, ca, list, issue };
}

// Writes the broker's files into `folder`: { config, port, socket }. `school` replaces the example's school. Whoever
// connects to the socket may also listen to everything: that is how tests measure.
export function configureBroker(folder, { authority, port, school, address = "127.0.0.1" }) {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, "daemon.sock");
  const { cert, key } = authority.issue("broker", ["-addext", `subjectAltName=DNS:localhost,IP:${address}`]);
  const acl = readFileSync(join(CONFIG, "mosquitto.acl"), "utf8").replaceAll("/ekskolan/", `/${school}/`);
  writeFileSync(join(folder, "mosquitto.acl"), `topic read narvaro/1/${school}/#\n${acl}`);
  const text = readFileSync(join(CONFIG, "mosquitto.conf"), "utf8")
    .replace("listener 8883", `listener ${port} ${address}`)
    .replace("/run/narvaro-broker/daemon.sock", socket)
    .replace("/etc/narvaro/broker/ca.crt", authority.ca)
    .replace("/etc/narvaro/broker/broker.crt", cert)
    .replace("/etc/narvaro/broker/broker.key", key)
    .replace(/^crlfile .*$/m, authority.list ? `crlfile ${authority.list}` : "")
    .replaceAll("/etc/narvaro/broker/mosquitto.acl", join(folder, "mosquitto.acl"));
  const config = join(folder, "mosquitto.conf");
  // Started as root, Mosquitto would drop to a user who may not read this folder.
  writeFileSync(config, `${text}\nuser ${userInfo().username}\n`);
  return { config, port, socket };
}

export function startBroker({ config }, stderr = "pipe") {
  return spawn("mosquitto", ["-c", config], { stdio: ["ignore", "ignore", stderr] });
}

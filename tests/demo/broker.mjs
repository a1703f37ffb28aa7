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

// A school's authority in `folder`, made by the program: `own` is its folder, `broker` the broker's, whose certificate is for
// `hosts` and whose access list, `acl`, is for `school`. A terminal's certificate will be at place(name) when `narvaro terminal add` has answered its request; issue(name) signs
// one at once, for tests in which there is no daemon to ask, or nobody whom it would accept.
export function makeAuthority(folder, hosts = ["127.0.0.1", "localhost"], school = "ekskolan") {
  const [own, broker] = [join(folder, "ca"), join(folder, "broker")];
  const config = join(folder, "school.cfg");
  mkdirSync(broker, { recursive: true });
  writeFileSync(config, `school = "${school}";\n`);
  const quiet = { stdio: ["ignore", "ignore", "pipe"] };
  const words = [
    "terminal",
    "ca",
    "--authority",
    own,
    "--broker",
    broker,
    "--config",
    config,
    ...hosts.flatMap((host) => ["--host", host]),
  ];
  execFileSync(program("narvaro"), words, quiet);
  const [ca, list, cert, key] = ["ca.crt", "revoked.crl", "broker.crt", "broker.key"].map((name) => join(broker, name));
  const issue = (name, extra = []) => {
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
    const newKey = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS];
    const signer = ["-CA", join(own, "ca.crt"), "-CAkey", join(own, "ca.key")];
    const named = ["-subj", `/CN=${name}`, "-addext", "basicConstraints=critical,CA:FALSE", ...extra];
    execFileSync("openssl", [...newKey, ...signer, ...named, "-keyout", key, "-out", cert], quiet);
    return { cert, key };
  };
  const place = (name) => {
    mkdirSync(join(folder, name), { recursive: true });
    const [ca, cert, key] = ["ca.crt", "terminal.crt", "terminal.key"].map((file) => join(folder, name, file));
    return { ca, cert, key };
  };
  return { own, broker, acl: join(broker, "mosquitto.acl"), ca, list, cert, key, issue, place };
}

// Writes the broker's files into `folder`: { config, port, socket }. The access list is the authority's. Whoever
// connects to the socket may also listen to everything: that is how tests measure.
export function configureBroker(folder, { authority, port, school, address = "127.0.0.1" }) {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, "daemon.sock");
  const acl = readFileSync(authority.acl, "utf8");
  writeFileSync(join(folder, "mosquitto.acl"), `topic read narvaro/1/${school}/#\n${acl}`);
  const text = readFileSync(join(CONFIG, "mosquitto.conf"), "utf8")
    .replace("listener 8883", `listener ${port} ${address}`)
    .replace("/run/narvaro-broker/daemon.sock", socket)
    .replace("/etc/narvaro/broker/ca.crt", authority.ca)
    .replace("/etc/narvaro/broker/revoked.crl", authority.list)
    .replace("/etc/narvaro/broker/broker.crt", authority.cert)
    .replace("/etc/narvaro/broker/broker.key", authority.key)
    .replaceAll("/etc/narvaro/broker/mosquitto.acl", join(folder, "mosquitto.acl"));
  const config = join(folder, "mosquitto.conf");
  // Started as root, Mosquitto would drop to a user who may not read this folder.
  writeFileSync(config, `${text}\nuser ${userInfo().username}\n`);
  return { config, port, socket };
}

export function startBroker({ config }, stderr = "pipe") {
  return spawn("mosquitto", ["-c", config], { stdio: ["ignore", "ignore", stderr] });
}

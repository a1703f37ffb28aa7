// From nothing to a school's machine by one command, and again: what it makes belongs together, by OpenSSL and by the programs that
// read it; a second run does nothing; what is the school's own stays.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { program } from "./demo/stage.mjs";

const folder = mkdtempSync(join(tmpdir(), "narvaro-setup-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

// A machine of its own: root needs the accounts of the services, so the trial's are those that every Debian has.
function machine() {
  const etc = join(folder, `etc${++number}`);
  const front = join(folder, `front${number}.conf`);
  const setup = (...words) => {
    const { status, stdout, stderr } = spawnSync(
      program("narvaro"),
      ["setup", "--etc", etc, "--front", front, "--user", userInfo().username, "--group", "nogroup", ...words],
      { encoding: "utf8" },
    );
    return { status, stdout, stderr };
  };
  return { etc, front, setup, read: (name) => readFileSync(join(etc, name), "utf8") };
}
const openssl = (...words) => spawnSync("openssl", words, { encoding: "utf8" });
function tree(place) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path, statSync(path).mtimeMs, readFileSync(path, "utf8")];
    })
    .sort();
}
const SCHOOL = ["--school", "rosen", "--host", "narvaro.rosen.example", "--host", "10.0.0.5"];

test("a dry run tells what would be made, and makes nothing", () => {
  const { etc, front, setup } = machine();
  const { status, stdout } = setup(...SCHOOL, "--dry-run");
  assert.equal(status, 0);
  for (const name of ["narvarod.cfg", "token.key", "ca", "broker/broker.crt", "web.pem"])
    assert.match(stdout, new RegExp(`^would make ${etc}/${name}`, "m"));
  assert.ok(!existsSync(etc) && !existsSync(front));
});

test("what it makes belongs together", () => {
  const { etc, front, setup, read } = machine();
  const { status, stderr } = setup(...SCHOOL);
  assert.equal(status, 0, stderr);
  assert.match(read("narvarod.cfg"), /^school = "rosen";$/m);
  assert.match(read("token.key"), /^[0-9a-f]{32}\n$/);
  assert.doesNotMatch(read("broker/mosquitto.acl"), /ekskolan/);
  assert.match(read("broker/mosquitto.acl"), /\/rosen\//);
  for (const [name, mode] of Object.entries({
    "token.key": 0o600,
    "web.key": 0o600,
    "broker/broker.key": 0o640,
    ca: 0o700,
  }))
    assert.equal(statSync(join(etc, name)).mode & 0o777, mode, name);
  for (const [certificate, key] of [
    ["web.pem", "web.key"],
    ["broker/broker.crt", "broker/broker.key"],
  ]) {
    for (const way of [
      ["-verify_hostname", "narvaro.rosen.example"],
      ["-verify_ip", "10.0.0.5"],
    ]) {
      const { status, stderr } = openssl(
        "verify",
        "-CAfile",
        join(etc, "ca/ca.crt"),
        "-purpose",
        "sslserver",
        ...way,
        join(etc, certificate),
      );
      assert.equal(status, 0, stderr);
    }
    assert.equal(
      openssl("x509", "-in", join(etc, certificate), "-noout", "-pubkey").stdout,
      openssl("pkey", "-in", join(etc, key), "-pubout").stdout,
    );
  }
  assert.notEqual(
    openssl("verify", "-CAfile", join(etc, "ca/ca.crt"), "-verify_hostname", "other.example", join(etc, "web.pem"))
      .status,
    0,
  );
  // As long as Safari takes it at most.
  const dates = openssl("x509", "-in", join(etc, "web.pem"), "-noout", "-startdate", "-enddate").stdout.match(/=(.*)/g);
  const [from, to] = dates.map((date) => Date.parse(date.slice(1)));
  assert.ok((to - from) / 86_400_000 <= 825 && (to - from) / 86_400_000 > 365);
  assert.match(readFileSync(front, "utf8"), /^\s*server_name narvaro\.rosen\.example 10\.0\.0\.5;$/m);
});

test("a second run does nothing", () => {
  const { etc, front, setup } = machine();
  setup(...SCHOOL);
  const before = [...tree(etc), readFileSync(front, "utf8")];
  for (const words of [[], SCHOOL]) {
    const { status, stdout } = setup(...words);
    assert.equal(status, 0);
    assert.equal(stdout.trim().split("\n").length, 1, stdout);
    assert.deepEqual([...tree(etc), readFileSync(front, "utf8")], before);
  }
});

test("another name changes certificates and site alone, another id settings and list alone", () => {
  const { etc, front, setup, read } = machine();
  setup(...SCHOOL);
  const changed = (act) => {
    const before = new Map(tree(etc).map(([path, , text]) => [path, text]));
    const site = readFileSync(front, "utf8");
    assert.equal(act().status, 0);
    return [
      ...tree(etc)
        .filter(([path, , text]) => before.get(path) !== text)
        .map(([path]) => path.slice(etc.length + 1)),
      ...(readFileSync(front, "utf8") === site ? [] : ["front"]),
    ].filter((name) => !name.startsWith("ca/issued/"));
  };
  assert.deepEqual(
    changed(() => setup("--host", "skola.example")),
    ["broker/broker.crt", "broker/broker.key", "broker/revoked.crl", "ca/revoked.crl", "web.key", "web.pem", "front"],
  );
  appendFileSync(join(etc, "narvarod.cfg"), "\n// the school's own words\n");
  assert.deepEqual(
    changed(() => setup("--school", "tulpan")),
    ["broker/mosquitto.acl", "narvarod.cfg"],
  );
  assert.match(read("narvarod.cfg"), /^school = "tulpan";$[^]*\/\/ the school's own words\n$/m);
});

test("an id that terminals know stays", () => {
  const { etc, setup, read } = machine();
  setup(...SCHOOL);
  // What `terminal add` leaves: a certificate for a client in the register.
  const at = (name) => join(etc, "ca", name);
  execFileSync(
    "openssl",
    [
      "req",
      "-new",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      at("t.key"),
      "-out",
      at("t.csr"),
      "-subj",
      "/CN=t-1",
    ],
    { stdio: "ignore" },
  );
  writeFileSync(at("t.cnf"), "extendedKeyUsage=clientAuth\n");
  execFileSync(
    "openssl",
    [
      "x509",
      "-req",
      "-in",
      at("t.csr"),
      "-CA",
      at("ca.crt"),
      "-CAkey",
      at("ca.key"),
      "-set_serial",
      "0x77",
      "-days",
      "9",
      "-extfile",
      at("t.cnf"),
      "-out",
      at("issued/77.crt"),
    ],
    { stdio: "ignore" },
  );
  const before = read("narvarod.cfg");
  const { status, stderr } = setup("--school", "tulpan");
  assert.equal(status, 1);
  assert.match(stderr, /terminals belong to the school as "rosen"/);
  assert.equal(read("narvarod.cfg"), before);
  assert.equal(setup().status, 0);
});

test("what the school chose itself stays", () => {
  const { etc, front, setup, read } = machine();
  setup(...SCHOOL);
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      join(etc, "web.key"),
      "-out",
      join(etc, "web.pem"),
      "-subj",
      "/CN=municipality",
      "-days",
      "9",
    ],
    { stdio: "ignore" },
  );
  writeFileSync(front, "# our own\n");
  const [certificate, key] = [read("web.pem"), read("web.key")];
  const { status, stdout } = setup("--host", "skola.example");
  assert.equal(status, 0);
  assert.match(stdout, /^left alone .*web\.pem$/m);
  assert.match(stdout, /^left alone .*front\d+\.conf$/m);
  assert.deepEqual([read("web.pem"), read("web.key"), readFileSync(front, "utf8")], [certificate, key, "# our own\n"]);
});

test("a run that was cut off is taken up by the next", () => {
  const { etc, setup } = machine();
  setup(...SCHOOL);
  for (const lost of ["web.pem", "broker/broker.crt", "broker/revoked.crl", "broker/mosquitto.acl", "token.key"]) {
    rmSync(join(etc, lost));
    assert.equal(setup(...SCHOOL).status, 0, lost);
    const { status, stderr } = openssl(
      "verify",
      "-crl_check",
      "-CRLfile",
      join(etc, "broker/revoked.crl"),
      "-CAfile",
      join(etc, "broker/ca.crt"),
      join(etc, "broker/broker.crt"),
    );
    assert.equal(status, 0, `${lost}: ${stderr}`);
    assert.ok(existsSync(join(etc, lost)), lost);
  }
});

test("what is missing or wrong is said, and nothing is made", () => {
  for (const [words, said] of [
    [[], /--school is needed/],
    [["--school", "Rosen"], /Rosen: the school's id, \[a-z0-9-\], at most 32 characters/],
    [["--school", "rosen"], /--host is needed/],
    [[...SCHOOL, ...Array(7).fill(["--host", "a"]).flat()], /at most 8 hosts/],
  ]) {
    const { etc, setup } = machine();
    const { status, stderr } = setup(...words);
    assert.notEqual(status, 0);
    assert.match(stderr, said);
    assert.ok(!existsSync(etc));
  }
  const { setup } = machine();
  assert.match(
    setup("--school", "rosen", "--host", "no host").stderr,
    /"no host" is not the name or address of a host/,
  );
});

test("a site that is too long to be looked at is refused, and stays", () => {
  const { front, setup } = machine();
  const text = "#".repeat(1024 * 1024 + 1);
  writeFileSync(front, text);
  const { status, stderr } = setup(...SCHOOL);
  assert.equal(status, 1);
  assert.match(stderr, /front\d+\.conf: File too large/);
  assert.equal(readFileSync(front, "utf8"), text);
});

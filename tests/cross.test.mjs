// The terminal built for other boards, run by QEMU's user emulation: readers, journal, TLS with certificates, broker killed.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { program, rootFile, run, Stage, until } from "./demo/stage.mjs";
import { Desk, KEY } from "./desk.mjs";
import { siphash } from "./naive/siphash.mjs";

const BUILD = process.env.BUILD ?? "build";
const tokenOf = (card) => siphash(KEY, card).toString(16).padStart(16, "0");
const ELF_MACHINES = { armhf: 40, arm64: 183 }; // EM_ARM, EM_AARCH64

for (const [arch, emulator] of [
  ["armhf", "qemu-arm-static"],
  ["arm64", "qemu-aarch64-static"],
])
  test(`${arch}: every tap that was answered arrives once, over TLS, with the broker killed in between`, async () => {
    const folder = rootFile(join(BUILD, arch));
    const binary = join(folder, "bin/narvaro-terminal");
    assert.equal(readFileSync(binary).readUInt16LE(18), ELF_MACHINES[arch]);
    const desk = await Desk.open({ secure: true, command: [emulator, "-L", join(folder, "sysroot"), binary] });
    try {
      await desk.startBroker();
      desk.sayDaemon("ready");
      desk.startTerminal();
      await desk.readersUp();
      const cards = Array.from({ length: 12 }, (_, i) =>
        `00${(0xa0b0c000 + i * 0x10203).toString(16)}${i % 2 ? "0405" : ""}`.slice(0, i % 2 ? 14 : 8).toUpperCase(),
      );
      for (const [i, card] of cards.entries()) {
        if (i === 6) await desk.killBroker();
        assert.equal((await desk.tap(1 + (i % 2), card)).pattern, "recorded");
      }
      const before = [...desk.taps];
      await desk.startBroker(); // it knows nothing of what it had taken before
      desk.sayDaemon("ready");
      await until("the rest", () => new Set([...before, ...desk.taps].map(({ seq }) => seq)).size === cards.length);
      const bySeq = new Map([...before, ...desk.taps].map((tap) => [tap.seq, tap.token]));
      assert.deepEqual(
        [...bySeq].sort(([a], [b]) => a - b).map(([, token]) => token),
        cards.map(tokenOf),
      );
      assert.equal(await desk.stopTerminal("SIGTERM"), 0);
    } catch (error) {
      error.message += `\n${desk.stage.lastWords(12)}`;
      throw error;
    } finally {
      await desk.end();
    }
  });

for (const [arch, emulator, other] of [
  ["armhf", "qemu-arm-static", "arm64"],
  ["arm64", "qemu-aarch64-static", "armhf"],
])
  test(`${arch}: an update signed here goes in there, and one for ${other} does not`, () => {
    const stage = new Stage();
    try {
      const { publicKey, privateKey } = generateKeyPairSync("ed25519");
      writeFileSync(stage.path("key"), privateKey.export({ format: "pem", type: "pkcs8" }));
      writeFileSync(stage.path("pub"), publicKey.export({ format: "pem", type: "spki" }));
      mkdirSync(stage.path("program"));
      const binary = (of, name) => rootFile(join(BUILD, of, "bin", name));
      const install = (of) => {
        const signed = run(program("narvaro"), [
          "update",
          "sign",
          binary(of, "narvaro-terminal.stripped"),
          "--key",
          stage.path("key"),
          "--out",
          stage.path(of),
        ]);
        assert.match(signed.stdout, new RegExp(`^narvaro-terminal \\S+ ${of}, `), signed.stderr);
        return run(emulator, [
          "-L",
          rootFile(join(BUILD, arch, "sysroot")),
          binary(arch, "narvaro-terminal-update"),
          "--install",
          stage.path(of),
          "--folder",
          stage.path("program"),
          "--factory",
          binary(arch, "narvaro-terminal"),
          "--marks",
          stage.folder,
          "--key",
          stage.path("pub"),
        ]);
      };
      const refused = install(other);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, new RegExp(`another machine architecture=${other} here=${arch}`));
      const taken = install(arch);
      assert.equal(taken.status, 0, taken.stderr);
      assert.equal(readlinkSync(stage.path("program", "current")), "a");
    } finally {
      stage.clear();
    }
  });

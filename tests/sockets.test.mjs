// Who may send which command: user × command on the daemon's control socket and on the dashboard's admin socket, each of
// real programs. A command that a program has and the lists here have not fails, and the other way round. Only root can be
// others.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { rootFile } from "./demo/stage.mjs";
import { startWeb } from "./fixture.mjs";
import { Lonely } from "./lonely.mjs";

const CONTROL = [
  ["status", "import", "rules_apply", "explain", "flags", "preview", "tune", "rules", "rules_text", "extract"],
  ["absence_report", "absence_withdraw", "marks", "forgotten_card", "forgotten_card_undo", "strays", "card_give"],
  ["terminal_add", "terminal_revoke", "terminal_distrust", "terminal_trust", "terminal_order", "held", "held_decide"],
  ["card_enrol", "card_enrolled", "retention", "erase", "protect", "decisions", "decisions_confirm"],
].flat();
const ADMIN = [
  ["user_add", "user_name", "user_list", "user_disable", "user_enable", "user_reset", "user_totp_reset"],
  ["audit_head", "audit_walk", "retention_due", "retention_run", "retention_last", "extract", "pupil_erase"],
].flat();
// Users of every Debian. The control socket's are root, the daemon's own and those of control_users; the admin socket's root
// and the dashboard's own.
const MAY = {
  root: { uid: 0, control: true, admin: true },
  daemon: { uid: 1, control: true, admin: false },
  bin: { uid: 2, control: true, admin: false },
  sys: { uid: 3, control: false, admin: false },
  nobody: { uid: 65534, control: false, admin: false },
};
const skip = process.getuid() !== 0 && "needs root, to be somebody else";

let daemon;
let web;
const sockets = {};
before(async () => {
  daemon = new Lonely({ settings: { control_users: ["daemon", "bin"] } });
  await daemon.at("2026-11-20T09:30:00Z");
  web = await startWeb({ users: [], withSchool: false, db: daemon.database });
  Object.assign(sockets, { control: daemon.control, admin: web.adminSocket });
});
after(async () => {
  await web?.stop();
  await daemon?.end();
});

// Sends each command alone, as that user; what came back, or why nothing did.
const CLIENT = `
const [path, ...words] = process.argv.slice(1);
const ask = (word) => new Promise((resolve) => {
  let reply = "";
  const client = require("net").connect(path, () => client.write(JSON.stringify({ do: word }) + "\\n"));
  let code = "";
  client.on("data", (bytes) => (reply += bytes)).on("error", (error) => (code = error.code)).on("close", () => resolve(reply || code));
});
(async () => { const told = {}; for (const word of words) told[word] = await ask(word); console.log(JSON.stringify(told)); })();`;
const askAs = (uid, socket, words) =>
  JSON.parse(
    execFileSync(process.execPath, ["-e", CLIENT, sockets[socket], ...words], { uid, gid: uid, cwd: "/", env: {} }),
  );

const wordsIn = (file, pattern) => [...readFileSync(rootFile(file), "utf8").matchAll(pattern)].map(([, word]) => word);
test("the lists here are the commands of the programs", () => {
  const control = [
    ...wordsIn("daemon/commands/control.c", /strcmp\(what, "(\w+)"\)/g),
    ...wordsIn("daemon/commands/control.c", /\{"(\w+)", \w+\}/g),
    ...wordsIn("daemon/commands/corrections.c", /\{"(\w+)", \w+\}/g),
    ...wordsIn("daemon/commands/trust.c", /\{"(\w+)", \w+\}/g),
    ...wordsIn("daemon/commands/provisioning.c", /^#define (?:ADD|REVOKE)\s+"(\w+)"/gm),
  ];
  assert.deepEqual(control.sort(), CONTROL.sort());
  assert.deepEqual(wordsIn("dashboard/admin.c", /\{"(\w+)", \w+\}/g).sort(), ADMIN.sort());
});

const UNKNOWN = { control: "nothing can be done by that name", admin: "do must be a command" };
const COMMANDS = { control: CONTROL, admin: ADMIN };

for (const socket of ["control", "admin"]) {
  test(`${socket}: its file lets nobody in but root and the program`, { skip }, () => {
    const open = (mode) => chmodSync(dirname(sockets[socket]), mode);
    for (const [name, { uid }] of Object.entries(MAY).slice(1)) {
      assert.deepEqual(askAs(uid, socket, COMMANDS[socket].slice(0, 1)), { [COMMANDS[socket][0]]: "EACCES" }, name);
      open(0o711);
      assert.deepEqual(askAs(uid, socket, COMMANDS[socket].slice(0, 1)), { [COMMANDS[socket][0]]: "EACCES" }, name);
      open(0o700);
    }
  });

  for (const [name, may] of Object.entries(MAY))
    test(`${socket}: ${name} × command, were its file open to all`, { skip }, () => {
      chmodSync(dirname(sockets[socket]), 0o711);
      chmodSync(sockets[socket], 0o666);
      const words = [...COMMANDS[socket], "nothing", ""];
      const told = askAs(may.uid, socket, words);
      assert.equal(Object.keys(told).length, words.length);
      for (const [word, reply] of Object.entries(told)) {
        if (!may[socket]) {
          assert.match(reply, /^(|EPIPE|ECONNRESET)$/, `${name} ${word}: ${reply}`);
          continue;
        }
        const { ok, errors } = JSON.parse(reply);
        assert.equal(typeof ok, "boolean", word);
        const known = COMMANDS[socket].includes(word);
        assert.equal(ok || !errors.join().includes(UNKNOWN[socket]), known, `${name} ${word}: ${reply}`);
      }
    });
}

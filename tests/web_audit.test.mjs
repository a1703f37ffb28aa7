// The audit log of a running dashboard: narvaro audit verify tells what was changed, cut off or taken from an older file, by the
// nightly unit's own command; and an act of the admin socket comes with its row, or not at all.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { rootFile } from "./demo/stage.mjs";
import { admin, PASSWORD, program, rows, signIn, sqlite, startWeb } from "./fixture.mjs";

describe("the audit log", () => {
  let web, session, heads;
  before(async () => {
    web = await startWeb();
    session = await signIn(web);
    heads = join(web.folder, "heads");
    await look(10);
  });
  after(() => web.stop());

  const look = async (times) => {
    for (let i = 0; i < times; i++) await (await session.get("pupils/p-alva")).text();
  };
  const size = () => rows(web.casebook, "SELECT max(sequence) AS n FROM audit")[0].n;
  const narvaro = (...words) => {
    const { status, stdout, stderr } = spawnSync(
      join(program, "../narvaro"),
      ["audit", ...words, "--socket", web.adminSocket],
      { encoding: "utf8" },
    );
    return { status, stdout, said: stderr.trim() };
  };

  // The night: what the unit starts, its output appended to the file that it is given.
  const [, words] = readFileSync(rootFile("config/systemd/narvaro-audit-head.service"), "utf8").match(
    /^ExecStart=\/usr\/local\/bin\/narvaro audit (.*)$/m,
  );
  const verify = () => narvaro(...words.replace("/var/log/narvaro-audit-heads", heads).split(" "));
  const night = () => {
    const told = verify();
    writeFileSync(heads, told.stdout, { flag: "a" });
    return told;
  };

  test("whole: its head goes to standard output, and agrees with those kept earlier", async () => {
    const alone = narvaro("verify");
    assert.deepEqual([alone.status, alone.stdout.split(" ")[1]], [0, String(size())]);
    assert.match(
      alone.said,
      new RegExp(`^narvaro audit: the log is whole, rows 1 to ${size()}; .*only kept heads tell`),
    );
    writeFileSync(heads, "");
    for (let kept = 0; kept < 3; kept++) {
      const { status, said } = night();
      assert.deepEqual([status, said.split("; ")[1]], [0, `it agrees with ${kept} kept heads`]);
      await look(2);
    }
    const line = narvaro("head").stdout.split(" ");
    assert.deepEqual(narvaro("verify").stdout.split(" ").slice(1), line.slice(1));
  });

  test("a line that is none is told with its place, and so is a file that is not there", () => {
    const good = readFileSync(heads, "utf8");
    for (const bad of ["yesterday\n", `${good}2026-11-20T12:00:00.000Z 3 abc\n`, good.slice(0, -1)]) {
      writeFileSync(heads, bad);
      const { status, stdout, said } = verify();
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(said, /heads:\d: not a line of `narvaro audit head`/);
      assert.equal(Number(said.match(/heads:(\d)/)[1]), bad.trimEnd().split("\n").length);
    }
    writeFileSync(heads, good);
    const nowhere = narvaro("verify", "--heads", "/nowhere/heads");
    assert.deepEqual([nowhere.status, nowhere.stdout], [1, ""]);
  });

  test("a changed row and a gap are told with their number, and no head is written", () => {
    sqlite(web.casebook, "CREATE TABLE kept AS SELECT * FROM audit");
    for (const [change, what] of [
      ["UPDATE audit SET user = 'nobody' WHERE sequence = 5", "row 5 is not what was written"],
      ["DELETE FROM audit WHERE sequence BETWEEN 5 AND 7", "rows 5 to 7 are missing"],
      ["DELETE FROM audit WHERE sequence = 1", "row 1 is missing"],
      [`DELETE FROM audit WHERE sequence = ${size()}`, `row ${size()} is missing at the end`],
    ]) {
      sqlite(web.casebook, change);
      const { status, stdout, said } = night();
      assert.deepEqual(
        [status, stdout, said],
        [3, "", `narvaro audit: the log was tampered with, or the wrong file was put back: ${what}`],
      );
      sqlite(web.casebook, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
      assert.equal(verify().status, 0);
    }
    sqlite(web.casebook, "DROP TABLE kept");
  });

  test("a damaged file is told by its own sentence, and nobody is accused of tampering", () => {
    const index = (change) =>
      sqlite(
        web.casebook,
        `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ${change} WHERE name = 'answer_by_pupil'`,
      );
    sqlite(
      web.casebook,
      `INSERT INTO answer (answer, pupil_id, user, kind, reason, severity, day, until_day, at_ms)
         VALUES (1000, 'p-alva', 'eva', 'snooze', 'other', 1, 1, 1, 1)`,
    );
    index("sql || ' WHERE answer > 1000'");
    const { status, stdout, said } = night();
    index("replace(sql, ' WHERE answer > 1000', '')");
    sqlite(web.casebook, "DELETE FROM answer WHERE answer = 1000");
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(said, /^narvaro audit: the casebook's file is damaged: .*answer_by_pupil/);
    assert.doesNotMatch(said, /tampered|put back/);
    assert.equal(verify().status, 0);
  });

  test("a user and its audit row come together, or neither does", async () => {
    const state = () =>
      rows(
        web.casebook,
        "SELECT (SELECT count(*) FROM user) AS users, (SELECT count(*) FROM named_user) AS named, max(sequence) AS rows FROM audit",
      );
    const before = state();
    const refuse = (when) =>
      sqlite(web.casebook, `CREATE TRIGGER refuse ${when} BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    const add = {
      do: "user_add",
      user: "nils",
      name: "Nils",
      role: "eht",
      password: PASSWORD,
      named_for: ["p-hidden"],
    };
    const name = { do: "user_name", user: web.user, pupil: "p-hidden" };
    for (const [when, command] of [
      ["BEFORE INSERT ON named_user", add],
      ["BEFORE INSERT ON named_user", name],
      ["BEFORE INSERT ON audit", add],
      ["BEFORE INSERT ON audit", name],
    ]) {
      refuse(when);
      assert.deepEqual((await admin(web.adminSocket, command)).errors, ["the casebook could not be written"]);
      sqlite(web.casebook, "DROP TRIGGER refuse");
      assert.deepEqual(state(), before, `${command.do} ${when}`);
    }
    for (const command of [add, name]) assert.deepEqual(await admin(web.adminSocket, command), { ok: true });
    assert.deepEqual(rows(web.casebook, "SELECT action, object FROM audit ORDER BY sequence DESC LIMIT 2"), [
      { action: "user_named", object: `${web.user} p-hidden` },
      { action: "user_added", object: "nils" },
    ]);
  });

  test("an older file that was put back is told against the kept heads", async () => {
    const older = join(web.folder, "older.db");
    sqlite(web.casebook, `VACUUM INTO '${older}'`);
    const was = size();
    await look(3);
    const kept = size();
    assert.equal(night().status, 0);
    sqlite(web.casebook, `.restore ${older}`);
    await web.restart();
    assert.deepEqual([narvaro("verify").status, size()], [0, was]);
    const cut = night();
    assert.deepEqual([cut.status, cut.stdout], [3, ""]);
    assert.match(
      cut.said,
      new RegExp(`the log ends with row ${was}, and on 2026-11-20T.*Z it ended with row ${kept}: its end was cut off`),
    );
    await look(5);
    const gone = night();
    assert.deepEqual([narvaro("verify").status, gone.status, gone.stdout], [0, 3, ""]);
    assert.match(gone.said, new RegExp(`row ${kept} is another than on .*: an older file was put back`));
    writeFileSync(heads, narvaro("head").stdout + readFileSync(heads, "utf8"));
    assert.match(verify().said, /heads:2 tells row \d+ after row \d+: an older file was put back$/);
  });
});

// Accounts: one-time codes made here by node's own HMAC, own password, and what `narvaro user` does to others.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { admin, bodyOf, PASSWORD, program, rows, signIn, sqlite, startWeb, USERS, wait } from "./fixture.mjs";

const own = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
const NEW = "skata-skridsko-vinter-42";

function base32(text) {
  const bits = [...text]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
function code(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

// The tests below count steps: none begins while they do.
const calm = async () => {
  if (Date.now() % 30000 > 24000) await wait(30100 - (Date.now() % 30000));
};

describe("accounts", () => {
  let web;
  before(async () => {
    web = await startWeb({ users: USERS });
    sqlite(web.db, "UPDATE setting SET value = 'false' WHERE name = 'demo'");
  });
  after(() => web.stop());

  const login = async (user, password, more = {}) => {
    const reply = await fetch(`${web.url}/api/v1/login`, {
      method: "POST",
      headers: own,
      body: JSON.stringify({ user, password, ...more }),
    });
    return [reply.status, await bodyOf(reply)];
  };
  // Enrols, and returns the secret.
  async function enrol(session) {
    const { secret, uri } = await bodyOf(await session.send("POST", "account/totp", { password: PASSWORD }));
    assert.match(
      uri,
      new RegExp(`^otpauth://totp/N%C3%A4rvaro:${session.me.user}\\?secret=${secret}&issuer=N%C3%A4rvaro$`),
    );
    assert.equal((await session.send("POST", "account/totp/confirm", { code: code(secret) })).status, 204);
    return secret;
  }

  test("rektor and it may do nothing but set up their code; others are asked for none", async () => {
    for (const user of ["kim", "ivar"]) {
      const session = await signIn(web, user);
      assert.equal(session.me.totp, "required");
      for (const path of ["flags", "terminals", "status", "pupils/p-alva", "cases"]) {
        const reply = await session.get(path);
        assert.equal(reply.status, 403, `${user} ${path}`);
        if (!(user === "ivar" && ["flags", "pupils/p-alva", "cases"].includes(path)))
          assert.deepEqual(await bodyOf(reply), { error: "totp_required" });
      }
      assert.equal((await session.get("me")).status, 200);
    }
    for (const user of ["eva", "lind", "berg", "dana"]) assert.equal((await signIn(web, user)).me.totp, "none", user);
    assert.equal((await (await signIn(web, "eva")).get("flags")).status, 200);
  });

  test("where the data are synthetic nobody must have one", async () => {
    sqlite(web.db, "UPDATE setting SET value = '1' WHERE name = 'demo'");
    const session = await signIn(web, "vera");
    assert.deepEqual([session.me.totp, (await session.get("flags")).status], ["none", 200]);
    sqlite(web.db, "UPDATE setting SET value = 'false' WHERE name = 'demo'");
    assert.equal((await session.get("flags")).status, 403);
  });

  test("enrolment needs the password and a right code; then login needs a code, and each is good once", async () => {
    await calm();
    const session = await signIn(web, "kim");
    assert.deepEqual(await bodyOf(await session.send("POST", "account/totp", { password: "fel-losenord-123" })), {
      error: "bad_login",
    });
    assert.equal((await session.send("POST", "account/totp", {})).status, 400);
    assert.equal((await session.send("POST", "account/totp/confirm", { code: "000000" })).status, 401);
    const secret = await enrol(session);
    assert.equal((await session.get("flags")).status, 200);
    assert.equal((await bodyOf(await session.get("me"))).totp, "on");
    assert.deepEqual(await login("kim", PASSWORD), [401, { error: "code_needed" }]);
    assert.deepEqual(await login("kim", "fel-losenord-123"), [401, { error: "bad_login" }]);
    assert.deepEqual(await login("kim", PASSWORD, { code: code(secret) }), [401, { error: "bad_login" }]); // the one that confirmed
    const next = code(secret, 1);
    assert.equal((await login("kim", PASSWORD, { code: next }))[0], 200);
    assert.deepEqual(await login("kim", PASSWORD, { code: next }), [401, { error: "bad_login" }]);
    await web.restart();
    assert.deepEqual(await login("kim", PASSWORD, { code: next }), [401, { error: "bad_login" }]);
    sqlite(web.casebook, "UPDATE totp SET last_step = 0");
    for (const steps of [-2, 2])
      assert.equal((await login("kim", PASSWORD, { code: code(secret, steps) }))[0], 401, `${steps} steps away`);
    assert.equal((await login("kim", PASSWORD, { code: code(secret, -1) }))[0], 200);
    assert.equal(
      rows(web.casebook, "SELECT count(*) AS n FROM audit WHERE user = 'kim' AND action = 'totp_on'")[0].n,
      1,
    );
  });

  test("a secret that is not confirmed in ten minutes is forgotten", async () => {
    const session = await signIn(web, "eva");
    const { secret } = await bodyOf(await session.send("POST", "account/totp", { password: PASSWORD }));
    sqlite(web.casebook, "UPDATE totp SET offered_ms = offered_ms - 600000");
    assert.deepEqual(await bodyOf(await session.send("POST", "account/totp/confirm", { code: code(secret) })), {
      error: "bad_code",
    });
    assert.equal((await signIn(web, "eva")).status, 200);
  });

  test("codes cannot be tried for long, not with the right password alone between either", async () => {
    const session = await signIn(web, "nils");
    await enrol(session);
    const tried = [];
    for (let i = 0; i < 8; i++) {
      tried.push((await login("nils", PASSWORD, { code: "12345x" }))[0]);
      if (i < 4) assert.deepEqual(await login("nils", PASSWORD), [401, { error: "code_needed" }]);
    }
    assert.deepEqual(tried, [401, 401, 401, 401, 401, 429, 429, 429]);
    await web.restart();
  });

  test("one's own password: the old is asked for, the new is judged, other sessions end", async () => {
    const [session, other] = [await signIn(web, "berg"), await signIn(web, "berg")];
    assert.deepEqual(
      await bodyOf(await session.send("POST", "account/password", { password: "fel-losenord-123", new: NEW })),
      { error: "bad_login" },
    );
    const weak = await bodyOf(await session.send("POST", "account/password", { password: PASSWORD, new: "kort" }));
    assert.equal(weak.error, "bad_password");
    assert.match(weak.reason, /12 characters/);
    assert.equal((await session.send("POST", "account/password", { password: PASSWORD, new: NEW })).status, 204);
    assert.deepEqual([(await session.get("me")).status, (await other.get("me")).status], [200, 401]);
    assert.deepEqual([(await signIn(web, "berg")).status, (await signIn(web, "berg", NEW)).status], [401, 200]);
  });

  const narvaro = (...words) =>
    spawnSync(join(program, "../narvaro"), ["user", ...words, "--socket", web.adminSocket], {
      encoding: "utf8",
      input: words.includes("--password-stdin") ? `${NEW}\n` : "",
    });

  test("narvaro user: list, disable, enable, reset, totp-reset", async () => {
    const line = (user) =>
      narvaro("list")
        .stdout.split("\n")
        .find((text) => text.startsWith(`${user} `))
        ?.split(/ +/);
    assert.deepEqual(line("kim"), ["kim", "rektor", "code", "-", "Kim", "Rektor"]);
    const session = await signIn(web, "dana");
    assert.equal(narvaro("disable", "dana").stdout, "user dana may not sign in any more\n");
    assert.deepEqual(line("dana"), ["dana", "dpo", "-", "disabled", "Dana", "Ombud"]);
    assert.deepEqual([(await session.get("me")).status, (await signIn(web, "dana")).status], [401, 401]);
    assert.equal(narvaro("enable", "dana").status, 0);
    assert.deepEqual([(await session.get("me")).status, (await signIn(web, "dana")).status], [401, 200]);
    assert.equal(narvaro("reset", "dana", "--password-stdin").stdout, "user dana has a new password\n");
    assert.deepEqual([(await signIn(web, "dana")).status, (await signIn(web, "dana", NEW)).status], [401, 200]);
    assert.equal(narvaro("totp-reset", "kim").status, 0);
    assert.deepEqual([line("kim")[2], (await signIn(web, "kim")).me.totp], ["-", "required"]);
    for (const words of [["disable", "nobody"], ["disable"], ["list", "kim"], ["fly", "kim"]])
      assert.notEqual(narvaro(...words).status, 0, words.join(" "));
    assert.deepEqual(
      rows(
        web.casebook,
        "SELECT action, object FROM audit WHERE user = '' AND action LIKE 'user_%' AND action <> 'user_added'",
      ).map(({ action, object }) => `${action} ${object}`),
      ["user_disabled dana", "user_enabled dana", "user_reset dana", "user_totp_reset kim"],
    );
  });

  test("no secret leaves the program", () => {
    const stored = execFileSync("sh", ["-c", 'cat "$1"/casebook.db*', "sh", web.folder]).toString("latin1");
    for (const word of [PASSWORD, NEW]) assert.ok(!stored.includes(word) && !web.log().includes(word));
  });
});

describe("the admin socket", () => {
  let web;
  before(async () => {
    web = await startWeb({ users: [] });
  });
  after(() => web.stop());

  test("says what is wrong with a user", async () => {
    const good = { do: "user_add", user: "kim", name: "Kim", role: "eht", password: PASSWORD };
    const faults = [
      [{ user: "kim b" }, /user must/],
      [{ user: "" }, /user must/],
      [{ name: "" }, /name must/],
      [{ role: "admin" }, /role must/],
      [{ password: "kort" }, /12 characters/],
      [{ password: "åäöåäöåäöåä" }, /12 characters/],
      [{ password: "Sommaren2026!" }, /many people use/],
      [{ password: "ababababababab" }, /too few/],
      [{ user: "kimberly", password: "xx-kimberly-42" }, /user's name/],
      [{ named_for: "p" }, /named_for/],
      [{ named_for: [7] }, /named_for/],
      [{ do: "user_fly" }, /do must/],
    ];
    for (const [change, fault] of faults) {
      const reply = await admin(web.adminSocket, { ...good, ...change });
      assert.deepEqual([reply.ok, reply.errors.length], [false, 1]);
      assert.match(reply.errors[0], fault);
    }
    assert.deepEqual(await admin(web.adminSocket, good), { ok: true });
    assert.match((await admin(web.adminSocket, good)).errors[0], /already/);
    assert.match((await admin(web.adminSocket, [])).errors[0], /JSON object/);
    assert.equal((await signIn(web, "kim")).me.role, "eht");
  });
});

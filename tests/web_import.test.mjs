// A school brought in through the page: in pieces, checked, committed, by a real narvarod; nothing before the commit.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CivilClock } from "./demo/civilclock.mjs";
import { bodyOf, rows, signIn, startWeb, USERS } from "./fixture.mjs";
import { Lonely, schoolFiles } from "./lonely.mjs";

const NOW = "2026-10-28T12:00:00Z";
const FILES = schoolFiles("school-plain", [
  "pupils",
  "members",
  "lessons",
  "exemptions",
  "terminals",
  "cards",
  "taps",
  "outages",
]);

describe("import", () => {
  let lonely, web;
  const session = {};
  before(async () => {
    lonely = new Lonely();
    await lonely.at(NOW);
    web = await startWeb({
      users: USERS,
      withSchool: false,
      db: lonely.database,
      control: lonely.control,
      clock: ["--demo-clock", new CivilClock(Date.parse(NOW), 1).option],
    });
    for (const { user } of USERS) session[user] = await signIn(web, user);
  });
  after(async () => {
    await web?.stop();
    await lonely.end();
  });

  const post = async (path, body = {}, user = "ivar") => {
    const reply = await session[user].send("POST", path, body);
    return [reply.status, await bodyOf(reply)];
  };
  async function bring(name, text, piece = 30000) {
    for (let at = 0; at === 0 || at < text.length; at += piece) {
      const [status, { bytes }] = await post(`imports/${name}.csv`, {
        text: text.slice(at, at + piece),
        first: at === 0,
      });
      assert.deepEqual([status, bytes], [200, Buffer.byteLength(text.slice(0, at + piece))]);
    }
  }
  const pupils = () => rows(lonely.database, "SELECT count(*) AS n FROM pupil")[0].n;

  test("nothing to import, no such file, no text", async () => {
    assert.deepEqual(await post("imports", { commit: false }), [409, { error: "no_files" }]);
    assert.equal((await post("imports/passwords.csv", { text: "x" }))[0], 404);
    assert.equal((await post("imports/pupils.csv", { text: 7 }))[0], 400);
    assert.equal((await post("imports", {}))[0], 400);
  });

  test("every fault is told, and nothing is stored", async () => {
    for (const [name, text] of Object.entries(FILES)) await bring(name, text, 5000);
    await bring("pupils", FILES.pupils.replace(/^e0003,.*$/m, "e0003,A,B,7A,7,perhaps,,"));
    const [status, { reasons }] = await post("imports", { commit: true });
    assert.equal(status, 422);
    assert.match(reasons[0], /^pupils\.csv:5: protected/);
    assert.equal(pupils(), 0);
  });

  test("checked, then committed, as narvaro import would", async () => {
    await bring("pupils", FILES.pupils);
    const [status, checked] = await post("imports", { commit: false });
    assert.equal(status, 200);
    assert.equal(checked.committed, false);
    assert.equal(checked.files.length, Object.keys(FILES).length);
    const lines = FILES.pupils.trim().split("\n").length - 1;
    assert.deepEqual(
      checked.files.find(({ file }) => file === "pupils.csv"),
      { file: "pupils.csv", rows: lines, new: lines, changed: 0, unchanged: 0, not_in_file: 0 },
    );
    assert.equal(pupils(), 0);
    assert.deepEqual(await post("imports", { commit: true }), [200, { ...checked, committed: true }]);
    assert.equal(pupils(), lines);
    assert.deepEqual(await post("imports", { commit: true }), [409, { error: "no_files" }]); // they are forgotten
    await bring("pupils", FILES.pupils);
    assert.equal((await post("imports", { commit: false }))[1].files[0].unchanged, lines);
    assert.deepEqual(await post("imports/clear"), [200, {}]);
    assert.equal((await post("imports", { commit: false }))[0], 409);
    assert.deepEqual(
      rows(web.casebook, "SELECT DISTINCT user, action FROM audit WHERE action LIKE 'import%' ORDER BY action").map(
        ({ user, action }) => `${user} ${action}`,
      ),
      ["ivar import", "ivar import_tried"],
    );
  });

  test("names of columns: guessed, chosen, refused when they are none, kept by the commit alone", async () => {
    await bring("pupils", "Elev-ID;Klass;Annat\ne0003;7A;x\n");
    const [status, { reasons, headers }] = await post("imports", { commit: false });
    assert.equal(status, 422);
    assert.match(reasons[1], /did you mean "Elev-ID"\?/);
    assert.deepEqual(headers[0].header, ["Elev-ID", "Klass", "Annat"]);
    assert.deepEqual(headers[0].columns[0], { column: "pupil_id", required: true, is: "", meant: "Elev-ID" });
    assert.deepEqual(
      headers[0].columns.filter(({ meant }) => meant).map(({ column, meant }) => [column, meant]),
      [
        ["pupil_id", "Elev-ID"],
        ["class", "Klass"],
      ],
    );
    for (const names of [
      { "pupils.csv": { pupil: "Elev-ID" } },
      { "passwords.csv": { pupil_id: "Elev-ID" } },
      { "pupils.csv": { pupil_id: 7 } },
      { "pupils.csv": { pupil_id: "x".repeat(64) } },
    ])
      assert.equal((await post("imports", { commit: false, names }))[0], 422, JSON.stringify(names));
    const names = { "pupils.csv": { pupil_id: "Elev-ID", class: "Klass" } };
    const kept = () => rows(lonely.database, "SELECT value FROM setting WHERE name = 'columns'");
    const [, tried] = await post("imports", { commit: false, names });
    assert.deepEqual([tried.files[0].rows, tried.headers[0].columns[3].is], [1, "Klass"]);
    assert.deepEqual(kept(), []);
    assert.equal((await post("imports", { commit: true, names }))[0], 200);
    assert.deepEqual(JSON.parse(kept()[0].value), names);
    await bring("pupils", "Elev-ID;Klass;Annat\ne0003;7A;x\n");
    assert.equal(
      (await post("imports", { commit: true, names: { "pupils.csv": { class: "" } } }))[1].headers[0].columns[3].is,
      "",
    );
    assert.deepEqual(
      rows(web.casebook, "SELECT DISTINCT object FROM audit WHERE action = 'import' AND object LIKE '%columns%'").map(
        ({ object }) => object,
      ),
      ['["pupils.csv","columns.cfg"]'],
    );
  });

  test("only it", async () => {
    for (const { user } of USERS)
      for (const path of ["imports", "imports/clear", "imports/pupils.csv"])
        assert.equal(
          (await post(path, { commit: false, text: "" }, user))[0],
          user !== "ivar" ? 403 : path === "imports" ? 409 : 200,
          `${user} ${path}`,
        );
  });

  test("a piece has a bound", async () => {
    assert.equal((await post("imports/taps.csv", { text: "x".repeat(66000), first: true }))[0], 413);
  });
});

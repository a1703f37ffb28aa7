// A minute of the school morning that `make wall` runs for as long as one likes.

import assert from "node:assert/strict";
import test from "node:test";
import { rootFile, run } from "./demo/stage.mjs";

test("every green lamp is in the database once: broker and daemon down, bus unplugged, readers missing, no clock at boot", () => {
  const { status, stdout, stderr } = run(process.execPath, [rootFile("tests/wall/run.mjs"), "--minutes", "1"]);
  console.log(stdout);
  assert.equal(status, 0, stdout + stderr);
  const found = JSON.parse(/^wall: (\{.*\})$/m.exec(stdout)[1]);
  assert.ok(found.promised >= 40 && found.stored === found.promised, JSON.stringify(found));
});

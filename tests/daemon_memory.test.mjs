// narvarod with 1,000 pupils and a school year of six lessons a day: how much memory it holds, how fast it is ready.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILD = process.env.BUILD ?? 'build';
const SANITISED = BUILD.includes('san');
const PUPILS = 1000, CLASSES = 40, DAYS = 178, LESSONS = 6, MINUTES = 60;
const RSS_KB_MAX = 24 * 1024, READY_MS_MAX = 3000;

const schoolDays = () => {
  const days = [];
  const today = Math.floor(Date.now() / 86_400_000);
  for (let day = today - 1; days.length < DAYS; day--) if ((day + 3) % 7 < 5) days.push(day);
  return days.reverse();
};

const packed = (lessonBase, pupil, day) => {
  const bytes = Buffer.alloc(LESSONS * 13);
  for (let i = 0; i < LESSONS; i++) {
    const absent = (pupil * 31 + day * 17 + i * 7) % 20 === 0;
    bytes.writeUInt32LE(lessonBase + i, i * 13);
    bytes.writeUInt16LE(480 + i * 70, i * 13 + 4);
    bytes.writeUInt16LE(MINUTES, i * 13 + 6);
    bytes.writeUInt16LE(absent ? MINUTES : 0, i * 13 + 8);
    bytes.writeUInt16LE(1 + i, i * 13 + 10);
    bytes.writeUInt8(absent ? 4 : 0, i * 13 + 12);
  }
  return bytes.toString('hex');
};

function* rows() {
  const days = schoolDays();
  yield 'BEGIN;';
  for (let i = 0; i < LESSONS; i++) yield `INSERT INTO subject VALUES (${1 + i}, 'subject-${i}');`;
  for (let c = 0; c < CLASSES; c++) yield `INSERT INTO terminal VALUES ('t-${c}', 'room-${c}', 0, NULL);`;
  for (let p = 0; p < PUPILS; p++) {
    const group = `class-${p % CLASSES}`;
    yield `INSERT INTO pupil VALUES ('p${p}', 'A', 'B', '${group}', '7', 0, NULL, NULL, 0, NULL);`;
    yield `INSERT INTO member VALUES ('${group}', 'p${p}', NULL, NULL, 0, NULL);`;
    yield `INSERT INTO card VALUES (${1_000_000 + p}, 'p${p}', NULL, NULL, 0, NULL);`;
  }
  let lesson = 0;
  for (const day of days) {
    yield `INSERT INTO school_day VALUES (${day}, ${CLASSES * LESSONS}, 1, 1);`;
    const base = Array.from({ length: CLASSES }, () => (lesson += LESSONS) - LESSONS + 1);
    for (let c = 0; c < CLASSES; c++)
      for (let i = 0; i < LESSONS; i++) {
        const start = 480 + i * 70;
        yield `INSERT INTO lesson VALUES (${base[c] + i}, 'l${base[c] + i}');`;
        yield `INSERT INTO lesson_version VALUES (${base[c] + i}, 'class-${c}', 'subject-${i}', 'room-${c}', ${day}, ${start}, ${start + MINUTES}, 'held', 0, NULL);`;
      }
    for (let p = 0; p < PUPILS; p++)
      yield `INSERT INTO pupil_day VALUES ('p${p}', ${day}, 'class-${p % CLASSES}', x'${packed(base[p % CLASSES], p, day)}');`;
  }
  yield 'PRAGMA user_version = 1;';
  yield 'COMMIT;';
}

const settings = (folder) => `school = "stor"; database = "${folder}/a.db"; control_socket = "${folder}/control";
rules = "config/rules.cfg"; token_key_file = "${folder}/key";
broker = { host = "${folder}/no-broker"; port = 0; };`;

const status = (socket) => {
  const call = spawnSync(`${BUILD}/bin/narvaro`, ['status', '--socket', socket], { encoding: 'utf8' });
  return call.status === 0 ? call.stdout : '';
};

const ask = (socket, request) => new Promise((go, fail) => {
  let answer = '';
  const connection = createConnection(socket, () => connection.write(JSON.stringify(request) + '\n'));
  connection.on('data', (text) => (answer += text)).on('error', fail);
  connection.on('close', () => go(JSON.parse(answer)));
});

test('1,000 pupils and a school year fit in 24 MB', { timeout: 120_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'narvaro-memory-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const sql = spawn('sqlite3', [join(folder, 'a.db')], { stdio: ['pipe', 'inherit', 'inherit'] });
  sql.stdin.write(readFileSync('daemon/schema.sql'));
  for (const row of rows()) if (!sql.stdin.write(row + '\n')) await new Promise((go) => sql.stdin.once('drain', go));
  sql.stdin.end();
  assert.equal(await new Promise((go) => sql.on('close', go)), 0);
  writeFileSync(join(folder, 'key'), '000102030405060708090a0b0c0d0e0f\n');
  writeFileSync(join(folder, 'd.cfg'), settings(folder));

  const began = Date.now();
  const daemon = spawn(`${BUILD}/bin/narvarod`, ['--config', join(folder, 'd.cfg')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((go) => daemon.on('close', go));
  t.after(() => daemon.kill('SIGKILL'));
  let log = '';
  await new Promise((go) => daemon.stderr.on('data', (text) => (log += text).includes('ready') && go()));
  const readyMs = Date.now() - began;
  await new Promise((go) => setTimeout(go, 500));
  assert.ok(existsSync(join(folder, 'control')));
  assert.match(status(join(folder, 'control')), new RegExp(`pupils=${PUPILS}\\b`));
  // A new version of the rules asks every pupil's every day again and raises what follows.
  const text = readFileSync('config/rules.cfg', 'utf8');
  const asked = Date.now();
  const applied = await ask(join(folder, 'control'), { do: 'rules_apply', text, author: 'test', why: 'memory', from: '2000-01-01' });
  assert.deepEqual(applied, { ok: true, version: 2 });
  const rulesMs = Date.now() - asked;
  assert.match(status(join(folder, 'control')), /flags_raised=[1-9]/);
  const rss = Number(readFileSync(`/proc/${daemon.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
  const top = Number(readFileSync(`/proc/${daemon.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]);
  t.diagnostic(`rss ${rss} KB, top ${top} KB, ready after ${readyMs} ms, rules applied in ${rulesMs} ms`);
  if (!SANITISED) assert.ok(rss <= RSS_KB_MAX, `rss ${rss} KB`);
  assert.ok(readyMs <= READY_MS_MAX, `ready after ${readyMs} ms`);
  daemon.kill('SIGTERM');
  assert.equal(await ended, 0, log);
});

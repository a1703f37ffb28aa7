// narvaro-web from outside: a foreign client, raw sockets where a client would not do it, and a verifier of the audit log
// that shares no code with the program.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { execFileSync, spawnSync } from 'node:child_process'
import { admin, EVIDENCE, insert, ODD_NAME, PASSWORD, PUPILS, signIn, sqlite, startWeb, USERS } from './fixture.mjs'

const root = new URL('..', import.meta.url).pathname
const program = join(root, process.env.BUILD ?? 'build', 'bin/narvaro-web')
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const bodyOf = async (answer) => answer.json()
const rows = (db, sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', db, sql], { encoding: 'utf8' }) || '[]')

/** Sends bytes as they are; resolves with all that came back until the server closed, or nothing came for a while. */
function raw(web, bytes, patience = 700) {
  return new Promise((resolve, reject) => {
    let reply = ''
    const client = net.connect(web.port, '127.0.0.1', () => client.write(bytes))
    client.setTimeout(patience, () => client.destroy())
    client.on('data', (more) => (reply += more)).on('error', reject).on('close', () => resolve(reply))
  })
}
const statusOf = (reply) => Number(reply.match(/^HTTP\/1\.1 (\d+)/)?.[1])

describe('before there is a school', () => {
  let web, me
  before(async () => {
    web = await startWeb({ withSchool: false })
    me = await signIn(web)
  })
  after(() => web.stop())

  test('signing in works and data are busy', async () => {
    assert.equal(me.status, 200)
    assert.equal(me.me.school, '')
    for (const path of ['status', 'flags', 'pupils', 'pupils/p-alva', 'terminals']) {
      const answer = await me.get(path)
      assert.deepEqual([path, answer.status, await bodyOf(answer)], [path, 503, { error: 'busy' }])
    }
  })

  test('the school is there as soon as the daemon has made it', async () => {
    web.makeSchool()
    assert.equal((await bodyOf(await me.get('status'))).pupils, PUPILS.length)
    assert.equal((await bodyOf(await me.get('me'))).school, 'Ekskolan')
  })

  test('a database put in the place of another is noticed', async () => {
    sqlite(web.db, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM INTO '" + web.db + ".new'")
    sqlite(`${web.db}.new`, "PRAGMA journal_mode = WAL; UPDATE setting SET value = 'Nyskolan' WHERE name = 'school'")
    execFileSync('sh', ['-c', `rm -f "$1"-wal "$1"-shm; mv "$1".new "$1"`, 'sh', web.db])
    await wait(500)
    assert.equal((await bodyOf(await me.get('me'))).school, 'Nyskolan')
  })
})

describe('what it serves', () => {
  let web, me
  before(async () => {
    web = await startWeb({ users: [USERS[0]] })
    me = await signIn(web)
  })
  after(async () => assert.equal(await web.stop(), 0))

  const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

  test('every answer carries the strict headers', async () => {
    for (const path of ['/', '/nothing', '/api/v1/me', '/api/v1/nothing']) {
      const { headers } = await fetch(web.url + path)
      assert.equal(headers.get('content-security-policy'), CSP, path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
      assert.equal(headers.get('strict-transport-security'), null, path)
      if (path.startsWith('/api/')) assert.equal(headers.get('cache-control'), 'no-store', path)
    }
  })

  test('every page is served as it is in its folder', async () => {
    const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }
    const folder = join(root, 'dashboard/web')
    const files = readdirSync(folder, { recursive: true }).filter((file) => statSync(join(folder, file)).isFile())
    const pages = files.filter((file) => TYPES[file.split('.').pop()])
    assert.ok(pages.includes('index.html'))
    for (const file of pages) {
      const answer = await fetch(`${web.url}/${file}`)
      assert.equal(answer.headers.get('content-type'), TYPES[file.split('.').pop()], file)
      assert.equal(await answer.text(), readFileSync(join(folder, file), 'utf8'), file)
      const again = await fetch(`${web.url}/${file}`, { headers: { 'if-none-match': answer.headers.get('etag') } })
      assert.equal(again.status, 304, file)
    }
    assert.equal(await (await fetch(`${web.url}/`)).text(), readFileSync(join(folder, 'index.html'), 'utf8'))
    for (const path of ['/vendor/VENDOR', '/..%2f..%2fMakefile', '/index.html%00.js', '/main.c'])
      assert.notEqual((await fetch(web.url + path)).status, 200, path)
  })

  test('HEAD has the headers of GET and no body', async () => {
    const answer = await fetch(`${web.url}/`, { method: 'HEAD' })
    assert.equal(answer.status, 200)
    assert.ok(Number(answer.headers.get('content-length')) > 0)
    assert.equal(await answer.text(), '')
  })

  test('the status counts what is in the database', async () => {
    assert.deepEqual({ ...(await bodyOf(await me.get('status'))), now: null }, { now: null, last_event_at: '2026-11-20T08:20:00.200Z', decided_through: '2026-11-19',
      events_stored: 2, lessons_closed: 440, flags_raised: 6, flags_open: 5, tasks_open: 3, pupils: 6 })
  })

  test('the inbox: who has waited longest first, one item a pupil, reasons with it', async () => {
    const inbox = await bodyOf(await me.get('flags'))
    assert.equal(inbox.decided_through, '2026-11-19')
    assert.deepEqual(inbox.inbox.map((item) => [item.pupil, item.since, item.waiting_days, item.severity, item.flags.map((flag) => flag.flag)]),
      [['p-odd', '2026-11-12', 8, 2, [3]], ['p-hidden', '2026-11-15', 5, 3, [5]], ['p-alva', '2026-11-17', 3, 3, [1, 2]]])
    assert.deepEqual(inbox.quiet.map((item) => item.pupil), ['p-quiet'])
    assert.deepEqual(inbox.today.map((task) => [task.task, task.pupil, task.date]), [[1, 'p-odd', '2026-11-20'], [2, 'p-omar', '2026-11-20'], [3, 'p-hidden', '2026-11-20']])
    assert.deepEqual(inbox.today[0].lessons, [{ start: '08:10', subject: 'Matematik', minutes: 60, absent_minutes: 60 }])
    const [odd, hidden, alva] = inbox.inbox
    assert.equal(odd.name, `Örjan ${ODD_NAME}`)
    assert.equal(hidden.protected, true)
    assert.deepEqual(alva.doing_well, { days_present: 4, of_days: 5 }) // away on Monday
    assert.equal(alva.coverage_percent, 100)
    assert.deepEqual(alva.flags[0].evidence, EVIDENCE)
    assert.deepEqual({ ...alva.flags[1], evidence: null }, { flag: 2, rule: 'mondays', severity: 3, raised_on: '2026-11-19', cleared_on: null, withdrawn: null, rules_version: 1, evidence: null })
  })

  test('the pupil page: days of the school year, all flags, timeline', async () => {
    const alva = await bodyOf(await me.get('pupils/p-alva'))
    assert.deepEqual([alva.pupil, alva.name, alva.class, alva.year, alva.protected], ['p-alva', 'Alva Berg', '8B', '8', false])
    assert.deepEqual(alva.flags.map((flag) => [flag.flag, flag.cleared_on]), [[2, null], [1, null], [6, '2026-10-21']])
    assert.equal(alva.days.length, 44)
    const monday = alva.days.find((day) => day.date === '2026-11-16')
    assert.deepEqual({ ...monday, lessons: monday.lessons.length }, { date: '2026-11-16', expected_minutes: 300, absent_minutes: 300, leave_minutes: 0, unreported_minutes: 300, unknown_minutes: 0, lessons: 5 })
    const tuesday = alva.days.find((day) => day.date === '2026-11-17')
    assert.equal(tuesday.absent_minutes, 10)
    assert.deepEqual(tuesday.lessons[0], { start: '08:10', minutes: 60, subject: 'Matematik', status: 'late', absent_minutes: 10 })
    assert.deepEqual(alva.timeline, [
      { at: '2026-11-20T08:20:00.000Z', kind: 'check_in', terminal: 'entre-a', room: 'ENTRE-A', feedback: 'ok' },
      { at: '2026-11-20T07:04:00.000Z', kind: 'check_in', terminal: 'entre-a', room: 'ENTRE-A', feedback: 'ok' },
      { at: '2026-11-19T06:30:00.000Z', kind: 'absence', type: 'reported', from: '2026-11-19T07:00:00.000Z', to: '2026-11-19T15:00:00.000Z' },
      { at: '2026-11-18T09:00:00.000Z', kind: 'mark', status: 'late', subject: 'Svenska', start: '09:20' }])
    const omar = await bodyOf(await me.get('pupils/p-omar'))
    assert.deepEqual([omar.days[0].expected_minutes, omar.days[0].unknown_minutes], [240, 60])
    assert.equal(omar.flags[0].withdrawn, '2026-11-20T12:00:00.000Z')
    const quiet = await bodyOf(await me.get('pupils/p-quiet'))
    assert.deepEqual([quiet.days.at(-2).leave_minutes, quiet.days.at(-2).absent_minutes], [300, 0])
    for (const nobody of ['p-none', "p-alva'--", '%00', 'p-alva/days', '']) assert.ok([400, 404].includes((await me.get(`pupils/${nobody}`)).status), nobody)
  })

  test('searching finds words of name and class, Swedish letters alike', async () => {
    const found = async (q) => (await bodyOf(await me.get(`pupils?q=${encodeURIComponent(q)}`))).pupils.map((pupil) => pupil.pupil)
    assert.deepEqual(await found('åke'), ['p-well'])
    assert.deepEqual(await found('STRÖM'), ['p-well'])
    assert.deepEqual(await found('ÖRJAN 8b'), ['p-odd'])
    assert.deepEqual(await found(ODD_NAME), ['p-odd'])
    assert.deepEqual(await found('8b alva berg'), ['p-alva'])
    assert.deepEqual(await found('%'), [])
    assert.equal((await found('')).length, PUPILS.length)
    assert.deepEqual(await found('x'.repeat(2000)), [])
  })

  test('terminals are live, stale, offline or unseen', async () => {
    const { terminals } = await bodyOf(await me.get('terminals'))
    assert.deepEqual(terminals.map((terminal) => [terminal.terminal, terminal.state, terminal.queue]), [['entre-a', 'live', 0], ['hall-2', 'stale', 41], ['idrott', 'offline', 0], ['reserv', 'unseen', 0]])
    assert.deepEqual(terminals[1], { terminal: 'hall-2', room: 'HALL-2', state: 'stale', last_seen: '2026-11-20T11:54:00.000Z', queue: 41, oldest_unsent_s: 380, clock: 'synced', firmware: '1.4.0', readers_up: 2, readers: 2 })
    assert.equal(terminals[3].last_seen, null)
  })

  test('a stream tells of a change within a second, and which', async () => {
    const stream = await me.get('events')
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader()
    const next = async () => JSON.parse((await reader.read()).value.match(/^event: change\ndata: (.*)\n\n$/)[1])
    const first = await next()
    let asked = Date.now()
    sqlite(web.db, insert('flag_change', [{ flag: 1, change: 'raised', why: '', recorded_ms: 1 }]))
    const second = await next()
    assert.ok(Date.now() - asked < 1000, `${Date.now() - asked} ms`)
    assert.deepEqual([second.status > first.status, second.flags > first.flags, second.terminals === first.terminals], [true, true, true])
    sqlite(web.db, "UPDATE terminal_state SET received_ms = received_ms + 1 WHERE terminal_id = 'idrott'")
    const third = await next()
    assert.deepEqual([third.flags === second.flags, third.terminals > second.terminals], [true, true])
    await reader.cancel()
  })

  test('a hundred streams all hear of one change', async () => {
    const streams = await Promise.all(Array.from({ length: 100 }, () => me.get('events')))
    const readers = streams.map((stream) => stream.body.getReader())
    await Promise.all(readers.map((reader) => reader.read()))
    sqlite(web.db, "INSERT INTO subject VALUES (9, 'Slöjd')")
    await Promise.race([Promise.all(readers.map((reader) => reader.read())), wait(2000).then(() => assert.fail('not all heard'))])
    await Promise.all(readers.map((reader) => reader.cancel()))
  })
  test('no more than two hundred streams, and those that left make room', async () => {
    for (let i = 0; i < 250; i++) assert.equal((await fetch(`${web.url}/api/v1/events`, { method: 'HEAD', headers: { cookie: me.cookie } })).status, 200)
    const streams = await Promise.all(Array.from({ length: 210 }, () => me.get('events')))
    const full = streams.filter((stream) => stream.status === 503)
    assert.ok(full.length >= 10, `${full.length} of 210 were refused`)
    assert.deepEqual(await bodyOf(full[0]), { error: 'busy' })
    await Promise.all(streams.map((stream) => stream.body.locked || stream.body.cancel()))
    sqlite(web.db, "INSERT INTO subject VALUES (11, 'Hemkunskap')") // speaking to them shows that they left
    await wait(500)
    const again = await me.get('events')
    assert.equal(again.status, 200)
    await again.body.cancel()
  })
})

describe('sessions', () => {
  let web
  before(async () => { web = await startWeb({ users: USERS }) })
  after(() => web.stop())

  test('a wrong password, an unknown user and a missing field are refused', async () => {
    assert.deepEqual((await signIn(web, 'kim', 'fel-losenord-123')).me, { error: 'bad_login' })
    assert.equal((await signIn(web, 'ingen', PASSWORD)).status, 401)
    assert.equal((await signIn(web, 'kim', undefined)).status, 200) // the default of signIn
    assert.equal((await signIn(web, undefined, null)).status, 400)
    assert.equal((await signIn(web, 'x'.repeat(300), PASSWORD)).status, 400)
  })

  test('the cookie is strict, and its id is not what is stored', async () => {
    const me = await signIn(web)
    assert.match(me.setCookie, /^narvaro=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/)
    const stored = execFileSync('sh', ['-c', `cat "$1"/casebook.db*`, 'sh', web.folder]).toString('latin1')
    assert.ok(!stored.includes(me.cookie.split('=')[1]) && !stored.includes(Buffer.from(me.cookie.split('=')[1], 'hex').toString('latin1')))
    assert.ok(!stored.includes(PASSWORD))
    assert.ok(stored.includes('$argon2id$v=19$m=65536,t=2,p=1$'))
  })

  test('behind TLS the cookie is Secure and __Host-, and browsers stay with HTTPS', async () => {
    const secure = await startWeb({ tls: true })
    const me = await signIn(secure)
    assert.match(me.setCookie, /^__Host-narvaro=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    assert.equal((await me.get('me')).headers.get('strict-transport-security'), 'max-age=31536000')
    await secure.stop()
  })

  test('signing in again rotates the session, signing out ends it', async () => {
    const first = await signIn(web)
    const answer = await fetch(`${web.url}/api/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie: first.cookie },
      body: JSON.stringify({ user: web.user, password: PASSWORD }) })
    const second = answer.headers.get('set-cookie').split(';')[0]
    assert.notEqual(second, first.cookie)
    assert.equal((await first.get('me')).status, 401)
    const me = await signIn(web)
    const out = await me.send('POST', 'logout')
    assert.equal(out.status, 204)
    assert.match(out.headers.get('set-cookie'), /^narvaro=; .*Max-Age=0$/)
    assert.equal((await me.get('me')).status, 401)
  })

  test('a session ends after 15 idle minutes and after 8 hours, and survives a restart before', async () => {
    const idle = await signIn(web)
    const old = await signIn(web)
    const good = await signIn(web)
    sqlite(web.casebook, 'UPDATE session SET seen_ms = seen_ms - 14 * 60000, began_ms = began_ms - 7 * 3600000')
    await web.restart()
    for (const session of [idle, old, good]) assert.equal((await session.get('me')).status, 200)
    sqlite(web.casebook, 'UPDATE session SET began_ms = began_ms - 3600000')
    assert.equal((await old.get('me')).status, 401)
    sqlite(web.casebook, 'UPDATE session SET began_ms = began_ms + 8 * 3600000')
    assert.equal((await good.get('me')).status, 200)
    sqlite(web.casebook, 'UPDATE session SET seen_ms = seen_ms - 15 * 60000')
    assert.equal((await idle.get('me')).status, 401)
  })

  test('what a page asks by itself does not keep a session alive', async () => {
    const me = await signIn(web)
    const seen = () => rows(web.casebook, 'SELECT max(seen_ms) AS seen FROM session')[0].seen
    sqlite(web.casebook, 'UPDATE session SET seen_ms = seen_ms - 10 * 60000')
    const before = seen()
    assert.equal((await me.get('status', { 'x-background': '1' })).status, 200)
    assert.equal(seen(), before)
    assert.equal((await me.get('status')).status, 200)
    assert.ok(seen() >= before + 10 * 60000)
  })

  test('a stream ends with its session', async () => {
    const me = await signIn(web)
    const reader = (await me.get('events')).body.getReader()
    await reader.read()
    await me.send('POST', 'logout')
    sqlite(web.db, "INSERT INTO subject VALUES (10, 'Bild')")
    assert.equal((await reader.read()).done, true)
  })

  test('writes are refused from elsewhere, without the token, or as anything but JSON', async () => {
    const me = await signIn(web)
    const tries = [
      [{ 'sec-fetch-site': 'cross-site' }, 403], [{ 'sec-fetch-site': 'same-site' }, 403], [{ origin: 'https://evil.example' }, 403], [{ origin: 'null' }, 403],
      [{ 'x-csrf-token': '' }, 403], [{ 'x-csrf-token': '0'.repeat(32) }, 403], [{ 'content-type': 'text/plain' }, 400], [{ 'content-type': 'application/jsonp' }, 400],
      [{ origin: `http://127.0.0.1:${web.port}` }, 200],
    ]
    for (const [headers, status] of tries) assert.equal((await me.send('PUT', 'me', { language: 'en' }, headers)).status, status, JSON.stringify(headers))
    const reply = await raw(web, `PUT /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${me.cookie}\r\nX-CSRF-Token: ${me.me.csrf}\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"language":"sv"}`)
    assert.equal(statusOf(reply), 403, 'neither Origin nor Sec-Fetch-Site')
    const other = await signIn(web, 'eva')
    assert.equal((await me.send('PUT', 'me', { language: 'en' }, { 'x-csrf-token': other.me.csrf })).status, 403)
  })

  test('the language is kept', async () => {
    const me = await signIn(web)
    assert.equal((await bodyOf(await me.send('PUT', 'me', { language: 'sv' }))).language, 'sv')
    assert.equal((await bodyOf(await me.send('PUT', 'me', { language: 'en' }))).language, 'en')
    assert.equal((await signIn(web)).me.language, 'en')
    for (const body of [{ language: 'de' }, { language: 7 }, {}, []]) assert.equal((await me.send('PUT', 'me', body)).status, 400)
  })

  test('hashing a password does not hold up the others', async () => {
    const me = await signIn(web)
    const slow = Promise.all(['eva', 'eva', 'eva', 'lind', 'lind', 'berg', 'ivar', 'dana'].map((user) => signIn(web, user)))
    let worst = 0
    let finished = false
    slow.then(() => (finished = true))
    for (let asked = 0; !finished || asked < 5; asked++) {
      const began = performance.now()
      await bodyOf(await me.get('me'))
      worst = Math.max(worst, performance.now() - began)
    }
    assert.ok((await slow).every((session) => session.status === 200))
    assert.ok(worst < 250, `${worst} ms`)
  })

  test('five failed tries lock one account for a while, not the others', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await signIn(web, 'ivar', 'fel-losenord-123')).status, 401)
    assert.deepEqual((await signIn(web, 'ivar')).me, { error: 'too_many_attempts' })
    assert.equal((await signIn(web, 'dana')).status, 200)
  })

  test('passwords that would have to wait too long are turned away', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => signIn(web, `ingen-${i}`, 'fel-losenord-123')))
    const busy = all.filter((session) => session.status === 503)
    assert.ok(busy.length > 0 && busy.every((session) => session.me.error === 'busy'), all.map((session) => session.status).join())
    await web.restart() // for the tries that were counted
  })

  test('sixty failed tries in all close the door, and a restart opens it', async () => {
    let limited = 0
    for (let batch = 0; batch < 7; batch++)
      limited += (await Promise.all(Array.from({ length: 10 }, (_, i) => signIn(web, `gissning-${batch}-${i}`, 'fel-losenord-123')))).filter((session) => session.status === 429).length
    assert.ok(limited >= 10, `${limited} were limited`)
    assert.equal((await signIn(web, 'kim')).status, 429)
    await web.restart()
    assert.equal((await signIn(web, 'kim')).status, 200)
  })
})

describe('who may what', () => {
  let web
  const session = {}
  before(async () => {
    web = await startWeb({ users: USERS })
    for (const { user } of USERS) session[user] = await signIn(web, user)
  })
  after(() => web.stop())

  // Written by hand from docs/api.md; a user without a row may nothing.
  const EVERYBODY = { me: 200, status: 200, events: 200, nothing: 404, 'audit': 404 }
  const ALL = { 'pupils/p-alva': 200, 'pupils/p-odd': 200, 'pupils/p-omar': 200, 'pupils/p-none': 404 }
  const NONE = { flags: 403, pupils: 403, 'pupils/p-alva': 403, 'pupils/p-hidden': 403, 'pupils/p-none': 403 }
  const EXPECTED = {
    kim: { ...EVERYBODY, ...ALL, flags: 200, pupils: 200, 'pupils/p-hidden': 200, terminals: 200 },
    vera: { ...EVERYBODY, ...ALL, flags: 200, pupils: 200, 'pupils/p-hidden': 404, terminals: 200 },
    eva: { ...EVERYBODY, ...ALL, flags: 200, pupils: 200, 'pupils/p-hidden': 404, terminals: 403 },
    nils: { ...EVERYBODY, ...ALL, flags: 200, pupils: 200, 'pupils/p-hidden': 200, terminals: 403 },
    lind: { ...EVERYBODY, flags: 200, pupils: 200, 'pupils/p-alva': 200, 'pupils/p-odd': 200, 'pupils/p-omar': 404, 'pupils/p-hidden': 404, 'pupils/p-none': 404, terminals: 403 },
    berg: { ...EVERYBODY, ...NONE, terminals: 403 },
    ivar: { ...EVERYBODY, ...NONE, terminals: 200 },
    dana: { ...EVERYBODY, ...NONE, terminals: 403 },
  }

  test('role × endpoint × object', async () => {
    for (const [user, cells] of Object.entries(EXPECTED))
      for (const [path, status] of Object.entries(cells)) {
        const answer = await session[user].get(path)
        assert.equal(answer.status, status, `${user} ${path}`)
        await answer.body.cancel()
      }
  })

  test('without a session everything is refused, with a made-up one too', async () => {
    for (const path of Object.keys(EXPECTED.kim))
      for (const cookie of ['', 'narvaro=', `narvaro=${'0'.repeat(32)}`, 'narvaro=zz', `narvaro=${'0'.repeat(64)}`])
        assert.equal((await fetch(`${web.url}/api/v1/${path}`, { headers: { cookie } })).status, EXPECTED.kim[path] === 404 && !path.startsWith('pupils/') ? 404 : 401, `${path} ${cookie}`)
  })

  test('no method but those of the table', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
      assert.ok([404, 405].includes(statusOf(await raw(web, `${method} /api/v1/flags HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${session.kim.cookie}\r\nContent-Length: 0\r\n\r\n`))), method)
  })

  test('permissions of me are what the table lets in', async () => {
    const words = (user) => session[user].me.permissions.join(' ')
    assert.equal(words('kim'), 'status flags tasks pupils terminals')
    assert.equal(words('eva'), 'status flags tasks pupils')
    assert.equal(words('lind'), 'status tasks pupils')
    assert.equal(words('berg'), 'status')
    assert.equal(words('ivar'), 'status terminals')
    assert.equal(words('dana'), 'status')
  })

  const pupilsIn = (inbox) => [...inbox.inbox, ...inbox.quiet, ...inbox.today].map((item) => item.pupil)
  const listed = async (user) => ({ flags: pupilsIn(await bodyOf(await session[user].get('flags'))), pupils: (await bodyOf(await session[user].get('pupils'))).pupils.map((pupil) => pupil.pupil) })

  test('lists leave out whom the user may not see', async () => {
    assert.ok((await listed('nils')).flags.includes('p-hidden') && (await listed('nils')).pupils.includes('p-hidden'))
    for (const user of ['eva', 'vera', 'lind']) {
      const { flags, pupils } = await listed(user)
      assert.ok(!flags.includes('p-hidden') && !pupils.includes('p-hidden'), user)
      assert.ok(!JSON.stringify(await bodyOf(await session[user].get('pupils?q=skyddad'))).includes('Skyddad'), user)
    }
  })

  test('a mentor sees tasks and facts of the own class, and no flags', async () => {
    assert.deepEqual(await bodyOf(await session.lind.get('flags')), { ...(await bodyOf(await session.lind.get('flags'))), inbox: [], quiet: [] })
    assert.deepEqual(await listed('lind'), { flags: ['p-odd'], pupils: ['p-alva', 'p-odd'].sort((a, b) => (a === 'p-alva' ? -1 : 1)) })
    const alva = await bodyOf(await session.lind.get('pupils/p-alva'))
    assert.deepEqual([alva.flags, alva.days.length], [[], 44])
  })

  test('naming a user for a pupil opens that pupil to that user only', async () => {
    assert.deepEqual(await admin(web.adminSocket, { do: 'user_name', user: 'eva', pupil: 'p-hidden' }), { ok: true })
    assert.equal((await session.eva.get('pupils/p-hidden')).status, 200)
    assert.equal((await session.vera.get('pupils/p-hidden')).status, 404)
  })
})

describe('the audit log', () => {
  let web
  before(async () => { web = await startWeb({ users: USERS }) })
  after(() => web.stop())
  const log = () => rows(web.casebook, 'SELECT sequence, at_ms, user, action, object, hex(mac) AS mac FROM audit ORDER BY sequence')

  /** The first row that does not follow from those before it; 0 when all do. */
  function brokenAt(entries, key) {
    let previous = Buffer.alloc(32)
    for (const [i, entry] of entries.entries()) {
      const fields = [entry.sequence, entry.at_ms, entry.user, entry.action, entry.object].map((field) => Buffer.from(String(field)))
      const line = Buffer.concat(fields.flatMap((field) => [Buffer.from(`${field.length}:`), field, Buffer.from(',')]))
      const mac = createHmac('sha256', key).update(previous).update(line).digest()
      if (entry.sequence !== i + 1 || entry.mac !== mac.toString('hex').toUpperCase()) return i + 1
      previous = mac
    }
    return 0
  }

  test('each view, sign-in and failure leaves one row', async () => {
    const kim = await signIn(web, 'kim')
    const from = log().length
    for (const path of ['flags', 'pupils?q=alva', 'pupils?q=nobody', 'pupils/p-alva', 'pupils/p-alva', 'pupils/p-none', 'status', 'terminals', 'me']) await (await kim.get(path)).text()
    const vera = await signIn(web, 'vera')
    await vera.get('pupils/p-hidden')
    await signIn(web, 'eva', 'fel-losenord-123')
    await signIn(web, 'mitt-hemliga-losenord', 'fel-losenord-123')
    await kim.send('POST', 'logout')
    assert.deepEqual(log().slice(from).map((entry) => [entry.user, entry.action, entry.object]), [
      ['kim', 'list_flags', '["p-odd","p-hidden","p-alva","p-quiet","p-odd","p-omar","p-hidden"]'], ['kim', 'list_pupils', '["p-alva"]'],
      ['kim', 'view_pupil', 'p-alva'], ['kim', 'view_pupil', 'p-alva'], ['vera', 'login', ''], ['vera', 'view_pupil_refused', 'p-hidden'],
      ['eva', 'login_failed', ''], ['', 'login_failed', ''], ['kim', 'logout', '']])
    assert.equal(log()[from].at_ms >= Date.parse('2026-11-20T12:00:00Z') && log()[from].at_ms < Date.parse('2026-11-20T12:10:00Z'), true, 'civil time')
  })

  test('the chain verifies, goes on over a restart, and shows every change in it', async () => {
    await web.restart()
    await (await (await signIn(web, 'kim')).get('pupils/p-odd')).text()
    const key = readFileSync(join(web.folder, 'audit.key'))
    assert.equal(statSync(join(web.folder, 'audit.key')).mode & 0o777, 0o600)
    const entries = log()
    assert.ok(entries.length > 15)
    assert.equal(brokenAt(entries, key), 0)
    const changed = (i, change) => entries.map((entry, at) => (at === i ? { ...entry, ...change } : entry))
    assert.equal(brokenAt(changed(4, { user: 'nobody' }), key), 5)
    assert.equal(brokenAt(changed(7, { at_ms: entries[7].at_ms + 1 }), key), 8)
    assert.equal(brokenAt(changed(7, { action: entries[7].action + entries[7].object, object: '' }), key) === 8 || entries[7].object === '', true)
    assert.equal(brokenAt(entries.filter((_, at) => at !== 6), key), 7)
    assert.equal(brokenAt(entries, Buffer.alloc(32)), 1)
  })

  test('a lost key is noticed at the start, not replaced', async () => {
    const lone = await startWeb()
    execFileSync('rm', [join(lone.folder, 'audit.key')])
    await assert.rejects(lone.restart(), /audit\.key: missing/)
    await lone.stop()
  })

  test('what cannot be logged is not shown', async () => {
    const kim = await signIn(web, 'kim')
    sqlite(web.casebook, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    for (const path of ['flags', 'pupils', 'pupils/p-alva']) assert.deepEqual(await bodyOf(await kim.get(path)), { error: 'busy' }, path)
    assert.equal((await kim.get('me')).status, 200)
    sqlite(web.casebook, 'DROP TRIGGER full')
    assert.equal((await kim.get('pupils/p-alva')).status, 200)
  })

  test('no name and no password is in the program\'s own log', () => {
    for (const word of [PASSWORD, 'Alva', 'Skyddad', 'Kim', 'mitt-hemliga', 'fel-losenord']) assert.ok(!web.log().includes(word), word)
  })
})

describe('malformed requests', () => {
  let web, me
  before(async () => {
    web = await startWeb({ users: [USERS[0], USERS[2]] })
    me = await signIn(web)
  })
  after(() => web.stop())
  const head = (lines) => ['POST /api/v1/login HTTP/1.1', 'Host: x', 'Sec-Fetch-Site: same-origin', 'Content-Type: application/json', ...lines, '', ''].join('\r\n')
  const SMUGGLED = 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n'

  const CASES = {
    'Content-Length and Transfer-Encoding': [head(['Content-Length: 2', 'Transfer-Encoding: chunked']) + `0\r\n\r\n${SMUGGLED}`, 400],
    'Transfer-Encoding and Content-Length': [head(['Transfer-Encoding: chunked', 'Content-Length: 2']) + `0\r\n\r\n${SMUGGLED}`, 400],
    'Transfer-Encoding alone': [head(['Transfer-Encoding: chunked']) + '0\r\n\r\n', 400],
    'an odd Transfer-Encoding': [head(['Transfer-Encoding: xchunked']) + '0\r\n\r\n', 400],
    'two Content-Lengths': [head(['Content-Length: 2', 'Content-Length: 40']) + `{}${SMUGGLED}`, 400],
    'two equal Content-Lengths': [head(['Content-Length: 2', 'Content-Length: 2']) + `{}${SMUGGLED}`, 400],
    'a list of Content-Lengths': [head(['Content-Length: 2, 2']) + '{}', 400],
    'a signed Content-Length': [head(['Content-Length: +2']) + '{}', 400],
    'a hexadecimal Content-Length': [head(['Content-Length: 0x2']) + '{}', 400],
    'a space before the colon': [head(['Content-Length : 2']) + '{}', 400],
    'a header name with a space in it': [head(['X Y: 1', 'Content-Length: 2']) + '{}', 400],
    'two Hosts': [`GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`, 400],
    'no Host': ['GET / HTTP/1.1\r\n\r\n', 400],
    'a GET with a body': ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}', 400],
    'a body over 64 KiB': [head(['Content-Length: 65537']), 413],
    'a huge Content-Length': [head(['Content-Length: 99999999999999999999']), 413],
    'a header over 16 KiB': [`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(40000)}\r\n\r\n`, 431],
    'a path that is none': ['GET index.html HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    'a NUL in the path': ['GET /api/v1/me%00x HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  }

  for (const [name, [bytes, status]] of Object.entries(CASES))
    test(name, async () => {
      const reply = await raw(web, bytes)
      const answers = reply.match(/HTTP\/1\.[01] \d+/g) ?? []
      if (name !== 'no HTTP at all') assert.ok(answers.length > 0, 'closed without a word')
      assert.ok(answers.every((answer) => answer.endsWith(` ${status}`)), reply) // so what was smuggled was not answered
    })

  test('a body of exactly 64 KiB is read', async () => {
    const body = JSON.stringify({ language: 'sv', padding: '' })
    const answer = await me.send('PUT', 'me', { language: 'sv', padding: 'x'.repeat(65536 - body.length) })
    assert.equal(answer.status, 200)
  })

  test('JSON that is none, or twice the same key, or nested deeply', async () => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie: me.cookie, 'x-csrf-token': me.me.csrf }
    for (const body of ['', '{', 'null', '"x"', '[]', '{"language":"sv","language":"en"}', '{"language":"\\u0000"}', '[['.repeat(15000), '{"language":"\xff"}'])
      assert.equal((await fetch(`${web.url}/api/v1/me`, { method: 'PUT', headers, body: Buffer.from(body, 'latin1') })).status, 400, body.slice(0, 40))
  })

  test('a client that stops in the middle holds nobody up', async () => {
    const stalled = net.connect(web.port, '127.0.0.1', () => stalled.write(head(['Content-Length: 60000'])))
    await wait(50)
    assert.equal((await me.get('status')).status, 200)
    stalled.destroy()
  })

  test('a client that leaves while its password is hashed', async () => {
    for (let i = 0; i < 20; i++) {
      const body = JSON.stringify({ user: 'kim', password: PASSWORD })
      const leaver = net.connect(web.port, '127.0.0.1', () => leaver.write(head([`Content-Length: ${body.length}`]) + body, () => leaver.destroy()))
    }
    await wait(200)
    assert.equal((await me.get('status')).status, 200)
    await wait(1500)
    assert.equal((await signIn(web, 'eva')).status, 200)
  })
})

test('on a Unix socket, as behind nginx', async () => {
  const web = await startWeb({ tls: true, listen: 'FOLDER/http.sock' })
  const socketPath = join(web.folder, 'http.sock')
  assert.equal(statSync(socketPath).mode & 0o777, 0o660)
  const ask = (options, body) => new Promise((resolve, reject) => {
    const request = http.request({ socketPath, host: 'narvaro.example', ...options }, (answer) => {
      answer.setEncoding('utf8').on('data', (text) => (answer.text = (answer.text ?? '') + text)).on('end', () => resolve(answer))
    })
    request.on('error', reject).end(body)
  })
  const login = await ask({ method: 'POST', path: '/api/v1/login', headers: { host: 'narvaro.example', origin: 'https://narvaro.example', 'content-type': 'application/json' } }, JSON.stringify({ user: 'kim', password: PASSWORD }))
  assert.equal(login.statusCode, 200)
  const cookie = login.headers['set-cookie'][0].split(';')[0]
  assert.equal(JSON.parse((await ask({ path: '/api/v1/status', headers: { cookie } })).text).pupils, PUPILS.length)
  await web.restart() // over the socket file that was there
  assert.equal((await ask({ path: '/api/v1/status', headers: { cookie } })).statusCode, 200)
  await web.stop()
})

describe('the admin socket', () => {
  let web
  before(async () => { web = await startWeb({ users: [] }) })
  after(() => web.stop())

  test('says what is wrong with a user', async () => {
    const good = { do: 'user_add', user: 'kim', name: 'Kim', role: 'eht', password: PASSWORD }
    const faults = [
      [{ user: 'kim b' }, /user must/], [{ user: '' }, /user must/], [{ name: '' }, /name must/], [{ role: 'admin' }, /role must/], [{ password: 'kort' }, /12 characters/],
      [{ password: 'åäöåäöåäöåä' }, /12 characters/], [{ password: 'Sommaren2026!' }, /many people use/], [{ password: 'ababababababab' }, /too few/],
      [{ user: 'kimberly', password: 'xx-kimberly-42' }, /user's name/], [{ named_for: 'p' }, /named_for/], [{ named_for: [7] }, /named_for/], [{ do: 'user_fly' }, /do must/],
    ]
    for (const [change, fault] of faults) {
      const reply = await admin(web.adminSocket, { ...good, ...change })
      assert.deepEqual([reply.ok, reply.errors.length], [false, 1])
      assert.match(reply.errors[0], fault)
    }
    assert.deepEqual(await admin(web.adminSocket, good), { ok: true })
    assert.match((await admin(web.adminSocket, good)).errors[0], /already/)
    assert.match((await admin(web.adminSocket, [])).errors[0], /JSON object/)
    assert.equal((await signIn(web, 'kim')).me.role, 'eht')
  })
})

describe('settings', () => {
  const check = (text, more = ['--check']) => {
    const config = join(process.env.TMPDIR ?? '/tmp', `narvaro-web-${process.pid}.cfg`)
    execFileSync('sh', ['-c', 'cat >"$1"', 'sh', config], { input: text })
    const ended = spawnSync(program, ['--config', config, ...more], { encoding: 'utf8' })
    execFileSync('rm', [config])
    return ended
  }
  const example = readFileSync(join(root, 'config/narvaro-web.cfg'), 'utf8')

  test('the example is right', () => {
    const ended = spawnSync(program, ['--config', join(root, 'config/narvaro-web.cfg'), '--check'], { encoding: 'utf8' })
    assert.deepEqual([ended.status, ended.stderr], [0, ''])
  })

  test('what is wrong is named with file, line and key', () => {
    for (const [text, fault] of [
      [`${example}\ncolour = "red";\n`, /narvaro-web-\d+\.cfg:\d+: .*colour/], [example.replace(/^state.*$/m, ''), /state/],
      [example.replace('over_tls = true', 'over_tls = false'), /:\d+: .*over_tls must be true unless listen is 127\.0\.0\.1/],
      [example.replace(/^listen.*$/m, 'listen = "0.0.0.0:80";'), /listen must be 127\.0\.0\.1:PORT/], [example.replace('over_tls = true', 'over_tls = 1'), /over_tls/],
    ]) {
      const ended = check(text)
      assert.equal(ended.status, 1)
      assert.match(ended.stderr, fault)
    }
  })

  test('--version, no --config, and a clock that is none', () => {
    assert.match(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout, /^narvaro-web \d/)
    assert.notEqual(spawnSync(program, [], { encoding: 'utf8' }).status, 0)
    assert.match(check(example, ['--demo-clock', 'noon']).stderr, /START,RATE,MONO/)
  })
})

test('the pages are gzipped once, at build time', async () => {
  const web = await startWeb({ users: [] })
  const reply = await new Promise((resolve, reject) => {
    const parts = []
    const client = net.connect(web.port, '127.0.0.1', () => client.write('GET /app.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'))
    client.on('data', (bytes) => parts.push(bytes)).on('error', reject).on('close', () => resolve(Buffer.concat(parts)))
  })
  const at = reply.indexOf('\r\n\r\n')
  assert.match(reply.subarray(0, at).toString(), /Content-Encoding: gzip/)
  assert.equal(gunzipSync(reply.subarray(at + 4)).toString(), readFileSync(join(root, 'dashboard/web/app.js'), 'utf8'))
  await web.stop()
})

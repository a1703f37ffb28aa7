// Counts of classes and years: who may see them, what they add up to, and that few pupils give no figure.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bodyOf, insert, signIn, sqlite, startWeb, TODAY, USERS } from './fixture.mjs'

let web
const session = {}
before(async () => {
  web = await startWeb({ users: USERS })
  for (const { user } of USERS) session[user] = await signIn(web, user)
  const day = (kind, name, ago, pupils, expected, absent) => ({ kind, name, day: TODAY - ago, pupils, expected_minutes: expected, absent_minutes: absent })
  sqlite(web.db, insert('group_day', [
    day('class', '8B', 200, 20, 9000, 9000), // last school year
    day('class', '8B', 60, 24, 7000, 700), day('class', '8B', 28, 25, 7000, 350), day('class', '8B', 1, 26, 7500, 900),
    day('class', '7C', 1, 4, 1200, 600), day('year', '8', 1, 26, 7500, 900),
  ]))
})
after(() => web.stop())

test('sums of the school year and of the last four weeks', async () => {
  const { groups, ...rest } = await bodyOf(await session.eva.get('groups'))
  assert.deepEqual(rest, { from: '2026-08-01', decided_through: '2026-11-19', recent_days: 28 })
  const figures = { pupils: 26, flagged: null }
  assert.deepEqual(groups, [
    { kind: 'class', name: '7C', too_few: true },
    { kind: 'class', name: '8B', ...figures, expected_minutes: 21500, absent_minutes: 1950, recent_expected_minutes: 14500, recent_absent_minutes: 1250 },
    { kind: 'year', name: '8', ...figures, expected_minutes: 7500, absent_minutes: 900, recent_expected_minutes: 7500, recent_absent_minutes: 900 },
  ])
})

test('pupils with a flag are counted from five on', async () => {
  sqlite(web.db, insert('pupil', [1, 2, 3].map((n) => ({ pupil_id: `p-${n}`, given_name: 'A', family_name: 'B', class: '8B', year: '8', protected: 0, known_from_ms: 0 })))
    + insert('flag', [1, 2, 3].map((n) => ({ flag: 80 + n, pupil_id: `p-${n}`, rule: 'r', severity: n < 3 ? 2 : 1, rules_version: 1, raised_day: TODAY - 1, evidence: '[]', decided_ms: 0 }))))
  // p-alva, p-odd, p-hidden, p-1 and p-2; p-3 has only a first sign
  assert.deepEqual((await bodyOf(await session.eva.get('groups'))).groups.map(({ flagged }) => flagged), [undefined, 5, 5])
})

test('who may', async () => {
  const may = { kim: 200, vera: 200, eva: 200, nils: 200, lind: 403, berg: 403, ivar: 403, dana: 200 }
  for (const [user, status] of Object.entries(may)) assert.equal((await session[user].get('groups')).status, status, user)
})

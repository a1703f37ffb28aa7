// The daemon as a whole, in one run: events in, start-up. Puts its sections at the end of docs/benchmarks.md, in place of the
// ones it wrote before.

import { readFileSync, writeFileSync } from 'node:fs'
import { ingest } from './ingest.mjs'

const DOCUMENT = 'docs/benchmarks.md'
const BEGINS = '## From a tap to its receipt'
const EVENTS = 200_000

const number = (n) => Math.round(n).toLocaleString('en-US')
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function ingestSection({ single, backlog, latency }) {
  const row = (what, { counted, stored }) => [what, number(counted.perSecond), number(stored.perSecond),
    `${Math.round(100 * stored.perSecond / counted.perSecond)} %`, `${counted.cpu_us.toFixed(1)} µs`, `${stored.cpu_us.toFixed(1)} µs`]
  return `${BEGINS}

Mosquitto on loopback, QoS 1, ${number(EVENTS)} events of 50 terminals with four messages each on the way: to a consumer that only counts, and to
narvarod, which stores them (WAL, \`synchronous=FULL\`) and answers with receipts that the terminals wait for. 1,000 pupils with a year in the database.

${table(['', 'counted a second', 'stored and receipted a second', '', 'processor, counting', 'processor, narvarod'],
    [row('one event a message', single), row('sixteen (a backlog)', backlog)])}

At 1,000 events a second, one a message, from publishing to the receipt: half within ${number(latency.p50_us)} µs, 99 % within ${(latency.p99_us / 1000).toFixed(1)} ms.
`
}

const text = readFileSync(DOCUMENT, 'utf8').split(`\n${BEGINS}`)[0]
const sections = [ingestSection(await ingest(EVENTS))]
writeFileSync(DOCUMENT, `${text}\n${sections.join('\n')}`)
process.stdout.write(sections.join('\n'))

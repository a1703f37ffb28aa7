// Plants each fault of common/fault.h in turn and says which test program notices it first.
//
//   node tests/faults.mjs PROGRAM… --last PROGRAM…     test programs that were built with NARVARO_FAULTS
//
// A fault is shown to one program after the other, the quickest first, until one notices; the last ones, which take every
// core, are asked in full about what nobody else has noticed. FAULT=name: one fault alone, shown to all of them.
//
// Passes when every program is content without a fault and every fault is noticed. A program notices by a failed case, by an
// assertion of the product, or by not coming to an end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

const LONGEST_MS = 300_000;
const LONGEST_LAST_MS = 600_000;

const all = [...readFileSync(new URL('../common/fault.h', import.meta.url), 'utf8').matchAll(/^ {4}X\((\w+)\)/gm)].map(
  (match) => match[1],
);
const alone = process.env.FAULT;
const faults = alone ? all.filter((name) => name === alone) : all;
const last = process.argv.indexOf('--last');
const programs = process.argv.slice(2, last < 0 ? undefined : last);
const lastResorts = last < 0 ? [] : process.argv.slice(last + 1);
if (faults.length === 0 || programs.length === 0) throw new Error('no fault of that name, or no test program');

// What the program has to say against it, '' when it is content.
function complaint(program, fault, words = [], timeout = LONGEST_MS) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env: { ...process.env, NARVARO_FAULT: fault }, timeout });
    let told = '';
    child.stdout.on('data', (bytes) => (told += bytes));
    child.stderr.on('data', (bytes) => (told += bytes));
    child.on('close', (status, signal) => {
      const cases = [...told.matchAll(/^not ok \d+ - (\w+)/gm)].map((match) => match[1]);
      const asserted = told.match(/Assertion `(.*)' failed/)?.[1];
      if (status === 0) resolve('');
      else if (cases.length > 0) resolve(cases.join(', '));
      else if (asserted) resolve(`assert(${asserted})`);
      else resolve(signal === 'SIGTERM' ? 'does not come to an end' : `ends with ${signal ?? status}`);
    });
  });
}

// As many at a time as there are cores.
async function each(things, work) {
  const queue = [...things];
  const worker = async () => {
    for (let thing = queue.shift(); thing !== undefined; thing = queue.shift()) await work(thing);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

const tookMs = new Map();
const unfounded = [];
await each(programs, async (program) => {
  const begun = performance.now();
  const said = await complaint(program, '');
  tookMs.set(program, performance.now() - begun);
  if (said) unfounded.push(`${basename(program)}: ${said}`);
});
programs.sort((one, other) => tookMs.get(one) - tookMs.get(other));

const noticed = new Map(faults.map((fault) => [fault, []]));
await each(faults, async (fault) => {
  for (const program of programs) {
    const said = await complaint(program, fault);
    if (said) noticed.get(fault).push(`${basename(program)}: ${said}`);
    if (said && !alone) return;
  }
});
for (const program of lastResorts) {
  for (const fault of ['', ...faults.filter((name) => alone || noticed.get(name).length === 0)]) {
    const said = await complaint(program, fault, ['full'], LONGEST_LAST_MS);
    if (said) (noticed.get(fault) ?? unfounded).push(`${basename(program)}: ${said}`);
  }
}

for (const fault of faults) console.log(`${fault.padEnd(30)} ${noticed.get(fault).join('; ') || 'NOBODY'}`);
for (const line of unfounded) console.log(`without a fault, ${line}`);
const missed = faults.filter((fault) => noticed.get(fault).length === 0);
console.log(`${faults.length - missed.length} of ${faults.length} planted faults caught`);
process.exitCode = missed.length > 0 || unfounded.length > 0 ? 1 : 0;

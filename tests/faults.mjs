// Plants each fault of common/fault.h in turn and says which test programs notice it.
//
//   node tests/faults.mjs PROGRAM… --last PROGRAM…     test programs that were built with NARVARO_FAULTS
//
// FAULT=name for one fault alone. The last ones take long: they are asked, in full, about what nobody else has noticed.
//
// Passes when every program is content without a fault and every fault is noticed by at least one. A program notices by a
// failed case, by an assertion of the product, or by not coming to an end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';

const LONGEST_MS = 300_000;

const all = [...readFileSync(new URL('../common/fault.h', import.meta.url), 'utf8').matchAll(/^ {4}X\((\w+)\)/gm)].map(
  (match) => match[1],
);
const faults = process.env.FAULT ? all.filter((name) => name === process.env.FAULT) : all;
const last = process.argv.indexOf('--last');
const programs = process.argv.slice(2, last < 0 ? undefined : last);
const lastResorts = last < 0 ? [] : process.argv.slice(last + 1);
if (faults.length === 0 || programs.length === 0) throw new Error('no fault of that name, or no test program');

// What the program has to say against it, '' when it is content.
function complaint(program, fault, words) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env: { ...process.env, NARVARO_FAULT: fault }, timeout: LONGEST_MS });
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

const found = new Map(['', ...faults].map((fault) => [fault, []]));
async function ask(programsAsked, faultsAsked, words = []) {
  const queue = faultsAsked.flatMap((fault) => programsAsked.map((program) => ({ fault, program })));
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const said = await complaint(job.program, job.fault, words);
      if (said) found.get(job.fault).push(`${basename(job.program)}: ${said}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
await ask(programs, ['', ...faults]);
await ask(lastResorts, ['', ...faults.filter((fault) => found.get(fault).length === 0)], ['full']);

for (const fault of faults) console.log(`${fault}\n${found.get(fault).sort().map((line) => `    ${line}\n`).join('') || '    NOBODY\n'}`);
const missed = faults.filter((fault) => found.get(fault).length === 0);
const unfounded = found.get('');
for (const line of unfounded) console.log(`without a fault, ${line}`);
console.log(`${faults.length - missed.length} of ${faults.length} planted faults caught`);
if (missed.length > 0) console.log(`not caught: ${missed.join(', ')}`);
process.exitCode = missed.length > 0 || unfounded.length > 0 ? 1 : 0;

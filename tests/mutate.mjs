// Changes the product by one sign, constant, or statement at a time, and shows each change to the tests of its module.
//
//   node tests/mutate.mjs MOST [MODULE…]     at most MOST changes of each module, taken at random but always the same
//
// Prints the changes that no test notices: each is looked at by a person, who adds the missing assertion or sees that it
// changes nothing. Passes with SHARE_LEAST noticed. Assertions, planted faults, log lines, and what frees memory or is refused
// it are left as they are: no test can notice that an assertion became weaker, and leaks are the sanitizers' business.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const SHARE_LEAST = 90;
const LONGEST_S = 60;

const INGEST = ["ingest", "outages", "daemon_day", "simulate"];
const DETECTION = [
  "detect_cases",
  "detect_classmates",
  "detect_memory",
  "lanes",
  "detect.test.mjs",
  "daemon_day",
  "detect_twins",
  "detect_random",
];
const ROLL = ["rollcall", "daemon_day", "import", "rollcall.test.mjs", "simulate"];
const WEB = [
  "access",
  "casebook",
  "web_access.test.mjs",
  "web_triage.test.mjs",
  "web_accounts.test.mjs",
  "web_log.test.mjs",
];
const TESTS_OF = {
  "daemon/ingest.c": INGEST,
  "daemon/outages.c": INGEST,
  "daemon/dating.c": INGEST,
  "firmware/core/outbox.c": ["outbox", "terminal", "terminal_storm", "simulate"],
  "firmware/core/debounce.c": ["debounce", "terminal", "terminal_storm", "simulate"],
  "firmware/core/journal.c": ["terminal", "terminal_storm", "journal"],
  "firmware/core/journal_slot.c": ["terminal", "terminal_storm", "journal"],
  "daemon/core/detect/detect.c": DETECTION,
  "daemon/core/detect/measure.c": DETECTION,
  "daemon/core/detect/history.c": DETECTION,
  "daemon/core/detect/history_day.c": DETECTION,
  "daemon/core/detect/trail.c": DETECTION,
  "daemon/core/rollcall.c": ROLL,
  "daemon/core/rollcall_pupil.c": ROLL,
  "dashboard/shell/access.c": WEB,
  "dashboard/casebook/casebook.c": WEB,
  "dashboard/casebook/casebook_accounts.c": WEB,
  "dashboard/casebook/casebook_log.c": WEB,
  "dashboard/api/api.c": WEB,
  "dashboard/shell/login_limit.c": ["login_limit"],
};

// What a tired programmer writes instead.
const MISTAKES = [
  [/ == /, " != "],
  [/ != /, " == "],
  [/ < /, " <= "],
  [/ <= /, " < "],
  [/ > /, " >= "],
  [/ >= /, " > "],
  [/ && /, " || "],
  [/ \|\| /, " && "],
  [/ \+ /, " - "],
  [/ - /, " + "],
  [/ \+= /, " -= "],
  [/ -= /, " += "],
  [/(?<=[ (,])-(?=\w)/, ""],
  [/\btrue\b/, "false"],
  [/\bfalse\b/, "true"],
  [/(?<=[ (])!(?=[\w(])/, ""],
  [/\b0\b(?!\.)/, "1"],
  [/\b1U?\b(?!\.)/, "2"],
  [/ \* /, " + "],
  [/ % /, " / "],
  [/(?<=\w)\+\+/, "--"],
  [/\bcontinue;/, "break;"],
  [
    /^( {4,})(?!return|break|continue|case|\}|else|goto|struct |const |static |u?int\d*_|bool |size_t |char |double |enum )[\w>.[\]*(-]+(\(| = | [+-]= ).*;$/,
    "$1;",
  ],
];
const LEFT_ALONE =
  /assert\(|FAULT\(|NULL|alloc|free\(|unsigned long long|capacity|snprintf|log_\w+\(|^#|^\s*\/?\*|^static const|^ *\[/;

function changesOf(source) {
  const lines = readFileSync(source, "utf8").split("\n");
  return lines.flatMap((line, at) => {
    const code = line.replace(/\/\*.*?\*\//g, "");
    if (LEFT_ALONE.test(code) || !/^\s/.test(code) || /if \(FAULT\(/.test(lines[at - 1] ?? "")) return [];
    return MISTAKES.flatMap(([what, instead]) =>
      [...code.matchAll(new RegExp(what.source, "g"))].map((match) => {
        const changed =
          code.slice(0, match.index) +
          match[0].replace(/^[^]*$/, instead.replace("$1", match[1] ?? "")) +
          code.slice(match.index + match[0].length);
        return { source, at, changed };
      }),
    );
  });
}

let random = 1;
function some(things, most) {
  const left = [...things];
  const taken = [];
  while (left.length > 0 && taken.length < most) {
    random = (random * 48271) % 2147483647;
    taken.push(...left.splice(random % left.length, 1));
  }
  return taken;
}

function quietly(folder, command) {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", `ulimit -v 8000000; exec timeout -k 1 ${LONGEST_S} ${command}`], {
      cwd: folder,
      stdio: "ignore",
      env: { ...process.env, BUILD: "build/mutate", MAKELEVEL: "1" },
    });
    child.on("close", (status) => resolve(status === 0));
  });
}

const build = (folder, tests) =>
  quietly(
    folder,
    `make BUILD=build/mutate CFLAGS=-O1 ${tests.map((test) => (test.endsWith(".mjs") ? "all build/mutate/tests/replay-lessons" : `build/mutate/tests/${test}`)).join(" ")}`,
  );

// The test that notices; 'the compiler'; or nothing.
async function noticedBy(folder, change) {
  const tests = TESTS_OF[change.source];
  const path = join(folder, change.source);
  const original = readFileSync(path, "utf8");
  const lines = original.split("\n");
  lines[change.at] = change.changed;
  writeFileSync(path, lines.join("\n"));
  let who = "";
  const programs = tests.filter((test) => !test.endsWith(".mjs"));
  if (!(await build(folder, programs))) who = "the compiler";
  for (const test of tests) {
    if (who) break;
    if (test.endsWith(".mjs") && !(await build(folder, [test]))) who = "the compiler";
    const command = test.endsWith(".mjs") ? `node --test tests/${test}` : `build/mutate/tests/${test}`;
    if (!who && !(await quietly(folder, command))) who = test;
  }
  writeFileSync(path, original);
  return who;
}

const most = Number(process.argv[2]);
const modules = process.argv.length > 3 ? process.argv.slice(3) : Object.keys(TESTS_OF);
const queue = modules.flatMap((source) => some(changesOf(source), most));
const tally = new Map(modules.map((source) => [source, { noticed: 0, built: 0 }]));

async function work() {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-mutate-"));
  execFileSync("sh", ["-c", `git ls-files -z | xargs -0 cp --parents -t ${folder}`]);
  for (let change = queue.shift(); change; change = queue.shift()) {
    const who = await noticedBy(folder, change);
    if (who === "the compiler") continue;
    const of = tally.get(change.source);
    of.built++;
    if (who) of.noticed++;
    else console.log(`${change.source}:${change.at + 1}: ${change.changed.trim()}`);
  }
  rmSync(folder, { recursive: true });
}
await Promise.all(Array.from({ length: Number(process.env.JOBS ?? availableParallelism()) }, work));

const sum = { noticed: 0, built: 0 };
for (const [source, { noticed, built }] of tally) {
  console.log(`${source.padEnd(34)} ${noticed} of ${built}`);
  sum.noticed += noticed;
  sum.built += built;
}
const share = (100 * sum.noticed) / sum.built;
console.log(`${sum.noticed} of ${sum.built} changes noticed: ${share.toFixed(1)} % of at least ${SHARE_LEAST} %`);
process.exitCode = share >= SHARE_LEAST ? 0 : 1;

// Changes the product by one sign, constant, or statement at a time, and shows each change to the tests of its module.
//
//   node tests/mutate.mjs MOST [ROOM or FILE…]     at most MOST changes of each file, taken at random but always the same
//
// Prints the changes that no test notices: each is looked at by a person, who adds the missing assertion or sees that it
// changes nothing. Passes with SHARE_LEAST noticed, when the tests are content with what is unchanged.
//
// Left as they are: assertions, as no test can notice that one became weaker; planted faults; log lines, and other words for a
// person in quotes (those of *_sql.c are for SQLite, and changed); what frees memory, has room for its end, is refused it, or
// wipes it, which is the sanitizers' business or nobody's to see.
import { spawn, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SHARE_LEAST = 90;
const LONGEST_S = 60; // of a test in C; of one that starts programs
const LONGEST_PROGRAMS_S = 300;
const LONGEST_BUILD_S = 1200; // of everything, the first time
const SCRATCH = "t"; // what tests that were ended leave behind; short, for the paths of sockets in it

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
const MATRIX = "web_matrix.test.mjs";
const WORK = "attendance_work.test.mjs";
const CASEBOOK = ["casebook", "casebook_audit", "databases", MATRIX, "web_triage.test.mjs"];
const CASE = ["web_case.test.mjs", MATRIX, "web_leavers.test.mjs"];
const INTIME = ["web_intime.test.mjs", "web_intime_writes.test.mjs", MATRIX];
const GYMNASIUM = ["web_gymnasium.test.mjs", "web_retention.test.mjs", "extract.test.mjs"];
const TOGETHER = ["web_together.test.mjs", "web_case.test.mjs"];
const ATTENDANCE = [MATRIX, "web_served.test.mjs", WORK, "web_triage.test.mjs", "web_leavers.test.mjs"];
const SETTINGS = ["settings", "rules", "daemon_config", "profile", "limits_daemon", "refusal_words.test.mjs"];
const WIRE = ["wire", "terminal", "ingest", "plan", "orders"];

// The quickest first.
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

  "dashboard/acts.c": [WORK],
  "dashboard/admin.c": ["sockets.test.mjs", "web_audit.test.mjs", "web_accounts.test.mjs"],
  "dashboard/errand.c": ["limits_web", MATRIX, WORK],
  "dashboard/extract.c": ["extract.test.mjs"],
  "dashboard/figures.c": ["few_attack", "web_groups.test.mjs"],
  "dashboard/groups.c": ["groups", "web_groups.test.mjs"],
  "dashboard/last_year.c": ["last_year", "web_last_year.test.mjs"],
  "dashboard/main.c": [MATRIX, "web_served.test.mjs", "web_capacity.test.mjs"],
  "dashboard/own_days.c": ["web_last_year.test.mjs", "web_triage.test.mjs"],
  "dashboard/retention.c": ["retention", "web_retention.test.mjs"],
  "dashboard/routine.c": ["web_particular.test.mjs", "web_triage.test.mjs"],
  "dashboard/search.c": [MATRIX, "web_served.test.mjs", "web_limits.test.mjs"],
  "dashboard/together.c": ["together", ...TOGETHER],
  "dashboard/triage.c": ["triage", "web_triage.test.mjs"],
  "dashboard/upload.c": ["upload", "web_import.test.mjs"],
  "dashboard/web_settings.c": [MATRIX, "web_malformed.test.mjs", "cli.test.mjs"],

  "dashboard/api/api.c": [MATRIX, "web_access.test.mjs", "web_malformed.test.mjs"],
  "dashboard/api/api_absence.c": [MATRIX, WORK],
  "dashboard/api/api_account.c": [MATRIX, "web_accounts.test.mjs", "web_access.test.mjs"],
  "dashboard/api/api_acting.c": CASE,
  "dashboard/api/api_audit.c": [MATRIX, "web_log.test.mjs"],
  "dashboard/api/api_call.c": [MATRIX, "web_access.test.mjs"],
  "dashboard/api/api_case.c": CASE,
  "dashboard/api/api_case_acts.c": CASE,
  "dashboard/api/api_case_record.c": CASE,
  "dashboard/api/api_case_reviews.c": INTIME,
  "dashboard/api/api_case_together.c": TOGETHER,
  "dashboard/api/api_cases.c": [MATRIX, "web_triage.test.mjs", "web_leavers.test.mjs"],
  "dashboard/api/api_change.c": ["web_served.test.mjs"],
  "dashboard/api/api_class.c": ["web_groups.test.mjs", "web_leavers.test.mjs"],
  "dashboard/api/api_correct.c": [MATRIX, WORK, "web_drift.test.mjs"],
  "dashboard/api/api_crisis.c": TOGETHER,
  "dashboard/api/api_daemon.c": [MATRIX, WORK],
  "dashboard/api/api_group_measures.c": INTIME,
  "dashboard/api/api_finding.c": ["web_triage.test.mjs", "finding.test.mjs"],
  "dashboard/api/api_groups.c": ["web_groups.test.mjs"],
  "dashboard/api/api_gymnasium.c": GYMNASIUM,
  "dashboard/api/api_import.c": [MATRIX, "web_import.test.mjs"],
  "dashboard/api/api_inbox.c": [MATRIX, "web_triage.test.mjs", "web_last_year.test.mjs", "signals.test.mjs"],
  "dashboard/api/api_intime.c": INTIME,
  "dashboard/api/api_intime_count.c": INTIME,
  "dashboard/api/api_item.c": ["web_triage.test.mjs"],
  "dashboard/api/api_last_year.c": ["web_last_year.test.mjs"],
  "dashboard/api/api_lessons.c": [MATRIX, WORK],
  "dashboard/api/api_operation.c": ["web_served.test.mjs"],
  "dashboard/api/api_parts.c": [MATRIX, "web_served.test.mjs", "web_triage.test.mjs", WORK],
  "dashboard/api/api_pupil.c": ["web_served.test.mjs", "web_leavers.test.mjs"],
  "dashboard/api/api_retention.c": [MATRIX, "web_retention.test.mjs"],
  "dashboard/api/api_rules.c": [MATRIX, "web_rules.test.mjs"],
  "dashboard/api/api_session.c": [MATRIX, "web_access.test.mjs", "web_accounts.test.mjs"],
  "dashboard/api/api_strays.c": [MATRIX, "web_drift.test.mjs"],
  "dashboard/api/api_support.c": CASE,
  "dashboard/api/api_take_over.c": ["web_case.test.mjs"],
  "dashboard/api/api_tasks.c": ["web_particular.test.mjs", "web_triage.test.mjs"],
  "dashboard/api/api_together.c": TOGETHER,
  "dashboard/api/api_triage.c": [MATRIX, "web_triage.test.mjs"],
  "dashboard/api/api_trust.c": [MATRIX, "web_drift.test.mjs"],

  "dashboard/attendance/attendance.c": ATTENDANCE,
  "dashboard/attendance/attendance_lessons.c": ATTENDANCE,
  "dashboard/attendance/attendance_rows.c": ATTENDANCE,
  "dashboard/attendance/attendance_rules.c": ["web_rules.test.mjs"],
  "dashboard/attendance/attendance_sql.c": ATTENDANCE,

  "dashboard/casebook/casebook.c": [...CASEBOOK, "web_access.test.mjs"],
  "dashboard/casebook/casebook_accounts.c": [...CASEBOOK, "web_accounts.test.mjs"],
  "dashboard/casebook/casebook_audit.c": [...CASEBOOK, "web_audit.test.mjs"],
  "dashboard/casebook/casebook_cases.c": [...CASEBOOK, "web_leavers.test.mjs"],
  "dashboard/casebook/casebook_duties.c": GYMNASIUM,
  "dashboard/casebook/casebook_extract.c": ["extract.test.mjs"],
  "dashboard/casebook/casebook_intime.c": INTIME,
  "dashboard/casebook/casebook_last_year.c": ["web_last_year.test.mjs"],
  "dashboard/casebook/casebook_log.c": [...CASEBOOK, "web_log.test.mjs"],
  "dashboard/casebook/casebook_retention.c": ["casebook_audit", "retention", "web_retention.test.mjs"],
  "dashboard/casebook/casebook_sql.c": CASEBOOK,
  "dashboard/casebook/casebook_support.c": CASE,
  "dashboard/casebook/casebook_together.c": TOGETHER,

  "dashboard/shell/access.c": ["access", MATRIX],
  "dashboard/shell/http.c": ["web_malformed.test.mjs", MATRIX, "web_served.test.mjs", "web_access.test.mjs"],
  "dashboard/shell/listener.c": ["web_served.test.mjs", "nginx.test.mjs"],
  "dashboard/shell/login_limit.c": ["login_limit"],
  "dashboard/shell/page.c": ["web_served.test.mjs"],
  "dashboard/shell/password.c": ["limits_web", "web_accounts.test.mjs", "web_access.test.mjs"],
  "dashboard/shell/secret.c": ["totp", "casebook", "casebook_audit", MATRIX, "web_accounts.test.mjs"],
  "dashboard/shell/totp.c": ["totp", "web_accounts.test.mjs"],

  "common/bundle.c": ["enrol.test.mjs", "limits_cli.test.mjs"],
  "common/certificate.c": ["enrol.test.mjs"],
  "common/civil.c": ["civil"],
  "common/civil_json.c": [MATRIX, "web_served.test.mjs"],
  "common/clock.c": ["settings", "terminal_clock", MATRIX, "daemon_clock"],
  "common/dbfile.c": ["dbfile"],
  "common/dbcopy.c": ["migrate", "databases", "migrate_cuts"],
  "common/filebytes.c": ["filebytes", "limits_files"],
  "common/keyfile.c": ["keyfile"],
  "common/local.c": ["local", "sockets.test.mjs"],
  "common/migrate.c": ["migrate", "databases", "migrate_cuts"],
  "common/newfile.c": ["enrol.test.mjs"],
  "common/package.c": ["package"],
  "common/problems.c": ["settings", "rules", "import", "support"],
  "common/query.c": ["casebook", "daemon_day", "databases", "store"],
  "common/settings.c": SETTINGS,
  "common/settings_fault.c": SETTINGS,
  "common/startup.c": ["limits_cli", "limits_cli.test.mjs", "cli.test.mjs"],
  "common/token.c": ["token"],
  "common/watchdog.c": ["watchdog"],
  "common/wire.c": WIRE,
  "common/wire_events.c": WIRE,
  "common/wire_json.c": WIRE,
  "common/wire_plan.c": WIRE,
};
const ONLY_FOR_TESTS = ["common/fault.c", "common/log.c"]; // a planted fault; lines that are left as they are

// A file of these rooms without tests here would be left out in silence.
const files = execFileSync("git", ["ls-files", "common/*.c", "dashboard/*.c"], { encoding: "utf8" }).trim().split("\n");
const forgotten = files.filter((file) => !TESTS_OF[file] && !ONLY_FOR_TESTS.includes(file));
const gone = Object.keys(TESTS_OF).filter((file) => !existsSync(file));
if (forgotten.length + gone.length > 0) throw new Error(`no tests here, or no file: ${[...forgotten, ...gone]}`);

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
  /assert\(|FAULT\(|NULL|alloc|free\(|decref\(|memzero\(|\[\w+ \+ 1\]|unsigned long long|capacity|snprintf|log_\w+\(|^#|^\s*\/?\*|^static const|^ *\[/;
// What is in quotes and more than a word, by signs that no mistake is made of.
const unquoted = (source, code) =>
  source.endsWith("_sql.c")
    ? code
    : code.replace(/"(?:[^"\\]|\\.)*"/g, (words) => (/ /.test(words) ? words.replace(/[^"]/g, "_") : words));

function changesOf(source) {
  const lines = readFileSync(source, "utf8").split("\n");
  return lines.flatMap((line, at) => {
    const code = line.replace(/\/\*.*?\*\//g, "");
    if (LEFT_ALONE.test(code) || !/^\s/.test(code) || /if \(FAULT\(/.test(lines[at - 1] ?? "")) return [];
    return MISTAKES.flatMap(([what, instead]) =>
      [...unquoted(source, code).matchAll(new RegExp(what.source, "g"))].map((match) => {
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

// `limit`: of the shell. None for what runs in node, whose fetch reserves more than it uses. A line of `enough` ends it: `timeout`
// passes the signal on to all that was started.
function quietly(folder, command, { longestS = LONGEST_PROGRAMS_S, limit = "", enough = null } = {}) {
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", `${limit} exec timeout -k 1 ${longestS} ${command}`], {
      cwd: folder,
      stdio: ["ignore", enough ? "pipe" : "ignore", "ignore"],
      env: { ...process.env, BUILD: "build/mutate", MAKELEVEL: "1", TMPDIR: join(folder, SCRATCH) },
    });
    if (enough) createInterface({ input: child.stdout }).on("line", (line) => enough.test(line) && child.kill());
    child.on("close", (status) => resolve(status === 0));
  });
}

const startsPrograms = (test) => test.endsWith(".mjs");
const STARTED = "all build/mutate/tests/replay-lessons build/mutate/tests/bus-emulator";
const build = (folder, tests) =>
  quietly(
    folder,
    `make BUILD=build/mutate CFLAGS=-O1 ${tests.map((test) => (startsPrograms(test) ? STARTED : `build/mutate/tests/${test}`)).join(" ")}`,
    { longestS: LONGEST_BUILD_S },
  );
const isContent = (folder, test) =>
  startsPrograms(test)
    ? quietly(folder, `node --test --test-reporter=tap tests/${test}`, { enough: /^ *not ok / })
    : quietly(folder, `build/mutate/tests/${test}`, { longestS: LONGEST_S, limit: "ulimit -v 8000000;" });

// The test that notices; 'the compiler'; or nothing.
async function noticedBy(folder, change) {
  const tests = TESTS_OF[change.source];
  const path = join(folder, change.source);
  const original = readFileSync(path, "utf8");
  const lines = original.split("\n");
  lines[change.at] = change.changed;
  writeFileSync(path, lines.join("\n"));
  let who = "";
  const programs = tests.filter((test) => !startsPrograms(test));
  if (programs.length > 0 && !(await build(folder, programs))) who = "the compiler";
  for (const test of tests) {
    if (who) break;
    if (startsPrograms(test) && !(await build(folder, [test]))) who = "the compiler";
    else if (!(await isContent(folder, test))) who = test;
  }
  writeFileSync(path, original);
  return who;
}

const most = Number(process.argv[2]);
const asked = process.argv.slice(3);
const sources = Object.keys(TESTS_OF).filter(
  (file) => asked.length === 0 || asked.some((one) => file === one || file.startsWith(`${one.replace(/\/$/, "")}/`)),
);
const queue = sources.flatMap((source) => some(changesOf(source), most));
const tally = new Map(sources.map((source) => [source, { noticed: 0, built: 0 }]));

function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), "narvaro-mutate-"));
  execFileSync("sh", ["-c", `git ls-files -z | xargs -0 cp --parents -t ${folder}`]);
  chmodSync(folder, 0o755); // tests start programs as another user
  mkdirSync(join(folder, SCRATCH));
  return folder;
}

// A test that fails by itself would notice everything.
async function askUnchanged(folder) {
  const tests = [...new Set(sources.flatMap((source) => TESTS_OF[source]))];
  if (!(await build(folder, tests))) throw new Error("does not build unchanged");
  for (const test of tests)
    if (!(await isContent(folder, test))) throw new Error(`${test} fails, with nothing changed`);
}

async function work(folder) {
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
const folders = Array.from({ length: Number(process.env.JOBS ?? availableParallelism()) }, ownFolder);
await askUnchanged(folders[0]);
await Promise.all(folders.map(work));

const sum = (of) =>
  of.reduce((a, b) => ({ noticed: a.noticed + b.noticed, built: a.built + b.built }), { noticed: 0, built: 0 });
const roomOf = (source) => source.slice(0, source.lastIndexOf("/"));
for (const [source, { noticed, built }] of tally) console.log(`${source.padEnd(44)} ${noticed} of ${built}`);
for (const room of new Set(sources.map(roomOf))) {
  const { noticed, built } = sum(
    sources.filter((source) => roomOf(source) === room).map((source) => tally.get(source)),
  );
  console.log(`${room.padEnd(44)} ${noticed} of ${built}`);
}
const { noticed, built } = sum([...tally.values()]);
const share = (100 * noticed) / built;
console.log(`${noticed} of ${built} changes noticed: ${share.toFixed(1)} % of at least ${SHARE_LEAST} %`);
process.exitCode = share >= SHARE_LEAST ? 0 : 1;

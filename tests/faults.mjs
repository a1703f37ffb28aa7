// Plants each fault of common/fault.h in turn and says whether the test that is known to notice it does.
//
//   node tests/faults.mjs FOLDER                    the programs of that folder, built with NARVARO_FAULTS
//   FAULT=name node tests/faults.mjs FOLDER         one fault alone, shown to every test program there
//   node tests/faults.mjs --catchers                the names of the test programs in the table
//
// Passes when each of these programs is content without a fault and every fault is noticed. A program notices by a failed case
// or by an assertion of the product. One that does not come to an end has noticed nothing, it may only be slow; but for the
// faults that make something wait for ever.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

// Which test program notices which fault, the quickest where several do, and its words.
const CATCHER = {
  acknowledge_before_commit: "simulate 1 10",
  maximum_not_contiguous: "outages",
  receipted_unstored: "ingest",
  no_deduplication: "receipts",
  state_outside_transaction: "cut-power cuts 16",
  synchronous_normal: "store",
  commit_result_ignored: "simulate 1 10",
  disk_full_swallowed: "store",
  repeat_hears_nothing: "ingest",
  overflow_acknowledged: "ingest",
  gap_below_oldest_waits: "ingest",
  lamp_before_sync: "terminal",
  checksum_ignored: "terminal",
  torn_slot_used_again: "terminal_storm",
  receipt_of_another_generation: "terminal",
  forgotten_when_sent: "terminal",
  stale_will_believed: "daemon_day",
  late_tap_ignored: "ingest",
  undated_stays_undated: "ingest",
  power_cut_is_no_outage: "ingest",
  wrong_day_at_clock_change: "civil",
  unknown_counted_as_absent: "rollcall",
  notice_for_unknown: "daemon_day",
  notice_while_taps_wait: "daemon_day",
  correction_not_propagated: "daemon_day",
  withdrawn_flag_kept: "daemon_day",
  window_off_by_one: "detect_cases",
  clear_counter_reset_wrongly: "detect_cases",
  undefined_share_holds: "detect_cases",
  classmates_forgotten: "detect_classmates",
  own_days_of_class: "detect_cases",
  class_of_today: "detect_cases",
  nine_days_compared: "detect_cases",
  last_classmate_forgotten: "detect_classmates",
  classmates_trail_kept: "detect_classmates",
  left_class_forgotten: "detect_classmates",
  left_class_keeps_day: "detect_cases",
  next_day_not_recounted: "detect_classmates",
  class_sums_stale: "detect_classmates",
  class_without_last_date: "detect_classmates",
  rest_without_succession: "detect_classmates",
  two_signs_compared: "detect_classmates",
  spells_for_days: "detect_cases",
  absent_days_in_base: "detect_classmates",
  leave_days_in_base: "detect_classmates",
  half_import_kept: "simulate 1 10",
  signature_not_asked: "package",
  slot_not_synced: "slots",
  trial_start_not_counted: "slots",
  watchdog_fed_in_vain: "watchdog",
  audit_row_skipped: "casebook",
  dead_session_alive: "casebook",
  silence_counted: "rollcall",
  label_not_arrival: "rollcall",
  place_without_date: "rollcall",
  leavers_card_counts: "rollcall",
  silence_after_life_assumed: "coverage",
  outage_over_heard_believed: "coverage",
  decided_without_broker: "daemon_life",
  late_tap_without_person: "daemon_held",
  covered_by_a_minute: "rollcall",
  absence_types_added: "rollcall",
  goes_on_after_any_break: "rollcall",
  overlap_of_a_minute: "rollcall",
  leaving_is_arriving: "rollcall",
  entrance_at_any_time: "rollcall",
  entrance_covers_who_came: "rollcall",
  begun_late_by_timetable: "rollcall",
  superseded_mark_counts: "rollcall",
  card_held_all_day: "rollcall",
  silent_school_counted: "rollcall",
  after_unknown_counted: "rollcall",
  doubtful_card_counted: "rollcall",
  silent_day_counted: "rollcall",
  unexpected_tap_decides: "daemon_held",
  empty_cell_lowers_protection: "import_terms",
  as_of_ignored: "import_terms",
  correction_is_a_change: "import_terms",
  any_date_taken: "import_terms",
  contradiction_taken: "attendance_csv",
  unfit_card_recorded: "terminal",
  connection_is_life: "pulse",
  receipt_assured: "daemon_day",
  flood_has_the_floor: "waiting",
  flood_is_listened_to: "senders",
  difference_not_told: "selfcheck",
  future_kept: "daemon_clock",
  nobody_is_asked: "daemon_clock",
  contact_bounces: "damping",
  every_flicker_told: "damping",
  reserve_for_all: "damping",
  stray_byte_deafens: "master",
  echo_believed: "master",
  card_taps_while_it_lies: "profile",
  strangers_are_heard: "local", // as root, who alone can be others
  revoked_until_restart: "provisioning",
  token_by_its_beginning: "access",
  success_forgives_all: "login_limit",
  database_not_locked: "dbfile",
  foreign_database_taken: "dbfile",
  foreign_wal_replayed: "dbfile",
  damage_taken: "dbfile",
  identity_kept: "dbfile",
  lost_database_unnoticed: "dbfile",
};
const WAITS_FOR_EVER = new Set([]);
const LONGEST_MS = 1_200_000;

const planted = [
  ...readFileSync(new URL("../common/fault.h", import.meta.url), "utf8").matchAll(/^ {4}X\((\w+)\)/gm),
].map((match) => match[1]);
const strangers = [
  ...planted.filter((name) => !CATCHER[name]),
  ...Object.keys(CATCHER).filter((name) => !planted.includes(name)),
];
if (strangers.length > 0) throw new Error(`in only one of common/fault.h and the table here: ${strangers.join(", ")}`);

const catchers = [...new Set(Object.values(CATCHER))];
const [folder] = process.argv.slice(2);
if (folder === "--catchers") {
  console.log([...new Set(catchers.map((words) => words.split(" ")[0]))].join(" "));
  process.exit();
}

// { said, late }: what the program has to say against the fault, '' when it is content; whether it was stopped.
function complaint(command, fault) {
  return new Promise((resolve) => {
    const [program, ...words] = command.split(" ");
    const child = spawn(join(folder, program), words, {
      env: { ...process.env, NARVARO_FAULT: fault },
      timeout: LONGEST_MS,
    });
    let told = "";
    child.stdout.on("data", (bytes) => (told += bytes));
    child.stderr.on("data", (bytes) => (told += bytes));
    child.on("close", (status, signal) => {
      const cases = [...told.matchAll(/^not ok \d+ - (\w+)/gm)].map((match) => match[1]);
      const asserted = told.match(/Assertion `(.*)' failed/)?.[1];
      const late = signal === "SIGTERM";
      if (status === 0) resolve({ said: "", late });
      else if (cases.length > 0) resolve({ said: cases.join(", "), late });
      else if (asserted) resolve({ said: `assert(${asserted})`, late });
      else
        resolve({
          said: late ? "does not come to an end" : `ends with ${signal ?? status}`,
          late: late && !WAITS_FOR_EVER.has(fault),
        });
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

let failed = 0;
function tell(fault, command, { said, late }) {
  const noticed = said && !late;
  console.log(`${fault.padEnd(30)} ${command}: ${late ? `too slow to tell: ${said}` : said || "NOTICES NOTHING"}`);
  return noticed;
}

const alone = process.env.FAULT;
if (alone) {
  if (!CATCHER[alone]) throw new Error(`no fault is called ${alone}`);
  const everybody = readdirSync(folder).filter((name) => !/\./.test(name) && statSync(join(folder, name)).isFile());
  const words = (name) => catchers.find((command) => command.split(" ")[0] === name) ?? name;
  let noticed = 0;
  await each(everybody.map(words), async (command) => {
    const found = await complaint(command, alone);
    if (found.said) noticed += tell(alone, command, found);
  });
  failed = noticed === 0 ? 1 : 0;
  console.log(`${noticed} of ${everybody.length} test programs notice it`);
} else {
  await each(catchers, async (command) => {
    const { said } = await complaint(command, "");
    if (said) console.log(`without a fault, ${command}: ${said}`);
    failed += said ? 1 : 0;
  });
  let caught = 0;
  await each(planted, async (fault) => {
    const found = await complaint(CATCHER[fault], fault);
    caught += tell(fault, CATCHER[fault], found) ? 1 : 0;
  });
  console.log(`${caught} of ${planted.length} planted faults caught`);
  failed += planted.length - caught;
}
process.exitCode = failed > 0 ? 1 : 0;

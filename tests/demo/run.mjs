// `make run`: the main job, shown. A school day at a made-up school on real programs: cards at readers become outcomes,
// tasks and flags on the dashboard. With --seconds it shows the day's last lessons, ends by itself and is judged by the
// prediction; without, it goes on day after day.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { localDate, utcOfLocal } from "../naive/civil.mjs";
import { readRules } from "../naive/detect.mjs";
import { Api } from "./api.mjs";
import { CivilClock } from "./civilclock.mjs";
import { makeDemo } from "./files.mjs";
import { House, RULES } from "./house.mjs";
import { judge, servedFlags, servedTasks } from "./judge.mjs";
import { Pace, playTaps, timeToServe } from "./live.mjs";
import { Observer } from "./observer.mjs";
import { dayCloses, lessonCloses, predictApart, predictTasks } from "./predict.mjs";
import { Progress } from "./progress.mjs";
import { Report } from "./report.mjs";
import { sleep } from "./stage.mjs";

const TODAY = "2026-11-19";
const MORNING = { time: "07:50", rate: 120 };
const LAST_LESSONS = { time: "12:42" }; // the lesson before them has closed, and their pupils are not there yet
const SECONDS_MIN = 30; // faster, and two taps would come within one poll of the reader
const AFTER_CLOSE_S = 3; // real time after the day's close, for its flags
const ENDING_MS = 2500; // until what has not ended by itself is killed, after Ctrl-C
// How it ends, beside 0 and the shell's 130 for Ctrl-C.
const WRONG = 1; // not what was predicted, or something failed
const TOO_SLOW = 3; // the machine could not live the day as it was written
const USER = { user: "rektor", password: "kastanjer-i-oktober", name: "Robin Rektor", role: "rektor" };

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "" },
      seed: { type: "string", default: "20" },
      classes: { type: "string", default: "12" },
      periods: { type: "string", default: "6" },
    },
  });
  const numbers = Object.fromEntries(
    Object.entries(values)
      .filter(([, v]) => v !== "")
      .map(([k, v]) => [k, Number(v)]),
  );
  if (Object.values(numbers).some((n) => !Number.isInteger(n) || n < 1))
    throw new Error("every option is a whole number from 1 on");
  if (numbers.seconds < SECONDS_MIN) throw new Error(`SECONDS must be ${SECONDS_MIN} or more`);
  return numbers;
}

class Demo {
  constructor(options) {
    this.options = options;
    const { time } = options.seconds ? LAST_LESSONS : MORNING;
    Object.assign(this, makeDemo({ ...options, today: TODAY, time })); // school, script, now, absences
    this.rules = readRules(readFileSync(RULES, "utf8"));
    this.shown = new Set(this.school.pupils.map((p) => p.pupil_id));
    const terminals = Object.fromEntries(
      this.school.terminals.map(({ terminal_id }, i) => [terminal_id, i % 2 ? [1] : [1, 2]]),
    );
    this.house = new House({ terminals, onEnd: (label, code) => this.fail(`${label} ended by itself (${code})`) });
  }

  fail(why) {
    console.error(`\n${why}\n${this.house.stage.lastWords()}`);
    process.exit(WRONG); // the stage clears itself
  }

  // The broker stays; daemon and dashboard are stopped again, to begin with the day's clock and from their databases.
  async moveIn() {
    const { house, school } = this;
    const clock = new CivilClock(this.now - 60_000, 1);
    await house.prepare();
    await Promise.all([house.startBroker(), house.startBus(), house.startDaemon(clock), house.startWeb(clock)]);
    house.importSchool(school);
    const named = school.pupils.filter((p) => p.protected).map((p) => p.pupil_id);
    const added = house.addUser(USER.user, USER.password, { ...USER, namedFor: named });
    if (added.status !== 0) this.fail(`narvaro user add: ${added.stderr}`);
    await Promise.all([house.stage.stop("narvaro-web"), house.stage.stop("narvarod")]);
  }

  async begin() {
    const { house, options } = this;
    const span_s = (dayCloses(this.school, TODAY) - this.now) / 1000;
    const rate = options.seconds ? Math.ceil(span_s / (options.seconds - AFTER_CLOSE_S)) : MORNING.rate;
    const clock = (this.clock = new CivilClock(this.now, rate));
    for (const name of Object.keys(house.terminals)) house.startTerminal(name, clock);
    await Promise.all([house.startDaemon(clock), house.startWeb(clock)]);
    this.observer = new Observer(house);
    this.api = new Api(house.url);
    await this.api.login(USER.user, USER.password);
    console.log(`A made-up school with made-up people. Civil time runs ${rate} times as fast as yours.`);
    console.log(`Dashboard: ${house.url}/   user: ${USER.user}   password: ${USER.password}`);
    this.progress = new Progress({ clock, api: this.api, bus: house.bus });
  }

  predictDay(today) {
    const closes = dayCloses(this.school, today);
    const script = this.script.filter((tap) => tap.at < closes);
    return predictApart({ school: this.school, script, rules: this.rules, today, until: closes });
  }

  // Lives one date through its close; returns what was seen beside what had been predicted.
  async liveDay(today, predicted) {
    const { house, clock, api, shown } = this;
    const report = new Report();
    const closes = dayCloses(this.school, today);
    const script = this.script.filter((tap) => localDate(tap.at) === today);
    const pace = (this.pace = new Pace());
    pace.begin();
    const played = playTaps({ bus: house.bus, clock, script, terminals: house.terminals, pace });
    const told = this.watchLessons(today);
    const prediction = await predicted;
    const expected = prediction.flagsToday.filter((f) => !f.cleared_on).map((f) => `${f.pupil_id} ${f.rule}`);
    const served = (body) =>
      servedFlags(body)
        .filter((f) => f.raised_on === today)
        .map((f) => `${f.pupil_id} ${f.rule}`);
    const flagged = timeToServe({ api, clock, at: closes, served, expected });
    await played;
    this.measureTaps(report);
    report.latency("lesson close → task served", await told, 2000);
    report.latency("day's close → flags served", [await flagged], 2000);
    await sleep(Math.max(0, clock.untilMs(closes) + AFTER_CLOSE_S * 1000));
    pace.end();
    await judge({ report, house, api, prediction, today, shown });
    return report;
  }

  // Real milliseconds from each lesson's close until the dashboard lists every guardian to be told.
  async watchLessons(today) {
    const { school, clock, api, shown } = this;
    const latencies = [];
    let before = 0;
    for (const at of lessonCloses(school, today).filter((close) => clock.untilMs(close) > 0)) {
      const expected = predictTasks({ school, script: this.script, today, at }).filter((pupil) => shown.has(pupil));
      if (expected.length > before)
        latencies.push(await timeToServe({ api, clock, at, served: servedTasks, expected }));
      before = expected.length;
    }
    return latencies;
  }

  measureTaps(report) {
    report.latency(
      "tap → lamp, at the reader",
      this.house.bus.lamps.map((l) => l.latency_ms),
      100,
    );
    report.latency(
      "tap → committed and receipted",
      this.observer.taps.map((t) => t.safe_ms - this.clock.bootMsOf(t.event.at_ms)),
      1000,
    );
  }

  async showLastLessons(predicted) {
    const report = await this.liveDay(TODAY, predicted);
    this.progress.stop();
    await this.house.stage.end();
    console.log(`${report}\n\n${this.verdict(report)}`);
    process.exit(report.agrees ? 0 : this.pace.trouble ? TOO_SLOW : WRONG);
  }

  verdict({ agrees }) {
    const { trouble } = this.pace;
    if (agrees) return "All agrees with the prediction.";
    return trouble
      ? `Nothing is said by this day: ${trouble}. Give it more time, as SECONDS=${2 * this.options.seconds}, or less else to do.`
      : "This is NOT what was predicted.";
  }

  // Waits for the next school day's morning, when guardians have called; its date, or undefined when the term is over.
  async beginNextDay(today) {
    const next = this.script.map((tap) => localDate(tap.at)).find((date) => date > today);
    if (!next) return undefined;
    await sleep(this.clock.untilMs(utcOfLocal(next, "07:30")));
    this.school.absences = this.absences.filter((a) => a.from.slice(0, 10) <= next);
    this.house.importSchool(this.school);
    return next;
  }
}

async function main() {
  const demo = new Demo(readOptions());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => demo.house.stage.end(ENDING_MS).then(() => process.exit(130)));
  const predicted = demo.predictDay(TODAY);
  await demo.moveIn();
  if (demo.options.seconds) await predicted;
  await demo.begin();
  if (demo.options.seconds) return demo.showLastLessons(predicted);
  for (let today = TODAY; today; today = await demo.beginNextDay(today)) {
    const report = await demo.liveDay(today, today === TODAY ? predicted : demo.predictDay(today));
    demo.progress.interrupt(`${today}\n${report}`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(WRONG);
});

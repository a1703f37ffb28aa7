// Who may what, written by hand from docs/api.md: every role at every call of the API about every kind of pupil. Pure;
// tests/web_matrix.test.mjs asks the program.

import { USERS } from "./fixture.mjs";

// mona is form tutor of the same class as lind, and named for the pupil with protected identity.
export const STAFF = [...USERS, { user: "mona", name: "Mona Mo", role: "mentor", named_for: ["p-hidden"] }];
const ROLES = ["eht", "rektor", "mentor", "teacher", "it", "dpo"];
export const namedFor = ({ named_for: list }) => list?.includes("p-hidden") ?? false;

// As lind and mona see them. `number`: of its absence, task, case and lesson.
export const PUPILS = {
  "p-alva": { is: "own", number: 1 },
  "p-omar": { is: "other", number: 2 },
  "p-hidden": { is: "hidden", number: 3 },
  "p-left": { is: "left", number: 4 },
  "p-none": { is: "nobody", number: 99 },
};
export const TASK = 10; // the first number of the tasks here, after those of the fixture

// Role by role, in the order of ROLES, how far a call goes: S the school, C the own class, L own lessons, - not at all. `of`: what
// stands for * (or in the body), when it leads to a pupil. `passes`: the status for those who may, 200 when left out; `hidden`: the same
// for a protected pupil, where nothing is told of one even to those who are named.
export const HALF = "HALF"; // also for those who still lack the one-time code that their role demands
export const CALLS = {
  "POST login": { may: "SSSSSS", open: true, body: { user: 7 }, passes: 400 },
  "POST logout": { may: "SSSSSS", entry: HALF, passes: 204 },
  "GET me": { may: "SSSSSS", entry: HALF },
  "PUT me": { may: "SSSSSS", entry: HALF, body: { language: "sv" } },
  "POST account/totp": { may: "SSSSSS", entry: HALF, passes: 400 },
  "POST account/totp/confirm": { may: "SSSSSS", entry: HALF, body: { code: "x" }, passes: 401 },
  "POST account/password": { may: "SSSSSS", entry: HALF, body: { new: "kort" }, passes: 400 },
  "GET events": { may: "SSSSSS", entry: HALF },
  "GET status": { may: "SSSSSS" },
  "GET flags": { may: "SSC---", lists: ["own", "other"] },
  "GET pupils": { may: "SSC---", lists: ["own", "other"] },
  "GET pupils/*": { may: "SSC---", of: "pupil" },
  "GET pupils/*/class": { may: "SSC---", of: "pupil" },
  "GET pupils/*/support": { may: "SSC---", of: "pupil", query: "cause=psykisk" },
  "GET support": { may: "SSS-S-" },
  "GET support/cards": { may: "SSS-S-", query: "cause=social&born=2012-05-05&place=0180" },
  "GET terminals": { may: "-S--S-" },
  "POST terminals/*/distrust": { may: "-S--S-", body: { date: "2026-11-20", time: "08:00", why: "lånad" } },
  "POST terminals/*/trust": { may: "-S--S-" },
  "GET daemon": { may: "-S--S-" },
  "POST decisions": { may: "-S--S-", body: { first: "2026-11-18", last: "2026-11-19" } },
  "GET held": { may: "-S--S-" },
  "POST held/*": { may: "-S--S-", body: { date: "2026-11-19", accept: true } },
  "GET strays": { may: "SS--S-", lists: ["own", "other", "left"], names: "GET pupils/*" },
  "POST strays/give": { may: "SS----", of: "pupil", body: { terminal: "entre-a", at: "2026-11-20T07:04:00Z" } },
  "POST flags/*/confirm": { may: "SS----", of: "pupil", body: { next_on: "2026-11-27" } },
  "POST flags/*/snooze": {
    may: "SS----",
    of: "pupil",
    body: { until: "2026-11-27", reason: "known_cause" },
    passes: 409,
  },
  "POST flags/*/dismiss": { may: "SS----", of: "pupil", body: { reason: "wrong_data" }, passes: 409 },
  "POST flags/*/close": { may: "SS----", of: "pupil", body: { reason: "moved" } },
  "POST flags/*/undo": { may: "SS----", of: "pupil" },
  "GET cases": { may: "SS----", lists: ["own", "other", "left"] },
  "GET cases/*": { may: "SSC---", of: "case" },
  "GET cases/*/record": { may: "SS----", of: "case", hidden: 409 },
  "POST cases/*": {
    may: "SSC---",
    of: "case",
    body: { do: "contact", party: "guardian", way: "phone", outcome: "not_reached", cause: "not_known" },
  },
  "GET owners/*": { may: "SS----" },
  "POST owners/*/take_over": { may: "-S----", passes: 400 },
  "POST pupils/*/crisis": { may: "SS----", of: "pupil", body: { contact: "kim" } },
  "POST pupils/*/crisis/end": { may: "SS----", of: "pupil", passes: 409 },
  "GET together": { may: "SS----" },
  "POST together": { may: "-S----", body: { school_may_call_sip: false } },
  "POST together/rating": { may: "SS----", body: { party: "pupil", listened: 4, informed: 3 } },
  "GET last_year": { may: "SS----", lists: ["own", "other"] },
  "POST last_year/*": { may: "SS----", of: "pupil", body: { kind: "keep_watching", after: 77 }, passes: 409 },
  "GET gymnasium": { may: "SS----" },
  "POST gymnasium/*": {
    may: "SS----",
    of: "pupil",
    body: { list: "kaa", about: "2026-10-30", decision: "sent" },
    passes: 409,
  },
  "POST tasks/*/done": { may: "SSC---", of: "task", without: "left" },
  "POST tasks/*/undo": { may: "SSC---", of: "task" },
  "GET pupils/*/absences": { may: "SSC---", of: "pupil" },
  "POST pupils/*/absences": {
    may: "SSC---",
    of: "pupil",
    body: { type: "reported", date: "2026-11-20" },
    passes: 201,
  },
  "POST absences/*/withdraw": { may: "SSC---", of: "absence" },
  "GET pupils/*/lessons": { may: "SSC---", of: "pupil" },
  "POST pupils/*/marks": { may: "SSC---", of: "pupil", body: { lesson: 1, status: "present" } },
  "POST pupils/*/forgotten": { may: "SSC---", of: "pupil", body: { lessons: [1] } },
  "POST pupils/*/forgotten/undo": { may: "SSC---", of: "pupil" },
  "GET groups": { may: "SSC---" },
  "GET intime": { may: "SS----" },
  "GET intime/published": { may: "SS---S" },
  "POST intime/published": { may: "-S----", body: { from: "2020-01-01" }, passes: 400 },
  "GET intime/groups": { may: "SS----" },
  "POST intime/groups": { may: "SS----", passes: 400 },
  "POST intime/groups/*/end": { may: "SS----", passes: 404 },
  "GET reviews": { may: "SS----" },
  "GET reviews/*": { may: "SS----", passes: 404 },
  "POST reviews": { may: "SS----", passes: 400 },
  "POST reviews/decisions/*": { may: "SS----", body: { state: "done" }, passes: 404 },
  "GET rules": { may: "SS--SS" },
  "GET rules/*": { may: "SS--SS", passes: 404 },
  "POST rules/preview": { may: "SS--S-", body: { text: "rules = ();" }, passes: 422 },
  "POST rules/tune": { may: "SS--S-" },
  "POST rules": { may: "-S--S-", passes: 400 },
  "GET audit": { may: "SS--SS" },
  "GET audit/review": { may: "-S---S", query: "month=2026-10" },
  "POST audit/review": { may: "-----S", body: { month: "2026-11" }, passes: 409 },
  "POST audit/review/*": { may: "-----S", body: { verdict: "ok" }, passes: 404 },
  "GET retention": { may: "-S---S" },
  "POST retention/*/sign": { may: "-----S", passes: 404 },
  "POST imports": { may: "----S-", body: { commit: false }, passes: 409 },
  "POST imports/clear": { may: "----S-" },
  "POST imports/*": { may: "----S-", body: { text: "pupil_id\n", first: true } },
  "GET lessons": { may: "--LL--", query: "date=2026-11-18" },
  "POST lessons/*/marks": { may: "--LL--", of: "lesson" },
};
const STARS = {
  "intime/groups/*/end": "77",
  "reviews/decisions/*": "77",
  "reviews/*": "77",
  "rules/*": "77",
  "audit/review/*": "77",
  "retention/*/sign": "77",
  "imports/*": "pupils.csv",
};
const starOf = (path) => STARS[path] ?? "entre-a";

// Whose lessons 1 and 2 are, and whom of the pupils expected there one may see; p-left was there still.
export const TAUGHT = {
  lind: { 1: ["own", "left"] },
  mona: { 1: ["own", "left", "hidden"] },
  berg: { 2: ["other"] },
};

export const partsOf = (call) => [call.slice(0, call.indexOf(" ")), call.slice(call.indexOf(" ") + 1)];
export const reachOf = (call, { role }) => CALLS[call].may[ROLES.indexOf(role)];

// A call about one pupil (or about nothing that leads to one): what is sent.
export function cellOf(call, pupil) {
  const [method, path] = partsOf(call);
  const { of, body = {}, query } = CALLS[call];
  const { number } = PUPILS[pupil] ?? {};
  const star = { pupil, absence: number, case: number, task: TASK + number, lesson: 1 }[of] ?? starOf(path);
  const about =
    call === "POST strays/give" ? { pupil } : of === "lesson" ? { marks: [{ pupil, status: "present" }] } : {};
  return {
    method,
    path: `/api/v1/${path.replace("*", star)}${query ? `?${query}` : ""}`,
    body: { ...body, ...about },
  };
}

export function sees(call, person, is) {
  const reach = reachOf(call, person);
  if (is === "nobody" || (is === "hidden" && !namedFor(person))) return false;
  if (reach === "L") {
    const { 1: first = [], 2: second = [] } = TAUGHT[person.user] ?? {};
    return [...first, ...(CALLS[call].of === "lesson" ? [] : second)].includes(is);
  }
  return reach === "S" || (reach === "C" && (is === "own" || is === "hidden"));
}

// One or several statuses that are right.
export function expected(call, person, is) {
  const { of, passes = 200, without, hidden = passes } = CALLS[call];
  if (reachOf(call, person) === "-") return [403];
  if (of && (!sees(call, person, is) || is === without)) return [404];
  const [method] = partsOf(call);
  const told =
    method === "POST" && is === "hidden" && !/flags|tasks|cases|last_year|gymnasium|crisis|absences\/\*/.test(call); // the daemon says no
  if (told) return [422];
  return /^POST (flags|tasks|cases|pupils\/\*\/crisis)/.test(call) ? [200, 409] : [is === "hidden" ? hidden : passes];
}

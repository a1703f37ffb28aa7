// How long a whole school takes to come in: 2,000 pupils and a school year of lessons, tried and then committed, with the school
// year ahead and with it past, when the roll of each date is taken at once. Ends with status 1 when a limit is broken.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Lonely } from "../lonely.mjs";

const LIMIT_S = 10;
const PUPILS = 2000,
  CLASSES = 80,
  LESSONS = 6,
  GROUPS_OF_A_PUPIL = 3, // its class, a language, a choice
  FIRST_DAY = Date.UTC(2025, 7, 18) / 86_400_000,
  DAYS = 178;

const iso = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const pupils = Array.from({ length: PUPILS }, (_, p) => ({ id: `e${String(p).padStart(4, "0")}`, group: p % CLASSES }));
const days = [];
for (let day = FIRST_DAY; days.length < DAYS; day++) if ((day + 3) % 7 < 5) days.push(day);

// Four of a day's lessons are the class's own; languages and choices go on beside each other, as many as there are classes.
function* lessons() {
  for (const day of days)
    for (let c = 0; c < CLASSES; c++)
      for (let i = 0; i < LESSONS; i++) {
        const group = i === 1 ? `lang-${c}` : i === 4 ? `choice-${c}` : `class-${c}`;
        const start = 490 + i * 65;
        yield `l${day}-${c}-${i},${group},subject-${i},room-${c},${iso(day)},${clock(start)},${clock(start + 55)}`;
      }
}
function* members() {
  for (const { id, group } of pupils)
    for (const [k, name] of ["class", "lang", "choice"].slice(0, GROUPS_OF_A_PUPIL).entries())
      yield `${name}-${(group + k * 7) % CLASSES},${id},${iso(FIRST_DAY)},`;
}
const FILES = {
  pupils: [
    "pupil_id,given_name,family_name,class,year,protected,from,to",
    pupils.map(({ id, group }) => `${id},Ada,Berg,class-${group},7,0,${iso(FIRST_DAY)},`),
  ],
  members: ["group_id,pupil_id,from,to", [...members()]],
  lessons: ["lesson_id,group_id,subject,room,date,start,end", [...lessons()]],
  terminals: [
    "terminal_id,room,place,from,to",
    Array.from({ length: CLASSES }, (_, c) => `t-${c},room-${c},room,${iso(FIRST_DAY)},`),
  ],
  cards: [
    "card,pupil_id,from,to",
    pupils.map(({ id }, p) => `04${(p + 4096).toString(16).padStart(12, "0").toUpperCase()},${id},${iso(FIRST_DAY)},`),
  ],
};

function writeFolder(lonely) {
  const folder = lonely.stage.path("school");
  mkdirSync(folder);
  for (const [name, [head, rows]] of Object.entries(FILES))
    writeFileSync(`${folder}/${name}.csv`, `${head}\n${rows.join("\n")}\n`);
  return folder;
}

// Processor seconds of the daemon.
function cpu(lonely) {
  const stat = readFileSync(`/proc/${lonely.stage.children.get("narvarod").child.pid}/stat`, "utf8")
    .split(") ")[1]
    .split(" ");
  return (Number(stat[11]) + Number(stat[12])) / 100;
}

let broken = false;
function timed(lonely, what, ...words) {
  const [begun, before] = [performance.now(), cpu(lonely)];
  const told = lonely.tell("import", ...words);
  const seconds = (performance.now() - begun) / 1000;
  broken ||= seconds > LIMIT_S;
  const dates = /^(\d+) dates/m.exec(told)[1];
  console.log(
    `import: ${what}: ${seconds.toFixed(1)} s (limit ${LIMIT_S} s), ${(cpu(lonely) - before).toFixed(1)} s of a processor; the roll of ${dates} dates taken`,
  );
}

for (const [when, time] of [
  ["the year ahead", "2025-08-15T10:00:00Z"],
  ["the year past", "2026-05-29T16:00:00Z"],
]) {
  const lonely = new Lonely();
  try {
    await lonely.at(time);
    const folder = writeFolder(lonely);
    timed(lonely, `${when}, dry run`, folder);
    timed(lonely, `${when}, committed`, folder, "--commit");
    timed(lonely, `${when}, the same again`, folder);
  } finally {
    await lonely.end();
  }
}
console.log(`import: ${PUPILS} pupils, ${FILES.lessons[1].length} lessons, ${FILES.members[1].length} memberships`);
if (broken) process.exitCode = 1;

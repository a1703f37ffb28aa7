// How early and how right the shipped profiles are, on schools made from published numbers (early/figures.mjs): puts the tables at the
// end of docs/benchmarks.md, in place of its own of before. The same seeds give the same figures.
//
//   node tests/bench/early.mjs [SCHOOLS]     made-up schools of 1,000 pupils for each level of ordinary part-days (2)

import { readFileSync, writeFileSync } from "node:fs";
import { LEVELS } from "./early/figures.mjs";
import { CHRONIC_DAYS } from "./early/quality.mjs";
import { tryProfiles } from "./early/trial.mjs";

const DOCUMENT = "docs/benchmarks.md";
const BEGINS = "## Early and right";
const PUPILS = 1000;
const schools = Number(process.argv[2] ?? 2);
const MAZL = "config/rules-mazl.cfg";
const SCHOOLS = [
  ["compulsory", "Compulsory school", ["config/rules.cfg", "tests/rules-25.cfg"]],
  ["upper_secondary", "Upper secondary school", ["config/rules-gymnasium.cfg", "config/rules.cfg"]],
];

const fixed = (digits) => (n) => (Number.isFinite(n) ? n.toFixed(digits) : "–");
const [days, rate, share] = [fixed(0), fixed(1), (n) => fixed(2)(n).replace(/^0/, "")];
const COLUMNS = [
  ["items", (r) => rate(r.items_a_week)],
  ["worst week", (r) => days(r.worst_week)],
  ["new on the list", (r) => rate(r.list_a_week)],
  ["found", (r) => share(r.found)],
  ["on the list", (r) => share(r.found_list)],
  ["PPV", (r) => share(r.ppv)],
  ["ill, of those in vain", (r) => share(r.vain_ill)],
  ["days lost, mean", (r) => rate(r.lost_mean)],
  ["median", (r) => rate(r.lost_median)],
  ["lead", (r) => days(r.lead)],
  ["of at most", (r) => days(r.ceiling)],
];

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const percent = (level) => `${Math.round(100 * level)} %`;

function section([form, title, profiles]) {
  const tried = LEVELS.map((level) => {
    process.stderr.write(`${title}, ${percent(level)}\n`);
    return tryProfiles([...profiles, MAZL], { form, level, pupils: PUPILS, schools });
  });
  const rows = profiles.flatMap((profile) =>
    tried.map(({ results }, i) => [
      `\`${profile.replace(/^config\//, "")}\``,
      percent(LEVELS[i]),
      ...COLUMNS.map(([, cell]) => cell(results.get(profile))),
    ]),
  );
  const marginals = tried.map((one) => one.marginals.rows(form));
  const beside = marginals[0].map(([what, , published], i) => [what, ...marginals.map((m) => m[i][1]), published]);
  const { disengaging, pupils } = tried[0].results.get(profiles[0]);
  const mazl = tried.map(({ results }) => percent(results.get(MAZL).flagged)).join(", ");
  return `### ${title}

${disengaging} of ${pupils.toLocaleString("en-US")} pupils disengage at each level. By \`rules-mazl.cfg\`, in which every piece of absence counts and not illness alone, ${mazl} of
the pupils would be talked with in the year.

${table(["profile", "part-days", ...COLUMNS.map(([name]) => name)], rows)}

${table(["what the schools add up to", ...LEVELS.map(percent), "published"], beside)}
`;
}

const text = `${BEGINS}

\`make bench-early\`, by narvaro backtest on ${schools} made-up schools of 1,000 pupils each at three levels of ordinary part-days (dentist, ill at noon, overslept). Every sign of
disengagement has an innocent twin; \`tests/bench/early/figures.mjs\` says of each number where it is published or that it is an assumption.

*Items*: pupils newly flagged with severity 3 or more a week, for 1,000 pupils (*worst week*: the same); *new on the list*: 2 or more. *Found*: disengaging pupils flagged so after
their onset, *on the list* with 2 or more. *PPV*: of the pupils flagged with 3 or more, those who disengaged; of the others the chronically and the long ill are counted under *ill*.
*Days lost*: school days missed from the onset to the first flag of 2 or more. *Lead*: school days from that flag to the day on which ${CHRONIC_DAYS} days, a tenth of the year,
were lost since the onset, median over those who lose so much; somebody who knew all would have *at most* the time from the onset on. \`tests/rules-25.cfg\`, rules that hold each pupil against itself, is for comparison.

${SCHOOLS.map(section).join("\n")}`;
const before = readFileSync(DOCUMENT, "utf8").split(`\n${BEGINS}`)[0];
writeFileSync(DOCUMENT, `${before}\n${text}`);
process.stdout.write(text);

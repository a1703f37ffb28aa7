// Whatever the programs refuse with is told in Swedish: every sentence of their sources is in the pages' table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import table from "../dashboard/web/i18n/refusals_sv.js";
import sv from "../dashboard/web/i18n/sv_views.js";
import { refusal } from "../dashboard/web/refusals.js";

const root = new URL("..", import.meta.url).pathname;
const told = (sentence) => refusal(sentence, table, sv.refused.place);

// The calls whose texts reach a reader of the pages, by file. Left out: what only a program that is not ours could ask wrongly.
const SOURCES = {
  "daemon/commands/corrections.c": /refuse\(/,
  "daemon/commands/strays.c": /return (?=")/,
  "daemon/commands/trust.c": /\*why = (?=")/,
  "daemon/commands/decisions.c": /\*why = (?=")/,
  "daemon/commands/import.c": /problems_add\(/,
  "daemon/commands/tuning.c": /\*why = /,
  "common/settings.c": /(?:problems_add|settings_problem)\(/,
  "common/settings_fault.c": /(?:found\(|return )/,
  "daemon/core/detect/rules.c": /(?:problems_add|settings_problem)\(/,
  "daemon/core/school/csv.c": /(?:problems_add|bad_field)\(/,
  "daemon/core/school/schoolfields.c":
    /(?:field_problem|field_refuse|wrong|csv_problem)\(|snprintf\(right, sizeof right,/,
  "daemon/core/school/schoolfiles.c": /(?:field_problem|field_refuse|problems_add)\(/,
  "daemon/core/school/schoolcheck.c": /problems_add\(/,
  "daemon/core/school/school.c": /return (?=")/,
  "dashboard/shell/password.c": /return (?=")/,
  "common/token.c": /return (?=")/,
  "daemon/core/school/periods.c": /(?:REFUSE|problems_add)\(/,
  "daemon/core/school/plausible.c": /problems_add\(/,
  "daemon/commands/import_holders.c": /problems_add\(/,
  "daemon/store/store_spans.c": /problems_add\(/,
};
const FEW = {
  "daemon/core/school/plausible.c": 1,
  "daemon/commands/import_holders.c": 2,
  "daemon/store/store_spans.c": 1,
}; // sentences that there are, elsewhere at least 3
const NOT_FOR_PAGES = [/^files: as many names/, /^(header|\(no name\)|\(none\)|request|school|rules|one of)$/];
const CONVERSION = /%(?:\.\*s|[.0-9]*[a-z]*[dugfs])/g;

function* sentencesOf(file, call) {
  const code = readFileSync(root + file, "utf8");
  for (const { index } of code.matchAll(new RegExp(call.source, "g"))) {
    const statement = code
      .slice(index, index + code.slice(index).search(/;\n|^}/m))
      .replace(/"\s*LIMIT_TEXT\(\w+\)\s*"/g, "7")
      .replace(/"\s*\n\s*"/g, "");
    for (const [, literal] of statement.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
      const sentence = JSON.parse(`"${literal}"`);
      if (
        /[a-z]{2,} [a-z0-9{("]/.test(sentence.replaceAll(CONVERSION, "x")) &&
        !NOT_FOR_PAGES.some((none) => none.test(sentence))
      )
        yield sentence;
    }
  }
}

for (const [file, call] of Object.entries(SOURCES))
  test(`${file}: every sentence has its Swedish`, () => {
    const sentences = [...sentencesOf(file, call)];
    assert.ok(sentences.length >= (FEW[file] ?? 3), sentences.join("\n"));
    for (const sentence of sentences)
      assert.ok(told(sentence.replace(/^%s: /, "").replaceAll(CONVERSION, "7")).known, sentence);
  });

test("place, column and what is filled in are told, too", () => {
  const examples = {
    "pupils.csv:14: class: must not be empty": "pupils.csv, rad 14, kolumn class: Fältet får inte vara tomt.",
    'lessons.csv:3: date: "1 sept" should be a date like 2026-09-01':
      "lessons.csv, rad 3, kolumn date: ”1 sept” ska vara ett datum som 2026-09-01.",
    'members.csv:9: pupil_id: no pupil is called "p: 7"; it should be in pupils.csv':
      "members.csv, rad 9, kolumn pupil_id: Ingen elev heter ”p: 7”: den ska finnas i pupils.csv.",
    'absences.csv:2: type: "sick" should be one of reported leave':
      "absences.csv, rad 2, kolumn type: ”sick” ska vara ett av orden reported leave.",
    "rules:7: severity must be a whole number between 1 and 4": "reglerna, rad 7: nivån är ett heltal mellan 1 och 4.",
    "that is known already": "Det är redan rapporterat.",
    "late: absent_minutes must be 1 to the lesson's length less 1":
      "Sen ankomst: minuterna måste vara minst 1 och färre än lektionens.",
    "pupils.csv:2: the row has 3 fields, the header has 8": "pupils.csv, rad 2: Raden har 3 fält, rubrikraden har 8.",
  };
  for (const [theirs, ours] of Object.entries(examples)) assert.deepEqual(told(theirs), { text: ours, known: true });
  assert.deepEqual(told("something nobody wrote yet"), { text: "something nobody wrote yet", known: false });
  assert.deepEqual(refusal("that is known already", null), { text: "that is known already", known: true });
});

test("no sentence stands twice", () => assert.equal(new Set(table.map(([theirs]) => theirs)).size, table.length));

// The pages without a browser: what was vendored, the two catalogues, the colours, and what is computed from the API's
// answers before anything is drawn.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import svFirst from "../dashboard/web/i18n/sv.js";
import enFirst from "../dashboard/web/i18n/en.js";
import svViews from "../dashboard/web/i18n/sv_views.js";
import enViews from "../dashboard/web/i18n/en_views.js";

const sv = { ...svFirst, ...svViews };
const en = { ...enFirst, ...enViews };

const WEB = new URL("../dashboard/web/", import.meta.url).pathname;
const text = (name) => readFileSync(join(WEB, name), "utf8");
const own = [
  "index.html",
  "app.css",
  ...["", "views/", "charts/", "i18n/"].flatMap((folder) =>
    readdirSync(join(WEB, folder))
      .filter((name) => name.endsWith(".js"))
      .map((name) => folder + name),
  ),
];

test("vendored files are those that VENDOR names", () => {
  const rows = text("vendor/VENDOR")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split(/\s+/));
  assert.deepEqual(
    rows.map((row) => row[1]).sort(),
    readdirSync(join(WEB, "vendor"))
      .filter((name) => name.endsWith(".js"))
      .sort(),
  );
  for (const [sum, file] of rows)
    assert.equal(
      createHash("sha256")
        .update(readFileSync(join(WEB, "vendor", file)))
        .digest("hex"),
      sum,
      file,
    );
});

test("no markup from strings, no inline script or style, no other host", () => {
  for (const name of own) {
    const code = text(name).replaceAll("http://www.w3.org/2000/svg", "");
    assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    assert.doesNotMatch(code, /https?:\/\//, name);
    assert.doesNotMatch(code, /\sstyle=|\son[a-z]+="|<style|<script(?! type="module" src=)/, name);
  }
});

describe("catalogues", () => {
  const shape = (value, path = "") =>
    typeof value === "object"
      ? Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`))
      : [`${path} ${typeof value} ${value.length >= 0 && typeof value === "function" ? value.length : ""}`.trim()];

  test("Swedish and English have the same keys, of the same kind", () =>
    assert.deepEqual(shape(en).sort(), shape(sv).sort()));

  test("the start page needs no word of the views fetched later", () => {
    const started = ["app.js", "ui.js", "server.js", "words.js", "reasons.js", "views/review.js"].map(text).join("\n");
    for (const room of started.matchAll(/\bt\.([a-z_]+)/g)) assert.ok(room[1] in svFirst, room[1]);
    // A room that both have is the first one's with more in it.
    for (const [room, words] of Object.entries(svViews))
      for (const [key, word] of Object.entries(svFirst[room] ?? {})) assert.equal(words[key], word, `${room}.${key}`);
  });

  test("no text is empty", () => {
    for (const [name, catalogue] of Object.entries({ sv, en }))
      for (const line of JSON.stringify(catalogue).matchAll(/"([^"]+)":""/g)) assert.fail(`${name}: ${line[1]}`);
  });

  test("events are described, never the child", () => {
    const swedish = (
      text("i18n/sv.js") +
      text("i18n/sv_views.js") +
      text("i18n/sv_casework.js") +
      text("i18n/sv_operation.js") +
      text("i18n/sv_tune.js") +
      text("i18n/sv_imports.js") +
      JSON.stringify(sv.measures)
    ).toLowerCase();
    for (const word of ["larm", "riskelev", "skolk", "hemmasittare", "poäng", "problemelev"])
      assert.ok(!swedish.includes(word), word);
    const english = (
      text("i18n/en.js") +
      text("i18n/en_views.js") +
      text("i18n/en_casework.js") +
      text("i18n/en_operation.js") +
      text("i18n/en_tune.js") +
      JSON.stringify(en.measures)
    ).toLowerCase();
    for (const word of ["alarm", "at risk", "at-risk", "truan", "score", "offender"])
      assert.ok(!english.includes(word), word);
  });

  test("every key is used by a view", () => {
    const code = own
      .filter((name) => !name.startsWith("i18n/"))
      .map(text)
      .join("\n");
    for (const [room, entries] of Object.entries(sv))
      for (const key of Object.keys(entries))
        assert.ok(code.includes(`t.${room}.${key}`) || code.includes(`t.${room}[`), `${room}.${key}`);
  });
});

test("whoever waits for the words has them, also when two wait or the language changes meanwhile", async () => {
  globalThis.document ??= { documentElement: {} };
  globalThis.localStorage ??= { setItem() {}, getItem: () => null };
  const words = await import("../dashboard/web/words.js?anew");
  await words.speak("sv");
  words.speakFully();
  await words.speakFully();
  assert.equal(words.t.imports.confirm, sv.imports.confirm);
  const again = await import("../dashboard/web/words.js?again");
  const waiting = again.speakFully();
  again.speak("en");
  await waiting;
  assert.equal(again.t.imports.confirm, en.imports.confirm);
  assert.equal(again.t.app.help, en.app.help);
});

describe("colours", () => {
  const css = text("app.css");
  const tokens = (block) =>
    Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]));
  const light = tokens(css.match(/^:root \{([^}]*)\}/m)[1]);
  const dark = tokens(css.match(/prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/)[1]);
  const luminance = (hex) =>
    [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  // WCAG 2.2: 4.5 for text (1.4.3), 3 for what must be seen to use or understand (1.4.11).
  const TEXT = [
    ["ink", "page"],
    ["ink", "surface"],
    ["quiet", "page"],
    ["quiet", "surface"],
    ["accent", "page"],
    ["accent", "surface"],
    ["accent", "accent-soft"],
    ["accent-ink", "accent"],
    ["note-ink", "note"],
    ["heat-light-ink", "heat-0"],
    ["heat-light-ink", "heat-1"],
    ["heat-light-ink", "heat-2"],
    ["heat-middle-ink", "heat-3"],
    ["heat-deep-ink", "heat-4"],
    ["heat-deep-ink", "heat-5"],
  ];
  const SHAPE = [
    ["edge", "surface"],
    ["edge", "page"],
    ["accent", "surface"],
    ["dot", "dot-edge"],
    ["heat-0", "heat-4"],
    ["heat-1", "heat-5"],
  ];

  for (const [mode, colours] of Object.entries({ light, dark }))
    test(mode, () => {
      assert.deepEqual(Object.keys(colours).sort(), Object.keys(light).sort());
      for (const [a, b] of TEXT)
        assert.ok(
          contrast(colours[a], colours[b]) >= 4.5,
          `${a} on ${b}: ${contrast(colours[a], colours[b]).toFixed(2)}`,
        );
      for (const [a, b] of SHAPE)
        assert.ok(
          contrast(colours[a], colours[b]) >= 3,
          `${a} by ${b}: ${contrast(colours[a], colours[b]).toFixed(2)}`,
        );
    });

  test("the heat scale goes one way, and no colour is red", () => {
    for (const colours of [light, dark]) {
      const steps = [1, 2, 3, 4, 5].map((step) => luminance(colours[`heat-${step}`]));
      assert.ok(
        steps.every((step, index) => index === 0 || step < steps[index - 1]) ||
          steps.every((step, index) => index === 0 || step > steps[index - 1]),
      );
      for (const [name, hex] of Object.entries(colours)) {
        const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
        assert.ok(red < 1.5 * Math.max(green, blue), `${name} ${hex}`);
      }
    }
  });
});

describe("sentences from evidence", () => {
  const evidence = (measure, numerator, denominator, threshold, more = {}) => ({
    measure,
    days: 20,
    offset: 0,
    from: "2026-10-23",
    to: "2026-11-20",
    own_days: 20,
    numerator,
    denominator,
    comparison: "at_least",
    threshold_hundredths: threshold,
    ...more,
  });
  const table = [
    ...readFileSync(new URL("../daemon/core/detect/measures.h", import.meta.url), "utf8").matchAll(
      /^\s+ROW\([A-Z_]+, "([a-z_]+)", ([A-Z_]+),/gm,
    ),
  ];
  const measures = table.map((match) => match[1]);
  let words;
  let reasons;
  before(async () => {
    globalThis.localStorage = { getItem: () => null, setItem: () => {} };
    globalThis.document = { documentElement: {} };
    words = await import("../dashboard/web/words.js");
    reasons = await import("../dashboard/web/reasons.js");
  });
  const plain = (told) => `${told.lead} ${told.text} ${told.limit}`.replaceAll("\u00a0", " ");

  test("the words are of the detector's measures, and of their kinds", () => {
    const kinds = Object.fromEntries(table.map(([, measure, kind]) => [measure, kind.toLowerCase()]));
    for (const spoken of [sv, en]) {
      assert.deepEqual(
        Object.fromEntries(Object.entries(spoken.measures).map(([measure, { kind }]) => [measure, kind])),
        kinds,
      );
      for (const kind of Object.keys(spoken.kinds))
        assert.ok(kind === "any" || Object.values(kinds).includes(kind), kind);
      for (const words of [...Object.values(spoken.kinds), ...Object.values(spoken.measures)])
        for (const key of ["name", "unit", "line", "nothing"])
          assert.doesNotMatch(words[key] ?? "", /\|/, "the command line knows no word for one and for several");
    }
  });

  test("every measure of the detector has words in both languages", async () => {
    assert.ok(measures.length >= 15, measures.join());
    for (const language of ["sv", "en"]) {
      await words.speak(language);
      for (const measure of measures) {
        assert.notEqual(words.t.measures[measure], undefined, measure);
        for (const offset of [0, 5]) {
          const said = plain(reasons.reason(evidence(measure, 7, 40, 1500, { offset })));
          assert.doesNotMatch(said, /undefined|NaN|null|\s\s/, `${language} ${measure}: ${said}`);
        }
      }
    }
  });

  test("in Swedish", async () => {
    await words.speak("sv");
    const cases = [
      [
        evidence("total_absence_share", 1140, 5340, 1500),
        "21,3 % frånvaro de senaste 20 skoldagarna, giltig och ogiltig tillsammans (19 av 89 timmar). Skolans gräns är 15 %.",
      ],
      [
        evidence("absence_share", 90, 600, 1250, { own_days: 8 }),
        "15 % frånvaro de 8 skoldagarna hittills i år, utan beviljad ledighet (1,5 av 10 timmar). Skolans gräns är 12,5 %.",
      ],
      [evidence("late_arrivals", 1, 1, 100), "1 sen ankomst de senaste 20 skoldagarna. Skolans gräns är 1."],
      [
        evidence("spells", 6, 1, 500, { days: 30, own_days: 30 }),
        "6 olika frånvarotillfällen de senaste 30 skoldagarna. Skolans gräns är 5.",
      ],
      [
        evidence("absent_run", 7, 1, 600, { days: 0 }),
        "7 hela frånvarodagar i rad till och med den senaste skoldagen. Skolans gräns är 6.",
      ],
      [
        evidence("partial_days", 0, 1, 100, { comparison: "at_most" }),
        "0 dagar med frånvaro under en del av dagen de senaste 20 skoldagarna. Skolans gräns är högst 1.",
      ],
      [
        evidence("weekday_tail", 5, 7, 1, { days: 40, own_days: 40, weekday: 0, comparison: "at_most" }),
        "5 av 7 måndagar med hel frånvarodag de senaste 40 skoldagarna, tydligt mer än för resten av klassen. Skolans gräns är att slumpen ger ett sådant mönster högst 1 gång på 100.",
      ],
      [
        evidence("partial_tail", 6, 30, 0.5, {
          days: 30,
          own_days: 30,
          class_numerator: 28,
          class_denominator: 600,
          comparison: "at_most",
        }),
        "6 dagar med frånvaro under en del av dagen de senaste 30 skoldagarna, klassen i övrigt 1,4. Skolans gräns är att så många är ovanligt i klassen.",
      ],
      [
        evidence("spells_tail", 4, 10, 0.5, {
          days: 10,
          own_days: 10,
          class_numerator: 0,
          class_denominator: 0,
          comparison: "at_most",
        }),
        "4 dagar då ett nytt frånvarotillfälle började de senaste 10 skoldagarna, klassen i övrigt 0. Skolans gräns är att så många är ovanligt i klassen.",
      ],
    ];
    for (const [given, expected] of cases) assert.equal(plain(reasons.reason(given)), expected);
  });

  test("a flag raised some time ago does not speak of the latest days", async () => {
    await words.speak("sv");
    const told = (measure, days) =>
      plain(reasons.reason(evidence(measure, 7, 1, 600, { days, to: "2026-08-31" }), "2026-11-18"));
    assert.equal(
      told("absent_days", 20),
      "7 hela frånvarodagar de 20 skoldagarna fram till 31 augusti. Skolans gräns är 6.",
    );
    assert.equal(told("absent_run", 0), "7 hela frånvarodagar i rad till och med 31 augusti. Skolans gräns är 6.");
    assert.match(plain(reasons.reason(evidence("absent_days", 7, 1, 600), "2026-11-20")), /de senaste 20 skoldagarna/);
  });

  test("two limits on one number are one reason, told once", () => {
    const one = { severity: 1, evidence: [evidence("spells", 6, 1, 300)] };
    const two = { severity: 3, evidence: [evidence("spells", 6, 1, 500), evidence("late_arrivals", 3, 1, 200)] };
    assert.deepEqual(
      reasons.distinctEvidence([one, two]).map(({ evidence }) => [evidence.measure, evidence.threshold_hundredths]),
      [
        ["spells", 500],
        ["late_arrivals", 200],
      ],
    );
  });

  test("a probability is shown as times in a hundred, and goes back as it was", () => {
    for (const [tail, shown] of [
      [0.01, 1],
      [0.07, 7],
      [0.075, 7.5],
      [0.0001, 0.01],
    ]) {
      assert.equal(reasons.shownThreshold("weekday_tail", tail), shown);
      assert.equal(reasons.ruleThreshold("weekday_tail", shown), tail);
    }
    assert.equal(reasons.shownThreshold("absence_share", 12.5), 12.5);
    assert.equal(reasons.ruleThreshold("absence_share", 12.5), 12.5);
  });

  test("an unknown measure is shown by its name, not hidden", () => {
    assert.match(plain(reasons.reason(evidence("brand_new", 3, 1, 200))), /^3 brand_new/);
  });
});

describe("charts", () => {
  let calendar;
  let lessons;
  before(async () => {
    globalThis.EventTarget ??= class {};
    calendar = await import("../dashboard/web/charts/calendar.js");
    lessons = await import("../dashboard/web/charts/lessons.js");
  });
  const day = (date, expected, absent, unreported = 0, unknown = 0, list = []) => ({
    date,
    kind: expected === 0 ? "unknown" : absent === expected ? "absent" : "attended",
    expected_minutes: expected,
    counted_minutes: expected,
    absent_minutes: absent,
    leave_minutes: 0,
    unreported_minutes: unreported,
    unknown_minutes: unknown,
    lessons: list,
  });

  test("weeks are numbered as ISO 8601 does", () => {
    const cases = [
      ["2020-12-28", 53],
      ["2021-01-04", 1],
      ["2024-12-30", 1],
      ["2026-08-17", 34],
      ["2026-12-28", 53],
      ["2027-01-04", 1],
    ];
    for (const [date, number] of cases) assert.equal(calendar.weekNumber(Date.parse(`${date}T00:00Z`)), number, date);
  });

  test("unknown is never absent, and no school is neither", () => {
    assert.deepEqual(calendar.dayMark(undefined), { kind: "none", step: 0, unreported: false, partly: false });
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 0, 0, 0, 300)), {
      kind: "unknown",
      step: 0,
      unreported: false,
      partly: false,
    });
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 300, 0)), {
      kind: "known",
      step: 0,
      unreported: false,
      partly: false,
    });
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 300, 1)), {
      kind: "known",
      step: 1,
      unreported: false,
      partly: false,
    });
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 300, 300, 60)), {
      kind: "known",
      step: 5,
      unreported: true,
      partly: false,
    });
  });

  test("a whole day of granted leave is no absence", () => {
    const leave = { ...day("2026-11-02", 300, 0), kind: "leave", counted_minutes: 0, leave_minutes: 300 };
    assert.deepEqual(calendar.dayMark(leave), { kind: "leave", step: 0, unreported: false, partly: false });
    const half = { ...day("2026-11-02", 300, 90), counted_minutes: 180, leave_minutes: 120 };
    assert.equal(calendar.dayMark(half).step, 3); // 90 of 180 minutes, the leave aside
  });

  test("a day that is known in part says so", () => {
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 240, 0, 0, 60)), {
      kind: "known",
      step: 0,
      unreported: false,
      partly: true,
    });
    assert.deepEqual(calendar.dayMark(day("2026-11-02", 120, 120, 0, 180)), {
      kind: "unknown",
      step: 0,
      unreported: false,
      partly: false,
    });
  });

  test("a week without school still has its column", () => {
    const weeks = calendar.weeksOf([day("2026-10-23", 300, 0), day("2026-11-02", 300, 0)]);
    assert.deepEqual(
      weeks.map((week) => week.number),
      [43, 44, 45],
    );
    assert.deepEqual(
      weeks[1].days.map((each) => each.day),
      [undefined, undefined, undefined, undefined, undefined],
    );
  });

  test("the trend ends at the number that the flag's evidence gives", async () => {
    const trend = await import("../dashboard/web/charts/trend.js");
    const lesson = (status, minutes) => ({
      start: "08:00",
      minutes,
      subject: "NO",
      status,
      absent_minutes: status === "present" || status === "unknown" ? 0 : minutes,
    });
    // 12 own days of 60 + 40 minutes: four all absent, one all leave, one unknown (which is no own day), the rest present.
    const statuses = [
      "reported",
      "present",
      "present",
      "leave",
      "unknown",
      "present",
      "unreported",
      "present",
      "present",
      "reported",
      "present",
      "present",
      "reported",
    ];
    const days = statuses.map((status, index) => ({
      ...day(`2026-11-${String(index + 2).padStart(2, "0")}`, 0, 0),
      lessons: [lesson(status, 60), lesson(status, 40)],
    }));
    const flag = (measure, threshold) => ({
      severity: 2,
      evidence: [{ measure, days: 10, offset: 0, comparison: "at_least", threshold_hundredths: threshold }],
    });
    const last = (flags) => trend.trendOf(days, flags).points.at(-1);
    // The last ten own days: 300 of 900 minutes without leave, 400 of 1000 with it.
    assert.deepEqual(
      [last([flag("absence_share", 1500)]).missed, last([flag("absence_share", 1500)]).known],
      [300, 900],
    );
    assert.deepEqual(
      [last([flag("total_absence_share", 1500)]).missed, last([flag("total_absence_share", 1500)]).known],
      [400, 1000],
    );
    assert.equal(trend.trendOf(days, [flag("absence_share", 1500)]).limit, 15);
    assert.equal(trend.trendOf(days, []).limit, undefined);
    assert.equal(
      trend.trendOf(days, [flag("absence_share", 1500)]).points.length,
      3,
      "the first full window is on the tenth own day",
    );
  });

  test("lesson by weekday counts what is known", () => {
    const lesson = (start, status) => ({ start, minutes: 60, subject: "NO", status, absent_minutes: 0 });
    const mondays = ["2026-11-02", "2026-11-09", "2026-11-16"].map((date) =>
      day(date, 120, 60, 0, 0, [lesson("10:00", "unknown"), lesson("08:00", "unreported")]),
    );
    const grid = lessons.lessonGrid(mondays);
    assert.deepEqual(grid[0][0], { known: 3, missed: 3 });
    assert.deepEqual(grid[1]?.[0] ?? { known: 0, missed: 0 }, { known: 0, missed: 0 });
    const { lesson: number, weekday, missed, known } = lessons.worst(grid);
    assert.deepEqual({ number, weekday, missed, known }, { number: 1, weekday: 0, missed: 3, known: 3 });
    assert.equal(lessons.worst(lessons.lessonGrid(mondays.slice(0, 2))), undefined);
  });
});

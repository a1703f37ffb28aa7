// Lesson × weekday: which lessons of the week are missed. A table with numbers, tinted: no reading of colours is needed.
/** @import { SchoolDay } from "../types.js" */
import { html, Wide } from "../ui.js";
import { number, t, weekday, weekdayName } from "../words.js";

const KNOWN_MIN = 3; // fewer lessons say nothing about a pattern
const MISSED_MIN = 3;
const SCALE_STEPS = 5;
const COUNTED = new Set(["present", "late", "reported", "unreported"]); // leave is no absence, and no attendance
/** @typedef {{ known: number, missed: number }} Cell */
const MISSED = new Set(["reported", "unreported"]);

/**
 * grid[lesson][weekday] = { known, missed }, lessons counted in the order of the day.
 * @param {SchoolDay[]} days
 * @returns {Cell[][]}
 */
export function lessonGrid(days) {
  /** @type {Cell[][]} */
  const grid = [];
  for (const day of days) {
    const column = weekday(day.date);
    const lessons = [...day.lessons].sort((a, b) => a.start.localeCompare(b.start));
    lessons.forEach((lesson, row) => {
      grid[row] ??= []; // also of lessons that nobody knows about: their row says so
      if (!COUNTED.has(lesson.status)) return;
      const cell = (grid[row][column] ??= { known: 0, missed: 0 });
      cell.known += 1;
      if (MISSED.has(lesson.status)) cell.missed += 1;
    });
  }
  return Array.from(grid, (row) =>
    Array.from(
      { length: Math.max(5, ...grid.map((each) => each?.length ?? 0)) },
      (_, column) => row?.[column] ?? { known: 0, missed: 0 },
    ),
  );
}

/**
 * The cell that is missed most, when often enough to be spoken of.
 * @param {Cell[][]} grid
 */
export function worst(grid) {
  const cells = grid.flatMap((row, lesson) =>
    row.map((cell, column) => ({ ...cell, lesson: lesson + 1, weekday: column })),
  );
  const enough = cells.filter((cell) => cell.missed >= MISSED_MIN);
  return enough.sort((a, b) => b.missed * a.known - a.missed * b.known || b.missed - a.missed)[0];
}

/** @param {Cell[][]} grid */
export function lessonsTitle(grid) {
  const cell = worst(grid);
  return cell
    ? t.pupil.lessons_worst(t.pupil.on_weekday[cell.weekday], cell.lesson, cell.missed, cell.known)
    : t.pupil.lessons_even;
}

/** @param {{ cell: Cell }} props */
function Share({ cell: { known, missed } }) {
  if (known < KNOWN_MIN) return html`<td>–</td>`;
  return html`<td class=${`tint-${Math.ceil((SCALE_STEPS * missed) / known)}`}>${number((100 * missed) / known)}</td>`;
}

/** @param {{ grid: Cell[][], label: string }} props */
export function LessonTable({ grid, label }) {
  return html`<${Wide} label=${label}>
    <table class="numbers tinted">
      <caption>${t.pupil.lessons_caption}</caption>
      <thead><tr><th scope="col">${t.pupil.lesson}</th>${grid[0]?.map((_, column) => html`<th scope="col" key=${column}>${weekdayName(column)}</th>`)}</tr></thead>
      <tbody>${grid.map(
        (row, lesson) => html`<tr key=${lesson}><th scope="row">${lesson + 1}</th>
        ${row.map((cell, column) => html`<${Share} key=${column} cell=${cell} />`)}</tr>`,
      )}</tbody>
    </table>
  <//>`;
}

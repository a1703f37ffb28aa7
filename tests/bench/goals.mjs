// Goals beside their figures: what is wanted, what was measured, and what bounds it (a peer in the same run, or nothing).

// Each { what, goal, figure, limit, met }; a figure that was not measured is null.
export function goalTable(goals) {
  const rows = goals.map(({ what, goal, figure, limit, met }) => [
    what,
    goal,
    figure === null ? "not measured" : `${figure}${met ? "" : ", **missed**"}`,
    limit,
  ]);
  return [["what", "goal", "figure", "beside it"], ["---", "---", "---", "---"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

// A figure of at most, or at least, so much; `told` writes a number.
export const atMost = (what, figure, most, told, limit) => ({
  what,
  goal: `≤ ${told(most)}`,
  figure: figure === null ? null : told(figure),
  limit,
  met: figure !== null && figure <= most,
});
export const atLeast = (what, figure, least, told, limit) => ({
  ...atMost(what, figure, least, told, limit),
  goal: `≥ ${told(least)}`,
  met: figure !== null && figure >= least,
});

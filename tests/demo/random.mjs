// Randomness by name: the same words give the same numbers, and asking for one stream never moves another.

// mulberry32 by Tommy Ettinger (public domain), seeded with FNV-1a of the words.
export function stream(...words) {
  let state = 0x811c9dc5;
  for (const char of words.join(" ")) state = Math.imul(state ^ char.codePointAt(0), 0x01000193);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low, high) => low + Math.floor(next() * (high - low + 1)); // both included
  const pick = (list) => list[between(0, list.length - 1)];
  const chance = (probability) => next() < probability;
  const shuffled = (list) =>
    list
      .map((item) => [next(), item])
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item);
  return { next, between, pick, chance, shuffled };
}

// Randomness by name: the same words give the same numbers, and asking for one stream never moves another.

// The seed is FNV-1a of the words.
export function stream(...words) {
  let seed = 0x811c9dc5;
  for (const char of words.join(" ")) seed = Math.imul(seed ^ char.codePointAt(0), 0x01000193);
  return fromSeed(seed);
}

// By number, so that what a test made can be made again. mulberry32 by Tommy Ettinger (public domain).
export function fromSeed(seed) {
  let state = seed;
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

// What was seen beside what was predicted, and how long things took.

export class Report {
  constructor() {
    this.rows = [];
    this.latencies = [];
  }

  // Values are compared as JSON; `detail` says more when they differ.
  compare(name, seen, predicted, detail = () => "") {
    const agrees = JSON.stringify(seen) === JSON.stringify(predicted);
    this.rows.push({ name, seen, predicted, agrees, detail: agrees ? "" : detail() });
  }
  // Two sets of texts, compared one by one and shown by their size.
  compareSets(name, seen, predicted) {
    const [s, p] = [new Set(seen), new Set(predicted)];
    const missing = [...p].filter((x) => !s.has(x));
    const extra = [...s].filter((x) => !p.has(x));
    const some = (list) => list.slice(0, 8).join("; ");
    const agrees = missing.length === 0 && extra.length === 0 && seen.length === s.size;
    const detail = `not seen: ${some(missing)} | not predicted: ${some(extra)}`;
    this.rows.push({ name, seen: seen.length, predicted: predicted.length, agrees, detail: agrees ? "" : detail });
  }
  // A value that is no number is something that never came.
  latency(name, values_ms, most_ms) {
    const sorted = values_ms.filter(Number.isFinite).sort((a, b) => a - b);
    if (sorted.length < values_ms.length)
      this.compare(name, `${values_ms.length - sorted.length} never came`, "all came");
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
    this.latencies.push({ name, count: sorted.length, p50: at(0.5), p99: at(0.99), most_ms });
  }

  get agrees() {
    return this.rows.every((row) => row.agrees);
  }

  toString() {
    const width = Math.max(...this.rows.map((row) => shown(row.seen).length), 6);
    const rows = this.rows.map((row) => {
      const seen = `${row.name.padEnd(26)} ${shown(row.seen).padStart(width)}`;
      return row.agrees ? `  = ${seen}` : `  ≠ ${seen}   predicted ${shown(row.predicted)}; ${row.detail}`;
    });
    const ms = (value) => (value === undefined ? "–" : `${value.toFixed(0)} ms`).padStart(8);
    const times = this.latencies.map(
      (l) => `    ${l.name.padEnd(34)} p50 ${ms(l.p50)}   p99 ${ms(l.p99)}   (${l.count} times; aim ${l.most_ms} ms)`,
    );
    return [`    ${"".padEnd(26)} ${"seen".padStart(width)}`, ...rows, "", ...times].join("\n");
  }
}

function shown(value) {
  if (typeof value !== "object") return String(value);
  const words = Object.entries(value).map(([key, count]) => `${key} ${count}`);
  return words.join(", ");
}

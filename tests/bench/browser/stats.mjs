/** Percentiles, and a table of them. */
export function percentile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export function summary(times) {
  return { n: times.length, p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: Math.max(...times) };
}

export function table(rows) {
  const ms = (value) => value.toFixed(1);
  return [
    '| from → to, milliseconds | n | p50 | p95 | max |',
    '|---|--:|--:|--:|--:|',
    ...rows.map(([name, times]) => {
      const { n, p50, p95, max } = summary(times);
      return `| ${name} | ${n} | ${ms(p50)} | ${ms(p95)} | ${ms(max)} |`;
    }),
  ].join('\n');
}

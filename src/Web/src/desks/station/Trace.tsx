// The weight's little curve, grams over the last readings.
export function Trace({ grams, height = 48 }: { grams: number[]; height?: number }) {
  if (grams.length < 2) return <svg className="trace" viewBox={`0 0 100 ${height}`} aria-hidden="true" />;
  const low = Math.min(...grams, 0);
  const high = Math.max(...grams, low + 10);
  const points = grams
    .map((g, i) => `${((i / (grams.length - 1)) * 100).toFixed(1)},${(height - 3 - ((g - low) / (high - low)) * (height - 6)).toFixed(1)}`)
    .join(" ");
  return (
    <svg className="trace" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

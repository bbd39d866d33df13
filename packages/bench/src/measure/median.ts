/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[sorted.length >> 1];
  if (value === undefined) throw new RangeError("there is no median of nothing");
  return value;
}

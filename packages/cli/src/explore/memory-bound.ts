/** A state that was met is kept as three words, in a table that is at most three quarters full. */
const BYTES_PER_PLACE = 12;

/** States that fit into so many bytes, the moment of growing, when both tables are there, included. */
export function statesWithin(bytes: number): number {
  let places = 1 << 12;
  while (places * 2 * BYTES_PER_PLACE * 1.5 <= bytes) places *= 2;
  return (places / 4) * 3 - 1;
}

/**
 * Bytes that one operation leaves on the heap, garbage included. Needs `--expose-gc` and young generation so large that
 * nothing is collected between the two looks at the heap.
 */
export function allocatedBytes(step: () => void, operations: number, steps: number): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error("run node with --expose-gc");
  for (let i = 0; i < steps; i++) step();
  collect();
  collect();
  const before = process.memoryUsage();
  for (let i = 0; i < steps; i++) step();
  const after = process.memoryUsage();
  const heap = after.heapUsed - before.heapUsed;
  const outside = after.arrayBuffers - before.arrayBuffers;
  return (heap + outside) / (steps * operations);
}

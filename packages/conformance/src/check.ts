/** What a suite throws: the rule that was broken. Runners that know `actual` and `expected` show both. */
class Broken extends Error {
  override readonly name = "AssertionError";
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(rule: string, actual?: unknown, expected?: unknown) {
    super(rule);
    this.actual = actual;
    this.expected = expected;
  }
}

export function broken(rule: string): never {
  throw new Broken(rule);
}

export function check(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Broken(rule);
}

/** A value as text, for messages: short, and for values that JSON has no words for. */
export function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const words = (_key: string, one: unknown): unknown =>
    typeof one === "bigint" ? `${one}n` : one instanceof Uint8Array ? Array.from(one) : one;
  const text = typeof value === "number" ? String(value) : JSON.stringify(value, words);
  if (text === undefined) return String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b) === -1;
}

/** The first place where bytes differ, -1: nowhere in what both have. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return at;
  return -1;
}

/** Equality by value: numbers, strings, bytes, arrays and plain objects; a member that is undefined is none. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && isSameBytes(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const name of names) if (!isSame(left[name], right[name])) return false;
  return true;
}

export function checkSame(actual: unknown, expected: unknown, what: string): void {
  if (isSame(actual, expected)) return;
  throw new Broken(`${what}: ${shown(actual)}, expected ${shown(expected)}`, actual, expected);
}

/** Bytes, with the place of the first difference. `bytesEach` counts places in units of more than a byte. */
export function checkBytes(
  actual: Uint8Array,
  expected: Uint8Array,
  what: string,
  bytesEach = 1,
): void {
  check(
    actual.length === expected.length,
    `${what}: ${actual.length} bytes, expected ${expected.length}`,
  );
  const at = firstDifference(actual, expected);
  if (at === -1) return;
  const unit = bytesEach === 1 ? "byte" : "block";
  const place = `${unit} ${Math.floor(at / bytesEach)}`;
  throw new Broken(`${what}: ${place} is ${actual[at]}, expected ${expected[at]}`);
}

/** What a call throws; `undefined` if it does not. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
  return undefined;
}

/** What a promise is rejected with; `undefined` if it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error ?? new Error("rejected with nothing");
  }
  return undefined;
}

/** Misuse: `TypeError` or `RangeError`, by name, so that errors of another realm count too. */
export function isMisuse(error: unknown): error is Error {
  return error instanceof Error && (error.name === "RangeError" || error.name === "TypeError");
}

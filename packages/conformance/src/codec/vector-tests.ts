import { fromHex } from "@blockferry/core/bytes";
import { broken, check, checkBytes, checkSame, shown } from "../check.ts";
import { type CodecSuiteOptions, type CodecVector, coderOf } from "./codec-suite-options.ts";

const isPlain = (one: unknown): one is Record<string, unknown> =>
  typeof one === "object" && one !== null && Object.getPrototypeOf(one) === Object.prototype;

/** A value has at least the members that are expected, at every depth. */
function checkHas(actual: unknown, expected: unknown, what: string): void {
  if (Array.isArray(expected) && Array.isArray(actual) && actual.length === expected.length) {
    expected.forEach((one, at) => {
      checkHas(actual[at], one, `${what}[${at}]`);
    });
  } else if (isPlain(expected) && isPlain(actual)) {
    for (const [name, one] of Object.entries(expected)) {
      checkHas(actual[name], one, `${what}.${name}`);
    }
  } else checkSame(actual, expected, what);
}

function checkValue(vector: CodecVector, bytes: Uint8Array, value: object): void {
  const coder = coderOf(vector.codec);
  const what = `${vector.title} (${vector.source})`;
  const decoded = coder.decode(bytes, { exact: true });
  check(decoded.ok, `${what} is refused: ${shown(decoded)}`);
  for (const [name, expected] of Object.entries(value)) {
    checkHas((decoded.value as Record<string, unknown>)[name], expected, `${what}: ${name}`);
  }
  if (!("encode" in coder)) return;
  checkBytes(coder.encode(decoded.value), bytes, `${what}, decoded and encoded again`);
  checkBytes(coder.encode(value), bytes, `${what}, encoded`);
}

function checkRefusal(vector: CodecVector, bytes: Uint8Array, field: string): void {
  const what = `${vector.title} (${vector.source})`;
  const decoded = coderOf(vector.codec).decode(bytes, { exact: true });
  check(!decoded.ok && decoded.violated !== undefined, `${what} is not refused: ${shown(decoded)}`);
  checkSame(decoded.field, field, `${what}: the field that it is refused for`);
}

/** Too few bytes, and too many where all must be taken. */
function checkCut(vector: CodecVector, bytes: Uint8Array): void {
  const coder = coderOf(vector.codec);
  const what = `${vector.title} (${vector.source})`;
  const shorter = coder.decode(bytes.subarray(0, bytes.length - 1), { exact: true });
  check(!shorter.ok, `${what} is accepted without its last byte`);
  const longer = coder.decode(Uint8Array.of(...bytes, 0), { exact: true });
  check(!longer.ok, `${what} is accepted with a byte too many`);
}

/** Bytes that others wrote, both ways. */
export function vectorTests({ it, vectors = [] }: CodecSuiteOptions): void {
  for (const vector of vectors) {
    it(`${vector.title} (${vector.source})`, () => {
      const bytes = fromHex(vector.hex);
      const { value, violates } = vector;
      if (value !== undefined) {
        checkValue(vector, bytes, value);
        checkCut(vector, bytes);
      } else if (violates !== undefined) checkRefusal(vector, bytes, violates);
      else broken("a vector has a value, or the field that it violates");
    });
  }
}

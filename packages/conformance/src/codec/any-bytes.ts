import type { Decoded } from "@blockferry/core/bytes";
import { check, checkSame, isSame, shown, thrownBy } from "../check.ts";
import type { RandomSource } from "../random-source.ts";
import type { Coder, Decoder } from "./codec-suite-options.ts";

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 96), (byte) => byte.toString(16).padStart(2, "0")).join("") +
  (bytes.length > 96 ? "…" : "");

/** An answer of a decoder is one of three things, and says what it must say. */
function checkAnswer(name: string, decoded: Decoded<unknown>): void {
  if (decoded.ok) return;
  if (decoded.need !== undefined) {
    const isCount = Number.isSafeInteger(decoded.need) && decoded.need > 0;
    check(isCount, `${name}: asks for ${decoded.need} further bytes`);
    return;
  }
  check(
    typeof decoded.violated === "string" && decoded.violated.length > 0,
    `${name}: refuses without a rule: ${shown(decoded)}`,
  );
  check(typeof decoded.field === "string", `${name}: refuses without a field: ${shown(decoded)}`);
}

/** Decodes bytes whatever they are: an answer, nothing thrown, the bytes untouched and not kept. */
export function checkAnyBytes(name: string, decoder: Decoder | Coder, bytes: Uint8Array): void {
  const what = `${name} of ${hexOf(bytes)}`;
  const given = bytes.slice();
  for (const options of [undefined, { exact: true }, { lenient: true }]) {
    let decoded: Decoded<unknown> | undefined;
    const error = thrownBy(() => {
      decoded = decoder.decode(given, options);
    });
    check(error === undefined && decoded !== undefined, `${what}: decode threw ${shown(error)}`);
    checkAnswer(what, decoded);
    checkSame(given, bytes, `${what}: the bytes after decode`);
    if (!decoded.ok) continue;
    const before = structuredClone(decoded.value);
    given.fill(0x5a);
    check(isSame(decoded.value, before), `${what}: the value changes with the bytes it came from`);
    given.set(bytes);
  }
  if (decoder.annotate === undefined) return;
  const error = thrownBy(() => decoder.annotate?.(given));
  check(error === undefined, `${what}: annotate threw ${shown(error)}`);
  checkSame(given, bytes, `${what}: the bytes after annotate`);
}

/** What a codec accepts it can write again, to the same meaning. */
export function checkWrittenAgain(name: string, codec: Decoder | Coder, bytes: Uint8Array): void {
  if (!("encode" in codec)) return;
  const decoded = codec.decode(bytes, { exact: true });
  if (!decoded.ok) return;
  const what = `${name} of ${hexOf(bytes)}`;
  let again: Uint8Array | undefined;
  const error = thrownBy(() => {
    again = codec.encode(decoded.value);
  });
  check(again !== undefined, `${what}: what it accepts it cannot write: ${shown(error)}`);
  const second = codec.decode(again, { exact: true });
  check(second.ok, `${what}: written again it is refused: ${shown(second)}`);
  checkSame(second.value, decoded.value, `${what}: written and decoded again`);
}

/** Random bytes, or bytes like those given with a few changed, cut off or added. */
export function someBytes(random: RandomSource, like: readonly Uint8Array[]): Uint8Array {
  if (like.length === 0 || random.below(3) === 0) {
    return random.bytes(random.pick([0, 1, 4, 16, random.below(64), random.below(600)]));
  }
  const model = random.pick(like);
  const length = random.pick([model.length, model.length, random.below(model.length + 9)]);
  const bytes = new Uint8Array(length);
  bytes.set(model.subarray(0, length));
  for (let count = random.below(4); count > 0 && length > 0; count -= 1) {
    bytes[random.below(length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  return bytes;
}

import type { AnyStructure } from "@blockferry/core/bytes";
import { uint16 } from "../big-endian.ts";
import type { Codec } from "../codec.ts";
import { decodeLocated, type Located } from "../located.ts";

const HEADER_BYTES = 4;

type Fields = Record<string, unknown>;

/**
 * A VPD page that standards made longer over time: it is encoded in full, and what an older
 * device leaves out decodes as zero, which means "not reported" in all these pages.
 */
export function growingPage<V extends object, I extends object>(table: AnyStructure): Codec<V, I> {
  const { name, source, size } = table;
  return {
    name,
    source,
    sizeOf: () => size,
    encode(value, target, offset) {
      if ("pageLength" in value) throw new TypeError(`${name}: pageLength cannot be given`);
      return table.encode({ ...value, pageLength: size - HEADER_BYTES }, target, offset);
    },
    decode(bytes, options): Located<V> {
      const lenient = options?.lenient === true;
      if (bytes.length < HEADER_BYTES) return { ok: false, need: HEADER_BYTES - bytes.length };
      const end = HEADER_BYTES + uint16(bytes, 2);
      if (bytes.length < end && !lenient) return { ok: false, need: end - bytes.length };
      if (options?.exact === true && bytes.length !== end) {
        const rule = `${name}: must be ${end} bytes long, not ${bytes.length}`;
        return { ok: false, violated: rule, field: "", byte: end };
      }
      const whole = new Uint8Array(size);
      whole.set(bytes.subarray(0, Math.min(end, size)));
      const decoded = decodeLocated(table, whole, { lenient });
      if (!decoded.ok) return decoded as Located<V>;
      const { pageLength: _, ...value } = decoded.value as Fields;
      return { ok: true, value: value as V };
    },
    annotate(bytes) {
      const annotations = table.annotate(bytes);
      if (bytes.length < HEADER_BYTES) return annotations;
      const end = HEADER_BYTES + uint16(bytes, 2);
      return annotations.filter((one) => one.byte < end);
    },
  };
}

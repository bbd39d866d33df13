import type { DecodeOptions } from "@blockferry/core/bytes";
import {
  decodeLocated,
  fieldPlace,
  type Located,
  type LocatedViolation,
  shift,
  violated,
} from "./located.ts";
import {
  codecOf,
  type Extent,
  extentOf,
  type Fields,
  keptFields,
  type VariableLayout,
} from "./variable-layout.ts";

const LENIENT: DecodeOptions = { lenient: true };
const STRICT: DecodeOptions = { lenient: false };

/** What the lengths of the header say that cannot be, or that the bytes given do not keep. */
function wrongLength(
  layout: VariableLayout,
  head: Fields,
  extent: Extent,
  given: number,
  options?: DecodeOptions,
): Located<never> | undefined {
  const { end, broken } = extent;
  const { name } = layout;
  const lenient = options?.lenient === true;
  if (broken !== undefined && !lenient) {
    const rule = `${broken} (${head[broken]}) contradicts the other lengths of the ${name}`;
    const place = fieldPlace(layout.header, broken);
    return { ok: false, violated: `${name}: ${rule}`, field: broken, ...place };
  }
  if (given < end && !lenient) return { ok: false, need: end - given };
  if (options?.exact === true && given !== end) {
    const rule = `${name}: must be ${end} bytes long, not ${given}`;
    return { ok: false, violated: rule, field: "", byte: end };
  }
  return undefined;
}

/** Padding that is not zero. */
function brokenPadding(
  name: string,
  bytes: Uint8Array,
  from: number,
  to: number,
): LocatedViolation | undefined {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== 0) return violated(name, "padding", at, "must be zero");
  }
  return undefined;
}

/** Makes the decoder of a header and its parts. */
export function variableDecoder(
  layout: VariableLayout,
): (bytes: Uint8Array, options?: DecodeOptions) => Located<Fields> {
  const { name, header } = layout;
  const kept = keptFields(layout);
  return (bytes, options) => {
    const lenient = options?.lenient === true;
    const partOptions = lenient ? LENIENT : STRICT;
    const head = decodeLocated(header, bytes, partOptions);
    if (!head.ok) return head;
    const fields = head.value as Fields;
    const extent = extentOf(layout, fields, bytes.length);
    const wrong = wrongLength(layout, fields, extent, bytes.length, options);
    if (wrong !== undefined) return wrong;
    const value: Fields = {};
    for (const field of kept) value[field] = fields[field];
    let at = header.size;
    for (const { part, from, to } of extent.spans) {
      const decoded = codecOf(part, fields).decode(bytes.subarray(from, to), partOptions);
      if (!decoded.ok) return shift(decoded, from, part.name);
      value[part.name] = decoded.value;
      at = to;
    }
    const padding = lenient ? undefined : brokenPadding(name, bytes, at, extent.end);
    return padding ?? { ok: true, value };
  };
}

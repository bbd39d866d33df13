import { type Annotation, type Structure, structure, toHex } from "@blockferry/core/bytes";
import { type Codec, rawBytes } from "../codec.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import { decodeLun, LUN_BYTES } from "../scsi-command-record.ts";
import { variable } from "../variable.ts";

const layout = {
  name: "REPORT LUNS parameter data",
  bytes: 8,
  endian: "big",
  source: "SPC-4, REPORT LUNS command",
  fields: [
    { name: "lunListLength", at: "bytes 0..3", kind: "uint", meaning: "LUN LIST LENGTH" },
    { at: "bytes 4..7", kind: "reserved" },
  ],
} as const;

/** The first 8 bytes of the response to REPORT LUNS. */
export const reportLunsHeader: Structure<typeof layout> = structure(layout);

const raw = rawBytes("lun", layout.source, "LUN");

function annotate(bytes: Uint8Array): Annotation[] {
  const number = bytes.length < LUN_BYTES ? -1 : decodeLun(bytes);
  const value = number === -1 ? {} : { value: number };
  const hex = toHex(bytes);
  return [{ field: "lun", at: "bytes 0..7", byte: 0, hex, ...value, meaning: "LUN" }];
}

const lun: DescriptorKind<Uint8Array> = {
  ...raw,
  encode(value, target, offset) {
    if (value.length !== LUN_BYTES) {
      throw new RangeError(`REPORT LUNS: a LUN has ${LUN_BYTES} bytes, not ${value.length}`);
    }
    return raw.encode(value, target, offset);
  },
  annotate,
  measuredBytes: 0,
  measure: () => LUN_BYTES,
};

/** The response to REPORT LUNS: 8 bytes each, see `encodeLun` and `decodeLun`. */
export interface ReportLuns {
  readonly luns: readonly Uint8Array[];
}

/** The response to REPORT LUNS. */
export const reportLunsData: Codec<ReportLuns> = variable({
  name: layout.name,
  source: layout.source,
  header: reportLunsHeader,
  total: { field: "lunListLength", less: 8 },
  parts: [{ name: "luns", codec: descriptorList("LUN list", lun) }],
});

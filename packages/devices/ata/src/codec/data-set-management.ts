import { type Decoded, type Infer, type Structure, structure } from "@blockferry/core/bytes";

/** Range lists of ATA travel in blocks of this many bytes, whatever the logical sector size. */
export const LIST_PAGE_BYTES = 512;

const rangeLayout = {
  name: "LBA Range Entry",
  bytes: 8,
  endian: "little",
  source: "ACS-4, 7.5.3 (DATA SET MANAGEMENT)",
  fields: [
    { name: "lba", at: "bytes 05:00", kind: "uint", meaning: "first LBA" },
    { name: "blocks", at: "bytes 07:06", kind: "uint", meaning: "range length; 0: no range" },
  ],
} as const;

/** One range of DATA SET MANAGEMENT (06h). */
export const dsmRange: Structure<typeof rangeLayout> = structure(rangeLayout);
export type DsmRange = Infer<typeof dsmRange>;

const rangeXlLayout = {
  name: "LBA Range Entry XL",
  bytes: 16,
  endian: "little",
  source: "ACS-5, DATA SET MANAGEMENT XL",
  fields: [
    { name: "lba", at: "bytes 05:00", kind: "uint", meaning: "first LBA" },
    { at: "bytes 07:06", kind: "reserved" },
    { name: "blocks", at: "bytes 15:08", kind: "uint", meaning: "range length; 0: no range" },
  ],
} as const;

/** One range of DATA SET MANAGEMENT XL (07h). */
export const dsmXlRange: Structure<typeof rangeXlLayout> = structure(rangeXlLayout);
export type DsmXlRange = Infer<typeof dsmXlRange>;

export type DsmForm = "dsm" | "dsm-xl";

const entryOf = (form: DsmForm): Structure<typeof rangeLayout> =>
  form === "dsm" ? dsmRange : (dsmXlRange as unknown as Structure<typeof rangeLayout>);

/**
 * The list of ranges that goes with a command, padded with zeroes to whole blocks of 512 bytes.
 * @throws RangeError naming the field of a range that the form cannot hold.
 */
export function encodeDsmRanges(form: DsmForm, ranges: readonly DsmRange[]): Uint8Array {
  const entry = entryOf(form);
  const pages = Math.max(1, Math.ceil((ranges.length * entry.size) / LIST_PAGE_BYTES));
  const bytes = new Uint8Array(pages * LIST_PAGE_BYTES);
  ranges.forEach((range, index) => {
    entry.encode(range, bytes, index * entry.size);
  });
  return bytes;
}

/** The ranges of a list, without those of length 0, which mean nothing. Never throws. */
export function decodeDsmRanges(form: DsmForm, bytes: Uint8Array): Decoded<DsmRange[]> {
  const entry = entryOf(form);
  const ranges: DsmRange[] = [];
  for (let at = 0; at < bytes.length; at += entry.size) {
    const decoded = entry.decode(bytes, at, { lenient: true });
    if (!decoded.ok) {
      if (decoded.violated === undefined) return decoded;
      const index = at / entry.size;
      return { ok: false, violated: `[${index}] ${decoded.violated}`, field: `[${index}]` };
    }
    if (decoded.value.blocks !== 0) {
      ranges.push({ lba: decoded.value.lba, blocks: decoded.value.blocks });
    }
  }
  return { ok: true, value: ranges };
}

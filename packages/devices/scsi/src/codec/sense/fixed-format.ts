import type { DecodeOptions } from "@blockferry/core/bytes";
import { decodeLocated, type Located, shift } from "../located.ts";
import { copySense, fixedSense } from "./fixed-sense.ts";
import { decodeSenseKeySpecific, encodeSenseKeySpecific } from "./sense-key-specific.ts";
import { SENSE_KEY_COPY_ABORTED } from "./sense-keys.ts";
import type { ForwardedSense, SenseData, SenseDataInput } from "./sense-value.ts";

const AREA_AT = 18;
const INFORMATION_MAX = 0xffff_ffff;
const CSI_AT = 8;
const SKS_AT = 15;

type OffsetField = "sourceSenseOffset" | "destinationSenseOffset";

const offsetFields: readonly [OffsetField, ForwardedSense["source"]][] = [
  ["sourceSenseOffset", "copy source"],
  ["destinationSenseOffset", "copy destination"],
];

interface Areas {
  readonly offsets: Partial<Record<OffsetField, number>>;
  readonly end: number;
}

/** Where each forwarded status and sense data goes, after the first 18 bytes. */
function areasOf(forwarded: readonly ForwardedSense[]): Areas {
  const offsets: Partial<Record<OffsetField, number>> = {};
  let at = AREA_AT;
  for (const one of forwarded) {
    const found = offsetFields.find(([, source]) => source === one.source);
    if (found === undefined || offsets[found[0]] !== undefined) {
      throw new RangeError("fixed format sense data forwards one copy source and one destination");
    }
    if (one.truncated === true) {
      throw new RangeError("fixed format sense data cannot say that what it forwards is cut off");
    }
    offsets[found[0]] = at;
    at += 1 + one.senseData.length;
  }
  return { offsets, end: at };
}

function informationOf(value: SenseDataInput): { valid?: true; information?: number } {
  const { information } = value;
  if (information === undefined || information > INFORMATION_MAX) return {};
  return { valid: true, information: Number(information) };
}

/** Refuses what the format, or the sense key, has no place for. */
function checkPlaces(value: SenseDataInput): void {
  const ofCopy = value.senseKey === SENSE_KEY_COPY_ABORTED;
  if (!ofCopy && (value.copySegment !== undefined || value.forwarded !== undefined)) {
    throw new RangeError("only sense key COPY ABORTED takes a segment and forwarded sense data");
  }
  if (ofCopy && value.commandSpecificInformation !== undefined) {
    throw new RangeError("the command-specific information of COPY ABORTED is its copySegment");
  }
  if (value.descriptors !== undefined && value.descriptors.length > 0) {
    throw new RangeError("fixed format sense data has no descriptors");
  }
}

/** Encodes fixed format sense data: 18 bytes, and what a copy manager forwards. */
export function encodeFixedSense(value: SenseDataInput): Uint8Array {
  checkPlaces(value);
  const { senseKey, forwarded = [], copySegment } = value;
  const { offsets, end } = areasOf(forwarded);
  const bytes = new Uint8Array(end);
  fixedSense.encode(
    {
      ...informationOf(value),
      responseCode: value.deferred === true ? 0x71 : 0x70,
      filemark: value.filemark === true,
      eom: value.eom === true,
      ili: value.ili === true,
      sdatOvfl: value.overflow === true,
      senseKey,
      additionalSenseLength: Math.min(end - CSI_AT, 0xff),
      commandSpecificInformation: value.commandSpecificInformation ?? 0,
      asc: value.asc ?? 0,
      ascq: value.ascq ?? 0,
      fieldReplaceableUnitCode: value.fieldReplaceableUnitCode ?? 0,
    },
    bytes,
  );
  if (value.senseKeySpecific !== undefined) {
    encodeSenseKeySpecific(senseKey, value.senseKeySpecific, bytes, SKS_AT);
  }
  if (end > 0xff) return bytes;
  copySense.patch(
    bytes,
    { ...offsets, ...(copySegment === undefined ? {} : { segment: copySegment }) },
    CSI_AT,
  );
  let at = AREA_AT;
  for (const one of forwarded) {
    bytes[at] = one.status;
    bytes.set(one.senseData, at + 1);
    at += 1 + one.senseData.length;
  }
  return bytes;
}

/** The areas that the command-specific information of COPY ABORTED points at. */
function copyPart(bytes: Uint8Array, end: number): Pick<SenseData, "copySegment" | "forwarded"> {
  const decoded = copySense.decode(bytes, CSI_AT);
  if (!decoded.ok) return {};
  const { value } = decoded;
  const starts = offsetFields
    .map(([field, source]) => ({ at: value[field], source }))
    .filter(({ at }) => at >= AREA_AT && at < end)
    .sort((a, b) => a.at - b.at);
  const forwarded = starts.map(({ at, source }, index): ForwardedSense => {
    const next = starts[index + 1]?.at ?? end;
    return { source, status: bytes[at], senseData: bytes.slice(Math.min(at + 1, next), next) };
  });
  return { copySegment: value.segment, ...(forwarded.length === 0 ? {} : { forwarded }) };
}

/** Decodes fixed format sense data; what was cut off counts as zero. */
export function decodeFixedSense(given: Uint8Array, options?: DecodeOptions): Located<SenseData> {
  if (given.length < CSI_AT) return { ok: false, need: CSI_AT - given.length };
  const end = Math.min(CSI_AT + given[7], given.length);
  const bytes = new Uint8Array(Math.max(end, AREA_AT));
  bytes.set(given.subarray(0, end));
  const lenient = options?.lenient === true;
  const decoded = fixedSense.decode(bytes, 0, { lenient });
  if (!decoded.ok) return decodeLocated(fixedSense, bytes) as Located<SenseData>;
  const { value } = decoded;
  const { senseKey } = value;
  const specific = shift(
    decodeSenseKeySpecific(senseKey, value.senseKeySpecific, { lenient }),
    SKS_AT,
    "senseKeySpecific",
  );
  if (!specific.ok) return specific;
  const ofCopy = senseKey === SENSE_KEY_COPY_ABORTED;
  const csi = ofCopy ? 0 : value.commandSpecificInformation;
  const unit = value.fieldReplaceableUnitCode;
  return {
    ok: true,
    value: {
      format: "fixed",
      deferred: value.responseCode === 0x71,
      senseKey,
      asc: value.asc,
      ascq: value.ascq,
      ...(value.valid ? { information: BigInt(value.information) } : {}),
      ...(csi === 0 ? {} : { commandSpecificInformation: BigInt(csi) }),
      ...(ofCopy ? copyPart(bytes, end) : {}),
      ...(specific.value === undefined ? {} : { senseKeySpecific: specific.value }),
      ...(unit === 0 ? {} : { fieldReplaceableUnitCode: unit }),
      ...(value.filemark ? { filemark: true } : {}),
      ...(value.eom ? { eom: true } : {}),
      ...(value.ili ? { ili: true } : {}),
      ...(value.sdatOvfl ? { overflow: true } : {}),
    },
  };
}

import type { DecodeOptions } from "@blockferry/core/bytes";
import type { AnyCodec } from "../codec.ts";
import { decodeLocated, type Located, shift, violated } from "../located.ts";
import {
  blockDescriptor,
  commandSpecificDescriptor,
  descriptorSense,
  type ForwardedDescriptor,
  forwardedDescriptor,
  informationDescriptor,
  keySpecificDescriptor,
  otherDescriptor,
  replaceableUnitDescriptor,
  senseDescriptorStructures,
  streamDescriptor,
} from "./descriptor-sense.ts";
import {
  decodeSenseKeySpecific,
  encodeSenseKeySpecific,
  type SenseKeySpecific,
} from "./sense-key-specific.ts";
import { SENSE_KEY_COPY_ABORTED } from "./sense-keys.ts";
import type { ForwardedSense, SenseData, SenseDataInput } from "./sense-value.ts";

const HEADER_BYTES = 8;
const ADDITIONAL_MAX = 244;
/** The segment number stands in the third and fourth of eight bytes (SPC-4 5.17.7.4). */
const SEGMENT_WEIGHT = 2n ** 32n;
const sources = ["unknown", "copy source", "copy destination"] as const;

function specificBytes(senseKey: number, specific: SenseKeySpecific): Uint8Array {
  const raw = new Uint8Array(3);
  encodeSenseKeySpecific(senseKey, specific, raw, 0);
  return keySpecificDescriptor.encode({ senseKeySpecific: raw });
}

function commandSpecificOf(value: SenseDataInput): number | bigint | undefined {
  const { senseKey, copySegment, commandSpecificInformation } = value;
  const ofCopy = senseKey === SENSE_KEY_COPY_ABORTED;
  if (ofCopy && commandSpecificInformation !== undefined) {
    throw new RangeError("the command-specific information of COPY ABORTED is its copySegment");
  }
  if (!ofCopy && copySegment !== undefined) {
    throw new RangeError("only sense key COPY ABORTED takes a segment");
  }
  if (copySegment === undefined) return commandSpecificInformation;
  if (!Number.isInteger(copySegment) || copySegment < 0 || copySegment > 0xffff) {
    throw new RangeError(`copySegment must be from 0 to 65535, not ${copySegment}`);
  }
  return BigInt(copySegment) * SEGMENT_WEIGHT;
}

/** A stream device's bits have a descriptor of their own, ILI alone that of block devices. */
function bitDescriptors(value: SenseDataInput): Uint8Array[] {
  const { filemark = false, eom = false, ili = false } = value;
  if (filemark || eom) return [streamDescriptor.encode({ filemark, eom, ili })];
  return ili ? [blockDescriptor.encode({ ili })] : [];
}

const forwardedBytes = (one: ForwardedSense): Uint8Array =>
  forwardedDescriptor.encode({
    type: 0x0c,
    fsdt: one.truncated === true,
    source: sources.indexOf(one.source),
    status: one.status,
    senseData: one.senseData,
  });

function descriptorsOf(value: SenseDataInput): Uint8Array[] {
  const { information, senseKeySpecific, fieldReplaceableUnitCode: code } = value;
  const csi = commandSpecificOf(value);
  const some = <T>(given: T | undefined, encode: (one: T) => Uint8Array): Uint8Array[] =>
    given === undefined ? [] : [encode(given)];
  return [
    ...some(information, (one) => informationDescriptor.encode({ valid: true, information: one })),
    ...some(csi, (one) => commandSpecificDescriptor.encode({ information: one })),
    ...some(senseKeySpecific, (one) => specificBytes(value.senseKey, one)),
    ...some(code, (one) => replaceableUnitDescriptor.encode({ code: one })),
    ...bitDescriptors(value),
    ...(value.forwarded ?? []).map(forwardedBytes),
    ...(value.descriptors ?? []).map((one) => otherDescriptor.encode(one)),
  ];
}

/** Encodes descriptor format sense data. */
export function encodeDescriptorSense(value: SenseDataInput): Uint8Array {
  const descriptors = descriptorsOf(value);
  const additional = descriptors.reduce((sum, one) => sum + one.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + additional);
  descriptorSense.encode(
    {
      responseCode: value.deferred === true ? 0x73 : 0x72,
      senseKey: value.senseKey,
      asc: value.asc ?? 0,
      ascq: value.ascq ?? 0,
      sdatOvfl: value.overflow === true,
      additionalSenseLength: Math.min(additional, ADDITIONAL_MAX),
    },
    bytes,
  );
  let at = HEADER_BYTES;
  for (const one of descriptors) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

type Mutable = { -readonly [Field in keyof SenseData]: SenseData[Field] };
type Fields = Record<string, unknown>;

function addForwarded(sense: Mutable, one: ForwardedDescriptor): void {
  const forwarded: ForwardedSense = {
    source: sources[one.source] ?? "unknown",
    status: one.status,
    senseData: one.senseData,
    ...(one.fsdt ? { truncated: true } : {}),
  };
  sense.forwarded = [...(sense.forwarded ?? []), forwarded];
}

function addCommandSpecific(sense: Mutable, information: bigint): void {
  if (sense.senseKey === SENSE_KEY_COPY_ABORTED) {
    sense.copySegment = Number((information / SEGMENT_WEIGHT) % 65536n);
  } else {
    sense.commandSpecificInformation = information;
  }
}

const done = { ok: true, value: true } as const;

/** Puts the fields of one descriptor of fixed length where they belong. */
function addKnown(sense: Mutable, value: Fields, options: DecodeOptions): Located<true> {
  switch (value.type) {
    case 0x00:
      if (value.valid === true) sense.information = value.information as bigint;
      break;
    case 0x01:
      addCommandSpecific(sense, value.information as bigint);
      break;
    case 0x02: {
      const raw = value.senseKeySpecific as Uint8Array;
      const specific = decodeSenseKeySpecific(sense.senseKey, raw, options);
      if (!specific.ok) return shift(specific, 4, "senseKeySpecific");
      if (specific.value !== undefined) sense.senseKeySpecific = specific.value;
      break;
    }
    case 0x03:
      sense.fieldReplaceableUnitCode = value.code as number;
      break;
    default:
      if (value.filemark === true) sense.filemark = true;
      if (value.eom === true) sense.eom = true;
      if (value.ili === true) sense.ili = true;
  }
  return done;
}

function addDescriptor(sense: Mutable, bytes: Uint8Array, options: DecodeOptions): Located<true> {
  const table = senseDescriptorStructures[bytes[0]];
  if (table !== undefined) {
    const decoded = decodeLocated(table, bytes, options);
    return decoded.ok ? addKnown(sense, decoded.value as Fields, options) : decoded;
  }
  if (bytes[0] === 0x0c) {
    const decoded = forwardedDescriptor.decode(bytes, options);
    if (decoded.ok) addForwarded(sense, decoded.value);
    return decoded.ok ? done : decoded;
  }
  const decoded = otherDescriptor.decode(bytes, options);
  if (!decoded.ok) return decoded;
  sense.descriptors = [...(sense.descriptors ?? []), decoded.value];
  return done;
}

function addDescriptors(sense: Mutable, given: Uint8Array, lenient: boolean): Located<SenseData> {
  const announced = HEADER_BYTES + given[7];
  const bytes = given.subarray(0, announced);
  for (let at = HEADER_BYTES, index = 0; at + 2 <= bytes.length; index += 1) {
    const size = 2 + bytes[at + 1];
    const path = `[${index}]`;
    if (at + size > announced && !lenient) {
      const rule = "exceeds the sense data";
      return violated("Sense data", `${path}.additionalLength`, at + 1, rule);
    }
    if (at + size > bytes.length) break;
    const added = shift(addDescriptor(sense, bytes.subarray(at, at + size), { lenient }), at, path);
    if (!added.ok) {
      if (added.violated !== undefined) return added;
      if (!lenient) return violated("Sense data", path, at, "is too short for its type");
    }
    at += size;
  }
  return { ok: true, value: sense };
}

/** Decodes descriptor format sense data; a last descriptor that was cut off is left out. */
export function decodeDescriptorSense(
  given: Uint8Array,
  options?: DecodeOptions,
): Located<SenseData> {
  const lenient = options?.lenient === true;
  const head = descriptorSense.decode(given, 0, { lenient });
  if (!head.ok) return decodeLocated(descriptorSense, given) as Located<SenseData>;
  const { responseCode, senseKey, asc, ascq, sdatOvfl } = head.value;
  const deferred = responseCode === 0x73;
  const sense: Mutable = { format: "descriptor", deferred, senseKey, asc, ascq };
  if (sdatOvfl) sense.overflow = true;
  return addDescriptors(sense, given, lenient);
}

/** What explains a descriptor. */
export function senseDescriptorOf(bytes: Uint8Array): Pick<AnyCodec, "annotate"> {
  if (bytes[0] === 0x0c) return forwardedDescriptor;
  const table = senseDescriptorStructures[bytes[0]];
  if (table === undefined || bytes.length < table.size) return otherDescriptor;
  return { annotate: (own) => table.annotate(own) };
}

import { type Structure, structure } from "@blockferry/core/bytes";
import { uint16 } from "../big-endian.ts";
import { type Codec, fixed, rawBytes } from "../codec.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import { peripheral } from "../inquiry/page-header.ts";
import { variable } from "../variable.ts";
import {
  type BlockRodLimits,
  type BlockRodLimitsInput,
  blockRodLimitsDescriptor,
  type GeneralCopyLimits,
  type GeneralCopyLimitsInput,
  generalCopyDescriptor,
  type HeldDataLimits,
  type HeldDataLimitsInput,
  heldDataDescriptor,
  type ParameterDataLimits,
  type ParameterDataLimitsInput,
  parameterDataDescriptor,
  type StreamCopyLimits,
  type StreamCopyLimitsInput,
  streamCopyDescriptor,
} from "./limit-descriptors.ts";
import {
  type RodTokenFeatures,
  type RodTokenFeaturesInput,
  rodTokenFeaturesDescriptor,
  type SupportedRodTypes,
  type SupportedRodTypesInput,
  supportedRodTypesDescriptor,
} from "./rod-descriptors.ts";
import {
  type SupportedCommands,
  type SupportedCscdIds,
  type SupportedDescriptors,
  supportedCommandsDescriptor,
  supportedCscdIdsDescriptor,
  supportedDescriptorsDescriptor,
} from "./support-descriptors.ts";

const page = {
  name: "Third-party Copy VPD page",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8.17.1, table 643",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0x8f, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

const other = {
  name: "Third-party copy descriptor",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8.17.2, table 644",
  fields: [
    { name: "code", at: "bytes 0..1", kind: "uint", meaning: "THIRD-PARTY COPY DESCRIPTOR TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
  ],
} as const;

/** The first four bytes of the page. */
export const thirdPartyCopyHeader: Structure<typeof page> = structure(page);
const otherHeader: Structure<typeof other> = structure(other);

/** A descriptor of a type that SPC-4 and SBC-3 do not define. */
export interface OtherThirdPartyDescriptor {
  readonly type: "other";
  readonly code: number;
  /** Bytes from byte 4 on. */
  readonly parameters: Uint8Array;
}

/** One descriptor of the Third-party Copy VPD page, told apart by `type`. */
export type ThirdPartyDescriptor =
  | BlockRodLimits
  | SupportedCommands
  | ParameterDataLimits
  | SupportedDescriptors
  | SupportedCscdIds
  | RodTokenFeatures
  | SupportedRodTypes
  | GeneralCopyLimits
  | StreamCopyLimits
  | HeldDataLimits
  | OtherThirdPartyDescriptor;

/** A descriptor to encode: what is left out is zero or empty. */
export type ThirdPartyDescriptorInput =
  | BlockRodLimitsInput
  | SupportedCommands
  | ParameterDataLimitsInput
  | SupportedDescriptors
  | SupportedCscdIds
  | RodTokenFeaturesInput
  | SupportedRodTypesInput
  | GeneralCopyLimitsInput
  | StreamCopyLimitsInput
  | HeldDataLimitsInput
  | OtherThirdPartyDescriptor;

// biome-ignore lint/suspicious/noExplicitAny: codecs of different values stand in one table.
type AnyDescriptorCodec = Codec<any, any>;

const codecs: Readonly<Record<number, AnyDescriptorCodec>> = {
  0: fixed(blockRodLimitsDescriptor),
  1: supportedCommandsDescriptor,
  4: fixed(parameterDataDescriptor),
  8: supportedDescriptorsDescriptor,
  12: supportedCscdIdsDescriptor,
  262: rodTokenFeaturesDescriptor,
  264: supportedRodTypesDescriptor,
  32769: fixed(generalCopyDescriptor),
  37121: fixed(streamCopyDescriptor),
  49153: fixed(heldDataDescriptor),
};

const otherCodec = variable<Omit<OtherThirdPartyDescriptor, "type">>({
  name: other.name,
  source: other.source,
  header: otherHeader,
  total: { field: "length", less: 4 },
  parts: [{ name: "parameters", codec: rawBytes("parameters", other.source, "Whatever it holds") }],
});

function codecOf(type: number): AnyDescriptorCodec {
  const codec = codecs[type];
  if (codec !== undefined) return codec;
  throw new TypeError(`third-party copy descriptor: type ${type} is none of its types`);
}

/** What an encoder takes of a descriptor that is not taken apart. */
function plain(value: OtherThirdPartyDescriptor): Omit<OtherThirdPartyDescriptor, "type"> {
  const { code, parameters } = value;
  if (codecs[code] === undefined) return { code, parameters };
  const shown = code.toString(16).padStart(4, "0");
  throw new RangeError(`third-party copy descriptor: type ${shown}h has a structure: use it`);
}

/** One descriptor of the Third-party Copy VPD page. */
export const thirdPartyDescriptor: DescriptorKind<ThirdPartyDescriptor, ThirdPartyDescriptorInput> =
  {
    name: "third-party copy descriptor",
    source: "SPC-4 7.8.17.3, table 645",
    measuredBytes: 4,
    measure: (bytes, at) => 4 + uint16(bytes, at + 2),
    sizeOf: (value) =>
      value.type === "other" ? otherCodec.sizeOf(plain(value)) : codecOf(value.type).sizeOf(value),
    encode: (value, target, offset) =>
      value.type === "other"
        ? otherCodec.encode(plain(value), target, offset)
        : codecOf(value.type).encode(value, target, offset),
    decode(bytes, options) {
      if (bytes.length < 4) return { ok: false, need: 4 - bytes.length };
      const known = codecs[uint16(bytes, 0)];
      if (known !== undefined) return known.decode(bytes, options);
      const decoded = otherCodec.decode(bytes, options);
      return decoded.ok ? { ok: true, value: { type: "other", ...decoded.value } } : decoded;
    },
    annotate(bytes) {
      const known = bytes.length < 4 ? undefined : codecs[uint16(bytes, 0)];
      return (known ?? otherCodec).annotate(bytes);
    },
  };

/** VPD page 8Fh. */
export interface ThirdPartyCopyPage {
  readonly peripheralQualifier: number;
  readonly peripheralDeviceType: number;
  readonly pageCode: 0x8f;
  readonly descriptors: readonly ThirdPartyDescriptor[];
}

export interface ThirdPartyCopyPageInput {
  readonly peripheralQualifier?: number;
  readonly peripheralDeviceType?: number;
  readonly pageCode?: 0x8f;
  readonly descriptors?: readonly ThirdPartyDescriptorInput[];
}

/** VPD page 8Fh: what a copy manager supports. Descriptors shall ascend by type. */
export const vpdThirdPartyCopy: Codec<ThirdPartyCopyPage, ThirdPartyCopyPageInput> = variable({
  name: page.name,
  source: page.source,
  header: thirdPartyCopyHeader,
  total: { field: "pageLength", less: 4 },
  parts: [
    {
      name: "descriptors",
      codec: descriptorList("third-party copy descriptors", thirdPartyDescriptor),
    },
  ],
});

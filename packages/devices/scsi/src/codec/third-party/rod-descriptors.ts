import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { type Codec, fixed } from "../codec.ts";
import { descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";

/** Third-party copy descriptors about RODs and ROD tokens. */

const features = {
  name: "ROD Token Features third-party copy descriptor",
  bytes: 48,
  endian: "big",
  source: "SPC-4 7.8.17.8, table 651",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0106, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
    { at: "byte 4[7:4]", kind: "reserved" },
    {
      name: "remoteTokens",
      at: "byte 4[3:0]",
      kind: "enumeration",
      names: {
        0: "tokens of this target device",
        4: "tokens of any target device are used",
        6: "tokens of any target device are used and created",
      },
      meaning: "REMOTE TOKENS",
    },
    { at: "bytes 5..15", kind: "reserved" },
    {
      name: "minimumTokenLifetime",
      at: "bytes 16..19",
      kind: "uint",
      meaning: "MINIMUM TOKEN LIFETIME, seconds",
    },
    {
      name: "maximumTokenLifetime",
      at: "bytes 20..23",
      kind: "uint",
      meaning: "MAXIMUM TOKEN LIFETIME, seconds",
    },
    {
      name: "maximumTokenInactivityTimeout",
      at: "bytes 24..27",
      kind: "uint",
      meaning: "MAXIMUM TOKEN INACTIVITY TIMEOUT, seconds",
    },
    { at: "bytes 28..45", kind: "reserved" },
    {
      name: "listLength",
      at: "bytes 46..47",
      kind: "uint",
      meaning: "ROD DEVICE TYPE SPECIFIC FEATURES DESCRIPTORS LENGTH",
    },
  ],
} as const;

const device = {
  name: "ROD device type specific features descriptor",
  bytes: 48,
  endian: "big",
  source: "SPC-4 7.8.17.8.2 to 7.8.17.8.4, tables 653 to 655",
  fields: [
    { name: "descriptorFormat", at: "byte 0[7:5]", kind: "uint", meaning: "DESCRIPTOR FORMAT, 0" },
    {
      name: "peripheralDeviceType",
      at: "byte 0[4:0]",
      kind: "enumeration",
      names: { 0: "block", 1: "stream", 3: "copy manager" },
      meaning: "PERIPHERAL DEVICE TYPE",
    },
    { at: "byte 1", kind: "reserved" },
    {
      name: "descriptorLength",
      at: "bytes 2..3",
      kind: "constant",
      value: 0x002c,
      meaning: "DESCRIPTOR LENGTH",
    },
    { at: "bytes 4..5", kind: "reserved" },
    {
      name: "optimalLengthGranularity",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "OPTIMAL BLOCK ROD LENGTH GRANULARITY, blocks; block devices only",
    },
    {
      name: "maximumBytesInRod",
      at: "bytes 8..15",
      kind: "wide",
      meaning: "MAXIMUM BYTES IN … ROD; 0 = not reported",
    },
    {
      name: "optimalBytesInRodTransfer",
      at: "bytes 16..23",
      kind: "wide",
      meaning: "OPTIMAL BYTES IN … ROD TRANSFER; 0 = not reported, all ones = no limit",
    },
    {
      name: "optimalBytesToTokenPerSegment",
      at: "bytes 24..31",
      kind: "wide",
      meaning: "OPTIMAL BYTES TO TOKEN PER SEGMENT; block devices only",
    },
    {
      name: "optimalBytesFromTokenPerSegment",
      at: "bytes 32..39",
      kind: "wide",
      meaning: "OPTIMAL BYTES FROM TOKEN PER SEGMENT; block devices only",
    },
    { at: "bytes 40..47", kind: "reserved" },
  ],
} as const;

const types = {
  name: "Supported ROD Types third-party copy descriptor",
  bytes: 8,
  endian: "big",
  source: "SPC-4 7.8.17.9, table 656",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0108, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
    { at: "bytes 4..5", kind: "reserved" },
    {
      name: "listLength",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "ROD TYPE DESCRIPTORS LENGTH",
    },
  ],
} as const;

const rodType = {
  name: "ROD type descriptor",
  bytes: 64,
  endian: "big",
  source: "SPC-4 7.8.17.9.1, table 657",
  fields: [
    {
      name: "rodType",
      at: "bytes 0..3",
      kind: "enumeration",
      names: {
        0: "by ROD token",
        65536: "access upon reference",
        8388608: "point in time copy, default",
        8388609: "point in time copy, change vulnerable",
        8388610: "point in time copy, persistent",
        8388611: "point in time copy, copy on write",
        8454143: "point in time copy, any",
        4294901761: "block device zero",
      },
      meaning: "ROD TYPE",
    },
    {
      name: "ecpyInt",
      at: "byte 4[7]",
      kind: "flag",
      meaning: "ECPY_INT: as an internal ROD of EXTENDED COPY",
    },
    { at: "byte 4[6:2]", kind: "reserved" },
    { name: "tokenIn", at: "byte 4[1]", kind: "flag", meaning: "TOKEN_IN: tokens are accepted" },
    { name: "tokenOut", at: "byte 4[0]", kind: "flag", meaning: "TOKEN_OUT: tokens are created" },
    { at: "byte 5", kind: "reserved" },
    {
      name: "preferenceIndicator",
      at: "bytes 6..7",
      kind: "uint",
      meaning: "PREFERENCE INDICATOR, more is better; all of them add up to 0 or FFFFh",
    },
    { at: "bytes 8..63", kind: "reserved" },
  ],
} as const;

const featuresHeader: Structure<typeof features> = structure(features);
const typesHeader: Structure<typeof types> = structure(types);
/** What a copy manager supports of RODs of one device type. */
export const rodDeviceFeatures: Structure<typeof device> = structure(device);
/** What a copy manager supports of one ROD type. */
export const rodTypeSupport: Structure<typeof rodType> = structure(rodType);

export type RodDeviceFeatures = Infer<typeof rodDeviceFeatures>;
export type RodTypeSupport = Infer<typeof rodTypeSupport>;

/** 0106h: limits of ROD tokens. */
export interface RodTokenFeatures {
  readonly type: 0x0106;
  readonly remoteTokens: number;
  /** Seconds, as the two that follow. */
  readonly minimumTokenLifetime: number;
  readonly maximumTokenLifetime: number;
  readonly maximumTokenInactivityTimeout: number;
  readonly devices: readonly RodDeviceFeatures[];
}

export interface RodTokenFeaturesInput {
  readonly type: 0x0106;
  readonly remoteTokens?: number;
  readonly minimumTokenLifetime?: number;
  readonly maximumTokenLifetime?: number;
  readonly maximumTokenInactivityTimeout?: number;
  readonly devices?: readonly InputOf<typeof device>[];
}

/** 0108h: the ROD types that are supported. */
export interface SupportedRodTypes {
  readonly type: 0x0108;
  readonly rodTypes: readonly RodTypeSupport[];
}

export interface SupportedRodTypesInput {
  readonly type: 0x0108;
  readonly rodTypes?: readonly InputOf<typeof rodType>[];
}

/** 0106h. */
export const rodTokenFeaturesDescriptor: Codec<RodTokenFeatures, RodTokenFeaturesInput> = variable({
  name: features.name,
  source: features.source,
  header: featuresHeader,
  total: { field: "length", less: 4 },
  multipleOf: 4,
  parts: [
    {
      name: "devices",
      codec: descriptorList("ROD features", evenly(fixed(rodDeviceFeatures), 48)),
      length: "listLength",
    },
  ],
});

/** 0108h. */
export const supportedRodTypesDescriptor: Codec<SupportedRodTypes, SupportedRodTypesInput> =
  variable({
    name: types.name,
    source: types.source,
    header: typesHeader,
    total: { field: "length", less: 4 },
    multipleOf: 4,
    parts: [
      {
        name: "rodTypes",
        codec: descriptorList("ROD type descriptors", evenly(fixed(rodTypeSupport), 64)),
        length: "listLength",
      },
    ],
  });

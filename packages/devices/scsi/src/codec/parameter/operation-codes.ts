import {
  type DecodeOptions,
  type Infer,
  type InputOf,
  type Structure,
  structure,
} from "@blockferry/core/bytes";
import { uint16 } from "../big-endian.ts";
import { type Codec, fixed, rawBytes } from "../codec.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import type { Located } from "../located.ts";
import { variable } from "../variable.ts";

const all = {
  name: "REPORT SUPPORTED OPERATION CODES parameter data, all commands",
  bytes: 4,
  endian: "big",
  source: "SPC-4 6.35.2",
  fields: [
    { name: "commandDataLength", at: "bytes 0..3", kind: "uint", meaning: "COMMAND DATA LENGTH" },
  ],
} as const;

const command = {
  name: "Command descriptor",
  bytes: 8,
  endian: "big",
  source: "SPC-4 6.35.2",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "uint", meaning: "OPERATION CODE" },
    { at: "byte 1", kind: "reserved" },
    { name: "serviceAction", at: "bytes 2..3", kind: "uint", meaning: "SERVICE ACTION" },
    { at: "byte 4", kind: "reserved" },
    { at: "byte 5[7:2]", kind: "reserved" },
    { name: "ctdp", at: "byte 5[1]", kind: "flag", meaning: "CTDP: timeouts descriptor follows" },
    {
      name: "servactv",
      at: "byte 5[0]",
      kind: "flag",
      meaning: "SERVACTV: the service action is valid",
    },
    { name: "cdbLength", at: "bytes 6..7", kind: "uint", meaning: "CDB LENGTH" },
  ],
} as const;

const timeouts = {
  name: "Command timeouts descriptor",
  bytes: 12,
  endian: "big",
  source: "SPC-4 6.35.4",
  fields: [
    {
      name: "descriptorLength",
      at: "bytes 0..1",
      kind: "constant",
      value: 0x000a,
      meaning: "DESCRIPTOR LENGTH",
    },
    { at: "byte 2", kind: "reserved" },
    { name: "commandSpecific", at: "byte 3", kind: "uint", meaning: "COMMAND SPECIFIC" },
    {
      name: "nominalTimeout",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "NOMINAL COMMAND PROCESSING TIMEOUT, seconds",
    },
    {
      name: "recommendedTimeout",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "RECOMMENDED COMMAND TIMEOUT, seconds",
    },
  ],
} as const;

const single = {
  name: "REPORT SUPPORTED OPERATION CODES parameter data, one command",
  bytes: 4,
  endian: "big",
  source: "SPC-4 6.35.3",
  fields: [
    { at: "byte 0", kind: "reserved" },
    { name: "ctdp", at: "byte 1[7]", kind: "flag", meaning: "CTDP: timeouts descriptor follows" },
    { at: "byte 1[6:3]", kind: "reserved" },
    {
      name: "support",
      at: "byte 1[2:0]",
      kind: "enumeration",
      names: {
        0: "not known now",
        1: "not supported",
        3: "supported as the standard says",
        5: "supported in a vendor specific way",
      },
      meaning: "SUPPORT",
    },
    { name: "cdbSize", at: "bytes 2..3", kind: "uint", meaning: "CDB SIZE" },
  ],
} as const;

const allHeader: Structure<typeof all> = structure(all);
const commandHeader: Structure<typeof command> = structure(command);
/** How long a command may take. */
export const commandTimeouts: Structure<typeof timeouts> = structure(timeouts);
const singleHeader: Structure<typeof single> = structure(single);

export type CommandTimeouts = Infer<typeof commandTimeouts>;
export type CommandTimeoutsInput = InputOf<typeof timeouts>;

const whole = fixed(commandTimeouts);

/** A timeouts descriptor, or nothing. */
const optionalTimeouts: Codec<
  CommandTimeouts | undefined,
  CommandTimeoutsInput | readonly never[]
> = {
  ...whole,
  sizeOf: (value) => (Array.isArray(value) ? 0 : timeouts.bytes),
  encode(value, target = new Uint8Array(timeouts.bytes), offset = 0) {
    return Array.isArray(value)
      ? target
      : whole.encode(value as CommandTimeoutsInput, target, offset);
  },
  decode: (bytes, options) =>
    bytes.length === 0 ? { ok: true, value: undefined } : whole.decode(bytes, options),
};

/** One command that a device supports. */
export interface SupportedCommand {
  readonly operationCode: number;
  /** 0 unless `servactv`. */
  readonly serviceAction: number;
  readonly ctdp: boolean;
  readonly servactv: boolean;
  readonly cdbLength: number;
  /** Given if `ctdp`. */
  readonly timeouts: CommandTimeouts | undefined;
}

export interface SupportedCommandInput {
  readonly operationCode?: number;
  readonly serviceAction?: number;
  readonly servactv?: boolean;
  readonly cdbLength?: number;
  readonly timeouts?: CommandTimeoutsInput | undefined;
}

const commandCodec = variable<SupportedCommand, SupportedCommandInput & { ctdp?: boolean }>({
  name: command.name,
  source: command.source,
  header: commandHeader,
  parts: [{ name: "timeouts", codec: optionalTimeouts }],
});

const withCtdp = (value: SupportedCommandInput): SupportedCommandInput & { ctdp: boolean } => ({
  ...value,
  ctdp: value.timeouts !== undefined,
});

const CTDP = 2;

const supportedCommand: DescriptorKind<SupportedCommand, SupportedCommandInput> = {
  ...commandCodec,
  sizeOf: (value) => commandCodec.sizeOf(withCtdp(value)),
  encode: (value, target, offset) => commandCodec.encode(withCtdp(value), target, offset),
  measuredBytes: command.bytes,
  measure: (bytes, at) => command.bytes + ((bytes[at + 5] & CTDP) === 0 ? 0 : timeouts.bytes),
};

/** All commands that a device supports. */
export interface SupportedOperationCodes {
  readonly commands: readonly SupportedCommand[];
}

export interface SupportedOperationCodesInput {
  readonly commands?: readonly SupportedCommandInput[];
}

/** The response to REPORT SUPPORTED OPERATION CODES for all commands. */
export const supportedOperationCodes: Codec<SupportedOperationCodes, SupportedOperationCodesInput> =
  variable({
    name: all.name,
    source: all.source,
    header: allHeader,
    total: { field: "commandDataLength", less: 4 },
    parts: [{ name: "commands", codec: descriptorList("command descriptors", supportedCommand) }],
  });

/** Whether and how a device supports one command. */
export interface SupportedOperationCode {
  /** 1 not supported, 3 as the standard says, 5 in a vendor specific way. */
  readonly support: number;
  /** A CDB with the bits set that the device reads; the operation code as it is. */
  readonly cdbUsage: Uint8Array;
  readonly timeouts: CommandTimeouts | undefined;
}

export interface SupportedOperationCodeInput {
  readonly support?: number;
  readonly cdbUsage?: Uint8Array;
  readonly timeouts?: CommandTimeoutsInput | undefined;
}

type OneFields = SupportedOperationCode & { readonly ctdp: boolean };
type OneInput = SupportedOperationCodeInput & { readonly ctdp: boolean };

const one = variable<OneFields, OneInput>({
  name: single.name,
  source: single.source,
  header: singleHeader,
  parts: [
    {
      name: "cdbUsage",
      codec: rawBytes("cdbUsage", single.source, "CDB USAGE DATA"),
      length: "cdbSize",
    },
    { name: "timeouts", codec: optionalTimeouts },
  ],
});

const flagged = (value: SupportedOperationCodeInput): OneInput => ({
  ...value,
  ctdp: value.timeouts !== undefined,
});

/** Bytes of the response by what it says of itself: timeouts follow only if CTDP says so. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < single.bytes) return bytes;
  const rest = singleHeader.read(bytes, "ctdp") ? timeouts.bytes : 0;
  return bytes.subarray(0, single.bytes + uint16(bytes, 2) + rest);
}

function decodeOne(bytes: Uint8Array, options?: DecodeOptions): Located<SupportedOperationCode> {
  const own = ownBytes(bytes);
  if (options?.exact === true && own.length !== bytes.length) {
    const rule = `${single.name}: must be ${own.length} bytes long, not ${bytes.length}`;
    return { ok: false, violated: rule, field: "", byte: own.length };
  }
  const decoded = one.decode(own, options);
  if (!decoded.ok) return decoded;
  const { ctdp, ...value } = decoded.value;
  if (ctdp && value.timeouts === undefined && options?.lenient !== true) {
    return { ok: false, need: timeouts.bytes };
  }
  return { ok: true, value };
}

/** The response to REPORT SUPPORTED OPERATION CODES for one command. */
export const supportedOperationCode: Codec<SupportedOperationCode, SupportedOperationCodeInput> = {
  ...one,
  sizeOf: (value) => one.sizeOf(flagged(value)),
  encode: (value, target, offset) => one.encode(flagged(value), target, offset),
  decode: decodeOne,
  annotate: (bytes) => one.annotate(ownBytes(bytes)),
};

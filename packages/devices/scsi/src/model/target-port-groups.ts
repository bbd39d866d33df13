import { type Structure, structure } from "@blockferry/core/bytes";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import type { Refusal } from "./sense.ts";
import type { Target } from "./target.ts";

const cdbLayout = {
  name: "REPORT TARGET PORT GROUPS",
  bytes: 12,
  endian: "big",
  source: "SPC-4 6.37",
  fields: [
    {
      name: "operationCode",
      at: "byte 0",
      kind: "constant",
      value: 0xa3,
      meaning: "OPERATION CODE",
    },
    {
      name: "parameterDataFormat",
      at: "byte 1[7:5]",
      kind: "uint",
      meaning: "PARAMETER DATA FORMAT: 1 = extended header",
    },
    {
      name: "serviceAction",
      at: "byte 1[4:0]",
      kind: "constant",
      value: 0x0a,
      meaning: "SERVICE ACTION",
    },
    { at: "bytes 2..5", kind: "reserved" },
    { name: "allocationLength", at: "bytes 6..9", kind: "uint", meaning: "ALLOCATION LENGTH" },
    { at: "byte 10", kind: "reserved" },
    { name: "control", at: "byte 11", kind: "uint", meaning: "CONTROL" },
  ],
} as const;

const dataLayout = {
  name: "REPORT TARGET PORT GROUPS parameter data, one group of one port",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.37, tables 281 and 283",
  fields: [
    {
      name: "length",
      at: "bytes 0..3",
      kind: "constant",
      value: 12,
      meaning: "RETURN DATA LENGTH",
    },
    { name: "pref", at: "byte 4[7]", kind: "flag", meaning: "PREF" },
    { at: "byte 4[6:4]", kind: "reserved" },
    { name: "state", at: "byte 4[3:0]", kind: "uint", meaning: "ASYMMETRIC ACCESS STATE" },
    { name: "supported", at: "byte 5", kind: "uint", meaning: "supported states" },
    { name: "group", at: "bytes 6..7", kind: "uint", meaning: "TARGET PORT GROUP" },
    { at: "byte 8", kind: "reserved" },
    { name: "statusCode", at: "byte 9", kind: "uint", meaning: "STATUS CODE" },
    { at: "byte 10", kind: "reserved" },
    { name: "ports", at: "byte 11", kind: "uint", meaning: "TARGET PORT COUNT" },
    { at: "bytes 12..13", kind: "reserved" },
    { name: "port", at: "bytes 14..15", kind: "uint", meaning: "RELATIVE TARGET PORT IDENTIFIER" },
  ],
} as const;

export const reportTargetPortGroupsCdb: Structure<typeof cdbLayout> = structure(cdbLayout);
const portGroups: Structure<typeof dataLayout> = structure(dataLayout);

const allocationLength = fieldReader(reportTargetPortGroupsCdb, "allocationLength");
/** Active/optimized, the one state that is supported. */
const OPTIMIZED = 0;
const SUPPORTS_OPTIMIZED = 1;

/** REPORT TARGET PORT GROUPS: the one port is as good as any. */
export function reportTargetPortGroups(_target: Target, command: Command): Refusal | undefined {
  const data = portGroups.encode({
    state: OPTIMIZED,
    supported: SUPPORTS_OPTIMIZED,
    group: 1,
    ports: 1,
    port: 1,
  });
  respond(command, data, allocationLength(command.cdb));
  return undefined;
}

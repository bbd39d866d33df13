import { type Structure, structure } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { cscdStructures } from "../copy/cscd.ts";
import { segmentTypeNames } from "../copy/segment.ts";
import { type DescriptorKind, descriptorList } from "../descriptor-list.ts";
import { numberList } from "../number-list.ts";
import { variable } from "../variable.ts";

/** Third-party copy descriptors that list what is supported; padded to a multiple of four. */

const commands = {
  name: "Supported Commands third-party copy descriptor",
  bytes: 5,
  endian: "big",
  source: "SPC-4 7.8.17.4, table 646",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0001, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
    { name: "listLength", at: "byte 4", kind: "uint", meaning: "COMMANDS SUPPORTED LIST LENGTH" },
  ],
} as const;

const command = {
  name: "Command support descriptor",
  bytes: 2,
  endian: "big",
  source: "SPC-4 7.8.17.4.2, table 647",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "uint", meaning: "SUPPORTED OPERATION CODE" },
    {
      name: "listLength",
      at: "byte 1",
      kind: "uint",
      meaning: "SUPPORTED SERVICE ACTIONS LIST LENGTH",
    },
  ],
} as const;

const descriptors = {
  name: "Supported Descriptors third-party copy descriptor",
  bytes: 5,
  endian: "big",
  source: "SPC-4 7.8.17.6, table 649",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x0008, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
    { name: "listLength", at: "byte 4", kind: "uint", meaning: "SUPPORTED DESCRIPTOR LIST LENGTH" },
  ],
} as const;

const ids = {
  name: "Supported CSCD IDs third-party copy descriptor",
  bytes: 6,
  endian: "big",
  source: "SPC-4 7.8.17.7, table 650",
  fields: [
    { name: "type", at: "bytes 0..1", kind: "constant", value: 0x000c, meaning: "TYPE" },
    { name: "length", at: "bytes 2..3", kind: "uint", meaning: "LENGTH" },
    {
      name: "listLength",
      at: "bytes 4..5",
      kind: "uint",
      meaning: "SUPPORTED CSCD IDS LIST LENGTH",
    },
  ],
} as const;

const commandsHeader: Structure<typeof commands> = structure(commands);
const commandHeader: Structure<typeof command> = structure(command);
const descriptorsHeader: Structure<typeof descriptors> = structure(descriptors);
const idsHeader: Structure<typeof ids> = structure(ids);

/** An operation code and those of its service actions that are supported. */
export interface CommandSupport {
  readonly operationCode: number;
  readonly serviceActions: readonly number[];
}

/** 0001h: the third-party copy commands that are supported. */
export interface SupportedCommands {
  readonly type: 0x0001;
  readonly commands: readonly CommandSupport[];
}

/** 0008h: the CSCD and segment descriptors that are supported. */
export interface SupportedDescriptors {
  readonly type: 0x0008;
  readonly codes: readonly number[];
}

/** 000Ch: the CSCD descriptor IDs above 07FFh that are supported. */
export interface SupportedCscdIds {
  readonly type: 0x000c;
  readonly ids: readonly number[];
}

const actionNames: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  131: {
    0: "EXTENDED COPY(LID1)",
    1: "EXTENDED COPY(LID4)",
    16: "POPULATE TOKEN",
    17: "WRITE USING TOKEN",
    28: "COPY OPERATION ABORT",
  },
  132: {
    0: "RECEIVE COPY STATUS(LID1)",
    1: "RECEIVE COPY DATA(LID1)",
    3: "RECEIVE COPY OPERATING PARAMETERS",
    4: "RECEIVE COPY FAILURE DETAILS(LID1)",
    5: "RECEIVE COPY STATUS(LID4)",
    6: "RECEIVE COPY DATA(LID4)",
    7: "RECEIVE ROD TOKEN INFORMATION",
    8: "REPORT ALL ROD TOKENS",
  },
};

const actionsOf = (operationCode: number): Codec<number[], readonly number[]> =>
  numberList({
    name: "serviceActions",
    source: command.source,
    bytesEach: 1,
    meaning: "Supported service action",
    labelOf: (action) => actionNames[operationCode]?.[action],
  });

const commandSupport: DescriptorKind<CommandSupport> = {
  ...variable<CommandSupport>({
    name: command.name,
    source: command.source,
    header: commandHeader,
    parts: [
      {
        name: "serviceActions",
        codec: (fields) => actionsOf(fields.operationCode as number),
        length: "listLength",
      },
    ],
  }),
  measuredBytes: 2,
  measure: (bytes, at) => 2 + bytes[at + 1],
};

/** 0001h. */
export const supportedCommandsDescriptor: Codec<SupportedCommands> = variable({
  name: commands.name,
  source: commands.source,
  header: commandsHeader,
  total: { field: "length", less: 4 },
  multipleOf: 4,
  parts: [
    {
      name: "commands",
      codec: descriptorList("command support descriptors", commandSupport),
      length: "listLength",
    },
  ],
});

/** 0008h. */
export const supportedDescriptorsDescriptor: Codec<SupportedDescriptors> = variable({
  name: descriptors.name,
  source: descriptors.source,
  header: descriptorsHeader,
  total: { field: "length", less: 4 },
  multipleOf: 4,
  parts: [
    {
      name: "codes",
      codec: numberList({
        name: "codes",
        source: descriptors.source,
        bytesEach: 1,
        meaning: "DESCRIPTOR TYPE CODE",
        labelOf: (code) => cscdStructures[code]?.name ?? segmentTypeNames[code],
      }),
      length: "listLength",
    },
  ],
});

/** 000Ch. */
export const supportedCscdIdsDescriptor: Codec<SupportedCscdIds> = variable({
  name: ids.name,
  source: ids.source,
  header: idsHeader,
  total: { field: "length", less: 4 },
  multipleOf: 4,
  parts: [
    {
      name: "ids",
      codec: numberList({
        name: "ids",
        source: ids.source,
        bytesEach: 2,
        meaning: "SUPPORTED CSCD ID",
        labelOf: (id) =>
          ({
            49152: "null block device",
            49153: "null stream device",
            63488: "logical unit of the ROD token",
            65535: "this logical unit",
          })[id],
      }),
      length: "listLength",
    },
  ],
});

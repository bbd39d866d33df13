import { type AnyStructure, type Structure, structure } from "@blockferry/core/bytes";
import { compareAndWriteCdb, orwrite16Cdb, writeAtomic16Cdb } from "./atomic-cdb.ts";
import {
  preFetch10Cdb,
  preFetch16Cdb,
  synchronizeCache10Cdb,
  synchronizeCache16Cdb,
} from "./cache-cdb.ts";
import { getLbaStatusCdb, readCapacity10Cdb, readCapacity16Cdb } from "./capacity-cdb.ts";
import {
  copyOperationAbortCdb,
  extendedCopyLid1Cdb,
  extendedCopyLid4Cdb,
  populateTokenCdb,
  writeUsingTokenCdb,
} from "./extended-copy-cdb.ts";
import {
  inquiryCdb,
  preventAllowMediumRemovalCdb,
  reportLunsCdb,
  reportSupportedOperationCodesCdb,
  requestSenseCdb,
  startStopUnitCdb,
  testUnitReadyCdb,
} from "./inquiry-cdb.ts";
import { modeSelect6Cdb, modeSelect10Cdb, modeSense6Cdb, modeSense10Cdb } from "./mode-cdb.ts";
import { read6Cdb, read10Cdb, read12Cdb, read16Cdb } from "./read-cdb.ts";
import {
  receiveCopyDataLid1Cdb,
  receiveCopyDataLid4Cdb,
  receiveCopyFailureDetailsCdb,
  receiveCopyOperatingParametersCdb,
  receiveCopyStatusLid1Cdb,
  receiveCopyStatusLid4Cdb,
  receiveRodTokenInformationCdb,
  reportAllRodTokensCdb,
} from "./receive-copy-cdb.ts";
import {
  persistentReserveInCdb,
  persistentReserveOutCdb,
  release6Cdb,
  reserve6Cdb,
} from "./reservation-cdb.ts";
import {
  verify10Cdb,
  verify12Cdb,
  verify16Cdb,
  writeAndVerify10Cdb,
  writeAndVerify12Cdb,
  writeAndVerify16Cdb,
} from "./verify-cdb.ts";
import { write6Cdb, write10Cdb, write12Cdb, write16Cdb } from "./write-cdb.ts";
import { unmapCdb, writeSame10Cdb, writeSame16Cdb, writeScattered16Cdb } from "./write-same-cdb.ts";

const unknown = {
  name: "Command",
  bytes: 1,
  endian: "big",
  source: "SPC-4 4.2.5.1",
  fields: [{ name: "operationCode", at: "byte 0", kind: "uint", meaning: "OPERATION CODE" }],
} as const;

const withAction = {
  name: "Command with a service action",
  bytes: 2,
  endian: "big",
  source: "SPC-4 4.2.5.2",
  fields: [
    { name: "operationCode", at: "byte 0", kind: "uint", meaning: "OPERATION CODE" },
    { at: "byte 1[7:5]", kind: "opaque", name: "other" },
    { name: "serviceAction", at: "byte 1[4:0]", kind: "uint", meaning: "SERVICE ACTION" },
  ],
} as const;

/** The operation code of any command. */
export const operationCode: Structure<typeof unknown> = structure(unknown);
/** Operation code and service action of those commands that have one in byte 1. */
export const serviceAction: Structure<typeof withAction> = structure(withAction);

/** The CDBs that this package knows, by the name of their command. */
export const cdbs: {
  readonly "test-unit-ready": typeof testUnitReadyCdb;
  readonly "request-sense": typeof requestSenseCdb;
  readonly "read-6": typeof read6Cdb;
  readonly "write-6": typeof write6Cdb;
  readonly inquiry: typeof inquiryCdb;
  readonly "mode-select-6": typeof modeSelect6Cdb;
  readonly "reserve-6": typeof reserve6Cdb;
  readonly "release-6": typeof release6Cdb;
  readonly "mode-sense-6": typeof modeSense6Cdb;
  readonly "start-stop-unit": typeof startStopUnitCdb;
  readonly "prevent-allow-medium-removal": typeof preventAllowMediumRemovalCdb;
  readonly "read-capacity-10": typeof readCapacity10Cdb;
  readonly "read-10": typeof read10Cdb;
  readonly "write-10": typeof write10Cdb;
  readonly "write-and-verify-10": typeof writeAndVerify10Cdb;
  readonly "verify-10": typeof verify10Cdb;
  readonly "pre-fetch-10": typeof preFetch10Cdb;
  readonly "synchronize-cache-10": typeof synchronizeCache10Cdb;
  readonly "write-same-10": typeof writeSame10Cdb;
  readonly unmap: typeof unmapCdb;
  readonly "mode-select-10": typeof modeSelect10Cdb;
  readonly "mode-sense-10": typeof modeSense10Cdb;
  readonly "persistent-reserve-in": typeof persistentReserveInCdb;
  readonly "persistent-reserve-out": typeof persistentReserveOutCdb;
  readonly "extended-copy-lid1": typeof extendedCopyLid1Cdb;
  readonly "extended-copy-lid4": typeof extendedCopyLid4Cdb;
  readonly "populate-token": typeof populateTokenCdb;
  readonly "write-using-token": typeof writeUsingTokenCdb;
  readonly "copy-operation-abort": typeof copyOperationAbortCdb;
  readonly "receive-copy-status-lid1": typeof receiveCopyStatusLid1Cdb;
  readonly "receive-copy-data-lid1": typeof receiveCopyDataLid1Cdb;
  readonly "receive-copy-operating-parameters": typeof receiveCopyOperatingParametersCdb;
  readonly "receive-copy-failure-details": typeof receiveCopyFailureDetailsCdb;
  readonly "receive-copy-status-lid4": typeof receiveCopyStatusLid4Cdb;
  readonly "receive-copy-data-lid4": typeof receiveCopyDataLid4Cdb;
  readonly "receive-rod-token-information": typeof receiveRodTokenInformationCdb;
  readonly "report-all-rod-tokens": typeof reportAllRodTokensCdb;
  readonly "read-16": typeof read16Cdb;
  readonly "compare-and-write": typeof compareAndWriteCdb;
  readonly "write-16": typeof write16Cdb;
  readonly "orwrite-16": typeof orwrite16Cdb;
  readonly "write-and-verify-16": typeof writeAndVerify16Cdb;
  readonly "verify-16": typeof verify16Cdb;
  readonly "pre-fetch-16": typeof preFetch16Cdb;
  readonly "synchronize-cache-16": typeof synchronizeCache16Cdb;
  readonly "write-same-16": typeof writeSame16Cdb;
  readonly "write-atomic-16": typeof writeAtomic16Cdb;
  readonly "read-capacity-16": typeof readCapacity16Cdb;
  readonly "get-lba-status": typeof getLbaStatusCdb;
  readonly "write-scattered-16": typeof writeScattered16Cdb;
  readonly "report-luns": typeof reportLunsCdb;
  readonly "report-supported-operation-codes": typeof reportSupportedOperationCodesCdb;
  readonly "read-12": typeof read12Cdb;
  readonly "write-12": typeof write12Cdb;
  readonly "write-and-verify-12": typeof writeAndVerify12Cdb;
  readonly "verify-12": typeof verify12Cdb;
} = {
  "test-unit-ready": testUnitReadyCdb,
  "request-sense": requestSenseCdb,
  "read-6": read6Cdb,
  "write-6": write6Cdb,
  inquiry: inquiryCdb,
  "mode-select-6": modeSelect6Cdb,
  "reserve-6": reserve6Cdb,
  "release-6": release6Cdb,
  "mode-sense-6": modeSense6Cdb,
  "start-stop-unit": startStopUnitCdb,
  "prevent-allow-medium-removal": preventAllowMediumRemovalCdb,
  "read-capacity-10": readCapacity10Cdb,
  "read-10": read10Cdb,
  "write-10": write10Cdb,
  "write-and-verify-10": writeAndVerify10Cdb,
  "verify-10": verify10Cdb,
  "pre-fetch-10": preFetch10Cdb,
  "synchronize-cache-10": synchronizeCache10Cdb,
  "write-same-10": writeSame10Cdb,
  unmap: unmapCdb,
  "mode-select-10": modeSelect10Cdb,
  "mode-sense-10": modeSense10Cdb,
  "persistent-reserve-in": persistentReserveInCdb,
  "persistent-reserve-out": persistentReserveOutCdb,
  "extended-copy-lid1": extendedCopyLid1Cdb,
  "extended-copy-lid4": extendedCopyLid4Cdb,
  "populate-token": populateTokenCdb,
  "write-using-token": writeUsingTokenCdb,
  "copy-operation-abort": copyOperationAbortCdb,
  "receive-copy-status-lid1": receiveCopyStatusLid1Cdb,
  "receive-copy-data-lid1": receiveCopyDataLid1Cdb,
  "receive-copy-operating-parameters": receiveCopyOperatingParametersCdb,
  "receive-copy-failure-details": receiveCopyFailureDetailsCdb,
  "receive-copy-status-lid4": receiveCopyStatusLid4Cdb,
  "receive-copy-data-lid4": receiveCopyDataLid4Cdb,
  "receive-rod-token-information": receiveRodTokenInformationCdb,
  "report-all-rod-tokens": reportAllRodTokensCdb,
  "read-16": read16Cdb,
  "compare-and-write": compareAndWriteCdb,
  "write-16": write16Cdb,
  "orwrite-16": orwrite16Cdb,
  "write-and-verify-16": writeAndVerify16Cdb,
  "verify-16": verify16Cdb,
  "pre-fetch-16": preFetch16Cdb,
  "synchronize-cache-16": synchronizeCache16Cdb,
  "write-same-16": writeSame16Cdb,
  "write-atomic-16": writeAtomic16Cdb,
  "read-capacity-16": readCapacity16Cdb,
  "get-lba-status": getLbaStatusCdb,
  "write-scattered-16": writeScattered16Cdb,
  "report-luns": reportLunsCdb,
  "report-supported-operation-codes": reportSupportedOperationCodesCdb,
  "read-12": read12Cdb,
  "write-12": write12Cdb,
  "write-and-verify-12": writeAndVerify12Cdb,
  "verify-12": verify12Cdb,
};

/** Name of a command, such as `extended-copy-lid1`. */
export type ScsiCommandName = keyof typeof cdbs;

/** A command that this package knows. */
export interface ScsiCommandInfo {
  readonly name: ScsiCommandName;
  /** Its name in the standard. */
  readonly title: string;
  readonly operationCode: number;
  /** Only of commands that share their operation code with others. */
  readonly serviceAction?: number;
  /** Its CDB; its length is `cdb.size`. */
  readonly cdb: AnyStructure;
}

function constantOf(cdb: AnyStructure, name: string): number | undefined {
  const field = cdb.layout.fields.find((one) => one.name === name);
  const inherited = cdb.layout.base?.fields.find((one) => one.name === name);
  const spec = field ?? inherited;
  return spec?.kind === "constant" ? spec.value : undefined;
}

function commandOf(name: ScsiCommandName): ScsiCommandInfo {
  const cdb: AnyStructure = cdbs[name];
  const code = constantOf(cdb, "operationCode") as number;
  const action = constantOf(cdb, "serviceAction");
  return {
    name,
    title: cdb.name,
    operationCode: code,
    ...(action === undefined ? {} : { serviceAction: action }),
    cdb,
  };
}

/** Every command that this package knows, by operation code and service action. */
export const scsiCommands: readonly ScsiCommandInfo[] = (Object.keys(cdbs) as ScsiCommandName[])
  .map(commandOf)
  .sort((a, b) => keyOf(a) - keyOf(b));

function keyOf(command: ScsiCommandInfo): number {
  return command.operationCode * 32 + (command.serviceAction ?? 0);
}

const shared = new Set(
  scsiCommands.filter((one) => one.serviceAction !== undefined).map((one) => one.operationCode),
);
const byKey = new Map(scsiCommands.map((one) => [keyOf(one), one]));

/**
 * The command of a CDB, by operation code and, where several share it, service action; undefined
 * if there is none or the CDB has too few bytes to tell. Never throws.
 */
export function commandOfCdb(cdb: Uint8Array): ScsiCommandInfo | undefined {
  const code = cdb[0];
  if (!shared.has(code)) return byKey.get(code * 32);
  return cdb.length < 2 ? undefined : byKey.get(code * 32 + (cdb[1] % 32));
}

const hex = (value: number): string => `${value.toString(16).toUpperCase().padStart(2, "0")}h`;

/** What to call the command of a CDB: its name in the standard, or its operation code. */
export function commandName(cdb: Uint8Array): string {
  const known = commandOfCdb(cdb);
  if (known !== undefined) return known.title;
  if (cdb.length === 0) return "an empty CDB";
  const action = shared.has(cdb[0]) && cdb.length > 1 ? `/${hex(cdb[1] % 32)}` : "";
  return `operation code ${hex(cdb[0])}${action}`;
}

import type { AnyStructure } from "@blockferry/core/bytes";
import { type ScsiCommandName, scsiCommands } from "../codec/cdb/scsi-commands.ts";
import type { Command } from "./command.ts";
import { extendedCopyLid1, extendedCopyLid4 } from "./extended-copy.ts";
import { preventAllowMediumRemoval, startStopUnit } from "./medium-state.ts";
import { modeSelectSix, modeSelectTen } from "./mode-select.ts";
import { modeSenseSix, modeSenseTen } from "./mode-sense.ts";
import { persistentReserveIn } from "./persistent-reserve-in.ts";
import { persistentReserveOut, releaseSix, reserveSix } from "./persistent-reserve-out.ts";
import { populateToken } from "./populate-token.ts";
import type { OptionalCommand, ThirdPartyCommand } from "./profile.ts";
import { getLbaStatus, unmap, writeSame } from "./provisioning.ts";
import { preFetch, read, synchronizeCache, write } from "./read-write.ts";
import {
  receiveCopyDataLid1,
  receiveCopyDataLid4,
  receiveCopyFailureDetails,
  receiveCopyStatusLid1,
  receiveCopyStatusLid4,
  receiveOperatingParameters,
  receiveRodTokenInformation,
} from "./receive-copy.ts";
import type { Access } from "./reservations.ts";
import type { Refusal } from "./sense.ts";
import type { Target } from "./target.ts";
import { reportTargetPortGroups, reportTargetPortGroupsCdb } from "./target-port-groups.ts";
import { copyOperationAbort, reportAllRodTokens } from "./token-management.ts";
import type { Unit } from "./unit.ts";
import { readCapacity10, readCapacity16 } from "./unit-information.ts";
import { verify } from "./verify.ts";
import { compareAndWrite, orWrite, writeAtomic, writeScattered } from "./write-special.ts";
import { writeUsingToken } from "./write-using-token.ts";

export type Handler = (target: Target, command: Command) => Refusal | undefined;

/** A command that a logical unit carries out. */
export interface CommandEntry {
  readonly operationCode: number;
  /** Only of commands that share their operation code. */
  readonly serviceAction: number | undefined;
  readonly cdb: AnyStructure;
  readonly run: Handler;
  readonly access: Access;
  readonly needsMedium: boolean;
  /** Exists only where the profile has it. */
  readonly optional: OptionalCommand | undefined;
  readonly thirdParty: ThirdPartyCommand | undefined;
  /** Which logical units have it; undefined: all. */
  readonly isFor: ((unit: Unit) => boolean) | undefined;
}

/** How a command behaves: what it does, what reservations and the medium mean to it. */
type Row = readonly [
  run: Handler,
  access: Access,
  medium: "medium" | "no-medium",
  optional?: OptionalCommand,
];

/** TEST UNIT READY: all that there is to check was checked. */
const testUnitReady: Handler = () => undefined;

/** Access as of SPC-4 table 51 and SBC-3 table 13. INQUIRY, REPORT LUNS and REQUEST SENSE are not here: they need no unit. */
const rows: { readonly [Name in ScsiCommandName]?: Row } = {
  "test-unit-ready": [testUnitReady, "free-of-persistent", "medium"],
  "read-6": [read, "read", "medium"],
  "write-6": [write, "write", "medium"],
  "reserve-6": [reserveSix, "free-of-persistent", "no-medium"],
  "release-6": [releaseSix, "free", "no-medium"],
  "mode-select-6": [modeSelectSix, "write", "no-medium", "MODE SELECT"],
  "mode-select-10": [modeSelectTen, "write", "no-medium", "MODE SELECT"],
  "mode-sense-6": [modeSenseSix, "read", "no-medium"],
  "mode-sense-10": [modeSenseTen, "read", "no-medium"],
  "start-stop-unit": [startStopUnit, "write", "no-medium"],
  "prevent-allow-medium-removal": [preventAllowMediumRemoval, "write", "no-medium"],
  "read-capacity-10": [readCapacity10, "free-of-persistent", "medium"],
  "read-capacity-16": [readCapacity16, "free-of-persistent", "medium"],
  "read-10": [read, "read", "medium"],
  "read-12": [read, "read", "medium"],
  "read-16": [read, "read", "medium"],
  "write-10": [write, "write", "medium"],
  "write-12": [write, "write", "medium"],
  "write-16": [write, "write", "medium"],
  "write-and-verify-10": [write, "write", "medium", "WRITE AND VERIFY"],
  "write-and-verify-12": [write, "write", "medium", "WRITE AND VERIFY"],
  "write-and-verify-16": [write, "write", "medium", "WRITE AND VERIFY"],
  "verify-10": [verify, "read", "medium", "VERIFY"],
  "verify-12": [verify, "read", "medium", "VERIFY"],
  "verify-16": [verify, "read", "medium", "VERIFY"],
  "pre-fetch-10": [preFetch, "read", "medium", "PRE-FETCH"],
  "pre-fetch-16": [preFetch, "read", "medium", "PRE-FETCH"],
  "synchronize-cache-10": [synchronizeCache, "write", "medium"],
  "synchronize-cache-16": [synchronizeCache, "write", "medium"],
  "write-same-10": [writeSame, "write", "medium", "WRITE SAME"],
  "write-same-16": [writeSame, "write", "medium", "WRITE SAME"],
  unmap: [unmap, "write", "medium", "UNMAP"],
  "compare-and-write": [compareAndWrite, "write", "medium", "COMPARE AND WRITE"],
  "orwrite-16": [orWrite, "write", "medium", "ORWRITE"],
  "write-atomic-16": [writeAtomic, "write", "medium", "WRITE ATOMIC"],
  "write-scattered-16": [writeScattered, "write", "medium", "WRITE SCATTERED"],
  "get-lba-status": [getLbaStatus, "read", "medium", "GET LBA STATUS"],
  "persistent-reserve-in": [persistentReserveIn, "free", "no-medium"],
  "persistent-reserve-out": [persistentReserveOut, "free", "no-medium"],
  "extended-copy-lid1": [extendedCopyLid1, "write", "no-medium"],
  "extended-copy-lid4": [extendedCopyLid4, "write", "no-medium"],
  "populate-token": [populateToken, "read", "medium"],
  "write-using-token": [writeUsingToken, "write", "medium"],
  "copy-operation-abort": [copyOperationAbort, "free", "no-medium"],
  "receive-copy-status-lid1": [receiveCopyStatusLid1, "free-of-persistent", "no-medium"],
  "receive-copy-data-lid1": [receiveCopyDataLid1, "free-of-persistent", "no-medium"],
  "receive-copy-operating-parameters": [
    receiveOperatingParameters,
    "free-of-persistent",
    "no-medium",
  ],
  "receive-copy-failure-details": [receiveCopyFailureDetails, "free-of-persistent", "no-medium"],
  "receive-copy-status-lid4": [receiveCopyStatusLid4, "free-of-persistent", "no-medium"],
  "receive-copy-data-lid4": [receiveCopyDataLid4, "free-of-persistent", "no-medium"],
  "receive-rod-token-information": [receiveRodTokenInformation, "free-of-persistent", "no-medium"],
  "report-all-rod-tokens": [reportAllRodTokens, "free-of-persistent", "no-medium"],
};

/** Commands that not every logical unit has. */
const unitsFor: { readonly [Name in ScsiCommandName]?: (unit: Unit) => boolean } = {
  unmap: (unit) => unit.thin,
  "prevent-allow-medium-removal": (unit) => unit.removable,
};

const EXTENDED_COPY = 0x83;
const RECEIVE_COPY = 0x84;
const ACTIONS = 32;

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, "0");

function thirdPartyName(code: number, action: number | undefined): ThirdPartyCommand | undefined {
  if (code !== EXTENDED_COPY && code !== RECEIVE_COPY) return undefined;
  return `${hex(code) as "83" | "84"}h/${hex(action ?? 0)}h`;
}

function entryOf(
  cdb: AnyStructure,
  operationCode: number,
  serviceAction: number | undefined,
  [run, access, medium, optional]: Row,
): CommandEntry {
  return {
    operationCode,
    serviceAction,
    cdb,
    run,
    access,
    needsMedium: medium === "medium",
    optional,
    thirdParty: thirdPartyName(operationCode, serviceAction),
    isFor: undefined,
  };
}

/** Commands that all logical units carry out, but REPORT SUPPORTED OPERATION CODES, which needs this list. */
export const commandEntries: readonly CommandEntry[] = [
  ...scsiCommands.flatMap((info) => {
    const row = rows[info.name];
    if (row === undefined) return [];
    const entry = entryOf(info.cdb, info.operationCode, info.serviceAction, row);
    return [{ ...entry, isFor: unitsFor[info.name] }];
  }),
  entryOf(reportTargetPortGroupsCdb, 0xa3, 0x0a, [
    reportTargetPortGroups,
    "free-of-persistent",
    "no-medium",
    "REPORT TARGET PORT GROUPS",
  ]),
];

/** True if the target's profile has the command. */
export function isSupported(target: Target, entry: CommandEntry): boolean {
  const { optionalCommands, thirdPartyCommands } = target.profile;
  if (entry.thirdParty !== undefined) return thirdPartyCommands.includes(entry.thirdParty);
  return entry.optional === undefined || optionalCommands.includes(entry.optional);
}

export interface CommandTable {
  /** The command of a CDB; `undefined`: there is none. */
  find(cdb: Uint8Array): CommandEntry | undefined;
  /** True if the operation code has service actions, one of which is supported. */
  hasActions(operationCode: number): boolean;
  readonly entries: readonly CommandEntry[];
}

/** The commands of one target, ready to be found by their first two bytes. */
export function commandTable(entries: readonly CommandEntry[]): CommandTable {
  const byCode = new Array<CommandEntry | undefined>(256 * ACTIONS).fill(undefined);
  const shared = new Uint8Array(256);
  for (const entry of entries) {
    byCode[entry.operationCode * ACTIONS + (entry.serviceAction ?? 0)] = entry;
    if (entry.serviceAction !== undefined) shared[entry.operationCode] = 1;
  }
  return {
    entries,
    hasActions: (operationCode) => shared[operationCode] === 1,
    find(cdb) {
      const operationCode = cdb[0];
      const action = shared[operationCode] === 1 ? cdb[1] % ACTIONS : 0;
      return byCode[operationCode * ACTIONS + action];
    },
  };
}

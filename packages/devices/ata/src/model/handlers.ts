import { opcode } from "../codec/commands.ts";
import type { Command } from "./command.ts";
import { dataFor } from "./data-in.ts";
import type { Disk } from "./disk.ts";
import { writeGathered } from "./gather.ts";
import { identifyData } from "./identify-data.ts";
import { readLog } from "./logs.ts";
import { nonData, readFpdma, receiveFpdma, sendFpdma, writeFpdma } from "./queued.ts";
import {
  dataSetManagement,
  dataSetManagementXl,
  writeUncorrectable,
  zeroExt,
} from "./range-commands.ts";
import type { CommandResult } from "./result.ts";
import {
  checkPowerMode,
  diagnostic,
  idle,
  nop,
  requestSense,
  setFeatures,
  sleep,
  smart,
  standby,
} from "./settings-commands.ts";
import {
  flush,
  read28,
  readExt,
  verify28,
  verifyExt,
  write28,
  writeExt,
  writeFuaExt,
} from "./transfer.ts";

/** Carries out one command. */
export type Handler = (disk: Disk, command: Command) => CommandResult;

const readLogExt: Handler = (disk, command) => readLog(disk, command, command.count);

const handlers: Readonly<Record<number, Handler>> = {
  [opcode.nop]: nop,
  [opcode.dataSetManagement]: dataSetManagement,
  [opcode.dataSetManagementXl]: dataSetManagementXl,
  [opcode.requestSenseDataExt]: requestSense,
  [opcode.readSectors]: read28,
  [opcode.readSectorsExt]: readExt,
  [opcode.readDmaExt]: readExt,
  [opcode.readLogExt]: readLogExt,
  [opcode.writeSectors]: write28,
  [opcode.writeSectorsExt]: writeExt,
  [opcode.writeDmaExt]: writeExt,
  [opcode.writeDmaFuaExt]: writeFuaExt,
  [opcode.readVerify]: verify28,
  [opcode.readVerifyExt]: verifyExt,
  [opcode.zeroExt]: zeroExt,
  [opcode.writeUncorrectableExt]: writeUncorrectable,
  [opcode.readLogDmaExt]: readLogExt,
  [opcode.readFpdmaQueued]: readFpdma,
  [opcode.writeFpdmaQueued]: writeFpdma,
  [opcode.ncqNonData]: nonData,
  [opcode.sendFpdmaQueued]: sendFpdma,
  [opcode.receiveFpdmaQueued]: receiveFpdma,
  [opcode.executeDeviceDiagnostic]: diagnostic,
  [opcode.smart]: smart,
  [opcode.readDma]: read28,
  [opcode.writeDma]: write28,
  [opcode.standbyImmediate]: standby,
  [opcode.idleImmediate]: idle,
  [opcode.standby]: standby,
  [opcode.idle]: idle,
  [opcode.checkPowerMode]: checkPowerMode,
  [opcode.sleep]: sleep,
  [opcode.flushCache]: flush,
  [opcode.flushCacheExt]: flush,
  [opcode.identifyDevice]: (disk, command) => dataFor(command, identifyData(disk)),
  [opcode.setFeatures]: setFeatures,
};

/** What each operation code does on this disk; `undefined`: it is aborted. */
export function handlersOf({ preset, gathering }: Disk): readonly (Handler | undefined)[] {
  const table: (Handler | undefined)[] = new Array(256).fill(undefined);
  for (const code of preset.commands) table[code] = handlers[code];
  if (gathering !== undefined) {
    table[gathering.profile.command] = (disk, command) => writeGathered(disk, command, "plain");
  }
  return table;
}

/** True for commands that carry a tag in COUNT(7:3) and end with a Set Device Bits FIS. */
export const isQueued = (code: number): boolean => code >= 0x60 && code <= 0x65 && code !== 0x62;

const quiet: ReadonlySet<number> = new Set([
  opcode.nop,
  opcode.requestSenseDataExt,
  opcode.readLogExt,
  opcode.readLogDmaExt,
  opcode.smart,
  opcode.standbyImmediate,
  opcode.idleImmediate,
  opcode.standby,
  opcode.idle,
  opcode.checkPowerMode,
  opcode.sleep,
  opcode.identifyDevice,
  opcode.setFeatures,
]);

/** True for commands that need the medium, so that a disk at rest gets up for them. */
export const wakes = (code: number): boolean => !quiet.has(code);

import type { Command } from "./command.ts";
import { dataFor } from "./data-in.ts";
import type { Disk, PowerMode } from "./disk.ts";
import { newSettings } from "./disk.ts";
import { type CommandResult, result } from "./result.ts";

/** Transfer modes of SET FEATURES 03h: PIO default, PIO, multiword DMA, Ultra DMA (ACS-4, Table 137). */
function isTransferMode(mode: number): boolean {
  if (mode <= 0x01) return true;
  const kind = Math.floor(mode / 8);
  const number = mode % 8;
  if (kind === 0x01) return number <= 4;
  if (kind === 0x04) return number <= 2;
  return kind === 0x08 && number <= 6;
}

/** SET FEATURES (ACS-4, 7.45). */
export function setFeatures(disk: Disk, command: Command): CommandResult {
  const { settings, preset } = disk;
  switch (command.feature % 256) {
    case 0x02:
      settings.writeCache = true;
      return result.good;
    case 0x82:
      settings.writeCache = false;
      command.access = "write";
      disk.store.flush();
      command.access = "none";
      return result.good;
    case 0x03:
      return isTransferMode(command.count % 256) ? result.good : result.invalidField;
    case 0x55:
      settings.readLookAhead = false;
      return result.good;
    case 0xaa:
      settings.readLookAhead = true;
      return result.good;
    case 0x66:
    case 0xcc:
      return result.good;
    case 0xc3:
      if (!preset.senseReporting) return result.invalidField;
      settings.senseReporting = command.count % 2 === 1;
      return result.good;
    default:
      return result.invalidField;
  }
}

const powerModes: Readonly<Record<PowerMode, number>> = {
  active: 0xff,
  idle: 0x80,
  standby: 0x00,
  sleep: 0x00,
};

/** CHECK POWER MODE (ACS-4, 7.3): the mode is in COUNT. */
export function checkPowerMode({ settings, preset }: Disk, command: Command): CommandResult {
  command.outCount = powerModes[preset.reportsPowerMode ? settings.power : "active"];
  return result.good;
}

const toPower =
  (mode: PowerMode) =>
  ({ settings }: Disk): CommandResult => {
    settings.power = mode;
    return result.good;
  };

/** IDLE, IDLE IMMEDIATE, STANDBY, STANDBY IMMEDIATE, SLEEP (ACS-4, 7.14, 7.15, 7.50, 7.55, 7.56). */
export const idle: (disk: Disk) => CommandResult = toPower("idle");
export const standby: (disk: Disk) => CommandResult = toPower("standby");
export const sleep: (disk: Disk) => CommandResult = toPower("sleep");

/** REQUEST SENSE DATA EXT (ACS-4, 7.41): sense key, code and qualifier are in LBA(23:0). */
export function requestSense({ settings, preset }: Disk, command: Command): CommandResult {
  if (!preset.senseReporting) return result.unsupported;
  command.outLba = settings.sense;
  settings.sense = 0;
  return result.good;
}

const SMART_SIGNATURE = 0xc24f;
const SMART_PASSED = 0xc24f00;

/** SMART (ACS-4, 7.48): data that says nothing, switched on and off, always well. */
export function smart({ settings }: Disk, command: Command): CommandResult {
  if (Math.floor(command.lba / 256) % 65_536 !== SMART_SIGNATURE) return result.invalidField;
  const subcommand = command.feature % 256;
  if (subcommand === 0xd8) {
    settings.smart = true;
    return result.good;
  }
  if (!settings.smart) return result.invalidField;
  if (subcommand === 0xd9) {
    settings.smart = false;
    return result.good;
  }
  if (subcommand === 0xda) {
    command.outLba = SMART_PASSED + (command.lba % 256);
    return result.good;
  }
  return subcommand === 0xd0 ? dataFor(command, new Uint8Array(512)) : result.invalidField;
}

/** NOP (ACS-4, 7.17) always ends with an abort. */
export const nop = (): CommandResult => result.aborted;

/** Registers of a disk that has just been reset (ACS-4, Table 206): those of an ATA device. */
export function putSignature(command: Command): void {
  command.outCount = 1;
  command.outLba = 1;
  command.outDevice = 0;
}

/** EXECUTE DEVICE DIAGNOSTIC (ACS-4, 7.9). */
export function diagnostic(_disk: Disk, command: Command): CommandResult {
  putSignature(command);
  return result.good;
}

/** Puts back what commands have changed. */
export function resetSettings({ settings }: Disk): void {
  Object.assign(settings, newSettings());
}

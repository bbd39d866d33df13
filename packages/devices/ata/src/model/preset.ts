import { opcode } from "../codec/commands.ts";
import { logAddress } from "../codec/logs/log-address.ts";

/** Who the disk says it is. */
export interface AtaIdentity {
  /** At most 20 characters. */
  readonly serialNumber: string;
  /** At most 40 characters. */
  readonly modelNumber: string;
  /** At most 8 characters. */
  readonly firmwareRevision: string;
  /** World wide name, 64 bits; left out: the disk has none. */
  readonly wwn?: bigint | undefined;
}

/** How a disk behaves, as data. */
export interface AtaPreset {
  readonly name: string;
  /** Operation codes that there are; every other one is aborted. */
  readonly commands: readonly number[];
  /** WRITE GATHERED EXT exists, where a profile is given. */
  readonly writeGathered: boolean;
  /** Subcommands of SEND and RECEIVE FPDMA QUEUED and of NCQ NON-DATA that there are. */
  readonly sendSubcommands: readonly number[];
  readonly receiveSubcommands: readonly number[];
  readonly nonDataSubcommands: readonly number[];
  readonly logs: readonly number[];
  /** Bit of ERROR for an address behind the last sector. */
  readonly outOfRange: "IDNF" | "ABRT";
  /** STATUS bit 4 stays set where a command ends with an error. */
  readonly seekCompleteOnError: boolean;
  /** Commands that end well without STATUS bit 4. */
  readonly withoutSeekComplete: readonly number[];
  /** After a transfer LBA has moved on and COUNT is 0. */
  readonly movesRegisters: boolean;
  /** CHECK POWER MODE tells the mode; otherwise it always says "active". */
  readonly reportsPowerMode: boolean;
  /** SET FEATURES can switch sense data reporting on. */
  readonly senseReporting: boolean;
  /** After a queued command has failed, all but the read of log 10h is aborted. */
  readonly holdsAfterQueuedError: boolean;
  /** 512-byte blocks of one range list (IDENTIFY DEVICE word 105); 0: any number, and not said. */
  readonly dsmPagesMax: number;
  /** How IDENTIFY DEVICE data is laid out: by ACS, or with the geometry and words that QEMU writes. */
  readonly identify: "acs" | "qemu";
  /** Words of IDENTIFY DEVICE data that are always the same, by number. */
  readonly words: Readonly<Record<number, number>>;
  readonly identity: AtaIdentity;
}

const every: readonly number[] = Object.values(opcode);

/** A disk that has every command of this package and follows ACS-4. */
const ideal: AtaPreset = {
  name: "ideal",
  commands: every,
  writeGathered: true,
  sendSubcommands: [0],
  receiveSubcommands: [1],
  nonDataSubcommands: [0],
  logs: Object.values(logAddress),
  outOfRange: "IDNF",
  seekCompleteOnError: true,
  withoutSeekComplete: [],
  movesRegisters: false,
  reportsPowerMode: true,
  senseReporting: true,
  holdsAfterQueuedError: true,
  dsmPagesMax: 8,
  identify: "acs",
  words: {
    0: 0x0040,
    47: 0x8001,
    49: 0x0b00,
    53: 0x0006,
    63: 0x0007,
    64: 0x0003,
    65: 120,
    66: 120,
    67: 120,
    68: 120,
    69: 0x4028,
    76: 0x010e,
    77: 0x0060,
    78: 0x0080,
    80: 0x3ff0,
    82: 0x4021,
    83: 0x7400,
    84: 0x4060,
    88: 0x207f,
    169: 0x0001,
    217: 0x0001,
    222: 0x10ff,
  },
  identity: {
    serialNumber: "BF0001",
    modelNumber: "BLOCKFERRY ATA MODEL",
    firmwareRevision: "1.0",
  },
};

/** QEMU 7.2's `ide-hd` behind AHCI, as measured under Linux 6.12: no logs, no sense data, ABRT for everything. */
const qemu: AtaPreset = {
  name: "qemu-7.2",
  commands: [
    opcode.nop,
    opcode.dataSetManagement,
    opcode.readSectors,
    opcode.readSectorsExt,
    opcode.readDmaExt,
    opcode.writeSectors,
    opcode.writeSectorsExt,
    opcode.writeDmaExt,
    opcode.readVerify,
    opcode.readVerifyExt,
    opcode.readFpdmaQueued,
    opcode.writeFpdmaQueued,
    opcode.executeDeviceDiagnostic,
    opcode.smart,
    opcode.readDma,
    opcode.writeDma,
    opcode.standbyImmediate,
    opcode.idleImmediate,
    opcode.standby,
    opcode.idle,
    opcode.checkPowerMode,
    opcode.flushCache,
    opcode.flushCacheExt,
    opcode.identifyDevice,
    opcode.setFeatures,
  ],
  writeGathered: false,
  sendSubcommands: [],
  receiveSubcommands: [],
  nonDataSubcommands: [],
  logs: [],
  outOfRange: "ABRT",
  seekCompleteOnError: false,
  withoutSeekComplete: [opcode.standbyImmediate, opcode.idleImmediate, opcode.standby, opcode.idle],
  movesRegisters: true,
  reportsPowerMode: false,
  senseReporting: false,
  holdsAfterQueuedError: false,
  dsmPagesMax: 0,
  identify: "qemu",
  words: {
    0: 0x0040,
    4: 0x7e00,
    5: 0x0200,
    20: 0x0003,
    21: 0x0200,
    22: 0x0004,
    47: 0x8010,
    48: 0x0001,
    49: 0x0b00,
    51: 0x0200,
    52: 0x0200,
    53: 0x0007,
    59: 0x0110,
    62: 0x0007,
    63: 0x0007,
    64: 0x0003,
    65: 120,
    66: 120,
    67: 120,
    68: 120,
    69: 0x4000,
    76: 0x0100,
    80: 0x00f0,
    81: 0x0016,
    82: 0x4021,
    83: 0x7400,
    84: 0x4000,
    85: 0x4021,
    86: 0x3400,
    87: 0x4000,
    88: 0x203f,
    93: 0x6001,
    106: 0x6000,
    169: 0x0001,
  },
  identity: {
    serialNumber: "QM00001",
    modelNumber: "QEMU HARDDISK",
    firmwareRevision: "2.5+",
  },
};

export type AtaPresetName = "ideal" | "qemu-7.2";

/** Behaviours by name. */
export const ataPresets: Readonly<Record<AtaPresetName, AtaPreset>> = { ideal, "qemu-7.2": qemu };

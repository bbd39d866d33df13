import { count, type FaultGrammar, flag, type NamedSetting, place } from "./fault-grammar.ts";

type Settings = Readonly<Record<string, NamedSetting>>;

const BYTE_MAX = 255;

const needsPlace = (kind: string) => ({
  names: ["at"],
  like: `${kind},at=LBA or ${kind},at=LBA+COUNT`,
});

const medium: Settings = { at: place, times: count(1) };

/** Which commands are hit. `field` is what the model calls the operation code. */
const commandsHit = (field: string): Settings => ({
  opcode: count(0, BYTE_MAX, field),
  after: count(0),
  times: count(1),
});

const ofOpcode = commandsHit("opcode");
const lost: Settings = { ...ofOpcode, executed: flag };

/** Faults of `nvme-model:`. */
export const nvmeFaults: FaultGrammar = {
  kinds: {
    "unrecovered-read": { ...medium, ns: count(1, 2 ** 32 - 2, "nsid") },
    "write-fault": { ...medium, ns: count(1, 2 ** 32 - 2, "nsid") },
    busy: ofOpcode,
    "lost-completion": lost,
    reset: { ...ofOpcode, afterBlocks: count(0) },
    removed: { ...ofOpcode, afterBlocks: count(0) },
    status: {
      ...ofOpcode,
      sct: count(0, 7),
      sc: count(0, BYTE_MAX),
      dnr: flag,
      dw0: count(0, 2 ** 32 - 1),
    },
  },
  needs: {
    "unrecovered-read": needsPlace("unrecovered-read"),
    "write-fault": needsPlace("write-fault"),
    status: { names: ["sct", "sc"], like: "status,sct=2,sc=0x81" },
  },
};

const unitMedium: Settings = { ...medium, lun: count(0, 16_383) };

/** Faults of `scsi-model:`. */
export const scsiFaults: FaultGrammar = {
  kinds: {
    "unrecovered-read": unitMedium,
    "write-fault": unitMedium,
    underrun: unitMedium,
    overrun: unitMedium,
    busy: ofOpcode,
    "task-set-full": ofOpcode,
    "lost-completion": lost,
    reset: { ...ofOpcode, afterBytes: count(0) },
    removed: { ...ofOpcode, afterBytes: count(0) },
    sense: { ...ofOpcode, key: count(0, 15), asc: count(0, BYTE_MAX), ascq: count(0, BYTE_MAX) },
  },
  needs: {
    "unrecovered-read": needsPlace("unrecovered-read"),
    "write-fault": needsPlace("write-fault"),
    underrun: needsPlace("underrun"),
    overrun: needsPlace("overrun"),
    sense: { names: ["key", "asc"], like: "sense,key=0xb,asc=0x44" },
  },
};

const ofCommand = commandsHit("command");

/** Faults of `ata-model:`. */
export const ataFaults: FaultGrammar = {
  kinds: {
    "unrecovered-read": medium,
    "write-fault": medium,
    "interface-crc": ofCommand,
    registers: { ...ofCommand, error: count(0, BYTE_MAX), deviceFault: flag },
    "lost-completion": { ...ofCommand, executed: flag },
    reset: { ...ofCommand, afterBlocks: count(0) },
    removed: { ...ofCommand, afterBlocks: count(0) },
  },
  needs: {
    "unrecovered-read": needsPlace("unrecovered-read"),
    "write-fault": needsPlace("write-fault"),
  },
};

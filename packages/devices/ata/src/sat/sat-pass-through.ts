import type { DeviceModel, ModelOutcome } from "@blockferry/core";
import { opcode } from "../codec/commands.ts";
import { bytesPerSector, identifyDevice } from "../codec/identify-device.ts";
import { decodePassThrough, type PassThrough } from "../codec/sat/pass-through.ts";
import { passThroughProtocol as protocol } from "../codec/sat/pass-through-cdb.ts";
import type { TaskFile } from "../codec/task-file.ts";
import { informationSense, plainSense, pointerSense, registersSense } from "./build-sense.ts";
import { checkPassThrough } from "./check-pass-through.ts";
import { type SatDialect, type SatDialectName, satDialects } from "./dialect.ts";
import { type RunCommand, runCommand } from "./run-command.ts";
import { type SenseCode, senseCode, senseCodeOf } from "./sense-code.ts";

/** SCSI status codes (SAM-5, Table 35). */
const GOOD = 0x00;
const CHECK_CONDITION = 0x02;

/** How an ATA PASS-THROUGH command ended. */
export interface SatResult {
  /** What became of the command; anything but `completed` means that there is no status. */
  readonly outcome: ModelOutcome;
  /** SCSI status: 00h GOOD or 02h CHECK CONDITION. */
  readonly status: number;
  readonly sense: Uint8Array;
  /** Bytes of data for the initiator. */
  readonly dataInBytes: number;
}

export interface SatPassThroughOptions {
  /** Default `standard`. */
  readonly dialect?: SatDialectName | SatDialect;
}

/** ATA PASS-THROUGH(12), (16) and (32) in front of an emulated disk: CDB in, status and sense data out. */
export interface SatPassThrough {
  readonly dialect: SatDialect;
  /**
   * Carries out one command. Never throws on bytes.
   *
   * @param dataOut what the initiator sent
   * @param dataIn room for what it will get
   * @param inDescriptors sense data has descriptor format (D_SENSE of the control mode page); default false
   */
  execute(
    cdb: Uint8Array,
    dataOut?: Uint8Array,
    dataIn?: Uint8Array,
    inDescriptors?: boolean,
  ): SatResult;
}

const TAG_BITS = 0xf8;
const SOFTWARE_RESET_PROTOCOLS: readonly number[] = [
  protocol.hardReset,
  protocol.softwareReset,
  protocol.deviceReset,
];

/** The task file to send: without the upper halves of a 28-bit command, with tag 0 where it is queued. */
function taskFileOf({ taskFile, extend, protocol: kind }: PassThrough): TaskFile {
  const { feature, count, lba } = taskFile;
  if (kind === protocol.fpdma) return { ...taskFile, count: count & ~TAG_BITS };
  if (extend) return taskFile;
  return { ...taskFile, feature: feature % 256, count: count % 256, lba: lba % 2 ** 24 };
}

const checkCondition = (sense: Uint8Array, dataInBytes = 0): SatResult => ({
  outcome: "completed",
  status: CHECK_CONDITION,
  sense,
  dataInBytes,
});

/** What IDENTIFY DEVICE says that a translator needs. */
function identityOf(model: DeviceModel): { bytesPerSector: number; isQueueing: boolean } {
  const data = new Uint8Array(identifyDevice.size);
  runCommand(model, { command: opcode.identifyDevice }, undefined, data);
  const decoded = identifyDevice.decode(data);
  if (!decoded.ok) return { bytesPerSector: 512, isQueueing: false };
  return { bytesPerSector: bytesPerSector(decoded.value), isQueueing: decoded.value.ncq };
}

function endSense(
  dialect: SatDialect,
  pass: PassThrough,
  run: RunCommand,
  code: SenseCode,
  inDescriptors: boolean,
): Uint8Array {
  const registers = { ...run.registers, extend: pass.extend };
  if (pass.form !== 32 || dialect.returnsRegistersOf32) {
    return registersSense(code, registers, inDescriptors, dialect.fixedRegistersAt);
  }
  return informationSense(code, registers.lba, inDescriptors);
}

/** Status and sense data of a command that the model has answered. */
function ended(
  dialect: SatDialect,
  pass: PassThrough,
  run: RunCommand,
  inBytes: number,
  inDescriptors: boolean,
): SatResult {
  const { status, error } = run.registers;
  if (!run.isGood) {
    const code = run.sense ?? senseCodeOf(status, error);
    return checkCondition(endSense(dialect, pass, run, code, inDescriptors));
  }
  const good: SatResult = {
    outcome: "completed",
    status: GOOD,
    sense: new Uint8Array(0),
    dataInBytes: inBytes,
  };
  if (!pass.ckCond || pass.protocol === protocol.fpdma) return good;
  if (pass.form === 32 && !dialect.returnsRegistersOf32) return good;
  if (pass.protocol === protocol.pioIn && dialect.pioInStatus !== undefined) {
    const { count, lba, device } = pass.taskFile;
    const seen = { status: dialect.pioInStatus, error: 0, device, count, lba };
    const looks = { ...run, registers: seen };
    return checkCondition(
      endSense(dialect, pass, looks, senseCode.aborted, inDescriptors),
      inBytes,
    );
  }
  const format = inDescriptors || dialect.successInDescriptors;
  const sense = endSense(dialect, pass, run, senseCode.informationAvailable, format);
  return checkCondition(sense, inBytes);
}

/** ATA PASS-THROUGH in front of an emulated disk. Bytes only: what carries CDBs is somebody else's. */
export function satPassThrough(
  model: DeviceModel,
  options: SatPassThroughOptions = {},
): SatPassThrough {
  const { dialect: wanted = "standard" } = options;
  const dialect = typeof wanted === "string" ? satDialects[wanted] : wanted;
  const identity = identityOf(model);
  let last: RunCommand | undefined;

  function reset(): SatResult {
    model.reset();
    last = undefined;
    return { outcome: "completed", status: GOOD, sense: new Uint8Array(0), dataInBytes: 0 };
  }

  return {
    dialect,
    execute(cdb, dataOut, dataIn, inDescriptors = false) {
      const decoded = decodePassThrough(cdb, { lenient: true });
      if (!decoded.ok) {
        return checkCondition(plainSense(senseCode.invalidOperationCode, inDescriptors));
      }
      const pass = decoded.value;
      const { bytesPerSector: bytes, isQueueing } = identity;
      const checked = checkPassThrough(pass, dialect, bytes, isQueueing, dataOut, dataIn);
      if (!checked.ok) {
        const { fieldPointer } = checked;
        const length = dialect.pointerSenseLength;
        const code = senseCode.invalidField;
        return checkCondition(pointerSense(code, fieldPointer, inDescriptors, length));
      }
      if (SOFTWARE_RESET_PROTOCOLS.includes(pass.protocol)) return reset();
      if (pass.protocol === protocol.returnResponse) {
        const code = senseCode.informationAvailable;
        if (last === undefined) return checkCondition(plainSense(code, inDescriptors));
        return checkCondition(endSense(dialect, pass, last, code, inDescriptors));
      }
      const { inBytes, outBytes } = checked;
      last = runCommand(
        model,
        taskFileOf(pass),
        outBytes === 0 ? undefined : dataOut?.subarray(0, outBytes),
        inBytes === 0 ? undefined : dataIn?.subarray(0, inBytes),
      );
      if (last.outcome !== "completed") {
        const none = new Uint8Array(0);
        return { outcome: last.outcome, status: CHECK_CONDITION, sense: none, dataInBytes: 0 };
      }
      return ended(dialect, pass, last, inBytes, inDescriptors);
    },
  };
}

import { dataDirection, FerryError } from "@blockferry/core";
import type { LinuxKernel } from "../kernel.ts";
import type { PassThrough, PassThroughCall } from "../pass-through.ts";
import { systemError } from "../system-error.ts";
import { cdbLength, changesNothing, checkTransferLength } from "./cdb.ts";
import { hostStatusOf } from "./host-status.ts";
import { sgDirection, sgIoHeader, sgRequest } from "./sg-io-header.ts";

/*
 * What crosses the border between a transport and a SCSI device (as the SCSI device package has it):
 * command:    0..7  logical unit number   8..  CDB, followed by zeroes
 * completion: 0     status                1    sense data length
 *             4..7  bytes moved           8..11  bytes wanted       12..263  sense data
 */
const LUN_BYTES = 8;
const COMPLETION_BYTES = 264;
const SENSE_AT = 12;
const SENSE_BYTES = COMPLETION_BYTES - SENSE_AT;
/** Sense data, and behind it the CDB. */
const CDB_AT = 256;
const EXTRA_BYTES = 320;

const GOOD = 0x00;
const CHECK_CONDITION = 0x02;
const BUSY = 0x08;
const TASK_ABORTED = 0x40;
/** Fixed format: DATA PROTECT, WRITE PROTECTED; ILLEGAL REQUEST, LOGICAL UNIT NOT SUPPORTED; ABORTED COMMAND, LOGICAL UNIT COMMUNICATION FAILURE. */
const writeProtected = [0x70, 0, 0x07, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x27, 0x00, 0, 0, 0, 0];
const noSuchUnit = [0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x25, 0x00, 0, 0, 0, 0];
const communicationFailure = [0x70, 0, 0x0b, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x08, 0x00, 0, 0, 0, 0];
/** ENODEV, ENXIO. */
const GONE: ReadonlySet<number> = new Set([19, 6]);
/** Of the logical unit alone, without more if that does not help (include/scsi/sg.h). */
const RESET_UNIT_ONLY = 0x101;

/** What a logical unit's commands go through. */
export interface ScsiPath {
  readonly fd: number;
  readonly path: string;
}

export interface ScsiPassThroughOptions {
  readonly kernel: LinuxKernel;
  /** By the number that commands have in front of the CDB; the kernel knows the unit's own. */
  readonly units: ReadonlyMap<number, ScsiPath>;
  readonly timeoutMs: number;
  readonly isReadonly: boolean;
  readonly resetsDevice: boolean;
}

/** The number of a unit of one level, of either addressing method (SAM-5 4.7.7). */
function lunOf(command: Uint8Array): number {
  return (command[0] & 0x3f) * 256 + command[1];
}

function writeCompletion(
  { completion }: PassThroughCall,
  status: number,
  sense: ArrayLike<number>,
  moved: number,
  wanted: number,
): void {
  completion.fill(0);
  completion[0] = status;
  completion[1] = Math.min(sense.length, SENSE_BYTES);
  const view = new DataView(completion.buffer, completion.byteOffset);
  view.setUint32(4, moved);
  view.setUint32(8, wanted);
  for (let at = 0; at < completion[1]; at += 1) completion[SENSE_AT + at] = sense[at];
}

const directions: Readonly<Record<number, number>> = {
  [dataDirection.none]: sgDirection.none,
  [dataDirection.toDevice]: sgDirection.toDevice,
  [dataDirection.toHost]: sgDirection.fromDevice,
};

/** SCSI commands by SG_IO, version 3. */
export function scsiPassThrough(options: ScsiPassThroughOptions): PassThrough {
  const { kernel, units, timeoutMs, isReadonly, resetsDevice } = options;
  const [first] = units.values();

  function fillHeader(
    { argument, extra, data, direction }: PassThroughCall,
    cdb: Uint8Array,
  ): void {
    extra.fill(0);
    extra.set(cdb, CDB_AT);
    const address = kernel.addressOf(extra);
    sgIoHeader.encode(
      {
        dxfer_direction: data === undefined ? sgDirection.none : directions[direction],
        cmd_len: cdb.length,
        mx_sb_len: SENSE_BYTES,
        dxfer_len: data?.length ?? 0,
        dxferp: data === undefined ? 0n : kernel.addressOf(data),
        cmdp: address + BigInt(CDB_AT),
        sbp: address,
        timeout: timeoutMs,
      },
      argument,
    );
  }

  /** What the adapter said, where the unit itself said nothing. */
  function endOfHostStatus(call: PassThroughCall, code: number, wanted: number) {
    const { name, meaning } = hostStatusOf(code);
    const { path } = units.get(lunOf(call.command)) ?? first;
    if (meaning === "removed" || meaning === "reset") return meaning;
    if (meaning === "failed") {
      return new FerryError("FERRY_TRANSPORT_HOST", `${path}: the adapter's driver says ${name}`, {
        details: { path, hostStatus: code, hostStatusName: name },
        hint: "what became of the command is not known; see dmesg",
      });
    }
    writeCompletion(call, meaning === "busy" ? BUSY : TASK_ABORTED, [], 0, wanted);
    return "completed" as const;
  }

  return {
    argumentBytes: sgIoHeader.size,
    extraBytes: EXTRA_BYTES,
    completionBytes: COMPLETION_BYTES,
    start(call) {
      const { command, data } = call;
      const whole = command.subarray(LUN_BYTES);
      const cdb = whole.subarray(0, cdbLength(whole));
      checkTransferLength(cdb, data?.length ?? 0);
      const unit = units.get(lunOf(command));
      if (unit === undefined || (isReadonly && !changesNothing(cdb))) {
        const sense = unit === undefined ? noSuchUnit : writeProtected;
        writeCompletion(call, CHECK_CONDITION, sense, 0, data?.length ?? 0);
        return undefined;
      }
      fillHeader(call, cdb);
      return (done) => kernel.submit(unit.fd, sgRequest.io, call.argument, done);
    },
    end(call, result, errno) {
      const wanted = call.data?.length ?? 0;
      if (result < 0) {
        if (GONE.has(errno)) return "removed";
        const { path } = units.get(lunOf(call.command)) ?? first;
        const details = { path, opcode: call.command[LUN_BYTES] };
        return systemError("FERRY_TRANSPORT_SYSTEM", `${path}: SG_IO`, errno, details);
      }
      const view = new DataView(call.argument.buffer, call.argument.byteOffset);
      const status = view.getUint8(64) & 0xfe;
      const hostStatus = view.getUint16(68, true);
      if (status === GOOD && hostStatus !== 0) return endOfHostStatus(call, hostStatus, wanted);
      const resid = Math.min(Math.max(view.getInt32(72, true), 0), wanted);
      const sense = call.extra.subarray(0, view.getUint8(67));
      writeCompletion(call, status, sense, wanted - resid, wanted);
      return "completed";
    },
    writeFailed: (call) =>
      writeCompletion(call, CHECK_CONDITION, communicationFailure, 0, call.data?.length ?? 0),
    reset: resetsDevice
      ? (done) => {
          const argument = new Uint8Array(128);
          argument.set(Uint8Array.of(RESET_UNIT_ONLY & 0xff, RESET_UNIT_ONLY >> 8));
          kernel.submit(first.fd, sgRequest.reset, argument, done);
        }
      : undefined,
  };
}

import type { CommandDialect } from "@blockferry/conformance/transport";
import { dataDirection } from "@blockferry/core";
import type { ModelDialect } from "./model-kernel.ts";

// Numbers and offsets of include/scsi/sg.h, struct sg_io_hdr, as a C compiler prints them on a 64-bit machine.
const SG_IO = 0x2285;
const SG_SCSI_RESET = 0x2284;
const DXFER_DIRECTION = 4;
const CMD_LEN = 8;
const MX_SB_LEN = 9;
const DXFER_LEN = 12;
const DXFERP = 16;
const CMDP = 24;
const SBP = 32;
const STATUS = 64;
const SB_LEN_WR = 67;
const HOST_STATUS = 68;
const RESID = 72;
const SG_DXFER_NONE = -1;
const SG_DXFER_TO_DEV = -2;
const DID_RESET = 8;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset);

/** What SG_IO does (drivers/scsi/scsi_ioctl.c), with a model for the unit, whose commands have a LUN in front. */
export const scsiIoctls: ModelDialect = {
  execute(model, request, argument, kernel) {
    if (request !== SG_IO) return undefined;
    const header = view(argument);
    if (header.getInt32(0, true) !== 0x53) {
      return { outcome: "completed", returned: { result: -1, errno: 38 } };
    }
    const bytes = header.getUint32(DXFER_LEN, true);
    const direction = header.getInt32(DXFER_DIRECTION, true);
    const data =
      bytes === 0 ? undefined : kernel.memoryAt(header.getBigUint64(DXFERP, true), bytes);
    const command = new Uint8Array(24);
    const cdb = kernel.memoryAt(header.getBigUint64(CMDP, true), header.getUint8(CMD_LEN));
    command.set(cdb, 8);
    if (direction === SG_DXFER_NONE && bytes > 0) throw new Error("data without a direction");
    const isOut = direction === SG_DXFER_TO_DEV;
    const completion = new Uint8Array(264);
    const outcome = model.execute(
      "io",
      command,
      isOut ? data : undefined,
      isOut ? undefined : data,
      completion,
    );
    const sense = completion.subarray(12, 12 + completion[1]);
    kernel.memoryAt(header.getBigUint64(SBP, true), header.getUint8(MX_SB_LEN)).set(sense);
    header.setUint8(STATUS, completion[0]);
    header.setUint8(SB_LEN_WR, sense.length);
    header.setInt32(RESID, bytes - view(completion).getUint32(4), true);
    return { outcome, returned: { result: 0 } };
  },
  wasReset(argument) {
    view(argument).setUint8(STATUS, 0);
    view(argument).setUint16(HOST_STATUS, DID_RESET, true);
    return { result: 0 };
  },
  isReset: (request) => request === SG_SCSI_RESET,
  other: () => ({ result: -1, errno: 25 }),
};

const opcodes = {
  [dataDirection.none]: 0xc0,
  [dataDirection.toDevice]: 0xc1,
  [dataDirection.toHost]: 0xc2,
} as const;
const COMMAND_BYTES = 24;

/** Vendor-specific CDBs of 16 bytes. */
export const scsiDialect: CommandDialect = {
  family: "scsi",
  layout: { commandBytes: COMMAND_BYTES, listBytes: 16_384, completionBytes: 264 },
  encode(command, number, direction, bytes) {
    command.fill(0);
    for (let at = 9; at < 24; at += 1) command[at] = (number * 31 + at * 7) & 255;
    command[8] = opcodes[direction as keyof typeof opcodes];
    view(command).setUint32(10, bytes);
    view(command).setUint16(14, number);
  },
  numberOf: (command) => view(command).getUint16(14),
  answer(command, verdict, completion) {
    completion.fill(0);
    completion[0] = verdict === 0 ? 0 : 2;
    if (verdict === 0) {
      const moved = command[8] === 0xc0 ? 0 : view(command).getUint32(10);
      view(completion).setUint32(4, moved);
      view(completion).setUint32(8, moved);
      return;
    }
    // Fixed format, ILLEGAL REQUEST, INVALID FIELD IN CDB.
    completion[1] = 18;
    completion.set([0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24], 12);
  },
  verdictOf: (completion) => (completion[0] === 0 ? 0 : 1),
};

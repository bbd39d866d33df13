import type { CommandDialect } from "@blockferry/conformance/transport";
import { dataDirection } from "@blockferry/core";
import type { ModelDialect } from "./model-kernel.ts";

// Numbers and offsets of include/uapi/linux/nvme_ioctl.h, struct nvme_passthru_cmd64, as a C compiler prints them.
const NVME_IOCTL_ID = 0x4e40;
const NVME_IOCTL_RESET = 0x4e44;
const NVME_IOCTL_ADMIN64_CMD = 0xc0504e47;
const NVME_IOCTL_IO64_CMD = 0xc0504e48;
const ADDR = 24;
const DATA_LEN = 36;
const RESULT = 72;
const NVME_SC_HOST_ABORTED_CMD = 0x371;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset);

/** What the NVMe driver does with a pass-through ioctl (drivers/nvme/host/ioctl.c), with a model for the controller. */
export const nvmeIoctls: ModelDialect = {
  execute(model, request, argument, kernel) {
    const queue = { [NVME_IOCTL_ADMIN64_CMD]: "admin", [NVME_IOCTL_IO64_CMD]: "io" } as const;
    if (request !== NVME_IOCTL_ADMIN64_CMD && request !== NVME_IOCTL_IO64_CMD) return undefined;
    const fields = view(argument);
    if (fields.getUint8(1) !== 0) {
      return { outcome: "completed", returned: { result: -1, errno: 22 } };
    }
    const sqe = new Uint8Array(64);
    sqe.set(argument.subarray(0, 24));
    sqe.set(argument.subarray(40, 64), 40);
    const bytes = fields.getUint32(DATA_LEN, true);
    const data = bytes === 0 ? undefined : kernel.memoryAt(fields.getBigUint64(ADDR, true), bytes);
    // Bits 1:0 of an opcode tell the direction (NVM Express Base 2.2, Figure 88).
    const isOut = (sqe[0] & 3) === 1;
    const completion = new Uint8Array(16);
    const outcome = model.execute(
      queue[request],
      sqe,
      isOut ? data : undefined,
      isOut ? undefined : data,
      completion,
    );
    fields.setBigUint64(RESULT, view(completion).getBigUint64(0, true), true);
    return { outcome, returned: { result: view(completion).getUint16(14, true) >> 1 } };
  },
  wasReset: () => ({ result: NVME_SC_HOST_ABORTED_CMD }),
  isReset: (request) => request === NVME_IOCTL_RESET,
  other: (request) => (request === NVME_IOCTL_ID ? { result: 1 } : { result: -1, errno: 25 }),
};

const opcodes = {
  [dataDirection.none]: 0x80,
  [dataDirection.toDevice]: 0x81,
  [dataDirection.toHost]: 0x82,
} as const;
const COMMAND_BYTES = 64;

/** Vendor-specific NVMe commands: what the driver makes itself (flags, identifier, data pointer) is not compared. */
export const nvmeDialect: CommandDialect = {
  family: "nvme",
  layout: { commandBytes: COMMAND_BYTES, listBytes: 10_240, completionBytes: 16 },
  encode(command, number, direction, bytes) {
    for (let at = 40; at < 64; at += 1) command[at] = (number * 31 + at * 7) & 255;
    command[0] = opcodes[direction as keyof typeof opcodes];
    view(command).setUint16(2, number ^ 0x5555, true);
    view(command).setUint32(4, 1, true);
    view(command).setUint32(8, number, true);
    view(command).setUint32(12, bytes, true);
  },
  numberOf: (command) => view(command).getUint32(8, true),
  answer(command, verdict, completion) {
    view(completion).setUint32(0, view(command).getUint32(8, true) * 3, true);
    view(completion).setUint32(4, 0xcafe, true);
    // Do Not Retry, Command Specific, Command Size Limit Exceeded.
    view(completion).setUint16(14, verdict === 0 ? 0 : (0x4183 << 1) & 0xffff, true);
  },
  verdictOf: (completion) => (view(completion).getUint16(14, true) >> 1 === 0 ? 0 : 1),
  carried(bytes) {
    const own = bytes.slice();
    if (bytes.length === COMMAND_BYTES) {
      own.fill(0, 1, 4);
      own.fill(0, 16, 40);
    } else own.fill(0, 8, 14);
    return own;
  },
};

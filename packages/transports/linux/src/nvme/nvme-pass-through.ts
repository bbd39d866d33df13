import type { LinuxKernel } from "../kernel.ts";
import type { PassThrough, PassThroughCall } from "../pass-through.ts";
import { systemError } from "../system-error.ts";
import { nvmeRequest, passthruCommand } from "./passthru-command.ts";
import { changesNothing } from "./reading-commands.ts";
import { checkTransferLength } from "./transfer-length.ts";

const COMPLETION_BYTES = 16;
const CID = 2;
const NSID = 4;
const DWORD_10 = 40;
const SQE_BYTES = 64;
/** STATUS of a completion without its phase bit, as ioctl(2) returns it: SCT << 8 | SC, and above it CRD, M, DNR. */
const CODE_MASK = 0x7ff;
const DO_NOT_RETRY = 0x4000;
const INVALID_NAMESPACE = 0x00b | DO_NOT_RETRY;
const WRITE_PROTECTED = 0x020 | DO_NOT_RETRY;
const INVALID_FIELD = 0x002 | DO_NOT_RETRY;
/** Host Pathing Error: what Linux itself says of a command that it could not bring to the controller. */
const HOST_PATHING_ERROR = 0x370 | DO_NOT_RETRY;
/** Command Aborted By Host: what the driver says of the commands that a controller reset ended. */
const ABORTED_BY_HOST = 0x371;
const FUSE_MASK = 0x03;
/** ENODEV, ENXIO, ESHUTDOWN. */
const GONE: ReadonlySet<number> = new Set([19, 6, 108]);

/** What a namespace's commands go through. */
export interface NvmePath {
  readonly fd: number;
  readonly path: string;
}

export interface NvmePassThroughOptions {
  readonly kernel: LinuxKernel;
  /** By NSID; the first one is for commands outside of queues too. */
  readonly namespaces: ReadonlyMap<number, NvmePath>;
  /** The controller's own file, for resets. */
  readonly controller: NvmePath | undefined;
  readonly timeoutMs: number;
  readonly isReadonly: boolean;
}

function writeCompletion(call: PassThroughCall, status: number, result: bigint): void {
  const { completion, command } = call;
  const view = new DataView(completion.buffer, completion.byteOffset);
  view.setBigUint64(0, result, true);
  view.setUint32(8, 0, true);
  completion[12] = command[CID];
  completion[13] = command[CID + 1];
  view.setUint16(14, status << 1, true);
}

/** NVMe commands by NVME_IOCTL_IO64_CMD and NVME_IOCTL_ADMIN64_CMD. */
export function nvmePassThrough(options: NvmePassThroughOptions): PassThrough {
  const { kernel, namespaces, controller, timeoutMs, isReadonly } = options;
  const [first] = namespaces.values();

  function pathOf({ queue, command }: PassThroughCall): NvmePath | undefined {
    if (queue === "admin") return first;
    const view = new DataView(command.buffer, command.byteOffset);
    return namespaces.get(view.getUint32(NSID, true));
  }

  /** Why a command is not sent, as the status that answers it. */
  function refusal({ queue, command }: PassThroughCall): number | undefined {
    if (isReadonly && !changesNothing(queue, command[0])) return WRITE_PROTECTED;
    return (command[1] & FUSE_MASK) === 0 ? undefined : INVALID_FIELD;
  }

  return {
    argumentBytes: passthruCommand.size,
    extraBytes: 0,
    completionBytes: COMPLETION_BYTES,
    start(call) {
      const { queue, command, data, argument } = call;
      checkTransferLength(queue, command, data?.length ?? 0);
      const path = pathOf(call);
      const status = path === undefined ? INVALID_NAMESPACE : refusal(call);
      if (path === undefined || status !== undefined) {
        writeCompletion(call, status ?? INVALID_NAMESPACE, 0n);
        return undefined;
      }
      argument.fill(0);
      argument.set(command.subarray(NSID, 16), NSID);
      argument.set(command.subarray(DWORD_10, SQE_BYTES), DWORD_10);
      passthruCommand.patch(argument, {
        opcode: command[0],
        addr: data === undefined ? 0n : kernel.addressOf(data),
        data_len: data?.length ?? 0,
        timeout_ms: timeoutMs,
      });
      const request = queue === "admin" ? nvmeRequest.admin64 : nvmeRequest.io64;
      return (done) => kernel.submit(path.fd, request, argument, done);
    },
    end(call, result, errno) {
      if (result < 0) {
        if (GONE.has(errno)) return "removed";
        const { path } = pathOf(call) ?? first;
        const name = call.queue === "admin" ? "NVME_IOCTL_ADMIN64_CMD" : "NVME_IOCTL_IO64_CMD";
        const details = { path, opcode: call.command[0] };
        return systemError("FERRY_TRANSPORT_SYSTEM", `${path}: ${name}`, errno, details);
      }
      if ((result & CODE_MASK) === ABORTED_BY_HOST) return "reset";
      writeCompletion(call, result & 0x7fff, passthruCommand.read(call.argument, "result"));
      return "completed";
    },
    writeFailed: (call) => writeCompletion(call, HOST_PATHING_ERROR, 0n),
    reset:
      controller === undefined
        ? undefined
        : (done) => kernel.submit(controller.fd, nvmeRequest.reset, new Uint8Array(128), done),
  };
}

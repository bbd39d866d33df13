import type { CommandQueueKind, DeviceModel, ModelOutcome } from "@blockferry/core";
import { runAdminCommand } from "./admin-commands.ts";
import { type Command, type Controller, newCommand } from "./controller.ts";
import { controllerOf, type NvmeModelOptions } from "./controller-options.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { runIoCommand } from "./io-commands.ts";
import { DNR, type StatusCode, sc } from "./status.ts";
import { storeFailure } from "./store-failure.ts";

const COMMAND_BYTES = 64;
const COMPLETION_BYTES = 16;

/** An emulated NVMe controller with its namespaces. */
export interface NvmeModel extends DeviceModel {
  readonly family: "nvme";
  /** Adds faults to those that are still to come. */
  inject(...faults: FaultPlan): void;
  /** Takes back all faults. A controller that was removed stays so. */
  clearFaults(): void;
}

/** Completion queue entry (NVM Express Base 2.2, Figure 100). SQHD and SQID belong to the queue, and stay 0. */
function writeCompletion(completion: Uint8Array, command: Command, status: StatusCode): void {
  const { dw0, dw1, bytes } = command;
  const field = status << 1;
  completion[0] = dw0;
  completion[1] = dw0 >>> 8;
  completion[2] = dw0 >>> 16;
  completion[3] = dw0 >>> 24;
  completion[4] = dw1;
  completion[5] = dw1 >>> 8;
  completion[6] = dw1 >>> 16;
  completion[7] = dw1 >>> 24;
  completion[8] = 0;
  completion[9] = 0;
  completion[10] = 0;
  completion[11] = 0;
  completion[12] = bytes[2];
  completion[13] = bytes[3];
  completion[14] = field;
  completion[15] = field >>> 8;
}

function run(controller: Controller, command: Command, queue: CommandQueueKind): StatusCode {
  try {
    return queue === "admin"
      ? runAdminCommand(controller, command)
      : runIoCommand(controller, command);
  } catch (error) {
    return storeFailure(controller, command, error);
  }
}

/** Takes a command's bytes; false if they are not a command. */
function takeCommand(
  command: Command,
  bytes: Uint8Array,
  dataOut: Uint8Array | undefined,
  dataIn: Uint8Array | undefined,
): boolean {
  command.dataOut = dataOut;
  command.dataIn = dataIn;
  command.dw0 = 0;
  command.dw1 = 0;
  command.outcome = "completed";
  command.access = "none";
  if (bytes.length === COMMAND_BYTES) {
    command.bytes.set(bytes);
    return true;
  }
  command.bytes.fill(0);
  command.bytes.set(bytes.subarray(0, COMMAND_BYTES));
  return false;
}

/**
 * An emulated NVMe controller, written from the standard's sentences: bytes in, bytes out, one command at a time. Blocks
 * are in the stores of its namespaces.
 *
 * @throws RangeError naming the option that cannot be.
 */
export function nvmeModel(options: NvmeModelOptions): NvmeModel {
  const controller = controllerOf(options);
  const command = newCommand();
  let gone = false;
  let closed = false;

  function execute(
    queue: CommandQueueKind,
    bytes: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    completion: Uint8Array,
  ): ModelOutcome {
    if (completion.length < COMPLETION_BYTES) {
      throw new RangeError(
        `completion must have ${COMPLETION_BYTES} bytes, not ${completion.length}`,
      );
    }
    if (gone || closed) return "removed";
    const isCommand = takeCommand(command, bytes, dataOut, dataIn);
    const status = isCommand ? run(controller, command, queue) : sc.invalidField | DNR;
    command.dataOut = undefined;
    command.dataIn = undefined;
    const { outcome } = command;
    if (outcome === "completed") writeCompletion(completion, command, status);
    if (outcome === "reset") controller.features.reset();
    if (outcome === "removed") gone = true;
    return outcome;
  }

  return {
    name: options.name ?? "nvme-model",
    family: "nvme",
    completionBytes: COMPLETION_BYTES,
    execute,
    reset() {
      controller.features.reset();
    },
    close() {
      closed = true;
      for (const namespace of controller.namespaces) {
        namespace?.store.close();
        namespace?.metadata?.close();
      }
    },
    inject(...faults) {
      controller.faults.add(faults);
    },
    clearFaults() {
      controller.faults.clear();
    },
  };
}

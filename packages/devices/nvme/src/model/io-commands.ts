import { common, readBits, readWord } from "./command-words.ts";
import type { Command, Controller, OptionalCommand } from "./controller.ts";
import { copy } from "./copy.ts";
import type { CommandFault } from "./fault-plan.ts";
import { statusOf } from "./fault-plan.ts";
import { flush } from "./flush.ts";
import type { Namespace } from "./namespace.ts";
import { compare, read, write } from "./read-write.ts";
import { DNR, type StatusCode, sc } from "./status.ts";
import { datasetManagement, writeZeroes } from "./zero-and-deallocate.ts";

type Handler = (controller: Controller, command: Command) => StatusCode;

interface IoCommand {
  readonly run: Handler;
  /** ONCS bit that says whether the command exists; undefined: it always does. */
  readonly optional?: OptionalCommand;
}

/** Operation codes of the NVM command set (NVM Command Set Specification 1.2, section 3.3). */
const opcode = {
  flush: 0x00,
  write: 0x01,
  read: 0x02,
  compare: 0x05,
  writeZeroes: 0x08,
  datasetManagement: 0x09,
  copy: 0x19,
} as const;

const commands: readonly (IoCommand | undefined)[] = Object.assign(
  new Array<IoCommand | undefined>(256).fill(undefined),
  {
    [opcode.flush]: { run: flush },
    [opcode.write]: { run: write },
    [opcode.read]: { run: read },
    [opcode.compare]: { run: compare, optional: "compare" },
    [opcode.writeZeroes]: { run: writeZeroes, optional: "writeZeroes" },
    [opcode.datasetManagement]: { run: datasetManagement, optional: "datasetManagement" },
    [opcode.copy]: { run: copy, optional: "copy" },
  },
);

const BROADCAST = 0xffffffff;
const RESERVED_PSDT = 3;

/**
 * The namespace of a command: NSID 0 or above NN is invalid, one without a namespace is inactive (NVM Express Base 2.2,
 * section 3.2.1). FFFFFFFFh means all namespaces, for Flush alone.
 */
function findNamespace(
  { namespaces }: Controller,
  command: Command,
  operation: number,
): StatusCode {
  const nsid = readWord(command.words, common.nsidDword);
  command.namespace = undefined as unknown as Namespace;
  if (nsid === BROADCAST && operation === opcode.flush) return sc.success;
  if (nsid === 0 || nsid >= namespaces.length) return sc.invalidNamespace | DNR;
  const namespace = namespaces[nsid];
  if (namespace === undefined) return sc.invalidField | DNR;
  command.namespace = namespace;
  return sc.success;
}

/** Checks that come before the command's own (NVM Express Base 2.2, Figure 102). */
function checkCommon(controller: Controller, command: Command, operation: number): StatusCode {
  const found = commands[operation];
  const isThere =
    found !== undefined && (found.optional === undefined || controller.commands[found.optional]);
  if (!isThere) return sc.invalidOpcode | DNR;
  const { words } = command;
  if (readBits(words, 0, common.fuse) !== 0) {
    if (controller.peer.fused === "lose") command.outcome = "lost";
    return sc.invalidField | DNR;
  }
  if (readBits(words, 0, common.psdt) === RESERVED_PSDT) return sc.invalidField | DNR;
  return findNamespace(controller, command, operation);
}

/** Lets a fault hit the command. Returns the status to answer with, or `undefined` to carry the command out. */
function applyFault(
  controller: Controller,
  command: Command,
  operation: number,
  fault: CommandFault,
): StatusCode | undefined {
  switch (fault.kind) {
    case "busy":
      return sc.namespaceNotReady;
    case "status":
      command.dw0 = fault.dw0 ?? 0;
      return statusOf(fault);
    case "lost-completion":
      command.outcome = "lost";
      return fault.executed === false ? sc.success : undefined;
    default:
      command.outcome = fault.kind;
      controller.job.budget = fault.afterBlocks ?? 0;
      return operation === opcode.copy ? undefined : sc.success;
  }
}

/** Carries out a command of an I/O queue. */
export function runIoCommand(controller: Controller, command: Command): StatusCode {
  const operation = readBits(command.words, 0, common.opcode);
  controller.job.budget = -1;
  const fault = controller.faults.ofCommand(operation);
  if (fault !== undefined) {
    const status = applyFault(controller, command, operation, fault);
    if (status !== undefined) return status;
  }
  const status = checkCommon(controller, command, operation);
  if (status !== sc.success) return status;
  return (commands[operation] as IoCommand).run(controller, command);
}

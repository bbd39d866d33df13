import type { ModelOutcome } from "@blockferry/core";
import type { Nexus, Path } from "./nexus.ts";
import type { Unit } from "./unit.ts";

/** A command on its way. One per model, filled anew by each command. */
export interface Command {
  /** 32 bytes; those behind the CDB are zero. */
  readonly cdb: Uint8Array;
  nexus: Nexus;
  /** The I_T_L nexus; valid in handlers of commands that need a logical unit. */
  path: Path;
  unit: Unit;
  dataOut: Uint8Array | undefined;
  dataIn: Uint8Array | undefined;
  /** Bytes that the command would transfer, had both ends room enough. */
  wanted: number;
  /** Bytes that it did transfer. */
  moved: number;
  outcome: ModelOutcome;
  /** Bytes that a copy still moves before a fault; -1: there is no such fault. */
  budget: number;
}

export function newCommand(): Command {
  return {
    cdb: new Uint8Array(32),
    nexus: undefined as unknown as Nexus,
    path: undefined as unknown as Path,
    unit: undefined as unknown as Unit,
    dataOut: undefined,
    dataIn: undefined,
    wanted: 0,
    moved: 0,
    outcome: "completed",
    budget: -1,
  };
}

/** Sends parameter data, cut to the allocation length and to the room that there is (SPC-4 4.2.5.6). */
export function respond(command: Command, data: Uint8Array, allocationLength: number): void {
  const wanted = Math.min(data.length, allocationLength);
  const { dataIn } = command;
  const moved = Math.min(wanted, dataIn?.length ?? 0);
  if (dataIn !== undefined) {
    dataIn.set(moved === data.length ? data : data.subarray(0, moved));
  }
  command.wanted = wanted;
  command.moved = moved;
}

const NOTHING = new Uint8Array(0);

/** A parameter list as long as the CDB says; shorter where less came. */
export function parameterList(command: Command, length: number): Uint8Array {
  const { dataOut = NOTHING } = command;
  command.wanted = length;
  command.moved = Math.min(length, dataOut.length);
  return dataOut.length === length ? dataOut : dataOut.subarray(0, length);
}

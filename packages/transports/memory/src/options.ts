import type { Clock } from "@blockferry/core";

/**
 * When the device works.
 *
 * - `immediate`: in turns of the event loop (`setImmediate`), as many commands in each as 2 ms allow, so that the
 *   process stays responsive. Completions of a turn come as one batch.
 * - `inline`: inside `doorbell`. For benchmarks, and for tests that want no waiting.
 */
export type Turn = "immediate" | "inline";

export interface MemoryTransportOptions {
  /** Default `memory`. */
  readonly name?: string;
  /** Default 1024. */
  readonly queueDepthMax?: number;
  /** Largest list in bytes that one command can bring. Default: no limit. */
  readonly listBytesMax?: number;
  /** Largest data transfer of one command in bytes. Default: no limit. */
  readonly dataBytesMax?: number;
  /** Default `immediate`. */
  readonly turn?: Turn;
  /** Most commands in one turn. Default 64. */
  readonly commandsPerTurn?: number;
  /** Time for deadlines. Default: the process's own. */
  readonly clock?: Clock;
  /** Every completion of that number (2: every second) is delivered again one turn later. For tests. Default: none. */
  readonly duplicateEvery?: number;
  /**
   * Writes the completion of a command that was aborted before the device carried it out, or whose completion was lost.
   * Default: `abort` changes nothing, and a command that waits is carried out.
   */
  readonly writeAborted?: (command: Uint8Array, completion: Uint8Array) => void;
}

export interface Settings {
  readonly queueDepthMax: number;
  readonly listBytesMax: number | undefined;
  readonly dataBytesMax: number | undefined;
  readonly isInline: boolean;
  readonly commandsPerTurn: number;
  readonly duplicateEvery: number;
  readonly writeAborted: ((command: Uint8Array, completion: Uint8Array) => void) | undefined;
}

function requireCount(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number from 1 on, not ${value}`);
  }
  return value;
}

const optionalCount = (name: string, value: number | undefined): number | undefined =>
  value === undefined ? undefined : requireCount(name, value);

/** The options with their defaults. @throws RangeError naming the option that cannot be. */
export function settingsOf(options: MemoryTransportOptions): Settings {
  const { turn = "immediate" } = options;
  if (turn !== "immediate" && turn !== "inline") {
    throw new RangeError(`turn must be immediate or inline, not ${String(turn)}`);
  }
  return {
    queueDepthMax: requireCount("queueDepthMax", options.queueDepthMax ?? 1024),
    listBytesMax: optionalCount("listBytesMax", options.listBytesMax),
    dataBytesMax: optionalCount("dataBytesMax", options.dataBytesMax),
    isInline: turn === "inline",
    commandsPerTurn: requireCount("commandsPerTurn", options.commandsPerTurn ?? 64),
    duplicateEvery: optionalCount("duplicateEvery", options.duplicateEvery) ?? 0,
    writeAborted: options.writeAborted,
  };
}

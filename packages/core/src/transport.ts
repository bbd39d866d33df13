import type { QueueMemory } from "./command-set.ts";
import type { Clock } from "./scheduler.ts";

/** Direction of the data that goes with a command beside its list. */
export const dataDirection = { none: 0, toHost: 1, toDevice: 2 } as const;

/** What a transport tells the queue's owner. */
export interface CompletionSink {
  /** The completions of these slots are in queue memory. `slots` is the transport's own and valid during the call. */
  complete(slots: Int32Array, count: number): void;
  /** The device was reset: no command that is in flight will be answered any more. */
  reset(): void;
  /** The device is gone for good. */
  removed(): void;
}

/** A queue pair at a device. */
export interface TransportQueue {
  /**
   * Takes the command in `slot`. `listBytes` of the slot's list go with it to the device; `data` (kept by reference
   * until the completion) goes in `direction`. Sent with the next `doorbell`.
   */
  submit(slot: number, listBytes: number, data: Uint8Array | undefined, direction: number): void;
  /** Sends what was submitted. May complete at once, inside the call. */
  doorbell(): void;
  /** Asks the device to give up the command. It still completes, as aborted or otherwise, or never. */
  abort(slot: number): void;
  /** Resets the device: everything in flight is forgotten and `CompletionSink.reset` is called. */
  reset(): void;
  close(): void;
}

export interface TransportManifest {
  /** Largest list in bytes that one command can bring (NVMe: MDTS, or IOCCSZ for data in the capsule). */
  readonly listBytesMax?: number | undefined;
  /** Largest data transfer of one command in bytes. */
  readonly dataBytesMax?: number | undefined;
  readonly queueDepthMax: number;
}

export interface AdminCommandOptions {
  readonly dataIn?: Uint8Array;
  readonly dataOut?: Uint8Array;
  readonly signal?: AbortSignal;
}

/**
 * A way to a device. It carries command bytes and data and knows nothing of what they mean. A device's refusal is a
 * completion; only the transport's own failures throw (`FERRY_TRANSPORT_…`).
 */
export interface Transport {
  readonly name: string;
  readonly supports: TransportManifest;
  /** Time for deadlines; without it commands have none. */
  readonly clock?: Clock;
  /** Sends one command outside of any queue (NVMe: to the admin queue) and returns its completion's bytes. */
  execute(command: Uint8Array, options?: AdminCommandOptions): Promise<Uint8Array>;
  /** Opens a queue pair over the caller's memory. */
  connect(memory: QueueMemory, sink: CompletionSink): TransportQueue;
  /** Closes every queue; idempotent. */
  close(): Promise<void>;
}

/** Where a command was sent. */
export type CommandQueueKind = "admin" | "io";

/**
 * What became of a command.
 *
 * - `completed`: the completion is written.
 * - `lost`: the command may have been carried out, but no completion will come.
 * - `reset`: the device reset itself; neither this nor any other command in flight will be answered.
 * - `removed`: the device is gone.
 */
export type ModelOutcome = "completed" | "lost" | "reset" | "removed";

/** An emulated device: bytes in, bytes out. Synchronous, so that a listener or a loopback decides when it runs. */
export interface DeviceModel {
  readonly name: string;
  /** `nvme`, `scsi`, `ata`. */
  readonly family: string;
  readonly completionBytes: number;
  /**
   * Carries out one command.
   *
   * @param command the command's bytes as they crossed the wire
   * @param dataOut data and lists that came with it, exactly as long as announced
   * @param dataIn where to put data for the host; its length is what the host has room for
   * @param completion where to write the completion
   */
  execute(
    queue: CommandQueueKind,
    command: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    completion: Uint8Array,
  ): ModelOutcome;
  /** Resets the device as a controller or target reset does. Stored blocks are kept. */
  reset(): void;
  /** Closes the stores; idempotent. */
  close(): void;
}

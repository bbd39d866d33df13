import type { ProvisionalUse } from "./provisional-use.ts";

/** What every command of a queue asks for. */
export interface AtaCommandOptions extends ProvisionalUse {
  /**
   * Commands are queued (READ, WRITE and SEND FPDMA QUEUED); a slot is a tag, so that a queue has 32 slots at most. After
   * an error the transport must read log 10h, as drivers do, or the disk aborts all that follows. Default false.
   */
  readonly queued?: boolean | undefined;
  /** Writes are on the medium before they complete (FUA). Copies have no such bit. Default false. */
  readonly forceUnitAccess?: boolean | undefined;
  /**
   * What LBA says after a copy that failed in the middle is used, where the profile gives it a meaning: blocks before it
   * count as copied. Default true.
   */
  readonly trustBlocksDone?: boolean | undefined;
}

import type { CommandTarget, QueueLimits } from "@blockferry/core";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";

/** An ATA disk that an engine can put a queue in front of. */
export interface AtaDevice extends CommandTarget {
  readonly family: "ata";
  readonly limits: QueueLimits;
  readonly modelNumber: string;
  readonly serialNumber: string;
  readonly firmwareRevision: string;
  readonly physicalBytesPerBlock: number;
  /** True for a disk that is this project's model: what it is sent harms nobody. */
  readonly emulated: boolean;
  /** Queued commands that it takes; 0: none. */
  readonly queueDepth: number;
  /** WRITE DMA FUA EXT exists. */
  readonly forceUnitAccess: boolean;
  /** 512-byte blocks of one TRIM list; `undefined`: no TRIM. */
  readonly trimPagesMax: number | undefined;
  /** WRITE GATHERED EXT as it may be sent to this disk; `undefined`: it may not. */
  readonly writeGathered: WriteGatheredProfile | undefined;
  /** Why the disk may be sent no copy command; `undefined` where it may. */
  readonly copyRefusal: string | undefined;
  /** WRITE GATHERED EXT exists in its queued form too. */
  readonly writeGatheredQueued: boolean;
  /** How sure the bytes of WRITE GATHERED EXT are, for people; `undefined` where it may not be sent. */
  readonly provisional: string | undefined;
}

export function isAtaDevice(target: CommandTarget): target is AtaDevice {
  return target.family === "ata" && "emulated" in target && "writeGathered" in target;
}

import type { Store, StoreCopyMeans } from "@blockferry/core";
import type { GatheredRanges } from "../codec/write-gathered/list.ts";
import type { GatheredLimits, WriteGatheredProfile } from "../codec/write-gathered/profile.ts";
import type { AtaFaults } from "./fault-plan.ts";
import type { AtaIdentity, AtaPreset } from "./preset.ts";
import type { SectorSet } from "./sector-set.ts";

/** Told of every copy that the store carried out, or that went through the model's own memory (`read-write`). */
export type StoreCopyListener = (
  means: StoreCopyMeans,
  blocks: number,
  sourceLba: number,
  destinationLba: number,
) => void;

/** WRITE GATHERED EXT of a disk. */
export interface Gathering {
  readonly profile: WriteGatheredProfile;
  /** Limits in force; enforced before anything moves. */
  readonly limits: GatheredLimits;
  readonly listBytesMax: number;
  readonly ranges: GatheredRanges;
}

export type PowerMode = "active" | "idle" | "standby" | "sleep";

/** What commands change, and a reset puts back. */
export interface Settings {
  writeCache: boolean;
  readLookAhead: boolean;
  senseReporting: boolean;
  smart: boolean;
  power: PowerMode;
  /** Sense data of the last command, as in `CommandResult`. */
  sense: number;
  /** Log 10h: what the last queued command that failed left. */
  queuedError: Uint8Array | undefined;
  /** Everything but the read of log 10h is aborted. */
  isHeld: boolean;
}

export const newSettings = (): Settings => ({
  writeCache: true,
  readLookAhead: true,
  senseReporting: false,
  smart: true,
  power: "active",
  sense: 0,
  queuedError: undefined,
  isHeld: false,
});

/** State of an emulated disk, shared by its commands. */
export interface Disk {
  readonly store: Store;
  readonly sectors: number;
  readonly bytesPerSector: number;
  readonly physicalBytesPerSector: number;
  readonly readonly: boolean;
  readonly preset: AtaPreset;
  readonly identity: AtaIdentity;
  readonly queueDepth: number;
  readonly gathering: Gathering | undefined;
  readonly settings: Settings;
  readonly faults: AtaFaults;
  /** Sectors that WRITE UNCORRECTABLE EXT has marked. */
  readonly marked: SectorSet;
  readonly onStoreCopy: StoreCopyListener | undefined;
  readonly onStoreError: ((error: unknown) => void) | undefined;
}

import { faultSet, type Store } from "@blockferry/core";
import { ataString } from "../codec/ata-string.ts";
import { LBA48_MAX } from "../codec/task-file.ts";
import { defaultProfile, writeGatheredProfile } from "../codec/write-gathered/built-in-profiles.ts";
import { parseProfile } from "../codec/write-gathered/check-profile.ts";
import { entryBlocksMax } from "../codec/write-gathered/entry-blocks-max.ts";
import { gatheredListBytes, gatheredRanges } from "../codec/write-gathered/list.ts";
import type { GatheredLimits, WriteGatheredProfile } from "../codec/write-gathered/profile.ts";
import { type Disk, type Gathering, newSettings, type StoreCopyListener } from "./disk.ts";
import { type AtaFaultPlan, faultRules } from "./fault-plan.ts";
import { type AtaIdentity, type AtaPreset, type AtaPresetName, ataPresets } from "./preset.ts";
import { SectorSet } from "./sector-set.ts";

export interface AtaModelOptions {
  /** Holds the sectors. Closed with the model. */
  readonly store: Store;
  /** Default 512. */
  readonly bytesPerSector?: 512 | 4096;
  /** A power of two from `bytesPerSector` to 65,536. Default 4096, with preset `qemu-7.2` as `bytesPerSector`. */
  readonly physicalBytesPerSector?: number;
  /** How the disk behaves; default `ideal`. */
  readonly preset?: AtaPresetName | AtaPreset;
  /** WRITE GATHERED EXT: a profile, its name, or null for a disk without. Default `acs6-provisional-66`. */
  readonly profile?: string | WriteGatheredProfile | null;
  /** Limits of WRITE GATHERED EXT that differ from the profile's. */
  readonly limits?: Partial<GatheredLimits>;
  /** Tags of queued commands, 1 to 32. Default 32. */
  readonly queueDepth?: number;
  /** Default: whether the store is. */
  readonly readonly?: boolean;
  readonly identity?: Partial<AtaIdentity>;
  /** What goes wrong, in order. */
  readonly faults?: AtaFaultPlan;
  /** After a queued command has failed, all but the read of log 10h is aborted. Default as the preset has it. */
  readonly holdsAfterQueuedError?: boolean;
  /** Default `ata-model`. */
  readonly name?: string;
  readonly onStoreCopy?: StoreCopyListener;
  /** Told why the store failed; the host learns it as a medium error. */
  readonly onStoreError?: (error: unknown) => void;
}

function requireWhole(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function presetOf(options: AtaModelOptions): AtaPreset {
  const { preset = "ideal", holdsAfterQueuedError } = options;
  if (typeof preset === "string" && !Object.hasOwn(ataPresets, preset)) {
    const known = Object.keys(ataPresets).join(", ");
    throw new RangeError(`there is no preset ${JSON.stringify(preset)}; there are ${known}`);
  }
  const found = typeof preset === "string" ? ataPresets[preset] : preset;
  return holdsAfterQueuedError === undefined ? found : { ...found, holdsAfterQueuedError };
}

function profileOf({ profile }: AtaModelOptions): WriteGatheredProfile | null {
  if (profile === undefined) return defaultProfile;
  if (profile === null) return null;
  return typeof profile === "string" ? writeGatheredProfile(profile) : parseProfile(profile);
}

function gatheringOf(options: AtaModelOptions, preset: AtaPreset): Gathering | undefined {
  const profile = profileOf(options);
  if (profile === null || !preset.writeGathered) return undefined;
  if (preset.commands.includes(profile.command)) {
    const code = profile.command.toString(16).padStart(2, "0");
    throw new RangeError(
      `profile ${profile.id} has the operation code of another command, ${code}h`,
    );
  }
  const { entries, blocksPerEntry, blocks } = { ...profile.limits, ...options.limits };
  const limits: GatheredLimits = {
    entries: requireWhole("limits.entries", entries, 1, 65_536),
    blocksPerEntry: requireWhole(
      "limits.blocksPerEntry",
      blocksPerEntry,
      1,
      entryBlocksMax(profile),
    ),
    blocks: requireWhole("limits.blocks", blocks, 1, 2 ** 31 - 1),
  };
  const listBytesMax = gatheredListBytes(profile, entries);
  return { profile, limits, listBytesMax, ranges: gatheredRanges(entries) };
}

function identityOf(options: AtaModelOptions, preset: AtaPreset): AtaIdentity {
  const identity = { ...preset.identity, ...options.identity };
  ataString(identity.serialNumber, 20);
  ataString(identity.modelNumber, 40);
  ataString(identity.firmwareRevision, 8);
  const { wwn } = identity;
  if (wwn !== undefined && (wwn < 0n || wwn >= 2n ** 64n)) {
    throw new RangeError(`identity.wwn must be 64 bits, not ${wwn}`);
  }
  return identity;
}

function physicalOf(options: AtaModelOptions, preset: AtaPreset, bytesPerSector: number): number {
  const fallback = preset.identify === "qemu" ? bytesPerSector : 4096;
  const physical = options.physicalBytesPerSector ?? fallback;
  const isPower = Number.isInteger(Math.log2(physical));
  if (isPower && physical >= bytesPerSector && physical <= 65_536) return physical;
  const range = `a power of two from ${bytesPerSector} to 65536`;
  throw new RangeError(`physicalBytesPerSector must be ${range}, not ${physical}`);
}

/**
 * The disk that the options describe.
 * @throws RangeError naming the option that cannot be; FerryError `FERRY_ATA_PROFILE`.
 */
export function diskOf(options: AtaModelOptions): Disk {
  const { store, bytesPerSector = 512, queueDepth = 32 } = options;
  if (bytesPerSector !== 512 && bytesPerSector !== 4096) {
    throw new RangeError(`bytesPerSector must be 512 or 4096, not ${bytesPerSector}`);
  }
  const preset = presetOf(options);
  const sectors = Math.floor(store.bytes / bytesPerSector);
  requireWhole("the store's sectors", sectors, 1, LBA48_MAX);
  return {
    store,
    sectors,
    bytesPerSector,
    physicalBytesPerSector: physicalOf(options, preset, bytesPerSector),
    readonly: options.readonly ?? store.readonly,
    preset,
    identity: identityOf(options, preset),
    queueDepth: requireWhole("queueDepth", queueDepth, 1, 32),
    gathering: gatheringOf(options, preset),
    settings: newSettings(),
    faults: faultSet(faultRules, options.faults),
    marked: new SectorSet(),
    onStoreCopy: options.onStoreCopy,
    onStoreError: options.onStoreError,
  };
}

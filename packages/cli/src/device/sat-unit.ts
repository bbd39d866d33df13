import type { AtaDevice } from "@blockferry/device-ata";
import type { AtaModel } from "@blockferry/device-ata/model";
import { satDisk } from "@blockferry/device-ata/sat";
import { profiles, scsiModel } from "@blockferry/device-scsi/model";
import type { OpenedStore } from "./model-store.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { openTarget } from "./scsi-model.ts";

const LUN = 0;

export interface SatUnitOptions {
  /** The copy commands of the unit in front of the disk. */
  readonly copy: "extended-copy" | "lid4" | "token";
  readonly depth?: number | undefined;
  readonly scheme: SchemeOptions;
  /** Called when the unit is open. */
  readonly beforeCopies: () => void;
}

/** What becomes of a copy behind the translator, for people. */
function behindTranslator({ writeGathered, provisional }: AtaDevice): string {
  return writeGathered === undefined
    ? "Behind the translator each segment becomes reads and writes"
    : `Behind the translator each segment becomes WRITE GATHERED EXT, a translation of this project's own; ${provisional}`;
}

/** Puts a SCSI / ATA translator with a copy manager in front of an emulated disk: what is opened is a logical unit. */
export async function openSatUnit(
  model: AtaModel,
  disk: AtaDevice,
  opened: OpenedStore,
  { copy, depth, scheme: options, beforeCopies }: SatUnitOptions,
): Promise<OpenedScheme> {
  const { store, vendor, product, revision, serial, ...translator } = satDisk(model, disk);
  const identity = { ...profiles.ideal.identity, vendor, product, revision };
  const bytesPerBlock = disk.bytesPerBlock === 4096 ? 4096 : 512;
  const target = scsiModel({
    name: "sat-model",
    profile: { ...profiles.ideal, identity },
    units: [{ lun: LUN, store, bytesPerBlock, serial, translator }],
  });
  const stores = new Map([[LUN, opened]]);
  const scheme = await openTarget(target, stores, { copy, depth }, options, beforeCopies);
  const steps = [scheme.continuation, behindTranslator(disk)].filter((one) => one !== undefined);
  return { ...scheme, continuation: steps.join(". ") };
}

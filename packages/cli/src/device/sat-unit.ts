import type { AtaDevice } from "@blockferry/device-ata";
import type { AtaModel } from "@blockferry/device-ata/model";
import type { OpenedStore } from "./model-store.ts";
import { SAT_LUN, satTarget, type TranslatorOptions } from "./sat-target.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { openTarget } from "./scsi-model.ts";

export interface SatUnitOptions extends TranslatorOptions {
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
  { copy, depth, scheme: options, beforeCopies, ...translator }: SatUnitOptions,
): Promise<OpenedScheme> {
  const target = satTarget(model, disk, translator);
  const stores = new Map([[SAT_LUN, opened]]);
  const scheme = await openTarget(target, stores, { copy, depth }, options, beforeCopies);
  const steps = [scheme.continuation, behindTranslator(disk)].filter((one) => one !== undefined);
  return { ...scheme, continuation: steps.join(". ") };
}

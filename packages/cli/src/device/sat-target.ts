import type { Transport } from "@blockferry/core";
import { type AtaDevice, ataOverScsi } from "@blockferry/device-ata";
import type { AtaModel } from "@blockferry/device-ata/model";
import { type SatDialectName, satDisk } from "@blockferry/device-ata/sat";
import { profiles, type ScsiModel, scsiModel } from "@blockferry/device-scsi/model";
import { memoryTransport } from "@blockferry/transport-memory";

export const SAT_LUN = 0;
const CONTROL_MODE_PAGE = 0x0a;

/** What kind of translator is in front of a disk. */
export interface TranslatorOptions {
  /** Whose ATA PASS-THROUGH and mode pages it has; default `standard`. */
  readonly translator?: SatDialectName | undefined;
  /** Format of its sense data until MODE SELECT changes it; default `fixed`. */
  readonly sense?: "fixed" | "descriptor" | undefined;
}

/** The logical unit that a SCSI / ATA translator makes of an emulated disk. */
export function satTarget(
  model: AtaModel,
  disk: AtaDevice,
  { translator: dialect = "standard", sense }: TranslatorOptions,
): ScsiModel {
  const { ideal } = profiles;
  const made = satDisk(model, disk, { dialect });
  const { store, vendor, product, revision, serial, controlModePage, ...translator } = made;
  return scsiModel({
    name: "sat-model",
    profile: {
      ...ideal,
      identity: { ...ideal.identity, vendor, product, revision },
      modePages: ideal.modePages.map((page) =>
        page.pageCode === CONTROL_MODE_PAGE
          ? { pageCode: page.pageCode, ...controlModePage }
          : page,
      ),
    },
    units: [
      {
        ...{ lun: SAT_LUN, store, serial, translator },
        bytesPerBlock: disk.bytesPerBlock === 4096 ? 4096 : 512,
        descriptorSense: sense === "descriptor",
      },
    ],
  });
}

/** A way to an emulated disk through a SCSI / ATA translator: each command goes by ATA PASS-THROUGH. */
export function passThroughTransport(
  model: AtaModel,
  disk: AtaDevice,
  options: TranslatorOptions,
): Transport {
  const { writeGathered: profile } = disk;
  return ataOverScsi(memoryTransport(satTarget(model, disk, options)), { profile });
}

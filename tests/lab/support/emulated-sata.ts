import { satTarget } from "../../../packages/cli/src/device/sat-target.ts";
import { openAtaDevice } from "../../../packages/devices/ata/src/index.ts";
import { ataModel } from "../../../packages/devices/ata/src/model/index.ts";
import { type SatDialectName, satDialects } from "../../../packages/devices/ata/src/sat/index.ts";
import type { ScsiModel } from "../../../packages/devices/scsi/src/model/index.ts";
import {
  buildShim,
  missingTools,
  type Shim,
  toolBench,
} from "../../../packages/devices/scsi/test/tools/tool-bench.ts";
import { memoryTransport } from "../../../packages/transports/memory/src/index.ts";
import { loadImage, saveImage } from "./images.ts";

const PRESET = "qemu-7.2";
const LUN_BYTES = 8;
/** MODE SENSE(6) of the Control mode page, without block descriptors (SPC-4 6.13). */
const CONTROL_MODE_PAGE = [0x1a, 0x08, 0x0a, 0, 255, 0];
/** Behind the header, byte 2 bit 2 of the page. */
const D_SENSE_AT = 6;
const D_SENSE = 4;

function translatorOf(kernel: string): SatDialectName {
  const name = `libata-${kernel}-ahci`;
  if (Object.hasOwn(satDialects, name)) return name as SatDialectName;
  throw new Error(`the translator of Linux ${kernel} is not known`);
}

/** An emulated SATA disk behind a translator as Linux has it, for as long as it is powered. */
export interface EmulatedSata {
  /** The URI of the disk as it is now. */
  uri(): string;
  /** Runs a tool on it, and returns what it says. `words` makes the arguments from the path of the disk. */
  said(command: string, words: (path: string) => readonly string[]): Promise<string>;
}

function asksForDescriptors(unit: ScsiModel): boolean {
  const command = new Uint8Array([...new Uint8Array(LUN_BYTES), ...CONTROL_MODE_PAGE]);
  const page = new Uint8Array(255);
  unit.execute("io", command, undefined, page, new Uint8Array(unit.completionBytes));
  return (page[D_SENSE_AT] & D_SENSE) !== 0;
}

/**
 * The disk in an image: to the command line a URI, to tools of sg3_utils and hdparm a SCSI device (see the shim of the SCSI
 * package). Between two uses the image is nobody's; what MODE SELECT has set stays with the disk.
 *
 * @param kernel whose translator it is behind
 * @param folder for the shim, which goes with it
 */
export function emulatedSata(
  path: string,
  bytes: number,
  kernel: string,
  folder: string,
): EmulatedSata {
  const translator = translatorOf(kernel);
  let shim: Shim | undefined;
  let descriptorSense = false;
  return {
    uri() {
      const sense = descriptorSense ? "descriptor" : "fixed";
      const through = `sat=pass-through&translator=${translator}&sense=${sense}`;
      return `ata-model:${path}?preset=${PRESET}&${through}`;
    },
    async said(command, words) {
      const missing = missingTools([command]);
      if (missing !== undefined) throw new Error(missing);
      shim ??= buildShim(folder);
      const image = loadImage(path, bytes);
      const disk = ataModel({ store: image, preset: PRESET });
      const device = await openAtaDevice(memoryTransport(disk));
      const sense = descriptorSense ? "descriptor" : "fixed";
      const unit = satTarget(disk, device, { translator, sense });
      const bench = await toolBench(shim, unit, [0]);
      try {
        const { stdout, stderr } = await bench.run(command, ...words(bench.device(0)));
        return `${stdout}${stderr}`;
      } finally {
        await bench.close();
        descriptorSense = asksForDescriptors(unit);
        saveImage(image, path);
      }
    },
  };
}

import type { IdentifyController } from "./codec/identify-controller.ts";
import type { NvmeCommandOptions } from "./command-options.ts";

export type NvmePeerName = "standard" | "qemu-7.2" | "qemu-10" | "spdk";

/** A controller whose departures from the standard are known. */
export interface NvmePeer {
  readonly name: NvmePeerName;
  /** How commands are adapted to it. */
  readonly commands: NvmeCommandOptions;
  /** What it does otherwise than the standard, one sentence each. */
  readonly deviations: readonly string[];
}

/** Known peers. Measured on QEMU 7.2.22 and 10.0.2, and on SPDK 26.09-pre. */
export const nvmePeers: Readonly<Record<NvmePeerName, NvmePeer>> = {
  standard: { name: "standard", commands: {}, deviations: [] },
  "qemu-7.2": {
    name: "qemu-7.2",
    commands: { tagByteOrder: "qemu" },
    deviations: [
      "reports every failure of a source range as Internal Error, without Do Not Retry",
      "does not enforce MCL",
      "takes the tags of formats 1h and 3h as a 48-bit big-endian number",
    ],
  },
  "qemu-10": {
    name: "qemu-10",
    commands: { tagByteOrder: "qemu", separateSourceNamespaces: true },
    deviations: [
      "reads the wrong namespace where one Copy names sources on its own and on another namespace: copies are kept apart",
      "sees an overlap only where a source ends strictly inside the destination",
      "takes MSSRL from the source namespace",
      "ignores Fast Copy Only and FUA",
      "takes the tags of formats 1h and 3h as a 48-bit big-endian number",
    ],
  },
  spdk: {
    name: "spdk",
    commands: { trustRangesDone: false },
    deviations: [
      "reports an address behind the end as Internal Error, without Do Not Retry",
      "leaves DW0 of a failed Copy 0 whatever was copied",
    ],
  },
};

const QEMU_CROSS_NAMESPACE_MAJOR = 9;

/** The peer that a controller's model number and firmware revision tell. */
export function recognisePeer(controller: Pick<IdentifyController, "mn" | "fr">): NvmePeer {
  if (controller.mn.startsWith("QEMU NVMe")) {
    const major = Number.parseInt(controller.fr, 10);
    return major < QEMU_CROSS_NAMESPACE_MAJOR ? nvmePeers["qemu-7.2"] : nvmePeers["qemu-10"];
  }
  return controller.mn.startsWith("SPDK") ? nvmePeers.spdk : nvmePeers.standard;
}

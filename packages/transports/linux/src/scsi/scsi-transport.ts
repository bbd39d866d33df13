import { FerryError, type Transport } from "@blockferry/core";
import { linuxKernel } from "../kernel.ts";
import {
  DEPTH_DEFAULT,
  kernelTimeoutMs,
  type LinuxTransportOptions,
  linuxTransport,
} from "../linux-transport.ts";
import { type OpenedNode, openNode } from "../node/open-node.ts";
import type { Surroundings } from "../node/surroundings.ts";
import { transferBytesMax } from "../node/transfer-limit.ts";
import { scsiPassThrough } from "./scsi-pass-through.ts";

export interface ScsiTransportOptions extends LinuxTransportOptions {
  /**
   * `/dev/sdX` or `/dev/sgN` of each logical unit, by the number that commands name it by in front of the CDB. That number
   * is this transport's own: each file stands for one unit, whose real number the kernel knows.
   */
  readonly units: ReadonlyMap<number, string>;
  readonly surroundings?: Surroundings | undefined;
}

/** A transport to logical units. */
export interface ScsiTransport extends Transport {
  readonly nodes: ReadonlyMap<number, OpenedNode>;
}

function requireScsi({ path, family }: OpenedNode): void {
  if (family === "scsi") return;
  throw new FerryError("FERRY_TRANSPORT_NO_DEVICE", `${path} is no SCSI device`, {
    details: { path, family },
    hint: "a logical unit is /dev/sdX or /dev/sgN",
  });
}

/**
 * A way to real logical units, by SG_IO of the Linux drivers. SATA disks are logical units to Linux too.
 *
 * @throws FerryError `FERRY_LINUX_UNAVAILABLE` where this is not Linux, or koffi is missing; `FERRY_TRANSPORT_OPEN`,
 * `…_NO_DEVICE`, `…_PARTITION`, `…_IN_USE`
 */
export function scsiTransport(options: ScsiTransportOptions): ScsiTransport {
  const { units, surroundings, readonly = false, force = false } = options;
  const { queueDepthMax = DEPTH_DEFAULT } = options;
  if (units.size === 0) throw new RangeError("a transport has at least one unit");
  const timeoutMs = kernelTimeoutMs(options);
  const kernel = options.kernel ?? linuxKernel(queueDepthMax);
  const nodes = new Map<number, OpenedNode>();
  const release = (): void => {
    for (const node of nodes.values()) node.close();
    nodes.clear();
    kernel.end();
  };
  try {
    for (const [lun, path] of units) {
      const node = openNode(kernel, path, { isReadonly: readonly, force, surroundings });
      nodes.set(lun, node);
      requireScsi(node);
    }
    const passThrough = scsiPassThrough({
      ...{ kernel, units: new Map(nodes), timeoutMs, isReadonly: readonly },
      resetsDevice: options.reset === "device",
    });
    const limits = [...nodes.values()].map(({ block }) => transferBytesMax(block));
    const dataBytesMax = Math.min(...limits);
    const name = [...units.values()].join(",");
    const parts = { name, kernel, passThrough, dataBytesMax, queueDepthMax, release };
    return { ...linuxTransport(parts, options), nodes: new Map(nodes) };
  } catch (error) {
    release();
    throw error;
  }
}

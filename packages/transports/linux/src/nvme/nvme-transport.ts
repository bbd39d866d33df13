import { constants } from "node:fs";
import { dirname } from "node:path";
import { FerryError, type Transport } from "@blockferry/core";
import { type LinuxKernel, linuxKernel } from "../kernel.ts";
import {
  DEPTH_DEFAULT,
  kernelTimeoutMs,
  type LinuxTransportOptions,
  linuxTransport,
} from "../linux-transport.ts";
import { type OpenedNode, openNode, openPath } from "../node/open-node.ts";
import type { Surroundings } from "../node/surroundings.ts";
import { fileOf, subsystemOf } from "../node/sysfs.ts";
import { transferBytesMax } from "../node/transfer-limit.ts";
import { systemError } from "../system-error.ts";
import { type NvmePath, nvmePassThrough } from "./nvme-pass-through.ts";
import { nvmeRequest } from "./passthru-command.ts";

export interface NvmeTransportOptions extends LinuxTransportOptions {
  /** `/dev/nvmeXnY` or `/dev/ngXnY`, of the namespace that commands outside of queues go through. */
  readonly path: string;
  /** Files of further namespaces of the same controller, which queues may command too. */
  readonly others?: readonly string[] | undefined;
  readonly surroundings?: Surroundings | undefined;
}

/** A namespace that is open. */
export interface NvmeNode extends OpenedNode {
  readonly nsid: number;
}

/** A transport to the controller of a namespace. */
export interface NvmeTransport extends Transport {
  /** The namespaces that its queues can command, by NSID; the one of `path` first. */
  readonly nodes: ReadonlyMap<number, NvmeNode>;
}

function nsidOf(kernel: LinuxKernel, { fd, path }: OpenedNode): number {
  const { result, errno } = kernel.ioctl(fd, nvmeRequest.id, new Uint8Array(128));
  if (result > 0) return result;
  throw systemError("FERRY_TRANSPORT_OPEN", `${path}: NVME_IOCTL_ID`, errno, { path });
}

function requireNvme({ path, family }: OpenedNode): void {
  if (family === "nvme") return;
  throw new FerryError("FERRY_TRANSPORT_NO_DEVICE", `${path} is no NVMe namespace`, {
    details: { path, family },
    hint: "a namespace is /dev/nvmeXnY or /dev/ngXnY",
  });
}

/** The controllers that a namespace is reached by, as sysfs names them. */
function subsystemFolder({ block }: OpenedNode): string | undefined {
  return block === undefined ? undefined : dirname(block.folder);
}

function requireSameController(first: OpenedNode, other: OpenedNode): void {
  const [one, two] = [subsystemFolder(first), subsystemFolder(other)];
  if (one === two) return;
  throw new FerryError(
    "FERRY_TRANSPORT_NO_DEVICE",
    `${other.path} belongs to another controller than ${first.path}`,
    { details: { path: other.path }, hint: "a copy goes between namespaces of one controller" },
  );
}

/** The controller's own file, which alone takes NVME_IOCTL_RESET. */
function openController(kernel: LinuxKernel, { block, path }: OpenedNode): NvmePath {
  const folder = block === undefined ? "" : dirname(block.folder);
  if (subsystemOf(folder) !== "nvme") {
    throw new FerryError("FERRY_TRANSPORT_NO_DEVICE", `${path}: its controller is not found`, {
      details: { path },
      hint: 'leave out reset: "device"',
    });
  }
  const controller = fileOf(folder);
  return { path: controller, fd: openPath(kernel, controller, constants.O_RDONLY) };
}

/**
 * A way to a real NVMe controller, by NVME_IOCTL_IO64_CMD and NVME_IOCTL_ADMIN64_CMD of the Linux driver, which fills in
 * data pointers, and makes queues and command identifiers of its own.
 *
 * @throws FerryError `FERRY_LINUX_UNAVAILABLE` where this is not Linux, or koffi is missing; `FERRY_TRANSPORT_OPEN`,
 * `…_NO_DEVICE`, `…_PARTITION`, `…_IN_USE`
 */
export function nvmeTransport(options: NvmeTransportOptions): NvmeTransport {
  const {
    path,
    surroundings,
    readonly = false,
    force = false,
    queueDepthMax = DEPTH_DEFAULT,
  } = options;
  const timeoutMs = kernelTimeoutMs(options);
  const kernel = options.kernel ?? linuxKernel(queueDepthMax);
  const opened: OpenedNode[] = [];
  const files: number[] = [];
  const release = (): void => {
    for (const node of opened.splice(0)) node.close();
    for (const fd of files.splice(0)) kernel.close(fd);
    kernel.end();
  };
  const open = (file: string): OpenedNode => {
    const node = openNode(kernel, file, { isReadonly: readonly, force, surroundings });
    opened.push(node);
    requireNvme(node);
    return node;
  };
  try {
    const node = open(path);
    const others = (options.others ?? []).map(open);
    for (const other of others) requireSameController(node, other);
    const nodes = new Map(
      [node, ...others].map((one) => {
        const nsid = nsidOf(kernel, one);
        return [nsid, { ...one, nsid }];
      }),
    );
    const controller = options.reset === "device" ? openController(kernel, node) : undefined;
    if (controller !== undefined) files.push(controller.fd);
    const passThrough = nvmePassThrough({
      ...{ kernel, namespaces: nodes, controller, timeoutMs },
      isReadonly: readonly,
    });
    const dataBytesMax = transferBytesMax(node.block);
    const parts = { name: path, kernel, passThrough, dataBytesMax, queueDepthMax, release };
    return { ...linuxTransport(parts, options), nodes };
  } catch (error) {
    release();
    throw error;
  }
}

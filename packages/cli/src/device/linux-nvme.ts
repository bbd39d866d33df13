import { blockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { openNvmeController } from "@blockferry/device-nvme";
import { type NvmeTransport, nvmeTransport } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { LinuxDeviceParameters } from "../schema/linux-device-parameters.ts";
import { tracedTransport } from "../trace/traced-transport.ts";
import { requireKernelAgrees } from "./kernel-size.ts";
import { noBottoms } from "./model-places.ts";
import { nvmeNative } from "./nvme-native.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { blockDeviceReader, type StoredReader } from "./stored-reader.ts";

/** Namespaces by the names of their parameters: `ns2=/dev/nvme0n2`. */
function othersOf(uri: DeviceUri): ReadonlyMap<number, string> {
  const named = uri.parameters.filter(([name]) => /^ns\d+$/.test(name));
  return new Map(named.map(([name, path]) => [Number(name.slice(2)), path]));
}

function requireNames(transport: NvmeTransport, wanted: ReadonlyMap<number, string>): void {
  for (const [nsid, path] of wanted) {
    if (transport.nodes.get(nsid)?.path === path) continue;
    const found = [...transport.nodes.values()].find((node) => node.path === path);
    throw new FerryError(
      "FERRY_URI_PARAMETER",
      `${path} is namespace ${found?.nsid}, not ${nsid}`,
      {
        details: { path, nsid: found?.nsid },
        hint: `write ns${found?.nsid}=${path}`,
      },
    );
  }
}

/** Opens namespaces of a real NVMe controller. */
export async function openLinuxNvme(
  uri: DeviceUri,
  { depth }: LinuxDeviceParameters,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const { readonly, force, timeoutMs, onFailure } = options;
  const wanted = othersOf(uri);
  const opened = nvmeTransport({
    ...{ path: uri.path, others: [...wanted.values()], readonly, force, timeoutMs },
    ...{ onError: onFailure, queueDepthMax: depth },
  });
  const transport = tracedTransport(opened, "nvme", options.onCommand);
  const readers: StoredReader[] = [];
  const close = async (): Promise<void> => {
    for (const reader of readers.splice(0)) reader.close();
    await transport.close();
  };
  try {
    requireNames(transport, wanted);
    const controller = await openNvmeController(transport);
    const found = noBottoms();
    for (const [nsid, node] of transport.nodes) {
      const target = controller.namespaces.find((one) => one.nsid === nsid);
      if (target === undefined) {
        throw new FerryError("FERRY_NVME_NO_NAMESPACE", `namespace ${nsid} is not active any more`);
      }
      const { commandSet } = controller;
      const device = blockDevice({ name: `ns${nsid}`, target, commandSet, transport });
      requireKernelAgrees(node, device);
      const reader = blockDeviceReader(node.path, node.block?.path);
      readers.push(reader);
      found.bottoms.set(device.name, device);
      found.rawReads.set(device, reader.read);
    }
    const nsids = [...transport.nodes.keys()];
    const { peer } = controller;
    return { family: "nvme", ...found, native: () => nvmeNative(transport, nsids), peer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

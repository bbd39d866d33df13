import { blockDevice } from "@blockferry/block";
import { openScsiTarget } from "@blockferry/device-scsi";
import { scsiTransport } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { LinuxDeviceParameters } from "../schema/linux-device-parameters.ts";
import { tracedTransport } from "../trace/traced-transport.ts";
import { requireKernelAgrees } from "./kernel-size.ts";
import { noBottoms } from "./model-places.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { scsiNative } from "./scsi-native.ts";
import { shownCdb, targetOptions, tokenContinuation, unitDepth } from "./scsi-target.ts";
import { blockDeviceReader, type StoredReader } from "./stored-reader.ts";

/** Units by number: the URI's own is 0, the others `lun1=/dev/sdb`. */
function unitsOf(uri: DeviceUri): Map<number, string> {
  const named = uri.parameters.filter(([name]) => /^lun\d+$/.test(name));
  return new Map([
    [0, uri.path],
    ...named.map(([name, path]) => [Number(name.slice(3)), path] as const),
  ]);
}

/** Opens real logical units. */
export async function openLinuxScsi(
  uri: DeviceUri,
  { depth, copy, profile }: LinuxDeviceParameters,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const { readonly, force, timeoutMs, onFailure } = options;
  const units = unitsOf(uri);
  const opened = scsiTransport({
    ...{ units, readonly, force, timeoutMs, onError: onFailure, queueDepthMax: depth },
  });
  const transport = tracedTransport(opened, "scsi", options.onCommand);
  const readers: StoredReader[] = [];
  const close = async (): Promise<void> => {
    for (const reader of readers.splice(0)) reader.close();
    await transport.close();
  };
  try {
    const luns = [...units.keys()];
    const target = await openScsiTarget(transport, { luns, ...targetOptions(copy, profile) });
    const found = noBottoms();
    for (const unit of target.units) {
      const device = blockDevice({
        name: `lun${unit.lun}`,
        target: unit,
        commandSet: target.commandSet,
        transport,
        queueDepth: unitDepth(target, depth),
      });
      const node = transport.nodes.get(unit.lun);
      const reader = blockDeviceReader(units.get(unit.lun) ?? uri.path, node?.block?.path);
      readers.push(reader);
      if (node !== undefined) requireKernelAgrees(node, device);
      found.bottoms.set(device.name, device);
      found.rawReads.set(device, reader.read);
    }
    return {
      ...{ family: "scsi", ...found, native: () => scsiNative(transport, luns) },
      ...{ shownCommand: shownCdb, continuation: tokenContinuation(target) },
      ...{ peer: target.profile, close },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

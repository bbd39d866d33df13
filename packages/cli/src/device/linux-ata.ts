import { blockDevice } from "@blockferry/block";
import { ataCommandSet, ataOverScsi, openAtaDevice } from "@blockferry/device-ata";
import { scsiTransport } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { LinuxDeviceParameters } from "../schema/linux-device-parameters.ts";
import { tracedTransport, watchWithProfile } from "../trace/traced-transport.ts";
import { ataNative } from "./ata-native.ts";
import { gatheredProfileIn, withUriHint } from "./gathered-profile.ts";
import { requireKernelAgrees } from "./kernel-size.ts";
import { noBottoms } from "./model-places.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { blockDeviceReader } from "./stored-reader.ts";

const DISK = 0;

/** Opens a real disk behind a SCSI / ATA translator, to be commanded by ATA PASS-THROUGH. */
export async function openLinuxAta(
  uri: DeviceUri,
  { depth, gathered, provisional }: LinuxDeviceParameters,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const { readonly, force, timeoutMs, onFailure, onCommand } = options;
  const profile = gathered === undefined ? undefined : gatheredProfileIn(gathered);
  const use = { profile, allowProvisional: provisional === "send" };
  const translated = scsiTransport({
    ...{ units: new Map([[DISK, uri.path]]), readonly, force, timeoutMs },
    ...{ onError: onFailure, queueDepthMax: depth },
  });
  const [node] = translated.nodes.values();
  const reader = blockDeviceReader("disk", node.block?.path);
  const transport = tracedTransport(
    ataOverScsi(translated, { profile }),
    "ata",
    watchWithProfile(onCommand, profile),
  );
  const close = async (): Promise<void> => {
    reader.close();
    await transport.close();
  };
  try {
    const target = await openAtaDevice(transport, use);
    const found = noBottoms();
    const device = blockDevice({ name: "disk", target, commandSet: ataCommandSet(use), transport });
    requireKernelAgrees(node, device);
    found.bottoms.set(device.name, device);
    found.rawReads.set(device, reader.read);
    const { provisional: sureness } = target;
    return {
      family: "ata",
      ...found,
      native: () => ataNative(transport),
      provisional: sureness,
      close,
    };
  } catch (error) {
    await close();
    throw withUriHint(error);
  }
}

import { readFileSync } from "node:fs";
import { blockDevice } from "@blockferry/block";
import { FerryError, isFerryError } from "@blockferry/core";
import {
  ataCommandSet,
  ataOverScsi,
  openAtaDevice,
  parseProfile,
  type WriteGatheredProfile,
} from "@blockferry/device-ata";
import { scsiTransport } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { LinuxDeviceParameters } from "../schema/linux-device-parameters.ts";
import { tracedTransport, watchWithProfile } from "../trace/traced-transport.ts";
import { ataNative } from "./ata-native.ts";
import { requireKernelAgrees } from "./kernel-size.ts";
import { noBottoms } from "./model-places.ts";
import type { OpenedScheme, SchemeOptions } from "./scheme.ts";
import { blockDeviceReader } from "./stored-reader.ts";

const DISK = 0;

/** A profile of the caller's own. @throws FerryError `FERRY_FILE_READ`, `FERRY_ATA_PROFILE` */
function profileIn(path: string): WriteGatheredProfile {
  try {
    return parseProfile(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    if (isFerryError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FerryError("FERRY_FILE_READ", `cannot read the profile ${path}: ${reason}`, {
      cause,
    });
  }
}

/** The library's advice in this program's words. */
function withUriHint(error: unknown): unknown {
  if (!isFerryError(error) || error.code !== "FERRY_ATA_PROVISIONAL") return error;
  const { code, message, details } = error;
  const hint =
    "write gathered=FILE&provisional=send, with a profile made from the standard; try it on a disk whose data may be lost";
  return new FerryError(code, message, { details, hint });
}

/** Opens a real disk behind a SCSI / ATA translator, to be commanded by ATA PASS-THROUGH. */
export async function openLinuxAta(
  uri: DeviceUri,
  { depth, gathered, provisional }: LinuxDeviceParameters,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const { readonly, force, timeoutMs, onFailure, onCommand } = options;
  const profile = gathered === undefined ? undefined : profileIn(gathered);
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

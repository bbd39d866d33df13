import type { BlockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { buildStack } from "./device/build-stack.ts";
import type { KnownPeer, PrepareScheme, SchemeOptions } from "./device/scheme.ts";
import { type DeviceUri, parseDeviceUri } from "./parse/device-uri.ts";
import { knownNamesHint } from "./parse/nearest-name.ts";
import type { NativePart, StorePart } from "./schema/info-document.ts";
import { type BlockRead, blockReader } from "./verify/raw-reader.ts";

/** How to open a device. */
export interface OpenDeviceOptions extends SchemeOptions {
  /** Layers to put above the device, bottom to top: `partition:…`, `linear:…`, `striped:…`. */
  readonly stack?: readonly string[];
}

/** A device that was opened by its URI. */
export interface OpenDevice {
  readonly uri: string;
  /** The topmost device of the stack: what copies are submitted to. */
  readonly device: BlockDevice;
  /** Devices at the bottom by name: `ns1`, `ns2`, …; `lun0`, `lun1`, …; `file0`, …; `disk`. */
  readonly bottoms: ReadonlyMap<string, BlockDevice>;
  /** `nvme`, `scsi`, `ata` or `file`. */
  readonly family: string;
  /** Asks the device about itself; the answer is in its own terms. */
  readonly native: () => Promise<readonly NativePart[]>;
  /** Where an emulated device keeps its blocks. */
  readonly store?: StorePart | undefined;
  /** Whose departures from the standard the device is known for. */
  readonly peer?: KnownPeer | undefined;
  /** Reads blocks of `device` past the device itself, from where they are stored; for verification. */
  readonly readStored: BlockRead;
  /** The same for one of `bottoms`, or a stack on them. */
  readonly readStoredOf: (device: BlockDevice) => BlockRead;
  /** What of a command in a queue is shown as its bytes. Default: all. */
  readonly shownCommand?: ((command: Uint8Array) => Uint8Array) | undefined;
  /** What the device is sent beside the commands of a plan, for people. */
  readonly continuation?: string | undefined;
  /** How sure the bytes of the device's copy command are, where they are not from a published standard. */
  readonly provisional?: string | undefined;
  /** Closes device and image; idempotent. */
  close(): Promise<void>;
}

const schemes: Readonly<Record<string, () => Promise<PrepareScheme>>> = {
  dev: async () => (await import("./device/linux-device.ts")).prepareLinuxDevice,
  file: async () => (await import("./device/file-device.ts")).prepareFile,
  "nvme-model": async () => (await import("./device/nvme-model.ts")).prepareNvmeModel,
  "scsi-model": async () => (await import("./device/scsi-model.ts")).prepareScsiModel,
  "ata-model": async () => (await import("./device/ata-model.ts")).prepareAtaModel,
};

/** Schemes of device URIs. */
export const deviceSchemes: readonly string[] = Object.keys(schemes);

async function schemeOf(uri: DeviceUri): Promise<PrepareScheme> {
  const load = Object.hasOwn(schemes, uri.scheme) ? schemes[uri.scheme] : undefined;
  if (load === undefined) {
    throw new FerryError("FERRY_URI_SCHEME", `"${uri.scheme}:" is not a kind of device`, {
      details: { uri: uri.text, scheme: uri.scheme },
      hint: knownNamesHint(uri.scheme, deviceSchemes),
    });
  }
  return load();
}

/** A device whose URI is good, before it is opened. */
export interface PreparedDevice {
  readonly bytesPerBlock?: number;
  open(options?: OpenDeviceOptions): Promise<OpenDevice>;
}

/**
 * Checks a device URI and opens nothing yet.
 *
 * @throws FerryError `FERRY_URI_…`
 */
export async function prepareDevice(uri: string): Promise<PreparedDevice> {
  const parsed = parseDeviceUri(uri);
  const prepared = (await schemeOf(parsed))(parsed);
  return {
    ...prepared,
    async open(options = {}) {
      const opened = await prepared.open(options);
      try {
        const device = buildStack(opened.bottoms, options.stack ?? []);
        const readStoredOf = (of: BlockDevice): BlockRead => blockReader(of, opened.rawReads);
        return { ...opened, uri, device, readStored: readStoredOf(device), readStoredOf };
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
  };
}

/**
 * Opens a device by its URI, for example `nvme-model:disk.img?mssrl=128`, `scsi-model:disk.img?copy=token` or
 * `ata-model:?size=1GiB`.
 *
 * @throws FerryError `FERRY_URI_…` (scheme, syntax, parameter), `FERRY_STORE_…` (image missing, locked, not whole
 * blocks, …), `FERRY_STACK_…`
 */
export async function openDevice(
  uri: string,
  options: OpenDeviceOptions = {},
): Promise<OpenDevice> {
  return (await prepareDevice(uri)).open(options);
}

import { blockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { type FileTarget, fileCommandSet, fileTransport } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type FileParameters,
  fileParameterNames,
  fileParameters,
} from "../schema/file-parameters.ts";
import type { NativePart } from "../schema/info-document.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import { tracedTransport } from "../trace/traced-transport.ts";
import { noBottoms } from "./model-places.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";
import { blockDeviceReader, fileReader, type StoredReader } from "./stored-reader.ts";

/** The files of a URI, by the names of their devices. */
function placesOf(uri: DeviceUri): ReadonlyMap<string, string> {
  const further = uri.parameters.filter(([name]) => name.startsWith("file"));
  return new Map([["file0", uri.path], ...further]);
}

function nativePart(name: string, target: FileTarget): NativePart {
  const { path, fileSystem, clones, bytesPerFileSystemBlock } = target;
  return {
    structure: "file",
    device: name,
    fields: { path, fileSystem, clones, bytesPerFileSystemBlock },
  };
}

async function open(
  uri: DeviceUri,
  { bs, depth }: FileParameters,
  { readonly, force, onCommand }: SchemeOptions,
): Promise<OpenedScheme> {
  const places = placesOf(uri);
  const opened = fileTransport({
    paths: [...places.values()],
    bytesPerBlock: bs === undefined ? undefined : Number(bs),
    ...{ readonly, force, queueDepthMax: depth },
  });
  const transport = tracedTransport(opened, "file", onCommand);
  const found = noBottoms();
  const readers: StoredReader[] = [];
  const names = [...places.keys()];
  transport.targets.forEach((target, i) => {
    const device = blockDevice({ name: names[i], target, commandSet: fileCommandSet, transport });
    const isBlock = target.fileSystem === "block device";
    const reader = isBlock ? blockDeviceReader(names[i], target.path) : fileReader(target.path);
    readers.push(reader);
    found.bottoms.set(device.name, device);
    found.rawReads.set(device, reader.read);
  });
  return {
    family: "file",
    ...found,
    native: async () => transport.targets.map((target, i) => nativePart(names[i], target)),
    async close() {
      for (const reader of readers) reader.close();
      await transport.close();
    },
  };
}

/** Checks the URI of a file that the kernel copies in: `file:PATH`. */
export function prepareFile(uri: DeviceUri): PreparedScheme {
  const parameters = checkParameters(uri, fileParameters, fileParameterNames, []);
  if (uri.path === "") {
    throw new FerryError("FERRY_URI_PARAMETER", "file: names no file", {
      details: { uri: uri.text },
      hint: "file:disk.img",
    });
  }
  return {
    ...(parameters.bs === undefined ? {} : { bytesPerBlock: Number(parameters.bs) }),
    open: (options) => open(uri, parameters, options),
  };
}

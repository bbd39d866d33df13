import { existsSync, unlinkSync } from "node:fs";
import { FerryError, type Store } from "@blockferry/core";
import { protectionFormat } from "@blockferry/device-nvme/codec";
import { formatNvmeMetadata, type NvmeMetadataOptions } from "@blockferry/device-nvme/model";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { NvmeModelParameters } from "../schema/nvme-model-parameters.ts";
import type { StorePlace } from "./model-store.ts";
import type { SchemeOptions } from "./scheme.ts";

type MetadataParameters = Pick<NvmeModelParameters, "ms" | "pi" | "pif" | "meta">;

const GUARD_BITS_DEFAULT = "16";

/**
 * How the blocks of a URI's namespaces are formatted; `undefined`: they have no metadata.
 *
 * @throws FerryError `FERRY_URI_PARAMETER` for parameters that do not go together
 */
export function metadataFormat(
  uri: DeviceUri,
  { ms, pi, pif = GUARD_BITS_DEFAULT, meta }: MetadataParameters,
): NvmeMetadataOptions | undefined {
  const refuse = (message: string, hint: string): FerryError =>
    new FerryError("FERRY_URI_PARAMETER", message, { details: { uri: uri.text }, hint });
  const given = (name: string): boolean => uri.parameters.some(([other]) => other === name);
  if (given("pif") && pi === undefined) {
    throw refuse("pif= is of protection information, and there is none", "add pi=1");
  }
  if (meta !== undefined && uri.path === "") {
    throw refuse("meta= is for an image; a device in memory has its metadata there", "omit meta=");
  }
  if (ms === undefined) {
    const [needs] = ["pi", "meta"].filter(given);
    if (needs === undefined) return undefined;
    throw refuse(`${needs}= needs blocks with metadata`, "add ms=8, or ms=16 with pif=64");
  }
  if (pi === undefined) return { bytes: ms };
  const protection = Number(pi) as 1 | 2 | 3;
  const guardBits = Number(pif) as 16 | 32 | 64;
  const { bytes } = protectionFormat({ type: protection, guardBits });
  if (ms >= bytes) return { bytes: ms, protection, guardBits };
  throw refuse(
    `ms=${ms} has no room for protection information with a ${pif}-bit guard, ${bytes} bytes`,
    `write ms=${bytes}`,
  );
}

/** Makes a file of metadata as it is where no block was ever written. */
async function makeFile(
  path: string,
  bytes: number,
  format: NvmeMetadataOptions,
  force: boolean | undefined,
): Promise<Store> {
  const { fileStore } = await import("@blockferry/store-file");
  const store = fileStore({ path, create: { bytes }, force: force === true });
  try {
    formatNvmeMetadata(store, format);
    store.flush();
    return store;
  } catch (error) {
    // Half of it would be taken for wrong protection information.
    store.close();
    unlinkSync(path);
    throw error;
  }
}

/**
 * Opens the file with the metadata of an image, or makes it; `undefined`: the metadata is in memory, because the blocks are, or
 * because there is no file yet and nothing may be written.
 *
 * @param own a file that was named; default: the image's name and `.meta`
 * @throws FerryError `FERRY_STORE_…`, `FERRY_URI_PARAMETER` for a file of another size
 */
export async function openMetadataStore(
  place: StorePlace | undefined,
  own: string | undefined,
  blocks: number,
  format: NvmeMetadataOptions,
  { readonly, force }: SchemeOptions,
): Promise<Store | undefined> {
  if (place?.path === undefined) return undefined;
  const path = own ?? `${place.path}.meta`;
  const bytes = blocks * format.bytes;
  if (!existsSync(path)) {
    return readonly === true ? undefined : makeFile(path, bytes, format, force);
  }
  const { fileStore } = await import("@blockferry/store-file");
  const store = fileStore({ path, readonly: readonly === true, force: force === true });
  if (store.bytes === bytes) return store;
  store.close();
  throw new FerryError(
    "FERRY_URI_PARAMETER",
    `${path} has ${store.bytes} bytes; the metadata of ${blocks} blocks, ${format.bytes} bytes each, is ${bytes}`,
    {
      details: { path, bytes: store.bytes, blocks, ms: format.bytes },
      hint: "write ms= and bs= as they were when the file was made, or another file by meta=",
    },
  );
}

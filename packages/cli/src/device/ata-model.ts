import { blockDevice } from "@blockferry/block";
import { FerryError, type Transport } from "@blockferry/core";
import {
  type AtaDevice,
  ataCommandSet,
  openAtaDevice,
  type ProvisionalUse,
  type WriteGatheredProfile,
  writeGatheredProfile,
} from "@blockferry/device-ata";
import {
  type AtaFault,
  type AtaFaultPlan,
  type AtaModel,
  type AtaModelOptions,
  ataModel,
} from "@blockferry/device-ata/model";
import { memoryTransport } from "@blockferry/transport-memory";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type AtaModelParameters,
  ataModelParameterNames,
  ataModelParameters,
} from "../schema/ata-model-parameters.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import { tracedTransport, watchWithProfile } from "../trace/traced-transport.ts";
import { ataNative } from "./ata-native.ts";
import { parseFault } from "./fault-grammar.ts";
import { ataFaults } from "./fault-kinds.ts";
import { gatheredProfileIn, withUriHint } from "./gathered-profile.ts";
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore } from "./model-store.ts";
import { passThroughTransport } from "./sat-target.ts";
import { openSatUnit } from "./sat-unit.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

const DISK = 0;
type BytesPerSector = 512 | 4096;

/** The profile that disk and host are to have; `undefined`: the usual one; `null`: the disk has none. */
function profileOf({
  profile,
  gathered,
}: AtaModelParameters): WriteGatheredProfile | null | undefined {
  if (gathered !== undefined) return gatheredProfileIn(gathered);
  if (profile === undefined) return undefined;
  return profile === "none" ? null : writeGatheredProfile(profile);
}

function modelOptions(
  { preset, entries }: AtaModelParameters,
  profile: WriteGatheredProfile | null | undefined,
  { store }: OpenedStore,
  bytesPerSector: BytesPerSector,
  { onStoreCopy, onFailure }: SchemeOptions,
): AtaModelOptions {
  return {
    store,
    bytesPerSector,
    ...(preset === undefined ? {} : { preset }),
    ...(profile === undefined ? {} : { profile }),
    ...(entries === undefined ? {} : { limits: { entries } }),
    ...(onFailure === undefined ? {} : { onStoreError: onFailure }),
    ...(onStoreCopy === undefined
      ? {}
      : {
          onStoreCopy: (means, blocks, _source, destination) =>
            onStoreCopy(means, blocks, DISK, destination),
        }),
  };
}

/** Faults begin when the disk is open: what opens it is no copy. */
const faultsOf = ({ fault = [] }: AtaModelParameters, bytesPerSector: number): AtaFaultPlan =>
  fault.map((text) => parseFault<AtaFault>(ataFaults, text, bytesPerSector));

function requireTogether(uri: DeviceUri, parameters: AtaModelParameters): void {
  const { gathered, profile, provisional, sat = "off", queued } = parameters;
  const refuse = (message: string, hint: string): FerryError =>
    new FerryError("FERRY_URI_PARAMETER", message, { details: { uri: uri.text }, hint });
  if (gathered !== undefined && profile !== undefined) {
    throw refuse("gathered= is a profile of your own, profile= one of this program's", "omit one");
  }
  if (provisional !== undefined && gathered === undefined) {
    throw refuse("provisional=send sends what gathered= describes", "add gathered=FILE");
  }
  for (const name of ["translator", "sense"] as const) {
    if (parameters[name] === undefined || sat !== "off") continue;
    throw refuse(`${name}= is of a translator, and there is none`, "add sat=pass-through");
  }
  if (sat !== "off" && queued === "on") {
    throw refuse("queued=on is not for a disk behind a translator", "omit queued=on or sat=");
  }
}

/** A disk that is known, and how commands get to it. */
interface Way {
  readonly target: AtaDevice;
  readonly transport: Transport;
}

/** Looks the disk up, on the way that its commands will go. */
async function wayTo(
  model: AtaModel,
  { sat, translator, sense }: AtaModelParameters,
  use: ProvisionalUse,
  { onCommand }: SchemeOptions,
): Promise<Way> {
  const watch = watchWithProfile(onCommand, use.profile);
  const direct = memoryTransport(model);
  if (sat !== "pass-through") {
    const transport = tracedTransport(direct, "ata", watch);
    return { transport, target: await openAtaDevice(transport, use) };
  }
  const disk = await openAtaDevice(direct, use);
  const passed = passThroughTransport(model, disk, { translator, sense });
  const transport = tracedTransport(passed, "ata", watch);
  return { transport, target: await openAtaDevice(transport, use) };
}

async function openModel(
  uri: DeviceUri,
  parameters: AtaModelParameters,
  bytesPerSector: BytesPerSector,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const profile = profileOf(parameters);
  const places = placesOf(uri, parameters, bytesPerSector, "disk", DISK);
  const stores = await openStores(places, bytesPerSector, options);
  const [opened] = stores.values();
  const model = ataModel(modelOptions(parameters, profile, opened, bytesPerSector, options));
  const { queued, depth, sat, translator, sense, provisional } = parameters;
  const use: ProvisionalUse = {
    profile: profile ?? undefined,
    allowProvisional: provisional === "send",
  };
  const { transport, target } = await wayTo(model, parameters, use, options).catch((error) => {
    model.close();
    throw withUriHint(error);
  });
  const beforeCopies = (): void => model.inject(...faultsOf(parameters, bytesPerSector));
  if (sat !== undefined && sat !== "off" && sat !== "pass-through") {
    const unit = { copy: sat, depth, translator, sense, scheme: options, beforeCopies };
    return openSatUnit(model, target, opened, unit);
  }
  beforeCopies();
  const found = noBottoms();
  const device = blockDevice({
    name: "disk",
    target,
    commandSet: ataCommandSet({ ...use, queued: queued === "on" }),
    transport,
    ...(depth === undefined ? {} : { queueDepth: depth }),
  });
  addBottom(found, device, opened);
  return {
    family: "ata",
    ...found,
    native: () => ataNative(transport),
    provisional: target.provisional,
    store: opened.part,
    async close() {
      await transport.close();
      model.close();
      opened.closeReader();
    },
  };
}

/** Checks a URI of an emulated ATA disk: `ata-model:IMAGE?…` or `ata-model:?size=…`. */
export function prepareAtaModel(uri: DeviceUri): PreparedScheme {
  const parameters = checkParameters(uri, ataModelParameters, ataModelParameterNames, ["fault"]);
  const bytesPerSector = parameters.bs === "4096" ? 4096 : 512;
  placesOf(uri, parameters, bytesPerSector, "disk", DISK);
  faultsOf(parameters, bytesPerSector);
  requireTogether(uri, parameters);
  return {
    bytesPerBlock: bytesPerSector,
    open: (options) => openModel(uri, parameters, bytesPerSector, options),
  };
}

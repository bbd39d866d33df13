import { blockDevice } from "@blockferry/block";
import { ataCommandSet, openAtaDevice, writeGatheredProfile } from "@blockferry/device-ata";
import {
  type AtaFault,
  type AtaFaultPlan,
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
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore } from "./model-store.ts";
import { openSatUnit } from "./sat-unit.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

const DISK = 0;
type BytesPerSector = 512 | 4096;

function modelOptions(
  { preset, profile, entries }: AtaModelParameters,
  { store }: OpenedStore,
  bytesPerSector: BytesPerSector,
  { onStoreCopy, onFailure }: SchemeOptions,
): AtaModelOptions {
  return {
    store,
    bytesPerSector,
    ...(preset === undefined ? {} : { preset }),
    ...(profile === undefined ? {} : { profile: profile === "none" ? null : profile }),
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

async function openModel(
  uri: DeviceUri,
  parameters: AtaModelParameters,
  bytesPerSector: BytesPerSector,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const places = placesOf(uri, parameters, bytesPerSector, "disk", DISK);
  const stores = await openStores(places, bytesPerSector, options);
  const [opened] = stores.values();
  const model = ataModel(modelOptions(parameters, opened, bytesPerSector, options));
  const { profile, queued, depth } = parameters;
  const use =
    profile === undefined || profile === "none" ? {} : { profile: writeGatheredProfile(profile) };
  const watch = watchWithProfile(options.onCommand, use.profile);
  const transport = tracedTransport(memoryTransport(model), "ata", watch);
  const target = await openAtaDevice(transport, use);
  const { sat } = parameters;
  const beforeCopies = (): void => model.inject(...faultsOf(parameters, bytesPerSector));
  if (sat !== undefined && sat !== "off") {
    return openSatUnit(model, target, opened, { copy: sat, depth, scheme: options, beforeCopies });
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
  return {
    bytesPerBlock: bytesPerSector,
    open: (options) => openModel(uri, parameters, bytesPerSector, options),
  };
}

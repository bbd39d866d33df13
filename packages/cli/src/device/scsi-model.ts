import { blockDevice } from "@blockferry/block";
import { openScsiTarget } from "@blockferry/device-scsi";
import {
  type Fault,
  type FaultPlan,
  profiles,
  type ScsiModel,
  type ScsiModelOptions,
  scsiModel,
} from "@blockferry/device-scsi/model";
import { memoryTransport } from "@blockferry/transport-memory";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type ScsiModelParameters,
  scsiModelParameterNames,
  scsiModelParameters,
} from "../schema/scsi-model-parameters.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import { tracedTransport } from "../trace/traced-transport.ts";
import { parseFault } from "./fault-grammar.ts";
import { scsiFaults } from "./fault-kinds.ts";
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore } from "./model-store.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";
import { scsiNative } from "./scsi-native.ts";
import { shownCdb, targetOptions, tokenContinuation, unitDepth } from "./scsi-target.ts";

type BytesPerBlock = 512 | 4096;

/** The serial number of all units where they are to be alike. */
const ONE_SERIAL = "0123456789abcdef";

function withoutCopy(name: ScsiModelParameters["profile"]): ScsiModelOptions["profile"] {
  const profile = profiles[name ?? "ideal"];
  return { ...profile, thirdPartyCommands: [], hasThirdPartyCopyPage: false };
}

function modelOptions(
  parameters: ScsiModelParameters,
  stores: ReadonlyMap<number, OpenedStore>,
  bytesPerBlock: BytesPerBlock,
  { onStoreCopy, onFailure }: SchemeOptions,
): ScsiModelOptions {
  const { segments, ranges, thin } = parameters;
  const profile = parameters.copy === "off" ? withoutCopy(parameters.profile) : parameters.profile;
  const areAlike = parameters.designators === "same";
  return {
    duplicateDesignators: areAlike ? "ambiguous" : "refused",
    units: [...stores].map(([lun, { store }]) => ({
      lun,
      store,
      bytesPerBlock,
      ...(areAlike ? { serial: ONE_SERIAL } : {}),
      ...(thin === undefined ? {} : { thin: thin === "on" }),
    })),
    ...(profile === undefined ? {} : { profile }),
    ...(segments === undefined ? {} : { copyManager: { segmentDescriptorsMax: segments } }),
    ...(ranges === undefined ? {} : { tokens: { rangesMax: ranges } }),
    ...(onFailure === undefined ? {} : { onStoreError: onFailure }),
    ...(onStoreCopy === undefined
      ? {}
      : {
          onStoreCopy: (means, bytes, _source, destination) =>
            onStoreCopy(means, bytes / bytesPerBlock, destination, -1),
        }),
  };
}

/** Faults begin when the target is open: what opens it is no copy. */
const faultsOf = ({ fault = [] }: ScsiModelParameters, bytesPerBlock: number): FaultPlan =>
  fault.map((text) => parseFault<Fault>(scsiFaults, text, bytesPerBlock));

/** How an initiator copies. */
type InitiatorParameters = Pick<ScsiModelParameters, "copy" | "initiator" | "depth">;

/** Opens an emulated target as an initiator does; `beforeCopies` is called when it is open. */
export async function openTarget(
  model: ScsiModel,
  stores: ReadonlyMap<number, OpenedStore>,
  parameters: InitiatorParameters,
  options: SchemeOptions,
  beforeCopies: () => void,
): Promise<OpenedScheme> {
  const transport = tracedTransport(memoryTransport(model), "scsi", options.onCommand);
  const target = await openScsiTarget(
    transport,
    targetOptions(parameters.copy === "off" ? undefined : parameters.copy, parameters.initiator),
  );
  beforeCopies();
  const found = noBottoms();
  for (const unit of target.units) {
    const device = blockDevice({
      name: `lun${unit.lun}`,
      target: unit,
      commandSet: target.commandSet,
      transport,
      queueDepth: unitDepth(target, parameters.depth),
    });
    addBottom(found, device, stores.get(unit.lun));
  }
  return {
    family: "scsi",
    ...found,
    native: () => scsiNative(transport, [...stores.keys()]),
    shownCommand: shownCdb,
    continuation: tokenContinuation(target),
    store: stores.get(0)?.part,
    peer: target.profile,
    async close() {
      await transport.close();
      model.close();
      for (const { closeReader } of stores.values()) closeReader();
    },
  };
}

async function openModel(
  uri: DeviceUri,
  parameters: ScsiModelParameters,
  bytesPerBlock: BytesPerBlock,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const places = placesOf(uri, parameters, bytesPerBlock, "lun", 0);
  const stores = await openStores(places, bytesPerBlock, options);
  const model = scsiModel(modelOptions(parameters, stores, bytesPerBlock, options));
  return openTarget(model, stores, parameters, options, () => {
    model.inject(...faultsOf(parameters, bytesPerBlock));
  });
}

/** Checks a URI of an emulated SCSI target: `scsi-model:IMAGE?…` or `scsi-model:?size=…`. */
export function prepareScsiModel(uri: DeviceUri): PreparedScheme {
  const parameters = checkParameters(uri, scsiModelParameters, scsiModelParameterNames, ["fault"]);
  const bytesPerBlock = parameters.bs === "4096" ? 4096 : 512;
  placesOf(uri, parameters, bytesPerBlock, "lun", 0);
  faultsOf(parameters, bytesPerBlock);
  return {
    bytesPerBlock,
    open: (options) => openModel(uri, parameters, bytesPerBlock, options),
  };
}

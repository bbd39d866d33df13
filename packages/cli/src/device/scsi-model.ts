import { blockDevice } from "@blockferry/block";
import { openScsiTarget, type ScsiTarget, type ScsiTargetOptions } from "@blockferry/device-scsi";
import { commandOfCdb, LUN_BYTES } from "@blockferry/device-scsi/codec";
import {
  type Fault,
  type FaultPlan,
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
import { parseFault } from "./fault-grammar.ts";
import { scsiFaults } from "./fault-kinds.ts";
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore } from "./model-store.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";
import { scsiNative } from "./scsi-native.ts";

const DEPTH_DEFAULT = 32;
type BytesPerBlock = 512 | 4096;

function modelOptions(
  parameters: ScsiModelParameters,
  stores: ReadonlyMap<number, OpenedStore>,
  bytesPerBlock: BytesPerBlock,
  { onStoreCopy, onStoreError }: SchemeOptions,
): ScsiModelOptions {
  const { profile, segments, ranges, thin } = parameters;
  return {
    units: [...stores].map(([lun, { store }]) => ({
      lun,
      store,
      bytesPerBlock,
      ...(thin === undefined ? {} : { thin: thin === "on" }),
    })),
    ...(profile === undefined ? {} : { profile }),
    ...(segments === undefined ? {} : { copyManager: { segmentDescriptorsMax: segments } }),
    ...(ranges === undefined ? {} : { tokens: { rangesMax: ranges } }),
    ...(onStoreError === undefined ? {} : { onStoreError }),
    ...(onStoreCopy === undefined
      ? {}
      : {
          onStoreCopy: (means, bytes, _source, destination) =>
            onStoreCopy(means, bytes / bytesPerBlock, destination, -1),
        }),
  };
}

/** How an initiator copies. */
interface InitiatorParameters {
  readonly copy?: "extended-copy" | "lid4" | "token" | undefined;
  readonly initiator?: ScsiModelParameters["initiator"];
  readonly depth?: number | undefined;
}

function targetOptions({ copy, initiator }: InitiatorParameters): ScsiTargetOptions {
  return {
    profile: initiator,
    copy: copy === "lid4" ? "extended-copy" : copy,
    ...(copy === "lid4" ? { extendedCopy: { listFormat: "lid4" } } : {}),
  };
}

/** Faults begin when the target is open: what opens it is no copy. */
const faultsOf = ({ fault = [] }: ScsiModelParameters, bytesPerBlock: number): FaultPlan =>
  fault.map((text) => parseFault<Fault>(scsiFaults, text, bytesPerBlock));

/** A queue no deeper than the copies that the target takes at a time: more of them would be told BUSY. */
function depthFor({ copiesMax }: ScsiTarget, { depth }: InitiatorParameters): number {
  if (depth !== undefined) return depth;
  return copiesMax === 0 ? DEPTH_DEFAULT : Math.min(DEPTH_DEFAULT, copiesMax);
}

/** The CDB of a command in a queue, without the logical unit number before it and the zeroes behind it. */
function cdbOf(command: Uint8Array): Uint8Array {
  const cdb = command.subarray(LUN_BYTES);
  return cdb.subarray(0, commandOfCdb(cdb)?.cdb.size ?? cdb.length);
}

/** Opens an emulated target as an initiator does; `beforeCopies` is called when it is open. */
export async function openTarget(
  model: ScsiModel,
  stores: ReadonlyMap<number, OpenedStore>,
  parameters: InitiatorParameters,
  beforeCopies: () => void,
): Promise<OpenedScheme> {
  const transport = memoryTransport(model);
  const target = await openScsiTarget(transport, targetOptions(parameters));
  beforeCopies();
  const found = noBottoms();
  for (const unit of target.units) {
    const device = blockDevice({
      name: `lun${unit.lun}`,
      target: unit,
      commandSet: target.commandSet,
      transport,
      queueDepth: depthFor(target, parameters),
    });
    addBottom(found, device, stores.get(unit.lun));
  }
  return {
    family: "scsi",
    ...found,
    native: () => scsiNative(transport, [...stores.keys()]),
    shownCommand: cdbOf,
    ...(target.copy === "token"
      ? {
          continuation:
            "POPULATE TOKEN goes to the unit of the sources; RECEIVE ROD TOKEN INFORMATION follows, and to the unit of the destination WRITE USING TOKEN with the token that came",
        }
      : {}),
    store: stores.get(0)?.part,
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
  return openTarget(model, stores, parameters, () => {
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

import { type CommandSet, FerryError, isFerryError, type Transport } from "@blockferry/core";
import { describe, hostBehaviorNow, identified, identify, setHostBehavior } from "./admin.ts";
import { hostBehavior } from "./codec/host-behavior.ts";
import { type IdentifyController, identifyController } from "./codec/identify-controller.ts";
import { identifyNamespace } from "./codec/identify-namespace.ts";
import { identifyNamespaceNvm } from "./codec/identify-namespace-nvm.ts";
import { namespaceList } from "./codec/namespace-list.ts";
import type { NvmeCommandOptions } from "./command-options.ts";
import { nvmeCommandSet } from "./command-set.ts";
import { type NvmeSoftLimits, rangeEntryBytes } from "./limits.ts";
import { type NvmeNamespace, namespaceOf } from "./namespace.ts";
import { type NvmePeer, type NvmePeerName, nvmePeers, recognisePeer } from "./peers.ts";

const CNS_NAMESPACE = 0x00;
const CNS_CONTROLLER = 0x01;
const CNS_ACTIVE_NAMESPACES = 0x02;
const CNS_NAMESPACE_OF_COMMAND_SET = 0x05;
const NSID_MAX = 0xfffffffe;
/** Source range formats that work only once the host has enabled them in Host Behavior Support. */
const ENABLED_FORMATS: readonly number[] = [2, 3];
const PAGE_BYTES = 4096;

export interface NvmeControllerOptions {
  /** What every command asks for. */
  readonly commands?: NvmeCommandOptions | undefined;
  /** Lowers limits of every namespace that has them. */
  readonly softLimits?: NvmeSoftLimits | undefined;
  /**
   * Enables copies between namespaces (formats 2h and 3h) where the controller supports them. A controller that refuses is
   * left as it is. Default true.
   */
  readonly crossNamespace?: boolean | undefined;
  /** Whose departures from the standard to allow for. Default: whom the controller says it is. */
  readonly peer?: NvmePeerName | undefined;
  /** Minimum memory page size of the controller (CAP.MPSMIN), the unit of MDTS. Default 4096 bytes. */
  readonly pageBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A controller that has been asked what it is. */
export interface NvmeController {
  readonly name: string;
  readonly commandSet: CommandSet;
  readonly namespaces: readonly NvmeNamespace[];
  /** Identify data (CNS 01h). */
  readonly identify: IdentifyController;
  readonly peer: NvmePeer;
  /** True: copies between namespaces are enabled. */
  readonly crossNamespace: boolean;
  /** Closes the transport; idempotent. */
  close(): Promise<void>;
}

async function mustIdentify(
  transport: Transport,
  question: { readonly cns: number; readonly nsid?: number },
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const answer = await identify(transport, question, signal);
  if ("data" in answer) return answer.data;
  const { sct, sc, name } = answer.refusal;
  throw new FerryError(
    "FERRY_NVME_REFUSED",
    `the controller refused ${describe(question)}: ${name}`,
    { details: { ...question, sct, sc, name } },
  );
}

/** NSIDs of the active namespaces, in ascending order. */
async function activeNamespaces(
  transport: Transport,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const found: number[] = [];
  for (let last = 0; ; ) {
    const question = { cns: CNS_ACTIVE_NAMESPACES, nsid: last };
    const data = await mustIdentify(transport, question, signal);
    const { nsids } = identified(namespaceList.decode(data), question);
    const end = nsids.indexOf(0);
    for (const nsid of end === -1 ? nsids : nsids.slice(0, end)) {
      if (nsid <= last || nsid > NSID_MAX) {
        throw new FerryError(
          "FERRY_NVME_IDENTIFY",
          `the list of active namespaces has ${nsid} after ${last}; it must ascend`,
          { details: { rule: "namespace-list-order", nsid, last } },
        );
      }
      found.push(nsid);
      last = nsid;
    }
    if (end !== -1) return found;
  }
}

/** Formats that work: those that need no enabling, and those that are, or could be, enabled. */
async function enabledFormats(
  transport: Transport,
  controller: IdentifyController,
  options: NvmeControllerOptions,
): Promise<Set<number>> {
  const supported = controller.ocfs;
  const enabled = new Set(supported.filter((format) => !ENABLED_FORMATS.includes(format)));
  const wanted = ENABLED_FORMATS.filter((format) => supported.includes(format));
  if (wanted.length === 0 || options.crossNamespace === false) return enabled;
  for (const format of await enableFormats(transport, wanted, options.signal)) enabled.add(format);
  return enabled;
}

/** Enables formats in Host Behavior Support. Returns those that are enabled now; a refusal leaves what was. */
async function enableFormats(
  transport: Transport,
  wanted: readonly number[],
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  let enabled: readonly number[] = [];
  try {
    const current = await hostBehaviorNow(transport, signal);
    if (current === undefined) return [];
    const { cdfe } = identified(hostBehavior.decode(current), { cns: CNS_CONTROLLER });
    enabled = wanted.filter((format) => cdfe.includes(format));
    if (enabled.length === wanted.length) return enabled;
    const asked = new Uint8Array(current);
    hostBehavior.patch(asked, { cdfe: [...new Set([...cdfe, ...wanted])] });
    const refusal = await setHostBehavior(transport, asked, signal);
    return refusal === undefined ? wanted : enabled;
  } catch (error) {
    // Where a driver keeps the feature to itself (Linux since 6.12.117), its refusal is the transport's failure.
    if (signal?.aborted === true || !isFerryError(error)) throw error;
    return enabled;
  }
}

async function describeNamespace(
  transport: Transport,
  nsid: number,
  controller: IdentifyController,
  formats: ReadonlySet<number>,
  options: NvmeControllerOptions,
): Promise<NvmeNamespace | undefined> {
  const { signal, pageBytes = PAGE_BYTES, softLimits, commands } = options;
  const question = { cns: CNS_NAMESPACE, nsid };
  const data = await mustIdentify(transport, question, signal);
  const namespace = identified(identifyNamespace.decode(data), question);
  // All zeroes: the namespace went inactive since the list was read.
  if (namespace.nsze === 0) return undefined;
  const nvmQuestion = { cns: CNS_NAMESPACE_OF_COMMAND_SET, nsid, csi: 0 };
  const nvm = await identify(transport, nvmQuestion, signal);
  return namespaceOf({
    nsid,
    controller,
    identify: namespace,
    identifyNvm:
      "data" in nvm ? identified(identifyNamespaceNvm.decode(nvm.data), nvmQuestion) : undefined,
    enabledFormats: formats,
    transport: transport.supports,
    pageBytes,
    protection: commands?.protection,
    softLimits,
  });
}

/** Room for the longest range list that any of these namespaces takes. */
function listBytesMax(namespaces: readonly NvmeNamespace[]): number {
  return namespaces.reduce((most, { limits, copyFormats }) => {
    const entry = rangeEntryBytes(copyFormats.same ?? 0);
    return Math.max(most, Math.min(limits.copyRangesMax ?? 1, 256) * entry);
  }, rangeEntryBytes(1));
}

/**
 * Asks a controller what it is: identify data of the controller and of its active namespaces, limits, formats; enables
 * copies between namespaces.
 *
 * @throws FerryError `FERRY_NVME_REFUSED` (the controller refuses Identify), `FERRY_NVME_IDENTIFY` (its answer breaks a
 * rule, which is named), `FERRY_NVME_NO_NAMESPACE`, `FERRY_NVME_LIMIT`, and what the transport throws. The transport is left
 * open.
 */
export async function openNvmeController(
  transport: Transport,
  options: NvmeControllerOptions = {},
): Promise<NvmeController> {
  const { signal } = options;
  const question = { cns: CNS_CONTROLLER };
  const data = await mustIdentify(transport, question, signal);
  const controller = identified(identifyController.decode(data), question);
  const peer = peerOf(options.peer, controller);
  const formats = await enabledFormats(transport, controller, options);
  const namespaces: NvmeNamespace[] = [];
  for (const nsid of await activeNamespaces(transport, signal)) {
    const found = await describeNamespace(transport, nsid, controller, formats, options);
    if (found !== undefined) namespaces.push(found);
  }
  if (namespaces.length === 0) {
    throw new FerryError("FERRY_NVME_NO_NAMESPACE", "the controller has no active namespace", {
      hint: "Attach a namespace to the controller, or connect to another one.",
    });
  }
  return {
    name: controller.mn.trim(),
    commandSet: nvmeCommandSet({
      ...peer.commands,
      ...options.commands,
      listBytesMax: listBytesMax(namespaces),
    }),
    namespaces,
    identify: controller,
    peer,
    crossNamespace: namespaces.some(({ copyFormats }) => copyFormats.cross !== undefined),
    close: () => transport.close(),
  };
}

function peerOf(name: NvmePeerName | undefined, controller: IdentifyController): NvmePeer {
  if (name === undefined) return recognisePeer(controller);
  if (Object.hasOwn(nvmePeers, name)) return nvmePeers[name];
  throw new RangeError(`peer must be one of ${Object.keys(nvmePeers).join(", ")}, not ${name}`);
}

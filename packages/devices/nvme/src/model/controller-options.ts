import { faultSet } from "@blockferry/core";
import type { Controller, FastCopy, OptionalCommand, StoreCopyListener } from "./controller.ts";
import { copyChecksOf } from "./copy-checks.ts";
import { copyJob } from "./copy-job.ts";
import { type FaultPlan, faultRules } from "./fault-plan.ts";
import { featuresOf } from "./features.ts";
import { moveBuffers } from "./move-buffers.ts";
import { type Namespace, namespaceOf } from "./namespace.ts";
import type { NvmeNamespaceOptions } from "./namespace-options.ts";
import type { PeerBehaviour, Validation } from "./peer.ts";
import { type PeerName, peerOf } from "./peers.ts";
import { requireWhole } from "./require-whole.ts";

export interface NvmeModelOptions {
  /** Default `nvme-model`. */
  readonly name?: string;
  readonly namespaces: readonly NvmeNamespaceOptions[];
  /** When the ranges of a Copy are checked. Default: as the peer does; `ideal` checks all of them up front. */
  readonly validate?: Validation;
  /** A named controller whose documented behaviour is shown, or a behaviour of your own. Default `ideal`. */
  readonly peer?: PeerName | PeerBehaviour;
  /** Copy descriptor formats supported. Default: all that the peer has. */
  readonly formats?: readonly number[];
  /** Formats 2 and 3 that are enabled without the host asking by Host Behavior Support. Default none. */
  readonly enabledFormats?: readonly number[];
  /** Maximum Data Transfer Size: a power of two of 4 KiB, 0 = no limit, as the field is. Default 8, which is 1 MiB. */
  readonly mdts?: number;
  /** Optional commands (ONCS). Default all. */
  readonly commands?: Partial<Readonly<Record<OptionalCommand, boolean>>>;
  /** Which copies are fast. Default `same-store`: those that a store does by itself. */
  readonly fastCopy?: FastCopy;
  /** I/O queue pairs, 1 to 65535. Default 64. */
  readonly queuesMax?: number;
  /** Controller ID. Default 1. */
  readonly controllerId?: number;
  /** At most 20 ASCII characters. */
  readonly serialNumber?: string;
  /** At most 40 ASCII characters. */
  readonly modelNumber?: string;
  /** At most 8 ASCII characters. */
  readonly firmwareRevision?: string;
  /** NVM Subsystem NVMe Qualified Name. */
  readonly subnqn?: string;
  readonly faults?: FaultPlan;
  readonly onStoreCopy?: StoreCopyListener;
  /** Told of a failing store, whose command got a media status. */
  readonly onStoreError?: (error: unknown, nsid: number) => void;
}

const NSID_MAX = 65_535;
const PAGE_BYTES = 4096;
const FORMATS = [0, 1, 2, 3];

function namespacesOf(
  options: readonly NvmeNamespaceOptions[],
  peer: PeerBehaviour,
): readonly (Namespace | undefined)[] {
  if (options.length === 0) throw new RangeError("namespaces must have at least one namespace");
  const found: (Namespace | undefined)[] = [undefined];
  let next = 1;
  for (const one of options) {
    const nsid = one.nsid ?? next;
    if (!Number.isInteger(nsid) || nsid < 1 || nsid > NSID_MAX) {
      throw new RangeError(`nsid must be a whole number from 1 to ${NSID_MAX}, not ${nsid}`);
    }
    if (found[nsid] !== undefined) throw new RangeError(`two namespaces have nsid ${nsid}`);
    while (found.length <= nsid) found.push(undefined);
    found[nsid] = namespaceOf(one, nsid, peer);
    next = nsid + 1;
  }
  return found;
}

function requireFormats(name: string, formats: readonly number[]): readonly number[] {
  for (const format of formats) {
    if (!FORMATS.includes(format)) {
      throw new RangeError(`${name} may contain ${FORMATS.join(", ")}, not ${format}`);
    }
  }
  return [...formats];
}

/**
 * Makes a controller.
 * @throws RangeError naming the option that cannot be.
 */
export function controllerOf(options: NvmeModelOptions): Controller {
  const peer = peerOf(options.peer, options.validate);
  const mdts = requireWhole("mdts", options.mdts ?? 8, 0, 20);
  const namespaces = namespacesOf(options.namespaces, peer);
  const enabledFormats = requireFormats("enabledFormats", options.enabledFormats ?? []);
  return {
    namespaces,
    peer,
    formats: requireFormats("formats", options.formats ?? peer.formats),
    commands: {
      compare: true,
      writeZeroes: true,
      datasetManagement: true,
      copy: true,
      ...options.commands,
    },
    fastCopy: options.fastCopy ?? "same-store",
    mdts,
    transferBytesMax: mdts === 0 ? Number.POSITIVE_INFINITY : PAGE_BYTES * 2 ** mdts,
    queuesMax: requireWhole("queuesMax", options.queuesMax ?? 64, 1, 65_535),
    identity: {
      controllerId: requireWhole("controllerId", options.controllerId ?? 1, 0, 0xffef),
      serialNumber: options.serialNumber ?? "BLOCKFERRY0001",
      modelNumber: options.modelNumber ?? peer.identity?.modelNumber ?? "Blockferry NVMe model",
      firmwareRevision: options.firmwareRevision ?? peer.identity?.firmwareRevision ?? "1",
      subnqn: options.subnqn ?? "nqn.2026-11.invalid.blockferry:nvme-model",
    },
    faults: faultSet(faultRules, options.faults),
    features: featuresOf({ queuesMax: options.queuesMax ?? 64, enabledFormats }),
    copyChecks: copyChecksOf(peer),
    job: copyJob(),
    buffers: moveBuffers(),
    onStoreCopy: options.onStoreCopy,
    onStoreError: options.onStoreError,
  };
}

import type { ModelOutcome, StoreCopyMeans } from "@blockferry/core";
import type { CopyChecks } from "./copy-checks.ts";
import type { CopyJob } from "./copy-job.ts";
import type { NvmeFaults } from "./fault-plan.ts";
import type { Features } from "./features.ts";
import type { MoveBuffers } from "./move-buffers.ts";
import type { Namespace } from "./namespace.ts";
import type { PeerBehaviour } from "./peer.ts";

/** Told of every copy that a store carried out, or that went through the model's own buffer (`read-write`). */
export type StoreCopyListener = (
  means: StoreCopyMeans,
  blocks: number,
  nsid: number,
  sourceLba: number,
  destinationLba: number,
) => void;

/** Which copies the controller calls fast (Fast Copy Only, and ONCS bit 10). */
export type FastCopy = "never" | "same-store" | "always";

export type OptionalCommand = "compare" | "writeZeroes" | "datasetManagement" | "copy";

/** Who the controller says it is. */
export interface ControllerIdentity {
  readonly controllerId: number;
  readonly serialNumber: string;
  readonly modelNumber: string;
  readonly firmwareRevision: string;
  readonly subnqn: string;
}

/** State of an emulated controller, shared by its commands. */
export interface Controller {
  /** By NSID. */
  readonly namespaces: readonly (Namespace | undefined)[];
  readonly peer: PeerBehaviour;
  /** Descriptor formats supported at all. */
  readonly formats: readonly number[];
  readonly commands: Readonly<Record<OptionalCommand, boolean>>;
  readonly fastCopy: FastCopy;
  readonly identity: ControllerIdentity;
  /** Maximum Data Transfer Size, as the field is. */
  readonly mdts: number;
  readonly queuesMax: number;
  /** Largest data transfer in bytes; Infinity if not limited. */
  readonly transferBytesMax: number;
  readonly faults: NvmeFaults;
  readonly features: Features;
  readonly copyChecks: CopyChecks;
  readonly job: CopyJob;
  readonly buffers: MoveBuffers;
  readonly onStoreCopy: StoreCopyListener | undefined;
  readonly onStoreError: ((error: unknown, nsid: number) => void) | undefined;
}

/** A command on its way. One per model, filled anew by each command. */
export interface Command {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  dataOut: Uint8Array | undefined;
  dataIn: Uint8Array | undefined;
  /** The namespace that the command names; valid in handlers of I/O commands. */
  namespace: Namespace;
  /** Dwords 0 and 1 of the completion. */
  dw0: number;
  dw1: number;
  outcome: ModelOutcome;
  /** What the command does to a store at the moment, so that a failing store gets the right status. */
  access: "none" | "read" | "write";
}

export function newCommand(): Command {
  const bytes = new Uint8Array(64);
  return {
    bytes,
    words: new Int32Array(bytes.buffer),
    dataOut: undefined,
    dataIn: undefined,
    namespace: undefined as unknown as Namespace,
    dw0: 0,
    dw1: 0,
    outcome: "completed",
    access: "none",
  };
}

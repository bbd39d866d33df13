import type { EngineDefect } from "@blockferry/block";

/** What may happen in a scenario besides the steps of the engine and the answers of its devices. */
export const happenings = {
  plugFlush: "a submitter sleeps and its plug is flushed",
  write: "somebody writes newer data to a source block",
  reload: "a mapping is suspended, changes to its next table and is resumed",
  limitChange: "a device's limit of one copy bio is lowered to one block",
  freeze: "the queue of a device is frozen and thawed when it is empty",
  allocationFailure: "there is no memory for a bio",
  mapFailure: "a stacked device fails to map a bio",
  requeue: "the driver has no resources for a command now",
  deviceError: "a command fails, none or a part of it copied",
  timeout: "a command is not answered in time, none, a part or all of it copied",
  duplicateCompletion: "a command is answered twice",
  reset: "the device is reset with commands in flight, none or all of them copied",
  removal: "the device goes away, none or all of what is in flight copied",
  cancel: "a submitter cancels its copy",
} as const;
export type Happening = keyof typeof happenings;
export const happeningNames: readonly Happening[] = Object.keys(happenings) as Happening[];

/** Those that count as faults, whose number `faultsMax` bounds. */
export const faultNames: readonly Happening[] = happeningNames.slice(
  happeningNames.indexOf("allocationFailure"),
);

/** A part of a device: `blocks` from `start` on. `on` is the name of a device or layer. */
export interface ScenarioPart {
  readonly on: string;
  readonly start: number;
  readonly blocks: number;
}

export interface ScenarioDevice {
  readonly name: string;
  readonly blocks: number;
  readonly queueDepth?: number | undefined;
  /** Devices of one controller share a queue and may copy between each other. */
  readonly controller?: number | undefined;
  readonly merges?: boolean | undefined;
  readonly elevator?: boolean | undefined;
  /** Limits of one copy command; `null` for a device that has none. */
  readonly copy?:
    | {
        readonly blocks?: number | undefined;
        readonly ranges?: number | undefined;
        readonly rangeBlocks?: number | undefined;
        readonly crossDevice?: boolean | undefined;
      }
    | null
    | undefined;
}

export type ScenarioLayer = { readonly name?: string | undefined } & (
  | {
      readonly layer: "partition";
      readonly on?: string | undefined;
      readonly start: number;
      readonly blocks: number;
      readonly walksSources?: boolean | undefined;
    }
  | { readonly layer: "linear"; readonly parts: readonly ScenarioPart[] }
  | {
      readonly layer: "striped";
      readonly on: readonly string[];
      readonly stripeBlocks: number;
    }
  | { readonly layer: "mapping"; readonly tables: readonly (readonly ScenarioPart[])[] }
  | {
      readonly layer: "asynchronous";
      readonly on?: string | undefined;
      readonly workers: number;
    }
);

/** A copy: source ranges as `[lba, blocks]`, and where they go, on the topmost device. */
export interface ScenarioCopy {
  readonly sources: readonly (readonly [lba: number, blocks: number])[];
  readonly destination: number;
}

/** A submitter: its copies one after the other, or all at once. */
export interface ScenarioTask {
  readonly copies: readonly ScenarioCopy[];
  readonly atOnce?: boolean | undefined;
}

/** A world to be explored: devices, what lies on them, what is copied, and what may happen. */
export interface Scenario {
  readonly devices: readonly ScenarioDevice[];
  /** From the bottom up; the last one is copied on. None: the first device is. */
  readonly stack?: readonly ScenarioLayer[] | undefined;
  readonly tasks: readonly ScenarioTask[];
  /** Copying through the host is allowed. */
  readonly emulate?: boolean | undefined;
  readonly happens?: Partial<Readonly<Record<Happening, number>>> | undefined;
  /** Faults in one run at most. Default: the sum of what may happen. */
  readonly faultsMax?: number | undefined;
  /** Blocks of one chunk: a copy of more is several chunks at once. */
  readonly chunkBlocks?: number | undefined;
  /** Parts that the bios of one chunk may be cut into besides themselves. */
  readonly pieces?: number | undefined;
  readonly retriesMax?: number | undefined;
  /** False: the transport takes any answer for the tag it names, as drivers did before they checked generations. */
  readonly checksAnswers?: boolean | undefined;
  /** False: the driver sends ranges as long as they come, as one that trusts a check above it; the device refuses them. */
  readonly cutsRanges?: boolean | undefined;
  /**
   * True: a target that hands source and destination on the wrong way round, as nvmet's for block devices in the series from
   * v7 to v20.
   */
  readonly reversesCopies?: boolean | undefined;
  readonly defects?: readonly EngineDefect[] | undefined;
}

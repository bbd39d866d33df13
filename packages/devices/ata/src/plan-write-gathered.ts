import {
  type BlockRange,
  type CopyRequest,
  type CopySegment,
  copyLimits,
  isRangeList,
  rangesOf,
} from "@blockferry/core";
import { plan } from "@blockferry/core/plan";
import type { AtaDevice } from "./ata-device.ts";
import { encodePassThrough } from "./codec/sat/pass-through.ts";
import { passThroughProtocol, transferLength } from "./codec/sat/pass-through-cdb.ts";
import { type TaskFile, taskFileFis } from "./codec/task-file.ts";
import { gatheredTaskFile } from "./codec/write-gathered/command.ts";
import { encodeGatheredList } from "./codec/write-gathered/list.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";
import { provisionalText } from "./codec/write-gathered/provisional.ts";

/** One command of a plan, in every form in which it may travel. */
export interface PlannedWriteGathered {
  readonly destination: number;
  readonly sources: readonly BlockRange[];
  readonly blocks: number;
  readonly taskFile: TaskFile;
  /** Register Host to Device FIS. */
  readonly fis: Uint8Array;
  /** ATA PASS-THROUGH(16) that asks for the registers. */
  readonly cdb: Uint8Array;
  readonly list: Uint8Array;
}

export interface WriteGatheredPlan {
  /** How sure the bytes are: to be shown beside them. */
  readonly provisional: string;
  readonly commands: readonly PlannedWriteGathered[];
}

/** What is known of a disk to plan for it. */
export type PlannableDisk = Pick<AtaDevice, "limits" | "writeGathered">;

/** ATA PASS-THROUGH(16) of WRITE GATHERED EXT. */
function gatheredPassThrough(profile: WriteGatheredProfile, taskFile: TaskFile): Uint8Array {
  return encodePassThrough({
    form: 16,
    protocol: passThroughProtocol.dma,
    extend: true,
    ckCond: true,
    bytBlok: true,
    tLength: transferLength[profile.satTransferLength],
    taskFile,
  });
}

function plannedCommand(
  profile: WriteGatheredProfile,
  segments: readonly CopySegment[],
  blocks: number,
): PlannedWriteGathered {
  const sources = segments.map((one) => ({ lba: one.source.lba, blocks: one.blocks }));
  const destination = segments[0].destination.lba;
  const taskFile = gatheredTaskFile(profile, { destination, entries: sources.length, blocks });
  return {
    destination,
    sources,
    blocks,
    taskFile,
    fis: taskFileFis(taskFile),
    cdb: gatheredPassThrough(profile, taskFile),
    list: encodeGatheredList(profile, sources),
  };
}

/**
 * The commands that carry a copy on a disk, for people: what they are made of, and how sure that is. Sends nothing.
 * @throws RangeError where the disk has no copy command.
 */
export function planWriteGathered(disk: PlannableDisk, request: CopyRequest): WriteGatheredPlan {
  const { writeGathered: profile, limits } = disk;
  const bounds = copyLimits(limits);
  if (profile === undefined || bounds === undefined) {
    throw new RangeError("the disk has no WRITE GATHERED EXT that may be sent to it");
  }
  const { sources } = request;
  const ranges = isRangeList(sources) ? [...rangesOf(sources)] : sources;
  let destination = request.destination;
  const segments = ranges.map(({ lba, blocks }): CopySegment => {
    const segment = {
      source: { device: 0, lba },
      destination: { device: 0, lba: destination },
      blocks,
    };
    destination += blocks;
    return segment;
  });
  const { commands } = plan(segments, bounds);
  return {
    provisional: provisionalText(profile),
    commands: commands.map((one) => plannedCommand(profile, one.segments, one.blocks)),
  };
}

import type { Decoded } from "@blockferry/core/bytes";
import type { TaskFile, WholeTaskFile } from "../task-file.ts";
import { LBA48_MAX } from "../task-file.ts";
import { gatheredListBytes } from "./list.ts";
import type { RegisterMeaning, WriteGatheredProfile } from "./profile.ts";

const PAGE_BYTES = 512;
const TAG_WEIGHT = 8;
const SUBCOMMAND_WEIGHT = 256;
const TAGS = 32;
const WORD = 65_536;

/** Blocks of 512 bytes of a list. */
export const pagesOf = (listBytes: number): number => Math.ceil(listBytes / PAGE_BYTES);

function registerValue(
  meaning: RegisterMeaning,
  pages: number,
  entries: number,
  blocks: number,
): number {
  if (meaning === "pages") return pages % WORD;
  if (meaning === "entries") return entries % WORD;
  return meaning === "blocks" ? blocks % WORD : 0;
}

/** COUNT of the command that is not queued. */
export function gatheredCount(
  profile: WriteGatheredProfile,
  pages: number,
  entries: number,
  blocks: number,
): number {
  return registerValue(profile.registers.count, pages, entries, blocks);
}

/** FEATURES of the command that is not queued. */
export function gatheredFeature(
  profile: WriteGatheredProfile,
  pages: number,
  entries: number,
  blocks: number,
): number {
  return registerValue(profile.registers.feature, pages, entries, blocks);
}

/** COUNT of the queued form. */
export function queuedCount(subcommand: number, tag: number): number {
  return subcommand * SUBCOMMAND_WEIGHT + tag * TAG_WEIGHT;
}

/** Tag of a queued command, COUNT(7:3) (ACS-4, 7.16). */
export const tagOf = (count: number): number => Math.floor(count / TAG_WEIGHT) % TAGS;
/** Subcommand of SEND and RECEIVE FPDMA QUEUED, COUNT(12:8). */
export const subcommandOf = (count: number): number => Math.floor(count / SUBCOMMAND_WEIGHT) % 32;

export interface GatheredCommandInput {
  /** First block of the destination. */
  readonly destination: number;
  readonly entries: number;
  /** Blocks of all entries. */
  readonly blocks: number;
  /** Tag 0..31 of the queued form; left out: the command is not queued. */
  readonly tag?: number;
}

/**
 * The task file of WRITE GATHERED EXT.
 * @throws RangeError for a destination above 2^48-1, a tag above 31, or a profile without a queued form.
 */
export function gatheredTaskFile(
  profile: WriteGatheredProfile,
  { destination, entries, blocks, tag }: GatheredCommandInput,
): TaskFile {
  if (!Number.isInteger(destination) || destination < 0 || destination > LBA48_MAX) {
    throw new RangeError(`the destination must be 0..${LBA48_MAX}, not ${destination}`);
  }
  const pages = pagesOf(gatheredListBytes(profile, entries));
  if (tag === undefined) {
    const count = gatheredCount(profile, pages, entries, blocks);
    const feature = gatheredFeature(profile, pages, entries, blocks);
    return { command: profile.command, count, feature, lba: destination };
  }
  const { queued } = profile;
  if (queued === null) throw new RangeError(`profile ${profile.id} has no queued form`);
  if (!Number.isInteger(tag) || tag < 0 || tag >= TAGS) {
    throw new RangeError(`a tag must be 0..${TAGS - 1}, not ${tag}`);
  }
  const { command, subcommand, auxiliary } = queued;
  const count = queuedCount(subcommand, tag);
  return { command, count, feature: pages % WORD, lba: destination, auxiliary };
}

/** Which form of a profile's command a task file is; `undefined` if it is neither. */
export function gatheredForm(
  profile: WriteGatheredProfile,
  taskFile: Pick<WholeTaskFile, "command" | "count">,
): "plain" | "queued" | undefined {
  const { queued } = profile;
  const { command, count } = taskFile;
  if (queued !== null && command === queued.command && subcommandOf(count) === queued.subcommand) {
    return "queued";
  }
  return command === profile.command ? "plain" : undefined;
}

/** What the registers of a command say about its list; what they do not say is `undefined`. */
export interface GatheredRegisterValues {
  readonly pages: number | undefined;
  readonly entries: number | undefined;
  readonly blocks: number | undefined;
}

/** Reads COUNT and FEATURES. 0 stands for 65,536 where blocks are counted. */
export function gatheredRegisterValues(
  profile: WriteGatheredProfile,
  form: "plain" | "queued",
  count: number,
  feature: number,
): GatheredRegisterValues {
  const { registers } = profile;
  const find = (meaning: RegisterMeaning): number | undefined => {
    if (registers.count === meaning) return count;
    return registers.feature === meaning ? feature : undefined;
  };
  if (form === "queued") return { pages: feature, entries: undefined, blocks: undefined };
  const blocks = find("blocks");
  return { pages: find("pages"), entries: find("entries"), blocks: blocks === 0 ? WORD : blocks };
}

/** Checks that a task file is the profile's command. */
export function checkGatheredTaskFile(
  profile: WriteGatheredProfile,
  taskFile: WholeTaskFile,
): Decoded<"plain" | "queued"> {
  const form = gatheredForm(profile, taskFile);
  if (form !== undefined) return { ok: true, value: form };
  const shown = taskFile.command.toString(16).padStart(2, "0");
  const violated = `command ${shown}h is not WRITE GATHERED EXT of ${profile.id}`;
  return { ok: false, violated, field: "command" };
}

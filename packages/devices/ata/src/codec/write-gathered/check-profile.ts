import { FerryError } from "@blockferry/core";
import { ataCommand, opcode } from "../commands.ts";
import type { WriteGatheredProfile } from "./profile.ts";
import { type ProfileProblem, type ValueCheck, valueCheck } from "./value-check.ts";

export type { ProfileProblem } from "./value-check.ts";

/** Longest list that a command can bring: COUNT and FEATURE are 16 bits of 512-byte blocks. */
const LIST_BYTES_MAX = 65_535 * 512;
const ENTRIES_MAX = 65_536;

type Result =
  | { readonly ok: true; readonly profile: WriteGatheredProfile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

function checkPlace(check: ValueCheck, path: string, value: unknown, within: number): void {
  const place = check.object(path, value, ["byte", "bytes"]);
  const byte = check.whole(`${path}.byte`, place.byte, 0, 4095);
  const bytes = check.whole(`${path}.bytes`, place.bytes, 1, 8);
  if (byte + bytes > within) {
    check.fail(path, `ends behind the ${within} bytes that it is in`);
  }
}

const overlaps = (one: unknown, other: unknown): boolean => {
  const a = one as { byte: number; bytes: number };
  const b = other as { byte: number; bytes: number };
  return a.byte < b.byte + b.bytes && b.byte < a.byte + a.bytes;
};

function checkHeader(check: ValueCheck, value: unknown): number {
  if (value === null || value === undefined) return 0;
  const path = "list.header";
  const header = check.object(path, value, ["bytes", "entries", "blocks", "constants"]);
  const bytes = check.whole(`${path}.bytes`, header.bytes, 1, 4096);
  for (const name of ["entries", "blocks"]) {
    if (header[name] === null || header[name] === undefined) continue;
    checkPlace(check, `${path}.${name}`, header[name], bytes);
  }
  if (!Array.isArray(header.constants)) {
    if (header.constants !== undefined) check.fail(`${path}.constants`, "must be an array");
    return bytes;
  }
  header.constants.forEach((one: unknown, index) => {
    const where = `${path}.constants.${index}`;
    const constant = check.object(where, one, ["byte", "value"]);
    check.whole(`${where}.byte`, constant.byte, 0, bytes - 1);
    check.whole(`${where}.value`, constant.value, 0, 255);
  });
  return bytes;
}

function checkList(check: ValueCheck, value: unknown): void {
  const names = ["pageBytes", "endian", "header", "entry", "zeroBlocks"];
  const list = check.object("list", value, names);
  check.whole("list.pageBytes", list.pageBytes, 1, 65_536);
  check.oneOf("list.endian", list.endian, ["little", "big"]);
  check.oneOf("list.zeroBlocks", list.zeroBlocks, ["skip", "abort", "maximum"]);
  checkHeader(check, list.header);
  if (list.entry === undefined) return;
  const entry = check.object("list.entry", list.entry, ["bytes", "lba", "blocks"]);
  const bytes = check.whole("list.entry.bytes", entry.bytes, 2, 4096);
  for (const name of ["lba", "blocks"]) {
    if (entry[name] !== undefined) checkPlace(check, `list.entry.${name}`, entry[name], bytes);
  }
  const isSound = check.problems.length === 0;
  if (isSound && overlaps(entry.lba, entry.blocks)) {
    check.fail("list.entry", "its fields overlap");
  }
}

function checkCommand(check: ValueCheck, members: Record<string, unknown>): void {
  const code = check.whole("command", members.command, 0, 255);
  const other = ataCommand(code);
  if (other !== undefined) check.fail("command", `is the operation code of ${other.name}`);
  check.oneOf("satTransferLength", members.satTransferLength, ["feature", "count", "transport"]);
  const registers = check.object("registers", members.registers, ["count", "feature"]);
  const meanings = ["pages", "blocks", "entries", "reserved"];
  check.oneOf("registers.count", registers.count, meanings);
  check.oneOf("registers.feature", registers.feature, meanings);
  if (members.queued !== null && members.queued !== undefined) {
    const names = ["command", "subcommand", "auxiliary"];
    const queued = check.object("queued", members.queued, names);
    const command = check.whole("queued.command", queued.command, 0, 255);
    if (command !== opcode.sendFpdmaQueued && !Number.isNaN(command)) {
      check.fail("queued.command", "must be 100 (64h, SEND FPDMA QUEUED)");
    }
    check.whole("queued.subcommand", queued.subcommand, 0, 31);
    check.whole("queued.auxiliary", queued.auxiliary, 0, 2 ** 32 - 1);
  }
  if (members.capability !== null && members.capability !== undefined) {
    const names = ["log", "page", "byte", "bit"];
    const capability = check.object("capability", members.capability, names);
    check.whole("capability.log", capability.log, 0, 255);
    check.whole("capability.page", capability.page, 0, 65_535);
    check.whole("capability.byte", capability.byte, 0, 511);
    check.whole("capability.bit", capability.bit, 0, 7);
  }
}

function checkBehaviour(check: ValueCheck, members: Record<string, unknown>): void {
  const limits = check.object("limits", members.limits, ["entries", "blocksPerEntry", "blocks"]);
  check.whole("limits.entries", limits.entries, 1, ENTRIES_MAX);
  check.whole("limits.blocksPerEntry", limits.blocksPerEntry, 1, 2 ** 31 - 1);
  check.whole("limits.blocks", limits.blocks, 1, 2 ** 31 - 1);
  const names = ["badRange", "overlap", "afterError", "lba"];
  const errors = check.object("errors", members.errors, names);
  check.oneOf("errors.badRange", errors.badRange, ["IDNF", "ABRT"]);
  check.oneOf("errors.overlap", errors.overlap, ["abort", "snapshot", "sequential"]);
  check.oneOf("errors.afterError", errors.afterError, ["prefix", "unspecified"]);
  check.oneOf("errors.lba", errors.lba, ["source", "destination", "unchanged"]);
}

/** Largest count that a field of an entry can say. */
export function entryBlocksMax({ list }: Pick<WriteGatheredProfile, "list">): number {
  const bits = list.entry.blocks.bytes * 8;
  const max = list.zeroBlocks === "maximum" ? 2 ** bits : 2 ** bits - 1;
  return Math.min(max, 2 ** 31 - 1);
}

/** What can only be said of a profile whose values are all in order. */
function checkWhole(check: ValueCheck, profile: WriteGatheredProfile): void {
  const { list, limits, registers } = profile;
  if (limits.blocksPerEntry > entryBlocksMax(profile)) {
    const most = entryBlocksMax(profile);
    check.fail("limits.blocksPerEntry", `is above ${most}, which the entry's field can hold`);
  }
  const header = list.header?.bytes ?? 0;
  const bytes = header + limits.entries * list.entry.bytes;
  if (bytes > LIST_BYTES_MAX) check.fail("limits.entries", `makes lists of ${bytes} bytes`);
  const isCounted =
    (list.header !== null && list.header.entries !== null) ||
    registers.count === "entries" ||
    registers.feature === "entries";
  const isPadded = list.pageBytes !== 1 && list.pageBytes !== list.entry.bytes;
  if (list.zeroBlocks !== "skip" && isPadded && !isCounted) {
    const how = "is not skip, so that nothing tells the padding of a list from its entries";
    check.fail("list.zeroBlocks", how);
  }
}

const MEMBERS = [
  "id",
  "provenance",
  "note",
  "command",
  "registers",
  "queued",
  "satTransferLength",
  "list",
  "limits",
  "capability",
  "errors",
] as const;

/** Checks a profile that came from outside, such as from a JSON file. Never throws. */
export function checkProfile(value: unknown): Result {
  const check = valueCheck();
  const members = check.object("", value, MEMBERS);
  const { id } = members;
  if (id !== undefined && (typeof id !== "string" || !/^[a-z0-9][a-z0-9.-]{0,62}$/.test(id))) {
    check.fail("id", "must be 1 to 63 of a-z, 0-9, dot and hyphen");
  }
  check.oneOf("provenance", members.provenance, ["standard", "secondary", "invented"]);
  const { note } = members;
  if (note !== undefined && (typeof note !== "string" || note.trim() === "")) {
    check.fail("note", "must say what the profile rests on");
  }
  if (check.problems.length === 0) {
    checkCommand(check, members);
    checkList(check, members.list);
    checkBehaviour(check, members);
  }
  if (check.problems.length === 0) checkWhole(check, value as WriteGatheredProfile);
  return check.problems.length === 0
    ? { ok: true, profile: structuredClone(value) as WriteGatheredProfile }
    : { ok: false, problems: check.problems };
}

/**
 * The profile in a value that came from outside.
 * @throws FerryError `FERRY_ATA_PROFILE` that names everything that is wrong.
 */
export function parseProfile(value: unknown): WriteGatheredProfile {
  const result = checkProfile(value);
  if (result.ok) return result.profile;
  const lines = result.problems.map(({ path, message }) => `${path || "the profile"} ${message}`);
  throw new FerryError("FERRY_ATA_PROFILE", `not a WRITE GATHERED profile: ${lines.join("; ")}`, {
    details: { problems: result.problems.map((one) => ({ ...one })) },
    hint: "Start from a copy of a built-in profile (writeGatheredProfiles).",
  });
}

import * as z from "zod/mini";
import { ataCommand, opcode } from "../commands.ts";
import { entryBlocksMax } from "./entry-blocks-max.ts";
import type { FieldPlace, WriteGatheredProfile } from "./profile.ts";

/** Longest list that a command can bring: COUNT and FEATURE are 16 bits of 512-byte blocks. */
const LIST_BYTES_MAX = 65_535 * 512;
const ENTRIES_MAX = 65_536;
const BLOCKS_MAX = 2 ** 31 - 1;

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}

const shown = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : `${value}`;

const shownOrKind = (value: unknown): string =>
  typeof value === "number" || typeof value === "string" ? shown(value) : kindOf(value);

/** An object of these members and no others. */
const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not one of ${Object.keys(shape).join(", ")}`
        : `must be an object, not ${kindOf(issue.input)}`,
  });

const whole = (min: number, max: number) => {
  const error = (issue: { readonly input?: unknown }): string =>
    `must be a whole number from ${min} to ${max}, not ${shownOrKind(issue.input)}`;
  return z.int({ error }).check(z.gte(min, { error }), z.lte(max, { error }));
};

const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, {
    error: (issue) => `must be one of ${words.join(", ")}, not ${shownOrKind(issue.input)}`,
  });

/** Adds a problem with a value whose own members are in order. */
function say(context: z.core.ParsePayload, path: readonly string[], message: string): void {
  context.issues.push({ code: "custom", message, path: [...path], input: context.value });
}

const place = object({ byte: whole(0, 4095), bytes: whole(1, 8) });
const meaning = oneOf("pages", "blocks", "entries", "reserved");

function checkInside(
  context: z.core.ParsePayload,
  name: string,
  field: FieldPlace | null,
  within: number,
): void {
  if (field === null || field.byte + field.bytes <= within) return;
  say(context, [name], `ends behind the ${within} bytes that it is in`);
}

const header = object({
  bytes: whole(1, 4096),
  entries: z.nullable(place),
  blocks: z.nullable(place),
  constants: z.array(object({ byte: whole(0, 4095), value: whole(0, 255) }), {
    error: "must be an array",
  }),
}).check((context) => {
  const { bytes, entries, blocks, constants } = context.value;
  checkInside(context, "entries", entries, bytes);
  checkInside(context, "blocks", blocks, bytes);
  constants.forEach(({ byte }, index) => {
    if (byte < bytes) return;
    say(context, ["constants", `${index}`, "byte"], `is behind the head's ${bytes} bytes`);
  });
});

const entry = object({ bytes: whole(2, 4096), lba: place, blocks: place }).check((context) => {
  const { bytes, lba, blocks } = context.value;
  checkInside(context, "lba", lba, bytes);
  checkInside(context, "blocks", blocks, bytes);
  const overlap = lba.byte < blocks.byte + blocks.bytes && blocks.byte < lba.byte + lba.bytes;
  if (overlap && context.issues.length === 0) say(context, [], "its fields overlap");
});

const list = object({
  pageBytes: whole(1, 65_536),
  endian: oneOf("little", "big"),
  header: z.nullable(header),
  entry,
  zeroBlocks: oneOf("skip", "abort", "maximum"),
});

const command = whole(0, 255).check((context) => {
  const other = ataCommand(context.value);
  if (other !== undefined) say(context, [], `is the operation code of ${other.name}`);
});

const queued = object({
  command: whole(0, 255).check((context) => {
    if (context.value === opcode.sendFpdmaQueued) return;
    say(context, [], "must be 100 (64h, SEND FPDMA QUEUED)");
  }),
  subcommand: whole(0, 31),
  auxiliary: whole(0, 2 ** 32 - 1),
});

const capability = object({
  log: whole(0, 255),
  page: whole(0, 65_535),
  byte: whole(0, 511),
  bit: whole(0, 7),
});

/** What can only be said of a profile whose values are all in order. */
function checkTogether(context: z.core.ParsePayload<WriteGatheredProfile>): void {
  const profile = context.value;
  const { list: form, limits, registers } = profile;
  const most = entryBlocksMax(profile);
  if (limits.blocksPerEntry > most) {
    say(
      context,
      ["limits", "blocksPerEntry"],
      `is above ${most}, which the entry's field can hold`,
    );
  }
  const bytes = (form.header?.bytes ?? 0) + limits.entries * form.entry.bytes;
  if (bytes > LIST_BYTES_MAX) say(context, ["limits", "entries"], `makes lists of ${bytes} bytes`);
  const isCounted =
    (form.header !== null && form.header.entries !== null) ||
    registers.count === "entries" ||
    registers.feature === "entries";
  const isPadded = form.pageBytes !== 1 && form.pageBytes !== form.entry.bytes;
  if (form.zeroBlocks !== "skip" && isPadded && !isCounted) {
    const how = "is not skip, so that nothing tells the padding of a list from its entries";
    say(context, ["list", "zeroBlocks"], how);
  }
}

/** A profile as it may come from a JSON file. */
export const profileSchema: z.ZodMiniType<WriteGatheredProfile> = object({
  id: z.string({ error: "must be text" }).check(
    z.regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, {
      error: "must be 1 to 63 of a-z, 0-9, dot and hyphen",
    }),
  ),
  provenance: oneOf("standard", "secondary", "invented"),
  note: z
    .string({ error: "must say what the profile rests on" })
    .check(z.regex(/\S/, { error: "must say what the profile rests on" })),
  command,
  registers: object({ count: meaning, feature: meaning }),
  queued: z.nullable(queued),
  satTransferLength: oneOf("feature", "count", "transport"),
  list,
  limits: object({
    entries: whole(1, ENTRIES_MAX),
    blocksPerEntry: whole(1, BLOCKS_MAX),
    blocks: whole(1, BLOCKS_MAX),
  }),
  capability: z.nullable(capability),
  errors: object({
    badRange: oneOf("IDNF", "ABRT"),
    overlap: oneOf("abort", "snapshot", "sequential"),
    afterError: oneOf("prefix", "unspecified"),
    lba: oneOf("source", "destination", "unchanged"),
  }),
}).check(checkTogether);

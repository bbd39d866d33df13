import { type BlockRange, FerryError } from "@blockferry/core";
import { knownNamesHint } from "./nearest-name.ts";
import { parseBlocks } from "./quantity.ts";
import { parseRange } from "./range.ts";

/** A part of a device: all of it where `range` is missing. `device` is `top`, `ns<N>`, `lun<N>`, `file<N>` or `disk`. */
export interface StackPart {
  readonly device: string;
  readonly range?: BlockRange | undefined;
}

/** One layer to put on the devices below. */
export type StackSpec =
  | { readonly kind: "partition"; readonly part: StackPart }
  | { readonly kind: "linear"; readonly parts: readonly StackPart[] }
  | {
      readonly kind: "striped";
      readonly stripeBlocks: number;
      readonly parts: readonly StackPart[];
    }
  | { readonly kind: "asynchronous"; readonly workers: number };

const kinds = ["partition", "linear", "striped", "asynchronous"];

function refuse(text: string, why: string, hint: string): FerryError {
  return new FerryError("FERRY_STACK_SYNTAX", `"${text}" is not a layer: ${why}`, {
    details: { text },
    hint,
  });
}

function parseWorkers(item: string, text: string): number {
  if (/^[1-9][0-9]{0,3}$/.test(item)) return Number(item);
  throw refuse(text, `"${item}" is no number of workers`, "asynchronous:2");
}

function parsePart(item: string, text: string, bytesPerBlock: number): StackPart {
  const match = /^(?:(top|disk|ns[1-9][0-9]*|(?:lun|file)[0-9]+)(?:@(.*))?|(.*))$/s.exec(
    item.trim(),
  );
  const [, device = "top", after, plain] = match ?? [];
  const range = after ?? plain;
  if (range === undefined) return { device };
  if (range === "")
    throw refuse(text, "a part is missing", "parts are LBA+COUNT, joined by commas");
  return { device, range: parseRange(range, bytesPerBlock) };
}

/**
 * Reads a layer: `partition:PART`, `linear:PART,PART…`, `striped:BLOCKS,PART,PART…` or `asynchronous:WORKERS`, where PART is
 * `[DEVICE@]RANGE` or `DEVICE`, and DEVICE `ns1`, `ns2`, …, `lun0`, …, `file0`, …, `disk` or `top` (default: what the layers so far end in).
 *
 * @throws FerryError `FERRY_STACK_SYNTAX`, and those of ranges
 */
export function parseStackSpec(text: string, bytesPerBlock: number): StackSpec {
  const colon = text.indexOf(":");
  const kind = colon < 0 ? text : text.slice(0, colon);
  if (!kinds.includes(kind)) {
    throw refuse(text, `there is no kind "${kind}"`, knownNamesHint(kind, kinds));
  }
  const items = colon < 0 ? [""] : text.slice(colon + 1).split(",");
  if (kind === "asynchronous") {
    return { kind, workers: parseWorkers(items.join(","), text) };
  }
  if (kind === "partition") {
    if (items.length !== 1) {
      throw refuse(text, "a partition is one range", "join several ranges by linear:");
    }
    return { kind, part: parsePart(items[0], text, bytesPerBlock) };
  }
  if (kind === "linear") {
    return { kind, parts: items.map((item) => parsePart(item, text, bytesPerBlock)) };
  }
  if (items.length < 3) {
    throw refuse(text, "stripes need a size and two parts", "striped:128,0+4096,8192+4096");
  }
  const stripeBlocks = parseBlocks(items[0], bytesPerBlock);
  if (stripeBlocks < 1) throw refuse(text, "a stripe has at least one block", "striped:128,…");
  const parts = items.slice(1).map((item) => parsePart(item, text, bytesPerBlock));
  return { kind: "striped", stripeBlocks, parts };
}

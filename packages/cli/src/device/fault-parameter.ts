import { FerryError } from "@blockferry/core";
import type { Fault } from "@blockferry/device-nvme/model";
import { knownNamesHint } from "../parse/nearest-name.ts";
import { parseBlocks, parseQuantity } from "../parse/quantity.ts";
import { parseRange } from "../parse/range.ts";

const mediumKinds = ["unrecovered-read", "write-fault"] as const;
const commandKinds = ["busy", "lost-completion", "reset", "removed", "status"] as const;
const kinds: readonly string[] = [...mediumKinds, ...commandKinds];

const settings: Readonly<Record<string, readonly string[]>> = {
  "unrecovered-read": ["at", "ns", "times"],
  "write-fault": ["at", "ns", "times"],
  busy: ["opcode", "after", "times"],
  "lost-completion": ["opcode", "after", "times", "executed"],
  reset: ["opcode", "after", "times", "afterBlocks"],
  removed: ["opcode", "after", "times", "afterBlocks"],
  status: ["opcode", "after", "times", "sct", "sc", "dnr", "dw0"],
};

function refuse(text: string, why: string, hint?: string): FerryError {
  return new FerryError("FERRY_URI_PARAMETER", `fault "${text}": ${why}`, {
    details: { parameter: "fault", value: text },
    ...(hint === undefined ? {} : { hint }),
  });
}

function place(at: string, bytesPerBlock: number): { lba: number; blocks: number } {
  if (/[+-]/.test(at)) return parseRange(at, bytesPerBlock);
  return { lba: parseBlocks(at, bytesPerBlock), blocks: 1 };
}

function setting(name: string, value: string, text: string): number | boolean {
  if (name === "executed" || name === "dnr") {
    if (value !== "true" && value !== "false") {
      throw refuse(text, `${name} is "${value}"; it must be true or false`);
    }
    return value === "true";
  }
  return parseQuantity(value).value;
}

/**
 * Reads a fault of the model: `KIND[,NAME=VALUE…]`, for example `unrecovered-read,at=8192+8` or `reset,after=3`.
 *
 * @throws FerryError `FERRY_URI_PARAMETER`
 */
export function parseFault(text: string, bytesPerBlock: number): Fault {
  const [kind, ...pairs] = text.split(",");
  const known = Object.hasOwn(settings, kind) ? settings[kind] : undefined;
  if (known === undefined) {
    throw refuse(text, `there is no kind "${kind}"`, knownNamesHint(kind, kinds));
  }
  const fault: Record<string, unknown> = { kind };
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (equals < 0 || !known.includes(name)) {
      throw refuse(text, `${kind} has no "${name}"`, knownNamesHint(name, known));
    }
    const value = pair.slice(equals + 1);
    if (name === "at") Object.assign(fault, place(value, bytesPerBlock));
    else if (name === "ns") fault.nsid = setting(name, value, text);
    else fault[name] = setting(name, value, text);
  }
  if ((mediumKinds as readonly string[]).includes(kind) && fault.lba === undefined) {
    throw refuse(text, "it needs a place", `${kind},at=LBA or ${kind},at=LBA+COUNT`);
  }
  if (kind === "status" && (fault.sct === undefined || fault.sc === undefined)) {
    throw refuse(text, "it needs sct and sc", "status,sct=2,sc=0x81");
  }
  return fault as unknown as Fault;
}

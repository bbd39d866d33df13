import type { Transport } from "@blockferry/core";
import type { Annotation } from "@blockferry/core/bytes";
import {
  completionQueueEntry,
  identifyCommand,
  nvmeStructures,
} from "@blockferry/device-nvme/codec";
import type { NativePart } from "../schema/info-document.ts";

const IDENTIFY_BYTES = 4096;
const CNS_NAMESPACE = 0;
const CNS_CONTROLLER = 1;
const CNS_NAMESPACE_OF_COMMAND_SET = 5;

/** Asks a controller to identify something; `undefined` where it does not know it. */
async function identify(
  transport: Transport,
  cns: number,
  nsid: number,
): Promise<Uint8Array | undefined> {
  const dataIn = new Uint8Array(IDENTIFY_BYTES);
  const command = identifyCommand.encode({ cns, nsid });
  const completion = await transport.execute(command, { dataIn });
  const answer = completionQueueEntry.decode(completion);
  return answer.ok && answer.value.sct === 0 && answer.value.sc === 0 ? dataIn : undefined;
}

function isZero(value: Annotation["value"]): boolean {
  return value === 0 || value === 0n || value === false || value === "";
}

/** Entries of arrays that are all zero are not there: 64 LBA formats are declared, few are used. */
function usedEntries(annotations: readonly Annotation[]): Set<string> {
  const entryOf = (field: string) => /^.*\[[0-9]+\]/.exec(field)?.[0];
  const used = new Set<string>();
  for (const { field, value } of annotations) {
    const entry = entryOf(field);
    if (entry === undefined || !isZero(value)) used.add(entry ?? field);
  }
  return new Set(
    annotations.map(({ field }) => field).filter((field) => used.has(entryOf(field) ?? field)),
  );
}

function fieldsOf(structure: string, bytes: Uint8Array): NativePart["fields"] {
  const annotations = nvmeStructures[structure].annotate(bytes);
  const used = usedEntries(annotations);
  const fields: Record<string, string | number | boolean | readonly number[]> = {};
  for (const { field, value } of annotations) {
    if (value === undefined || !used.has(field)) continue;
    if (typeof value !== "bigint") fields[field] = value;
    else fields[field] = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  }
  return fields;
}

/** What a controller and its namespaces say about themselves, in the standard's field names. */
export async function nvmeNative(
  transport: Transport,
  nsids: readonly number[],
): Promise<NativePart[]> {
  const parts: NativePart[] = [];
  const add = (structure: string, bytes: Uint8Array | undefined, namespace?: number) => {
    if (bytes === undefined) return;
    const fields = fieldsOf(structure, bytes);
    parts.push({ structure, ...(namespace === undefined ? {} : { namespace }), fields });
  };
  add("nvme-identify-controller", await identify(transport, CNS_CONTROLLER, 0));
  for (const nsid of nsids) {
    add("nvme-identify-namespace", await identify(transport, CNS_NAMESPACE, nsid), nsid);
    const ofCommandSet = await identify(transport, CNS_NAMESPACE_OF_COMMAND_SET, nsid);
    add("nvme-identify-namespace-nvm", ofCommandSet, nsid);
  }
  return parts;
}

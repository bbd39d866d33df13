import type { Transport } from "@blockferry/core";
import {
  completionQueueEntry,
  identifyCommand,
  nvmeStructures,
} from "@blockferry/device-nvme/codec";
import type { NativePart } from "../schema/info-document.ts";
import { fieldsOf } from "./native-fields.ts";

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

/** What a controller and its namespaces say about themselves, in the standard's field names. */
export async function nvmeNative(
  transport: Transport,
  nsids: readonly number[],
): Promise<NativePart[]> {
  const parts: NativePart[] = [];
  const add = (structure: string, bytes: Uint8Array | undefined, namespace?: number) => {
    if (bytes === undefined) return;
    const fields = fieldsOf(nvmeStructures[structure].annotate(bytes));
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

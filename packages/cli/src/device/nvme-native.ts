import type { Transport } from "@blockferry/core";
import {
  completionQueueEntry,
  getFeaturesCommand,
  identifyCommand,
  nvmeStructures,
} from "@blockferry/device-nvme/codec";
import type { NativePart } from "../schema/info-document.ts";
import { fieldsOf } from "./native-fields.ts";

const IDENTIFY_BYTES = 4096;
const CNS_NAMESPACE = 0;
const CNS_CONTROLLER = 1;
const CNS_NAMESPACE_OF_COMMAND_SET = 5;
const HOST_BEHAVIOR_SUPPORT = 0x16;
const HOST_BEHAVIOR_BYTES = 512;

function isSuccess(completion: Uint8Array): boolean {
  const answer = completionQueueEntry.decode(completion);
  return answer.ok && answer.value.sct === 0 && answer.value.sc === 0;
}

/** Asks a controller to identify something; `undefined` where it does not know it. */
async function identify(
  transport: Transport,
  cns: number,
  nsid: number,
): Promise<Uint8Array | undefined> {
  const dataIn = new Uint8Array(IDENTIFY_BYTES);
  const command = identifyCommand.encode({ cns, nsid });
  const completion = await transport.execute(command, { dataIn });
  return isSuccess(completion) ? dataIn : undefined;
}

/** Host Behavior Support as it is set now: which of the formats of copies between namespaces are enabled. */
async function hostBehavior(transport: Transport): Promise<Uint8Array | undefined> {
  const dataIn = new Uint8Array(HOST_BEHAVIOR_BYTES);
  const command = getFeaturesCommand.encode({ fid: HOST_BEHAVIOR_SUPPORT });
  const completion = await transport.execute(command, { dataIn });
  return isSuccess(completion) ? dataIn : undefined;
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
  add("nvme-host-behavior", await hostBehavior(transport));
  for (const nsid of nsids) {
    add("nvme-identify-namespace", await identify(transport, CNS_NAMESPACE, nsid), nsid);
    const ofCommandSet = await identify(transport, CNS_NAMESPACE_OF_COMMAND_SET, nsid);
    add("nvme-identify-namespace-nvm", ofCommandSet, nsid);
  }
  return parts;
}

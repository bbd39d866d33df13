import { FerryError, type Transport } from "@blockferry/core";
import type { Decoded } from "@blockferry/core/bytes";
import { completionQueueEntry } from "./codec/completion.ts";
import { getFeaturesCommand } from "./codec/get-features-command.ts";
import { hostBehavior } from "./codec/host-behavior.ts";
import { identifyCommand } from "./codec/identify-command.ts";
import { setFeaturesCommand } from "./codec/set-features-command.ts";
import { sglDescriptor } from "./codec/sgl-descriptor.ts";
import { nvmeStatus } from "./codec/status/index.ts";

const IDENTIFY_BYTES = 4096;
const HOST_BEHAVIOR_BYTES = hostBehavior.size;
const HOST_BEHAVIOR_SUPPORT = 0x16;
const PSDT_SGL = 1;

/** A refusal in words. */
export interface AdminRefusal {
  readonly sct: number;
  readonly sc: number;
  readonly name: string;
}

type Answer = { readonly data: Uint8Array } | { readonly refusal: AdminRefusal };

/** Data pointer of all admin commands: one SGL descriptor, which transports without SGLs replace. */
function dataPointer(bytes: number): { readonly psdt: number; readonly dptr: Uint8Array } {
  return { psdt: PSDT_SGL, dptr: sglDescriptor.encode({ len: bytes, type: 0x5, subtype: 0xa }) };
}

/** @throws FerryError `FERRY_NVME_COMPLETION` for bytes that are no completion. */
function refusalIn(completion: Uint8Array, what: string): AdminRefusal | undefined {
  const decoded = completionQueueEntry.decode(completion);
  if (!decoded.ok) {
    throw new FerryError(
      "FERRY_NVME_COMPLETION",
      `the answer to ${what} is no completion: ${decoded.violated ?? `${decoded.need} bytes are missing`}`,
    );
  }
  const { sct, sc } = decoded.value;
  return sct === 0 && sc === 0 ? undefined : { sct, sc, name: nvmeStatus(sct, sc).name };
}

/** What to ask Identify for. */
export interface IdentifyQuestion {
  readonly cns: number;
  readonly nsid?: number;
  readonly csi?: number;
}

/** Sends Identify. */
export async function identify(
  transport: Transport,
  question: IdentifyQuestion,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { cns, nsid = 0, csi = 0 } = question;
  const data = new Uint8Array(IDENTIFY_BYTES);
  const command = identifyCommand.encode({ cns, nsid, csi, ...dataPointer(data.length) });
  const options = { dataIn: data, ...(signal === undefined ? {} : { signal }) };
  const completion = await transport.execute(command, options);
  const refusal = refusalIn(completion, describe(question));
  return refusal === undefined ? { data } : { refusal };
}

/** `Identify CNS 00h, namespace 3`. */
export function describe({ cns, nsid }: IdentifyQuestion): string {
  const number = cns.toString(16).toUpperCase().padStart(2, "0");
  return `Identify CNS ${number}h${nsid === undefined ? "" : `, namespace ${nsid}`}`;
}

/** Data of Host Behavior Support as it is now; `undefined` where the feature is not there. */
export async function hostBehaviorNow(
  transport: Transport,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const data = new Uint8Array(HOST_BEHAVIOR_BYTES);
  const command = getFeaturesCommand.encode({
    fid: HOST_BEHAVIOR_SUPPORT,
    ...dataPointer(data.length),
  });
  const options = { dataIn: data, ...(signal === undefined ? {} : { signal }) };
  const completion = await transport.execute(command, options);
  return refusalIn(completion, "Get Features 16h") === undefined ? data : undefined;
}

/** Sets Host Behavior Support. */
export async function setHostBehavior(
  transport: Transport,
  data: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<AdminRefusal | undefined> {
  const command = setFeaturesCommand.encode({
    fid: HOST_BEHAVIOR_SUPPORT,
    ...dataPointer(data.length),
  });
  const options = { dataOut: data, ...(signal === undefined ? {} : { signal }) };
  const completion = await transport.execute(command, options);
  return refusalIn(completion, "Set Features 16h");
}

/** The value of decoded identify data. @throws FerryError `FERRY_NVME_IDENTIFY` naming the rule that the data breaks. */
export function identified<T>(decoded: Decoded<T>, question: IdentifyQuestion): T {
  if (decoded.ok) return decoded.value;
  const rule = decoded.violated ?? `${decoded.need} bytes are missing`;
  throw new FerryError("FERRY_NVME_IDENTIFY", `${describe(question)}: ${rule}`, {
    details: { ...question, rule, field: decoded.field },
    hint: "The device's identify data contradicts the standard.",
  });
}

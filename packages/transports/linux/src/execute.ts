import { type AdminCommandOptions, dataDirection } from "@blockferry/core";
import type { LinuxDevice, Party } from "./device.ts";
import type { PassThroughCall } from "./pass-through.ts";

/** Memory for one command outside of queues, so that what the caller does with its own meanwhile does no harm. */
function callOf(
  { kernel, passThrough }: LinuxDevice,
  command: Uint8Array,
  { dataIn, dataOut }: AdminCommandOptions,
): PassThroughCall {
  const bytes = dataOut?.length ?? dataIn?.length ?? 0;
  const data = bytes === 0 ? undefined : kernel.alignedBuffer(bytes);
  if (dataOut !== undefined) data?.set(dataOut);
  const { none, toDevice, toHost } = dataDirection;
  return {
    queue: "admin",
    command: new Uint8Array(command),
    data,
    direction: data === undefined ? none : dataOut === undefined ? toHost : toDevice,
    argument: kernel.alignedBuffer(passThrough.argumentBytes),
    extra: kernel.alignedBuffer(passThrough.extraBytes),
    completion: new Uint8Array(passThrough.completionBytes),
  };
}

/**
 * Sends one command outside of any queue. Rejects with `FERRY_TRANSPORT_…`, or with the signal's reason; the device goes
 * on with a command whose signal came, into memory of its own.
 */
export async function execute(
  device: LinuxDevice,
  command: Uint8Array,
  options: AdminCommandOptions = {},
): Promise<Uint8Array> {
  const { dataIn, dataOut, signal } = options;
  device.requireOpen();
  if (device.isRemoved) throw device.removedError();
  signal?.throwIfAborted();
  const call = callOf(device, command, options);
  const launch = device.passThrough.start(call);
  if (launch === undefined) return call.completion;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      device.parties.delete(party);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      leave();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    const party: Party = {
      onReset: () => fail(device.resetError()),
      onRemoved: () => fail(device.removedError()),
      onClose: () => fail(device.closedError()),
    };
    device.parties.add(party);
    signal?.addEventListener("abort", onAbort, { once: true });
    device.send(launch, (result, errno) => {
      if (!device.parties.has(party)) return;
      const ending = device.passThrough.end(call, result, errno);
      if (ending === "removed") device.tellRemoved();
      else if (ending === "reset") device.expectReset();
      else if (ending !== "completed") fail(ending);
      else {
        leave();
        if (dataOut === undefined && call.data !== undefined) dataIn?.set(call.data);
        resolve(call.completion);
      }
    });
  });
}

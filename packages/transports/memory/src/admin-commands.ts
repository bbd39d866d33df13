import { clearImmediate, setImmediate } from "node:timers";
import { type AdminCommandOptions, FerryError } from "@blockferry/core";
import { type Device, type Party, tellRemoved, tellReset } from "./device.ts";

const closed = (): FerryError =>
  new FerryError("FERRY_TRANSPORT_CLOSED", "the memory transport is closed", {
    hint: "Make a new transport to the model.",
  });

const removed = (): FerryError =>
  new FerryError("FERRY_TRANSPORT_REMOVED", "the device of the memory transport is gone");

const wasReset = (): FerryError =>
  new FerryError("FERRY_TRANSPORT_RESET", "the device was reset before it answered", {
    hint: "Send the command again.",
  });

/**
 * Sends one command outside of any queue, in a turn of the event loop of its own.
 *
 * Rejects with `FERRY_TRANSPORT_CLOSED`, `…_REMOVED` or `…_RESET`, or with the signal's reason. A command whose
 * completion is lost is waited for until one of these comes.
 */
export function executeAdmin(
  device: Device,
  command: Uint8Array,
  options: AdminCommandOptions = {},
): Promise<Uint8Array> {
  const { dataIn, dataOut, signal } = options;
  return new Promise((resolve, reject) => {
    if (device.isClosed) return reject(closed());
    if (device.isRemoved) return reject(removed());
    if (signal?.aborted === true) return reject(signal.reason);
    const sent = new Uint8Array(command);
    let isLost = false;
    let scheduled: ReturnType<typeof setImmediate> | undefined;

    const leave = (): void => {
      device.parties.delete(party);
      signal?.removeEventListener("abort", onAbort);
      if (scheduled !== undefined) clearImmediate(scheduled);
      if (isLost) device.hold(-1);
    };
    const fail = (error: unknown): void => {
      leave();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    const party: Party = {
      onReset: () => fail(wasReset()),
      onRemoved: () => fail(removed()),
      onClose: () => fail(closed()),
    };
    const run = (): void => {
      scheduled = undefined;
      const completion = new Uint8Array(device.model.completionBytes);
      const outcome = device.model.execute("admin", sent, dataOut, dataIn, completion);
      if (outcome === "completed") {
        leave();
        resolve(completion);
      } else if (outcome === "lost") {
        isLost = true;
        device.hold(1);
      } else if (outcome === "reset") tellReset(device);
      else tellRemoved(device);
    };
    device.parties.add(party);
    signal?.addEventListener("abort", onAbort, { once: true });
    scheduled = setImmediate(run);
  });
}

export { closed as closedError };

import { clearInterval, setInterval } from "node:timers";
import type { DeviceModel } from "@blockferry/core";
import type { Settings } from "./options.ts";

const FAR_MS = 2 ** 31 - 1;

/** What all queues of a transport share: the device, and what has become of it. */
export interface Device {
  readonly model: DeviceModel;
  readonly settings: Settings;
  readonly parties: Set<Party>;
  isClosed: boolean;
  isRemoved: boolean;
  /** Commands whose completion will never come; they keep the process alive. */
  hold(count: number): void;
}

/** Who is told when the device resets or goes. */
export interface Party {
  onReset(): void;
  onRemoved(): void;
  onClose(): void;
}

export function deviceOf(model: DeviceModel, settings: Settings): Device {
  let held = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    model,
    settings,
    parties: new Set(),
    isClosed: false,
    isRemoved: false,
    hold(count) {
      held += count;
      if (held > 0 && timer === undefined) timer = setInterval(() => {}, FAR_MS);
      if (held === 0 && timer !== undefined) {
        clearInterval(timer);
        timer = undefined;
      }
    },
  };
}

/** The device has reset itself, or was reset: nothing that is in flight will be answered. */
export function tellReset(device: Device): void {
  for (const party of [...device.parties]) party.onReset();
}

export function tellRemoved(device: Device): void {
  device.isRemoved = true;
  for (const party of [...device.parties]) party.onRemoved();
}

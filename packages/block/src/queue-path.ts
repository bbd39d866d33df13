import { completeCommand } from "./completion.ts";
import { run, sendCommand, sendCopy } from "./dispatch.ts";
import type { Engine, HardwareQueue } from "./engine-state.ts";

/** What runs for every command, bound to one queue of one engine: see `HotPath`. */
export interface QueuePath {
  /** Sends commands of the requests of the queue while there are tags. */
  run(): void;
  /** Sends the next command of a request in `slot`. */
  sendCommand(request: number, slot: number, deadline: number): void;
  /** Plans the next command of a copy into `slot` and submits it. Returns its blocks. */
  sendCopy(request: number, slot: number): number;
  /** Takes the completion in `slot`. True: its copy went on with another command, and the doorbell must be rung. */
  completeCommand(slot: number): boolean;
}

/** Binds the path of commands to a queue. */
export function queuePath(e: Engine, hardware: HardwareQueue, queue: number): QueuePath {
  return {
    run: run(e, hardware, queue),
    sendCommand: sendCommand(e, hardware, queue),
    sendCopy: sendCopy(e, hardware),
    completeCommand: completeCommand(e, hardware, queue),
  };
}

import { dataDirection } from "@blockferry/core";
import { type Engine, step } from "./engine-state.ts";
import { COPY_CANCELLED } from "./engine-tables.ts";

/** Submits the command that the encoder has put into a slot as the next step of a copy. */
function submitContinued(e: Engine, queue: number, slot: number): void {
  const { encoder, transport } = e.queues[queue];
  const reply = encoder.replyOf?.(slot);
  const direction = reply === undefined ? dataDirection.none : dataDirection.toHost;
  transport.submit(slot, encoder.listBytesOf(slot), reply, direction);
}

function isCancelled(e: Engine, request: number): boolean {
  const chunk = e.requests.columns.chunk[request];
  return (
    chunk >= 0 && (e.copies.columns.flags[e.chunks.columns.copy[chunk]] & COPY_CANCELLED) !== 0
  );
}

/** A number for a slot that is its own over all queues. */
function tagNumber(e: Engine, queue: number, slot: number): number {
  let number = slot;
  for (let i = 0; i < queue; i++) number += e.queues[i].commands.capacity;
  return number;
}

/**
 * A copy that takes several commands goes on with the next one: at once, or when the device wants to be asked again. The
 * caller rings the doorbell.
 */
export function continueCommand(e: Engine, queue: number, slot: number): void {
  const hardware = e.queues[queue];
  const { commands, encoder, clock } = hardware;
  if (isCancelled(e, commands.columns.request[slot])) encoder.giveUp?.(slot);
  if (clock === undefined) {
    submitContinued(e, queue, slot);
    return;
  }
  const delayMs = encoder.delayMsOf?.(slot) ?? 0;
  commands.columns.deadline[slot] = clock.nowMs() + delayMs + e.timeoutMs;
  commands.columns.aborted[slot] = 0;
  if (delayMs <= 0) {
    submitContinued(e, queue, slot);
    return;
  }
  commands.columns.waits[slot] = commands.generation[slot];
  const handle = commands.handle(slot);
  clock.after(delayMs, () => {
    if (e.closed || commands.slotOf(handle) < 0) return;
    e.scheduler.post(step.continued, tagNumber(e, queue, slot), -1);
    e.scheduler.drain();
  });
}

/** A step of a copy whose delay is over is sent. */
export function sendContinued(e: Engine, subject: number): void {
  let queue = 0;
  let slot = subject;
  while (slot >= e.queues[queue].commands.capacity) slot -= e.queues[queue++].commands.capacity;
  const { commands, encoder } = e.queues[queue];
  // The command may have ended before the step came, and its slot may be another's by now.
  if (!commands.isLive(slot) || commands.columns.waits[slot] !== commands.generation[slot]) return;
  commands.columns.waits[slot] = 0;
  if (isCancelled(e, commands.columns.request[slot])) encoder.giveUp?.(slot);
  submitContinued(e, queue, slot);
  e.queues[queue].transport.doorbell();
}

import { checkDeadlines } from "./completion.ts";
import { sendContinued } from "./continue.ts";
import { cancelCopy, requeueWaiting } from "./control.ts";
import { residuePiece } from "./emulate.ts";
import { type Engine, step } from "./engine-state.ts";
import { COPY_ORDERED } from "./engine-tables.ts";
import { orderedPiece } from "./ordered.ts";
import { depart } from "./submit.ts";

function cancel(e: Engine, handle: number): void {
  const copy = e.copies.slotOf(handle);
  if (copy >= 0) cancelCopy(e, copy);
}

function takeOutPlug(e: Engine, copy: number): void {
  const { plugged, chunks } = e.copies.columns;
  if (plugged[copy] === 0) return;
  // What fails as the plug is taken out must not end the copy under our hands.
  chunks[copy]++;
  e.hot.unplug(copy, true);
  chunks[copy]--;
  // All of it may have failed, or been copied through the host, while the plug was in.
  e.hot.endCopyIfDone(copy);
}

/** A submitter copies the next piece through the host. */
function emulate(e: Engine, copy: number): void {
  if ((e.copies.columns.flags[copy] & COPY_ORDERED) !== 0) orderedPiece(e, copy);
  else residuePiece(e, copy);
}

/** Runs one step of an engine: what its scheduler calls. */
export function runStep(e: Engine, kind: number, subject: number): void {
  switch (kind) {
    case step.start:
      e.hot.startCopy(subject);
      return;
    case step.submit:
      e.engineRow.context[0] = e.bios.columns.lane[subject];
      e.hot.enterDevice(subject);
      e.engineRow.context[0] = -1;
      return;
    case step.unplug:
      takeOutPlug(e, subject);
      return;
    case step.run:
      e.queues[subject].path.run();
      return;
    case step.emulate:
      emulate(e, subject);
      return;
    case step.timeout:
      checkDeadlines(e, subject);
      return;
    case step.cancel:
      cancel(e, subject);
      return;
    case step.requeue:
      requeueWaiting(e, subject);
      return;
    case step.continued:
      sendContinued(e, subject);
      return;
    case step.depart:
      depart(e, subject);
      return;
    case step.strategy:
      e.pairing.resume?.(subject);
      return;
    default:
      throw new RangeError(`${kind} is not a step of the engine`);
  }
}

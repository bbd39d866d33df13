import { isFerryError } from "@blockferry/core";
import { check, checkSame, rejectionOf, shown, thrownBy } from "../check.ts";
import { inSession, type Line, type Session } from "./session.ts";
import type { TransportSuiteOptions } from "./transport-suite-options.ts";

export const isTransportError = (error: unknown): boolean =>
  isFerryError(error) && error.code.startsWith("FERRY_TRANSPORT_");

/** Sends a command in each slot; the device answers as `outcomes` of the session say. */
function sendAll(session: Session, line: Line, slots: readonly number[]) {
  const sent = slots.map((slot) => session.send(line, slot));
  line.queue.doorbell();
  return sent;
}

/** The queue works as if nothing had been. */
async function worksAgain(session: Session, line: Line): Promise<void> {
  const resets = line.told.resets;
  await session.answered(...sendAll(session, line, [0, 1]));
  checkSame(line.told.resets, resets, "resets told");
}

function lost(options: TransportSuiteOptions): void {
  const { it, supports } = options;

  it("does not answer for the device, and brings the answers that there are", () =>
    inSession(options, async (session) => {
      const line = session.open(3);
      session.device.outcomes.push("completed", "lost", "completed");
      const [first, missing, last] = sendAll(session, line, [0, 1, 2]);
      await session.answered(first, last);
      await session.quiet();
      checkSame(line.told.completions[missing.slot], 0, "answers to the command that has none");
    }));

  it(supports.answersAborts ? "answers an aborted command, once" : "does nothing by abort", () =>
    inSession(options, async (session) => {
      const line = session.open(3);
      session.device.outcomes.push("lost");
      const [aborted, other] = sendAll(session, line, [2, 0]);
      await session.answered(other);
      line.queue.abort(aborted.slot);
      line.queue.abort(aborted.slot);
      if (supports.answersAborts) {
        await session.until("the answer", () => line.told.completions[aborted.slot] > 0);
      }
      await session.quiet();
      const answers = supports.answersAborts ? 1 : 0;
      checkSame(line.told.completions[aborted.slot], answers, "answers to the aborted command");
      await worksAgain(session, line);
    }),
  );
}

function reset(options: TransportSuiteOptions): void {
  const { it } = options;

  it("resets the device when asked, and forgets what was in flight", () =>
    inSession(options, async (session) => {
      const line = session.open(3);
      session.device.outcomes.push("lost");
      sendAll(session, line, [2]);
      await session.until("the command", () => session.device.received.length === 1);
      line.queue.reset();
      await session.until("the reset", () => line.told.resets === 1);
      await session.until("the device's reset", () => session.device.resets === 1);
      await worksAgain(session, line);
      checkSame(line.told.completions[2], 0, "answers from before the reset");
    }));

  it("tells every queue that the device has reset itself", () =>
    inSession(options, async (session) => {
      const lines = [session.open(3), session.open(2)];
      session.device.outcomes.push("completed", "reset");
      sendAll(session, lines[0], [0, 1]);
      await session.until("the reset", () => lines.every(({ told }) => told.resets === 1));
      checkSame(lines[0].told.completions[1], 0, "answers to the command that reset the device");
      for (const line of lines) await worksAgain(session, line);
    }));
}

function removal(options: TransportSuiteOptions): void {
  const { it, supports } = options;

  if (!supports.tellsRemoval) {
    it("takes a device that is gone for one that was reset, and tells so", () =>
      inSession(options, async (session) => {
        const line = session.open(2);
        session.device.outcomes.push("removed");
        sendAll(session, line, [0]);
        await session.until("what became of it", () => line.told.resets > 0);
        checkSame(line.told.removals, 0, "removals told");
      }));
    return;
  }

  it("tells every queue that the device is gone, and whoever comes later", () =>
    inSession(options, async (session) => {
      const lines = [session.open(2), session.open(2)];
      session.device.outcomes.push("removed");
      sendAll(session, lines[0], [0]);
      await session.until("the removal", () => lines.every(({ told }) => told.removals > 0));
      const before = lines[1].told.removals;
      sendAll(session, lines[1], [1]);
      await session.until("the removal again", () => lines[1].told.removals > before);
      checkSame(session.device.received.length, 1, "commands at a device that is gone");
      const command = new Uint8Array(session.dialect.layout.commandBytes);
      const executed = rejectionOf(session.transport.execute(command));
      const error = await session.within("execute", executed);
      check(isTransportError(error), `execute at a device that is gone: ${shown(error)}`);
    }));
}

/** A closed transport tells nothing any more, and says so to whoever calls. */
async function isClosed(session: Session, line: Line | undefined): Promise<void> {
  const before = JSON.stringify(line?.told);
  await session.within("close", session.transport.close());
  await session.within("the second close", session.transport.close());
  await session.quiet();
  checkSame(JSON.stringify(line?.told), before, "what the queue was told after close");
  const connecting = thrownBy(() => session.open(1));
  check(isTransportError(connecting), `connect after close: ${shown(connecting)}`);
  const command = new Uint8Array(session.dialect.layout.commandBytes);
  const executed = rejectionOf(session.transport.execute(command));
  const executing = await session.within("execute after close", executed);
  check(isTransportError(executing), `execute after close: ${shown(executing)}`);
  if (line === undefined) return;
  const ringing = thrownBy(() => line.queue.doorbell());
  check(isTransportError(ringing), `doorbell after close: ${shown(ringing)}`);
  line.queue.close();
}

function closing(options: TransportSuiteOptions): void {
  const { it } = options;

  it("closes before any use", () => inSession(options, (session) => isClosed(session, undefined)));

  it("closes with a queue that is idle", () =>
    inSession(options, async (session) => {
      const line = session.open(2);
      await worksAgain(session, line);
      await isClosed(session, line);
    }));

  it("closes with commands on their way, and with one that is never answered", () =>
    inSession(options, async (session) => {
      const line = session.open(3);
      session.device.outcomes.push("lost");
      sendAll(session, line, [0]);
      await session.until("the command", () => session.device.received.length === 1);
      sendAll(session, line, [1, 2]);
      await isClosed(session, line);
    }));

  it("closes after a reset, and after the queue was closed", () =>
    inSession(options, async (session) => {
      const line = session.open(2);
      line.queue.reset();
      await session.until("the reset", () => line.told.resets === 1);
      line.queue.close();
      line.queue.close();
      await isClosed(session, line);
    }));
}

export function failing(options: TransportSuiteOptions): void {
  const { describe } = options;
  lost(options);
  describe("reset", () => reset(options));
  describe("removal", () => removal(options));
  describe("close", () => closing(options));
}

import { dataDirection } from "@blockferry/core";
import { check, checkBytes, checkSame, rejectionOf, shown } from "../check.ts";
import { isTransportError } from "./failing.ts";
import { dataOf } from "./probe-device.ts";
import { inSession, type Session } from "./session.ts";
import type { TransportSuiteOptions } from "./transport-suite-options.ts";

const { none, toDevice, toHost } = dataDirection;

function commandOf({ dialect }: Session, number: number, direction: number, bytes: number) {
  const command = new Uint8Array(dialect.layout.commandBytes);
  dialect.encode(command, number, direction, bytes);
  return command;
}

async function carriesOne(session: Session, number: number, direction: number): Promise<void> {
  const { dialect, device, supports } = session;
  const carried = dialect.carried ?? ((bytes: Uint8Array) => bytes);
  const bytes = direction === none ? 0 : (supports.dataUnitBytes ?? 333);
  const command = commandOf(session, number, direction, bytes);
  const dataOut = dataOf(number, bytes);
  const dataIn = new Uint8Array(bytes).fill(0xee);
  const executed = session.transport.execute(command, {
    ...(direction === toDevice ? { dataOut } : {}),
    ...(direction === toHost ? { dataIn } : {}),
  });
  const completion = await session.within(`the answer to command ${number}`, executed);
  const seen = device.received.filter((one) => one.number === number);
  checkSame(seen.length, 1, `commands ${number} at the device`);
  if (supports.tellsQueues !== false) {
    checkSame(seen[0].queue, "admin", "the queue of a command outside of queues");
  }
  checkBytes(carried(seen[0].command), carried(command), "the command at the device");
  checkBytes(seen[0].dataOut, direction === toDevice ? dataOut : new Uint8Array(0), "its data");
  if (direction === toHost) checkBytes(dataIn, dataOf(number, bytes), "the data at the host");
  const expected = new Uint8Array(dialect.layout.completionBytes);
  dialect.answer(seen[0].command, device.verdict, expected);
  checkBytes(carried(completion), carried(expected), "the answer");
}

/** `execute`: one command outside of any queue. */
export function executing(options: TransportSuiteOptions): void {
  const { it } = options;

  it("brings a command, its data and its answer over unchanged, refusals too", () =>
    inSession(options, async (session) => {
      await carriesOne(session, 1, none);
      await carriesOne(session, 2, toDevice);
      await carriesOne(session, 3, toHost);
      session.device.verdict = 1;
      await carriesOne(session, 4, none);
    }));

  it("carries several at once, and keeps them apart", () =>
    inSession(options, async (session) => {
      const line = session.open(1);
      const sent = session.send(line, 0);
      line.queue.doorbell();
      const all = [11, 12, 13].map((number) =>
        carriesOne(session, number + 1000, number === 12 ? toHost : toDevice),
      );
      await Promise.all([...all, session.answered(sent)]);
    }));

  it("does not send what was aborted before, and gives the signal's reason", () =>
    inSession(options, async (session) => {
      const reason = new Error("enough");
      const signal = AbortSignal.abort(reason);
      const command = commandOf(session, 1, none, 0);
      const executed = rejectionOf(session.transport.execute(command, { signal }));
      const error = await session.within("an aborted command", executed);
      check(error === reason, `an aborted command: ${shown(error)}`);
      await session.quiet();
      checkSame(session.device.received.length, 0, "commands at the device");
    }));

  it("waits for an answer that is lost until the signal, the reset or the end", () =>
    inSession(options, async (session) => {
      const { transport, device } = session;
      const line = session.open(1);
      const control = new AbortController();
      const reason = new Error("enough");
      /** Sends a command that is never answered; `rejection` is what becomes of it. */
      const sendLost = async (number: number, signals: { signal?: AbortSignal } = {}) => {
        device.outcomes.push("lost");
        const before = device.received.length;
        const command = commandOf(session, number, none, 0);
        const rejection = rejectionOf(transport.execute(command, signals));
        await session.until("the command", () => device.received.length > before);
        return { rejection };
      };
      const first = await sendLost(1, { signal: control.signal });
      const second = await sendLost(2);
      control.abort(reason);
      const aborted = await session.within("the abort", first.rejection);
      check(aborted === reason, `a command whose signal came: ${shown(aborted)}`);
      line.queue.reset();
      const forgotten = await session.within("the reset", second.rejection);
      check(isTransportError(forgotten), `a command before a reset: ${shown(forgotten)}`);
      const third = await sendLost(3);
      await transport.close();
      const closed = await session.within("the end", third.rejection);
      check(isTransportError(closed), `a command before the end: ${shown(closed)}`);
    }));
}

import {
  dataDirection,
  type QueueMemory,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";
import { broken, check, checkBytes, checkSame } from "../check.ts";
import { queueMemory } from "../queue-memory.ts";
import { type CommandDialect, plainDialect } from "./command-dialect.ts";
import { dataOf, type ProbeDevice, probeDevice, type ReceivedCommand } from "./probe-device.ts";
import type { TransportSuiteOptions } from "./transport-suite-options.ts";

/** What a queue was told. */
export interface Told {
  /** How often each slot was completed. */
  readonly completions: number[];
  resets: number;
  removals: number;
}

export interface Line {
  readonly memory: QueueMemory;
  readonly queue: TransportQueue;
  readonly told: Told;
}

/** A command on its way. */
export interface Sent {
  readonly line: Line;
  readonly slot: number;
  readonly number: number;
  readonly direction: number;
  readonly command: Uint8Array;
  readonly list: Uint8Array;
  readonly data: Uint8Array | undefined;
  /** Completions of its slot before it. */
  readonly before: number;
}

export interface SendOptions {
  readonly direction?: number;
  readonly bytes?: number;
  readonly listBytes?: number;
}

/** A transport in front of a probe, for one test. */
export interface Session {
  readonly transport: Transport;
  readonly device: ProbeDevice;
  readonly dialect: CommandDialect;
  readonly supports: TransportSuiteOptions["supports"];
  open(depth: number): Line;
  /** Puts a command into a slot and submits it. The doorbell is the caller's. */
  send(line: Line, slot: number, options?: SendOptions): Sent;
  /** Waits until the commands are answered, once each, and checks all that the device and the host saw of them. */
  answered(...sent: readonly Sent[]): Promise<void>;
  until(what: string, condition: () => boolean): Promise<void>;
  /** What a promise comes to; a test must end even where it never does. */
  within<T>(what: string, promise: Promise<T>): Promise<T>;
  quiet(): Promise<void>;
}

const turn = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });

function within<T>(what: string, promise: Promise<T>, deadlineMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => {
      reject(new Error(`${what}: waited ${deadlineMs} ms in vain`));
    };
    const timer = setTimeout(late, deadlineMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function openLine(transport: Transport, dialect: CommandDialect, depth: number): Line {
  const memory = queueMemory(dialect.layout, depth);
  const told: Told = { completions: new Array<number>(depth).fill(0), resets: 0, removals: 0 };
  const queue = transport.connect(memory, {
    complete(slots, count) {
      for (let at = 0; at < count; at += 1) told.completions[slots[at]] += 1;
    },
    reset() {
      told.resets += 1;
    },
    removed() {
      told.removals += 1;
    },
  });
  return { memory, queue, told };
}

/** Checks a command at both of its ends. */
function checkEnds(sent: Sent, seen: ReceivedCommand, { dialect, device }: Session): void {
  const { slot, number, direction, data, line } = sent;
  const carried = dialect.carried ?? ((bytes: Uint8Array) => bytes);
  const what = `command ${number}`;
  checkSame(seen.queue, "io", `the queue that ${what} came from`);
  checkBytes(carried(seen.command), carried(sent.command), `${what} at the device`);
  const isOut = direction === dataDirection.toDevice;
  const expectedOut = sent.list.length > 0 ? sent.list : isOut ? data : undefined;
  checkBytes(seen.dataOut, expectedOut ?? new Uint8Array(0), `the data of ${what} at the device`);
  if (direction === dataDirection.toHost && data !== undefined) {
    checkSame(seen.dataInBytes, data.length, `room for the data of ${what}`);
    checkBytes(data, dataOf(number, data.length), `the data of ${what} at the host`);
  }
  const completion = new Uint8Array(dialect.layout.completionBytes);
  dialect.answer(seen.command, device.verdict, completion);
  const got = line.memory.completionBytes[slot].subarray(0, completion.length);
  checkBytes(carried(got), carried(completion), `the answer to ${what}`);
  checkSame(dialect.verdictOf(got), device.verdict, `the verdict on ${what}`);
}

/** Runs a test in a session of its own, and takes it down behind it. */
export async function inSession(
  options: TransportSuiteOptions,
  body: (session: Session) => Promise<void>,
): Promise<void> {
  const { dialect = plainDialect, supports, deadlineMs = 10_000, quietMs = 20 } = options;
  const device = probeDevice(dialect);
  const { transport, stop } = await options.connect(device);
  let numbers = 0;

  const session: Session = {
    transport,
    device,
    dialect,
    supports,
    open: (depth) => openLine(transport, dialect, depth),
    send(line, slot, { direction = dataDirection.none, bytes = 0, listBytes = 0 } = {}) {
      numbers = (numbers + 1) % 65_536;
      const number = numbers;
      const { memory, queue, told } = line;
      dialect.encode(memory.commandBytes[slot], number, direction, Math.max(bytes, listBytes));
      const list = dataOf(number, listBytes);
      memory.listBytes[slot].fill(0xee).set(list);
      const isOut = direction === dataDirection.toDevice;
      const data =
        direction === dataDirection.none
          ? undefined
          : isOut
            ? dataOf(number, bytes)
            : new Uint8Array(bytes).fill(0xee);
      const command = memory.commandBytes[slot].slice();
      const before = told.completions[slot];
      queue.submit(slot, listBytes, data, direction);
      return { line, slot, number, direction, command, list, data, before };
    },
    async answered(...all) {
      const missing = (): number =>
        all.filter(({ line, slot, before }) => line.told.completions[slot] === before).length;
      await session.until("the answers", () => missing() === 0);
      for (const sent of all) {
        const { line, slot, before, number } = sent;
        checkSame(line.told.completions[slot] - before, 1, `answers to command ${number}`);
        const seen = device.received.filter((one) => one.number === number);
        check(seen.length === 1, `the device saw command ${number} ${seen.length} times`);
        checkEnds(sent, seen[0], session);
      }
    },
    async until(what, condition) {
      for (let waitedMs = 0; !condition(); waitedMs += 1) {
        if (waitedMs > deadlineMs) broken(`${what}: waited ${deadlineMs} ms in vain`);
        await turn(1);
      }
    },
    within: (what, promise) => within(what, promise, deadlineMs),
    quiet: () => turn(quietMs),
  };
  try {
    await body(session);
  } finally {
    await session.within("close", transport.close());
    await stop?.();
  }
}

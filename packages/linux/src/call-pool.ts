import { createRequire } from "node:module";
import { constants } from "node:os";
import { clearTimeout, setTimeout } from "node:timers";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { FerryError } from "@blockferry/core";
import { requireBytes, requireDescriptor } from "./arguments.ts";
import { type CallAnswer, type CallName, serveCalls } from "./call-worker.ts";
import { requireArgument } from "./ioctl.ts";
import type { CallDone, CallPool, CallPoolOptions, LinuxCalls } from "./linux-calls.ts";

const THREADS_DEFAULT = 8;
const THREADS_MAX = 256;
/** A call waits so long for a thread before another one is started: starting one takes longer than most calls. */
const PATIENCE_MS = 10;

/** A call that waits for a thread, or is on one. `keep` holds the memory that the kernel writes to. */
interface Pending {
  readonly name: CallName;
  readonly values: readonly (number | bigint)[];
  readonly keep: unknown;
  readonly done: CallDone;
}

interface Thread {
  readonly worker: Worker;
  /** False until it has made its first call. */
  isStarted: boolean;
  /** The call that it makes; 0: none. */
  call: number;
}

const programText = (): string =>
  `"use strict"; const { parentPort, workerData } = require("node:worker_threads");
(${serveCalls.toString()})({ koffi: require(workerData.koffi), port: parentPort });`;

/** Threads that make blocking calls one at a time each. They are started when there is work for them. */
class WorkerPool implements CallPool {
  readonly threadsMax: number;
  readonly #threads: Thread[] = [];
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: number[] = [];
  readonly #addressOf: (view: Uint8Array) => bigint;
  #serial = 0;
  #growth: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(threadsMax: number, addressOf: (view: Uint8Array) => bigint) {
    this.threadsMax = threadsMax;
    this.#addressOf = addressOf;
  }

  ioctl(fd: number, request: number, argument: Uint8Array, done: CallDone): void {
    requireDescriptor(fd);
    requireArgument(request, argument);
    const values = [fd, request, this.#addressOf(argument)];
    this.#call({ name: "ioctl", values, keep: argument, done });
  }

  copyFileRange(
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
    done: CallDone,
  ): void {
    this.#rangeCall("copyFileRange", fdIn, offsetIn, fdOut, offsetOut, bytes, done);
  }

  cloneRange(
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
    done: CallDone,
  ): void {
    // FICLONERANGE takes 0 as "to the end of the file".
    if (bytes === 0) throw new RangeError("a clone has at least one byte");
    this.#rangeCall("cloneRange", fdIn, offsetIn, fdOut, offsetOut, bytes, done);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#growth);
    for (const id of this.#waiting.splice(0)) this.#pending.delete(id);
    const idle = this.#threads.filter((thread) => thread.call === 0);
    await Promise.all(idle.map((thread) => this.#end(thread)));
  }

  #rangeCall(
    name: CallName,
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
    done: CallDone,
  ): void {
    requireDescriptor(fdIn, "fdIn");
    requireDescriptor(fdOut, "fdOut");
    requireBytes(offsetIn, "offsetIn");
    requireBytes(offsetOut, "offsetOut");
    requireBytes(bytes, "bytes");
    this.#call({ name, values: [fdIn, offsetIn, fdOut, offsetOut, bytes], keep: undefined, done });
  }

  #call(pending: Pending): void {
    if (this.#isClosed) {
      throw new FerryError("FERRY_LINUX_CLOSED", "the pool of threads for calls is closed");
    }
    this.#serial += 1;
    this.#pending.set(this.#serial, pending);
    this.#waiting.push(this.#serial);
    const idle = this.#threads.find((thread) => thread.call === 0);
    if (idle !== undefined) this.#next(idle);
    else if (this.#threads.length === 0) this.#next(this.#start());
    else this.#growLater();
  }

  /** One more thread, if calls still wait after a while, and none is being started. */
  #growLater(): void {
    if (this.#growth !== undefined || this.#threads.length >= this.threadsMax) return;
    if (this.#waiting.length === 0 || this.#threads.some((thread) => !thread.isStarted)) return;
    this.#growth = setTimeout(() => {
      this.#growth = undefined;
      if (this.#waiting.length > 0 && !this.#isClosed) this.#next(this.#start());
    }, PATIENCE_MS);
  }

  #start(): Thread {
    const koffi = createRequire(import.meta.url).resolve("koffi");
    const worker = new Worker(programText(), {
      eval: true,
      workerData: { koffi },
      env: SHARE_ENV,
      execArgv: [],
    });
    const thread: Thread = { worker, isStarted: false, call: 0 };
    worker.on("message", (answer: CallAnswer) => this.#answer(thread, answer));
    worker.on("error", () => this.#lose(thread));
    worker.on("exit", () => this.#lose(thread));
    this.#threads.push(thread);
    return thread;
  }

  /** Gives a thread the call that waits longest. A thread without one keeps no process alive. */
  #next(thread: Thread): void {
    const id = this.#waiting.shift();
    if (id === undefined) {
      thread.worker.unref();
      return;
    }
    const { name, values } = this.#pending.get(id) as Pending;
    thread.call = id;
    thread.worker.ref();
    thread.worker.postMessage([id, name, ...values]);
  }

  #answer(thread: Thread, [id, result, errno]: CallAnswer): void {
    thread.call = 0;
    thread.isStarted = true;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#isClosed) void this.#end(thread);
    else this.#next(thread);
    this.#growLater();
    pending?.done(result, errno);
  }

  /** A thread that ends by itself leaves a call whose fate is not known: EIO. */
  #lose(thread: Thread): void {
    const at = this.#threads.indexOf(thread);
    if (at < 0) return;
    this.#threads.splice(at, 1);
    const pending = this.#pending.get(thread.call);
    this.#pending.delete(thread.call);
    if (this.#threads.length === 0 && this.#waiting.length > 0) this.#next(this.#start());
    pending?.done(-1, constants.errno.EIO);
  }

  async #end(thread: Thread): Promise<void> {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
    await thread.worker.terminate();
  }
}

/** Makes pools of threads for calls that block. */
export function bindCallPool(addressOf: LinuxCalls["addressOf"]): LinuxCalls["callPool"] {
  return function callPool({ threadsMax = THREADS_DEFAULT }: CallPoolOptions = {}) {
    if (!Number.isInteger(threadsMax) || threadsMax < 1 || threadsMax > THREADS_MAX) {
      throw new RangeError(`threadsMax is 1 to ${THREADS_MAX}, not ${threadsMax}`);
    }
    return new WorkerPool(threadsMax, addressOf);
  };
}

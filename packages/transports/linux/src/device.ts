import { setImmediate } from "node:timers";
import { FerryError } from "@blockferry/core";
import type { CallDone } from "@blockferry/linux";
import type { LinuxKernel } from "./kernel.ts";
import type { Launch, PassThrough } from "./pass-through.ts";

/** Who is told when the device resets or goes. */
export interface Party {
  onReset(): void;
  onRemoved(): void;
  onClose(): void;
}

/** What all queues of a transport share: the device, and what has become of it. */
export class LinuxDevice {
  readonly kernel: LinuxKernel;
  readonly passThrough: PassThrough;
  readonly name: string;
  readonly parties: Set<Party> = new Set();
  readonly onError: (error: FerryError) => void;
  isClosed = false;
  isRemoved = false;
  /** A reset is under way: nothing is sent until all that is in flight has come back. */
  isResetting = false;
  #inFlight = 0;
  readonly #release: () => void;

  constructor(
    kernel: LinuxKernel,
    passThrough: PassThrough,
    name: string,
    onError: (error: FerryError) => void,
    release: () => void,
  ) {
    this.kernel = kernel;
    this.passThrough = passThrough;
    this.name = name;
    this.onError = onError;
    this.#release = release;
  }

  /** Has the kernel carry out a command. */
  send(launch: Launch, done: CallDone): void {
    this.#inFlight += 1;
    launch((result, errno) => {
      this.#inFlight -= 1;
      done(result, errno);
      this.#settle();
    });
  }

  /** Resets the device, as far as it is this package's to do, and tells so when nothing is in flight any more. */
  reset(): void {
    if (this.isRemoved || this.isResetting) return;
    this.expectReset();
    const { reset } = this.passThrough;
    if (reset !== undefined) this.send(reset, () => {});
  }

  /** The device has reset itself: tells so when nothing is in flight any more. */
  expectReset(): void {
    if (this.isResetting || this.isRemoved || this.isClosed) return;
    this.isResetting = true;
    // In a turn of its own: who asks for the reset is not told inside the call.
    setImmediate(() => this.#settle());
  }

  tellRemoved(): void {
    this.isRemoved = true;
    for (const party of [...this.parties]) party.onRemoved();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const party of [...this.parties]) party.onClose();
    this.#settle();
  }

  /** @throws FerryError `FERRY_TRANSPORT_CLOSED` */
  requireOpen(): void {
    if (this.isClosed) throw this.closedError();
  }

  closedError(): FerryError {
    return new FerryError("FERRY_TRANSPORT_CLOSED", `the transport to ${this.name} is closed`, {
      hint: "Open the device again.",
    });
  }

  removedError(): FerryError {
    return new FerryError("FERRY_TRANSPORT_REMOVED", `${this.name} is gone`, {
      details: { device: this.name },
      hint: "It was detached or has failed: see dmesg.",
    });
  }

  resetError(): FerryError {
    return new FerryError("FERRY_TRANSPORT_RESET", `${this.name} was reset before it answered`, {
      hint: "Send the command again.",
    });
  }

  #settle(): void {
    if (this.#inFlight > 0) return;
    if (this.isClosed) this.#release();
    else if (this.isResetting) {
      this.isResetting = false;
      for (const party of [...this.parties]) party.onReset();
    }
  }
}

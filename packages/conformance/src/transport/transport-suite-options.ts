import type { DeviceModel, Transport } from "@blockferry/core";
import type { RandomOptions } from "../random-source.ts";
import type { TestRunner } from "../test-runner.ts";
import type { CommandDialect } from "./command-dialect.ts";

/** What a transport can do beside the contract; the suite tests both the true and the false of each flag. */
export interface TransportAbilities {
  /** True: an aborted command whose answer was lost is answered. False: `abort` changes nothing. */
  readonly answersAborts: boolean;
  /** True: the device can be lost for good, and the transport tells so. */
  readonly tellsRemoval: boolean;
  /** Sizes in bytes at which the transport cuts data into pieces; tested one below, at, and one above. */
  readonly cutsAtBytes: readonly number[];
  /** False: to the device, a command outside of queues is like any other, as with SCSI. Default true. */
  readonly tellsQueues?: boolean;
  /** Data comes in multiples of this; default 1. */
  readonly dataUnitBytes?: number;
}

/** A transport to the suite's device, and how to take down what is behind it. */
export interface ConnectedTransport {
  readonly transport: Transport;
  /** Takes down the far end (a listener, a process); called after the transport is closed. */
  stop?(): Promise<void> | void;
}

export interface TransportSuiteOptions extends TestRunner, RandomOptions {
  readonly supports: TransportAbilities;
  /** Puts the transport in front of a device that the suite plays. */
  connect(device: DeviceModel): ConnectedTransport | Promise<ConnectedTransport>;
  /** Words of the command set that it carries; default `plainDialect`. */
  readonly dialect?: CommandDialect;
  /** How long to wait for what must come; default 10,000 ms. */
  readonly deadlineMs?: number;
  /** How long to wait for what must not come; default 20 ms. */
  readonly quietMs?: number;
}

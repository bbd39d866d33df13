import type { CommandQueueKind, DeviceModel, ModelOutcome } from "@blockferry/core";
import type { CommandDialect } from "./command-dialect.ts";

/** A command as the device saw it. */
export interface ReceivedCommand {
  readonly queue: CommandQueueKind;
  readonly number: number;
  readonly command: Uint8Array;
  readonly dataOut: Uint8Array;
  readonly dataInBytes: number;
}

/** The device at the far end: it writes down what it is sent, and answers as it is told to. */
export interface ProbeDevice extends DeviceModel {
  readonly received: ReceivedCommand[];
  /** What becomes of the commands to come, in order; then they are completed. */
  readonly outcomes: ModelOutcome[];
  /** Verdict of all answers. */
  verdict: number;
  resets: number;
}

/** What command `number` brings to the host, or takes to the device. */
export function dataOf(number: number, bytes: number): Uint8Array {
  const data = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 1) data[at] = Math.imul(at + number * 257, 0x9e3779b1) >>> 24;
  return data;
}

export function probeDevice(dialect: CommandDialect): ProbeDevice {
  const device: ProbeDevice = {
    name: "probe",
    family: dialect.family,
    completionBytes: dialect.layout.completionBytes,
    received: [],
    outcomes: [],
    verdict: 0,
    resets: 0,
    execute(queue, command, dataOut, dataIn, completion) {
      const number = dialect.numberOf(command);
      device.received.push({
        queue,
        number,
        command: command.slice(),
        dataOut: dataOut?.slice() ?? new Uint8Array(0),
        dataInBytes: dataIn?.length ?? 0,
      });
      const outcome = device.outcomes.shift() ?? "completed";
      if (outcome !== "completed") return outcome;
      dataIn?.set(dataOf(number, dataIn.length));
      dialect.answer(command, device.verdict, completion);
      return outcome;
    },
    reset() {
      device.resets += 1;
    },
    close() {},
  };
  return device;
}

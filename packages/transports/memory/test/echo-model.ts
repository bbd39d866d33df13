import type { CommandQueueKind, DeviceModel, ModelOutcome } from "@blockferry/core";

interface Seen {
  readonly queue: CommandQueueKind;
  readonly command: number[];
  readonly dataOut: number[] | undefined;
}

export interface EchoModel extends DeviceModel {
  readonly seen: Seen[];
  resets: number;
  /** What becomes of the commands to come, in order; then they are completed. */
  readonly outcomes: ModelOutcome[];
}

/** Answers each command with its bytes, inverted, and fills the data for the host with the command's first byte. */
export function echoModel(): EchoModel {
  const model: EchoModel = {
    name: "echo",
    family: "test",
    completionBytes: 8,
    seen: [],
    outcomes: [],
    resets: 0,
    execute(queue, command, dataOut, dataIn, completion) {
      model.seen.push({
        queue,
        command: Array.from(command),
        dataOut: dataOut && Array.from(dataOut),
      });
      const outcome = model.outcomes.shift() ?? "completed";
      if (outcome !== "completed") return outcome;
      dataIn?.fill(command[0]);
      completion.set(command.map((byte) => ~byte));
      return outcome;
    },
    reset() {
      model.resets += 1;
    },
    close() {},
  };
  return model;
}

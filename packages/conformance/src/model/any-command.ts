import type { ModelOutcome } from "@blockferry/core";
import { broken, check, checkBytes, checkSame, isMisuse, shown, thrownBy } from "../check.ts";
import { forEachSeed, type RandomSource } from "../random-source.ts";
import { type Bench, onBench } from "./bench.ts";
import type { ModelSuiteOptions, RawCommand } from "./model-suite-options.ts";

const RANDOM_CASES = 8;
const COMMANDS = 250;
const GUARD = 0xc3;
const outcomes: readonly ModelOutcome[] = ["completed", "lost", "reset", "removed"];

/** Bytes like those given, some of them changed; sometimes too few, too many, or none of them at all. */
function bent(random: RandomSource, bytes: Uint8Array, keepsLength: boolean): Uint8Array {
  const length =
    keepsLength || random.below(4) > 0 ? bytes.length : random.below(bytes.length + 40);
  const result = random.below(8) === 0 ? random.bytes(length) : new Uint8Array(length);
  if (result.length > 0 && result.every((byte) => byte === 0))
    result.set(bytes.subarray(0, length));
  for (let changes = random.below(5); changes > 0 && length > 0; changes -= 1) {
    const at = random.below(Math.min(length, random.pick([8, 64, length])));
    result[at] = random.pick([0, 1, 2, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  return result;
}

/** A command that may be anything. Now and then its length is wrong too. */
function anyCommand(random: RandomSource, examples: readonly RawCommand[]): RawCommand {
  const example = random.pick(examples);
  const other = random.pick(examples);
  const command = bent(random, example.command, random.below(16) > 0);
  if (command.length > 0 && random.below(6) === 0) command[0] = random.below(256);
  const data = random.pick([example.dataOut, example.dataOut, other.dataOut, undefined]);
  const room = random.pick([
    example.dataInBytes,
    example.dataInBytes,
    random.below(5000),
    undefined,
  ]);
  return {
    queue: random.below(8) === 0 ? random.pick(["admin", "io"] as const) : example.queue,
    command,
    dataOut: data === undefined ? undefined : bent(random, data, false),
    dataInBytes: room,
  };
}

/** Carries out a command; the model may do anything but throw, change what it is given, or write beside its answer. */
function carryOut({ driver: { model } }: Bench, raw: RawCommand): ModelOutcome {
  const { queue, command, dataOut, dataInBytes } = raw;
  const what = `command ${shown(Array.from(command))} with ${dataOut?.length ?? "no"} bytes`;
  const given = command.slice();
  const data = dataOut?.slice();
  const dataIn =
    dataInBytes === undefined ? undefined : new Uint8Array(dataInBytes + 8).fill(GUARD);
  const answer = new Uint8Array(model.completionBytes + 8).fill(GUARD);
  const room = dataIn?.subarray(0, dataInBytes);
  let outcome: ModelOutcome | undefined;
  const error = thrownBy(() => {
    outcome = model.execute(queue, given, data, room, answer);
  });
  check(
    error === undefined && outcome !== undefined,
    `${what} made the model throw ${shown(error)}`,
  );
  check(outcomes.includes(outcome), `${what} ended as ${String(outcome)}`);
  checkSame(given, command, `${what}: the command afterwards`);
  if (data !== undefined) checkSame(data, dataOut, `${what}: its data afterwards`);
  const behind = answer.subarray(model.completionBytes);
  check(
    behind.every((byte) => byte === GUARD),
    `${what}: bytes behind the completion were written`,
  );
  const beyond = dataIn?.subarray(dataInBytes) ?? new Uint8Array(0);
  check(
    beyond.every((byte) => byte === GUARD),
    `${what}: bytes behind the data for the host were written`,
  );
  return outcome;
}

/** Any bytes as commands: the model answers them all, and is none the worse for it. */
export function anyCommands(options: ModelSuiteOptions): void {
  const { it } = options;

  it("answers the examples it was given", () =>
    onBench(options, {}, (bench) => {
      check(bench.driver.examples.length > 0, "the driver has no examples");
      for (const raw of bench.driver.examples) {
        checkSame(carryOut(bench, raw), "completed", `the outcome of ${shown(raw.command[0])}`);
      }
    }));

  it("answers every operation code, in every queue, with and without data", () =>
    onBench(options, {}, (bench) => {
      const [example] = bench.driver.examples;
      for (let code = 0; code < 256; code += 1) {
        for (const queue of ["admin", "io"] as const) {
          for (const dataOut of [undefined, new Uint8Array(512)]) {
            const command = new Uint8Array(example.command.length);
            command[0] = code;
            const dataInBytes = dataOut === undefined ? 512 : undefined;
            const outcome = carryOut(bench, { queue, command, dataOut, dataInBytes });
            if (outcome !== "completed") bench.driver.model.reset();
          }
        }
      }
      bench.driver.model.reset();
    }));

  it("never throws, whatever the bytes, and never asks its store for what is not there", () =>
    forEachSeed(options, RANDOM_CASES, (random) =>
      onBench(options, {}, (bench) => {
        const { driver, stores, bytesPerBlock } = bench;
        for (let count = 0; count < COMMANDS; count += 1) {
          const outcome = carryOut(bench, anyCommand(random, driver.examples));
          if (outcome === "removed") broken("bytes removed the device");
          if (outcome !== "completed") driver.model.reset();
        }
        for (const { strays } of stores) checkSame(strays, [], "calls outside of the store");
        driver.model.reset();
        const data = new Uint8Array(bytesPerBlock);
        for (const [unit, { image }] of stores.entries()) {
          const { outcome, ok } = driver.read(unit, 0, data);
          checkSame(outcome, "completed", "the outcome of a read after all that");
          // What was sent may have made the block unreadable.
          if (ok) checkBytes(data, image.subarray(0, bytesPerBlock), "a read after all that");
        }
      }),
    ));

  it("takes a completion buffer that is too short for misuse, if it minds at all", () =>
    onBench(options, {}, ({ driver: { model, examples } }) => {
      const { queue, command, dataOut } = examples[0];
      const short = new Uint8Array(model.completionBytes - 1);
      const error = thrownBy(() => model.execute(queue, command, dataOut, undefined, short));
      check(error === undefined || isMisuse(error), `it threw ${shown(error)}`);
    }));
}

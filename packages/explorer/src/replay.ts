import { FerryError, type PairingStrategy, type TraceEvent, traceKindName } from "@blockferry/core";
import type { Scenario } from "./scenario.ts";
import { consequences, moveWords, waitingWords } from "./words.ts";
import { MOVE_WORDS } from "./world/move.ts";
import { play } from "./world/moves.ts";
import { violationOf } from "./world/violation.ts";
import { World } from "./world/world.ts";

/** One step of a run in words. */
export interface ReplayedStep {
  readonly number: number;
  readonly words: string;
  /** What came of it. */
  readonly outcome: string;
}

export interface Replay {
  readonly steps: readonly ReplayedStep[];
  /** Every event, a step being one millisecond of virtual time. */
  readonly events: readonly TraceEvent[];
  readonly violation: { readonly kind: string; readonly message: string } | undefined;
  readonly devices: readonly string[];
  readonly bytesPerBlock: number;
}

/** A path as text: moves between dots, words of a move between commas. Zeros are left out. */
export function pathText(path: Int32Array): string {
  const moves: string[] = [];
  for (let at = 0; at < path.length; at += MOVE_WORDS) {
    moves.push([...path.subarray(at, at + MOVE_WORDS)].map((word) => word.toString(36)).join(","));
  }
  return moves.join(".");
}

/**
 * The path behind a text.
 *
 * @throws FerryError `FERRY_EXPLORE_PATH`
 */
export function parsePath(text: string): Int32Array {
  const words = (text === "" ? [] : text.split(".")).flatMap((each) => {
    const parts = each.split(",").map((word) => Number.parseInt(word, 36));
    if (parts.length !== MOVE_WORDS || parts.some((part) => !Number.isSafeInteger(part))) {
      throw new FerryError("FERRY_EXPLORE_PATH", `"${each}" is no move of a path`, {
        details: { text },
        hint: "give the path as a report printed it",
      });
    }
    return parts;
  });
  return Int32Array.from(words);
}

/** Plays a path again and says in words what happens. The last state is checked as an end where nothing follows. */
export function replay(scenario: Scenario, strategy: PairingStrategy, path: Int32Array): Replay {
  const events: TraceEvent[] = [];
  let number = 0;
  const world = new World(scenario, strategy, {
    trace(kind, subject, device, lba, blocks, detail) {
      const timeMs = number;
      events.push({ timeMs, kind: traceKindName(kind), subject, device, lba, blocks, detail });
    },
  });
  const steps: ReplayedStep[] = [];
  let violation: Replay["violation"];
  const check = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      const { kind, message } = violationOf(error);
      violation = { kind, message };
    }
  };
  for (let at = 0; at < path.length && violation === undefined; at += MOVE_WORDS) {
    number++;
    const [kind, subject, variant] = path.subarray(at, at + MOVE_WORDS);
    const words = moveWords(world, kind, subject, variant);
    const from = events.length;
    check(() => play(world, kind, subject, variant));
    steps.push({ number, words, outcome: consequences(world, events.slice(from)) });
  }
  if (violation === undefined) check(() => world.checkEnd());
  if (violation?.kind === "wait") {
    violation = { kind: "wait", message: waitingWords(world) };
  }
  return {
    steps,
    events,
    violation,
    devices: world.engine.devices.map((device) => device.name),
    bytesPerBlock: world.top.bytesPerBlock,
  };
}

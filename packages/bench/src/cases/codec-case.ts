import { deepStrictEqual } from "node:assert";
import type { AnyStructure } from "@blockferry/core/bytes";
import * as codec from "@blockferry/device-nvme/codec";
import { Bench } from "tinybench";
import { copySample, decodeCopy, encodeCopy } from "../workload/hand-written.ts";
import { sampleValue } from "../workload/sample-value.ts";

/** Encoding and decoding of structures; with `byHand` only those that are written by hand too, beside each other. */
export interface CodecCase {
  readonly kind: "codec";
  readonly byHand: boolean;
  /** Wall seconds for each direction of each structure. */
  readonly seconds: number;
}

/** Operations per second by what was done, such as `Copy command, encode`. */
export interface CodecFigures {
  readonly rates: Readonly<Record<string, number>>;
}

/** Operations between two looks at the clock. */
const BATCH = 256;

function isStructure(value: unknown): value is AnyStructure {
  return typeof value === "object" && value !== null && "layout" in value && "decode" in value;
}

/** The structures that the package exports, by name. */
function structures(): AnyStructure[] {
  const exported: unknown[] = Object.values(codec);
  return exported.filter(isStructure);
}

type Task = readonly [name: string, run: () => void];

function tableTasks(structure: AnyStructure): Task[] {
  const bytes = structure.encode(sampleValue(structure));
  const target = new Uint8Array(structure.size);
  const decoded = structure.decode(bytes);
  if (!decoded.ok) throw new Error(`${structure.name} does not decode its bytes`);
  const value = decoded.value as Record<string, unknown>;
  return [
    [
      `${structure.name}, encode`,
      () => {
        for (let i = 0; i < BATCH; i++) structure.encode(value, target);
      },
    ],
    [
      `${structure.name}, decode`,
      () => {
        for (let i = 0; i < BATCH; i++) structure.decode(bytes);
      },
    ],
  ];
}

/** The Copy command from its table and by hand, in turn. */
function copyTasks(): Task[] {
  const fields = copySample;
  const bytes = codec.copyCommand.encode(fields);
  const target = new Uint8Array(64);
  deepStrictEqual(encodeCopy(fields, new Uint8Array(64), 0), bytes);
  const decoded = codec.copyCommand.decode(bytes);
  const { opc: _, ...rest } = decoded.ok ? decoded.value : { opc: 0 };
  deepStrictEqual(decodeCopy(bytes, 0), rest);
  return [
    [
      "Copy command, encode",
      () => {
        for (let i = 0; i < BATCH; i++) codec.copyCommand.encode(fields, target);
      },
    ],
    [
      "Copy command, encode by hand",
      () => {
        for (let i = 0; i < BATCH; i++) encodeCopy(fields, target, 0);
      },
    ],
    [
      "Copy command, decode",
      () => {
        for (let i = 0; i < BATCH; i++) codec.copyCommand.decode(bytes);
      },
    ],
    [
      "Copy command, decode by hand",
      () => {
        for (let i = 0; i < BATCH; i++) decodeCopy(bytes, 0);
      },
    ],
  ];
}

/** Runs one case. */
export function runCodecCase({ byHand, seconds }: CodecCase): CodecFigures {
  const bench = new Bench({ time: seconds * 1000, warmupTime: seconds * 500 });
  for (const [name, run] of byHand ? copyTasks() : structures().flatMap(tableTasks)) {
    bench.add(name, run);
  }
  bench.runSync();
  const rates: Record<string, number> = {};
  for (const { name, result } of bench.tasks) {
    if (result.state !== "completed") throw new Error(`${name}: ${result.state}`);
    rates[name] = (BATCH * 1000) / result.latency.p50;
  }
  return { rates };
}

import { blockDevice, blockEngine } from "@blockferry/block";
import type { PairingStrategy, RangeList } from "@blockferry/core";
import { nvmeCommandSet } from "@blockferry/device-nvme";
import { Checksum } from "../workload/checksum.ts";
import { BATCH, CHECKED, type CopyLoad, DEPTH } from "../workload/copy-load.ts";
import { nullNamespace } from "../workload/null-namespace.ts";
import { nullTransport } from "../workload/null-transport.ts";
import { DESTINATION_MASK, RANGE_STEP, RandomWords } from "../workload/random-words.ts";

/** Copies, ready to be run by the thousand. */
export interface CopyRunner {
  /** Runs so many copies to their end. */
  run(copies: number): void;
  /** Sum over the bytes of the first copies; call it once, before `run`. */
  checksum(): string;
}

/** The whole path: submit, pair, plan, encode, complete, in an engine above the null transport. */
export function wholePath(load: CopyLoad, strategy: PairingStrategy): CopyRunner {
  const transport = nullTransport(DEPTH);
  const device = blockDevice({
    target: nullNamespace(load),
    commandSet: nvmeCommandSet(),
    transport,
    queueDepth: DEPTH,
  });
  const engine = blockEngine({ devices: [device], strategy });
  const number = engine.deviceNumber(device);
  const { ranges, blocks } = load;
  const total = ranges * blocks;
  const rows = ranges * BATCH;
  const list: RangeList = {
    low: new Int32Array(rows),
    high: new Int32Array(rows),
    blocks: new Int32Array(rows).fill(blocks),
    count: rows,
  };
  const { low, high } = list;
  const random = new RandomWords(12345);

  function submit(first: number): void {
    const word = random.next();
    const upper = word & 0xffff;
    for (let i = 0; i < ranges; i++) {
      low[first + i] = (word + Math.imul(i, RANGE_STEP)) | 0;
      high[first + i] = upper;
    }
    const handle = engine.submit(
      number,
      number,
      list,
      first,
      ranges,
      total,
      word ^ DESTINATION_MASK,
      word >>> 16,
    );
    if (handle < 0) throw new Error("the engine takes no copy more");
  }

  function run(copies: number): void {
    for (let copy = 0; copy < copies; copy++) {
      submit((copy % BATCH) * ranges);
      if (copy % BATCH === BATCH - 1) engine.run();
    }
    engine.run();
  }

  return {
    run,
    checksum() {
      transport.checksum = new Checksum();
      run(CHECKED);
      const sum = transport.checksum.toString();
      transport.checksum = undefined;
      return sum;
    },
  };
}

import { highWord, lowWord } from "@blockferry/core";
import { check, checkSame, isMisuse, shown, thrownBy } from "../check.ts";
import type { CommandSetSuiteOptions } from "./command-set-suite-options.ts";
import { carryOut, openQueue } from "./queue-under-test.ts";

const bounds = { rangesMax: 4, rangeBlocksMax: 8, blocksMax: 20 } as const;

/** Reads, writes, flushes, and what they are sent to. */
export function transfers(options: CommandSetSuiteOptions): void {
  const { it, supports } = options;
  const { lbaMax, transferBlocksMax } = supports;

  for (const operation of ["read", "write"] as const) {
    it(`encodes a ${operation} at every address and length`, async () => {
      const queue = await openQueue(options, bounds);
      const { encoder, opened, memory } = queue;
      for (const device of opened.targets.keys()) {
        for (const place of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, lbaMax]) {
          for (const blocks of [1, 2, transferBlocksMax]) {
            const lba = Math.min(place, lbaMax - blocks + 1);
            memory.generation[1] += 1;
            encoder[operation](1, device, lowWord(lba), highWord(lba), blocks);
            checkSame(encoder.listBytesOf(1), 0, "bytes of a list that there is not");
            checkSame(carryOut(queue, 1), { operation, device, lba, blocks }, "the command");
          }
        }
      }
    });
  }

  it("encodes a flush", async () => {
    const queue = await openQueue(options, bounds);
    queue.memory.generation[0] += 1;
    queue.encoder.flush(0, 0);
    checkSame(carryOut(queue, 0), { operation: "flush", device: 0 }, "the command");
  });

  it("refuses devices of another family, and numbers that it has not", async () => {
    const { encoder, opened } = await openQueue(options, bounds);
    const foreign = { family: "no such family", capacityBlocks: 1, bytesPerBlock: 512 };
    const binding = thrownBy(() => encoder.bind(0, foreign));
    check(isMisuse(binding), `binding a device of another family: ${shown(binding)}`);
    for (const device of [-1, opened.targets.length, 0.5]) {
      const error = thrownBy(() => encoder.bind(device, opened.targets[0]));
      check(isMisuse(error), `binding to number ${device}: ${shown(error)}`);
    }
  });

  it(supports.crossDevice ? "reaches across devices" : "reaches no other device", async () => {
    const { encoder, opened } = await openQueue(options, bounds);
    for (const device of opened.targets.keys()) {
      for (const other of opened.targets.keys()) {
        const wanted = device === other || supports.crossDevice;
        checkSame(encoder.reaches(device, other), wanted, `${device} reaches ${other}`);
      }
    }
    const isEnough = !supports.crossDevice || opened.targets.length > 1;
    check(isEnough, "copies across devices need two of them");
  });
}

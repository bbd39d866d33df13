/*
 * Goal: a plan is the same as a command line and as bytes. Method: Debian's sg_xcopy runs the lines that a plan gives; what it
 * sends is compared with our own bytes, and the image with a plain copy.
 */
import { copyLimits } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { plan } from "@blockferry/core/plan";
import { memoryStore } from "@blockferry/store-memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePlan, openScsiTarget, sgXcopyLines } from "../../src/index.ts";
import { scsiModel } from "../../src/model/index.ts";
import { buildShim, missingTools, type Shim, toolBench } from "../tools/tool-bench.ts";
import { modelTransport } from "./model-transport.ts";

const missing = missingTools(["sg_xcopy"]);
const BYTES = 32 * 1024 * 1024;
const BLOCK = 512;
const EXTENDED_COPY = "83";

let shim: Shim;

beforeAll(() => {
  if (missing === undefined) shim = buildShim();
});

afterAll(() => shim?.remove());

it("has sg_xcopy", (context) => {
  context.skip(missing !== undefined, missing);
});

const bare = (bytes: Uint8Array | undefined): string =>
  toHex(bytes ?? new Uint8Array(0)).replaceAll(" ", "");

describe.skipIf(missing !== undefined)("a plan as lines of sg_xcopy", () => {
  it("sends the bytes of the plan, and leaves the image of a plain copy", {
    timeout: 60_000,
  }, async () => {
    const stores = [0, 1].map((number) => {
      const store = memoryStore({ bytes: BYTES });
      const bytes = new Uint32Array(BYTES / 4).map((_, i) => number * 2 ** 28 + i);
      store.write(0, new Uint8Array(bytes.buffer));
      return store;
    });
    const model = scsiModel({
      profile: "lio",
      units: stores.map((store, i) => ({ store, serial: `a${i}b${i}` })),
    });
    const { units } = await openScsiTarget(modelTransport(model));
    const segments = [
      { source: { device: 0, lba: 7 }, destination: { device: 1, lba: 1000 }, blocks: 100 },
      { source: { device: 0, lba: 60_000 }, destination: { device: 1, lba: 1100 }, blocks: 3 },
      { source: { device: 0, lba: 300 }, destination: { device: 1, lba: 1103 }, blocks: 40_000 },
    ];
    const expected = Buffer.alloc(BYTES);
    stores[1].read(0, expected);
    for (const { source, destination, blocks } of segments) {
      const bytes = new Uint8Array(blocks * BLOCK);
      stores[0].read(source.lba * BLOCK, bytes);
      expected.set(bytes, destination.lba * BLOCK);
    }
    const { commands } = plan(segments, copyLimits(units[1].limits));
    const bench = await toolBench(shim, model, [0, 1]);
    try {
      for (const { segments: planned } of commands) {
        const nodeOf = (device: number): string => bench.device(device);
        for (const line of sgXcopyLines(planned, { bytesPerBlock: BLOCK, nodeOf })) {
          const [tool, ...words] = line.split(" ");
          const { status, stderr } = await bench.run(tool, ...words);
          expect(status, stderr).toBe(0);
        }
      }
      const sent = bench.seen().filter(({ cdb }) => cdb.startsWith(EXTENDED_COPY));
      // Each run of sg_xcopy calls its command 1.
      const own = commands.flatMap((one) =>
        encodePlan([one], { units: new Map(units.entries()), listIdentifier: 1 }),
      );
      expect(sent).toEqual(
        own.map(({ lun, cdb, dataOut }) => ({ lun, cdb: bare(cdb), dataOut: bare(dataOut) })),
      );
    } finally {
      await bench.close();
    }
    const image = Buffer.alloc(BYTES);
    stores[1].read(0, image);
    expect(image.equals(expected)).toBe(true);
  });
});

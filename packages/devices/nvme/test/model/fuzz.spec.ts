// Any bytes, on either queue, with any data: the model answers and never throws, and a Copy or a Write changes nothing
// outside of its destination. Random bytes alone hardly get past the first check, so most cases are right commands with
// some of their bytes changed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NvmeModelOptions, nvmeModel, peers } from "../../src/model/index.ts";
import { copySqe, ioSqe, plainSqe, rangeList } from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 32;

const lba = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: BigInt(BLOCKS) }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
);
const nsid = fc.constantFrom(1, 1, 1, 2, 3, 4, 0, 7, 0xffffffff);
const nibble = fc.integer({ min: 0, max: 15 });

const entry = fc.record({
  lba,
  blocks: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(65535, 65536)),
  snsid: nsid,
  fastCopyOnly: fc.boolean(),
  elbt: fc.bigInt({ min: 0n, max: 64n }),
  elbat: fc.constantFrom(0, 0xffff),
  elbatm: fc.constantFrom(0, 0xffff),
});

interface Case {
  readonly queue: "admin" | "io";
  readonly command: Uint8Array;
  readonly dataOut: Uint8Array | undefined;
}

const copyCase: fc.Arbitrary<Case> = fc
  .record({
    fields: fc.record({
      nsid,
      sdlba: lba,
      format: fc.oneof(fc.constantFrom(0, 1, 2, 3), nibble),
      prinfor: nibble,
      prinfow: nibble,
      stcr: fc.boolean(),
      stcw: fc.boolean(),
      fua: fc.boolean(),
      tags: fc.bigInt({ min: 0n, max: 64n }),
    }),
    entries: fc.array(entry, { minLength: 1, maxLength: 6 }),
  })
  .map(({ fields, entries }) => ({
    queue: "io" as const,
    command: copySqe(fields, entries.length),
    dataOut: rangeList(fields.format, entries),
  }));

const ioCase: fc.Arbitrary<Case> = fc
  .record({
    opcode: fc.constantFrom(0, 1, 2, 5, 8, 9),
    nsid,
    lba,
    blocks: fc.integer({ min: 1, max: 4 }),
    prinfo: nibble,
    bit24: fc.boolean(),
    bit25: fc.boolean(),
    tags: fc.bigInt({ min: 0n, max: 64n }),
    extra: fc.constantFrom(0, 8, 16, 24, 1),
  })
  .map(({ extra, ...fields }) => ({
    queue: "io" as const,
    command: ioSqe(fields),
    dataOut: new Uint8Array(fields.blocks * (512 + extra)).fill(0x5a),
  }));

const adminCase: fc.Arbitrary<Case> = fc
  .tuple(
    fc.constantFrom(2, 6, 8, 9, 10, 12, 24, 127),
    nsid,
    fc.oneof(fc.integer({ min: 0, max: 0x1f }), fc.nat()),
    fc.nat(),
    fc.constantFrom(0, 511, 512),
  )
  .map(([opcode, id, cdw10, cdw11, bytes]) => ({
    queue: "admin" as const,
    command: plainSqe(opcode, id, cdw10, cdw11),
    dataOut: new Uint8Array(bytes).fill(0xff),
  }));

const noise: fc.Arbitrary<Case> = fc.record({
  queue: fc.constantFrom("admin" as const, "io" as const),
  command: fc.uint8Array({ maxLength: 70 }),
  dataOut: fc.option(fc.uint8Array({ maxLength: 700 }), { nil: undefined }),
});

/** Changes single bytes, or the length of the data. */
const mutated = (cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> =>
  fc
    .tuple(
      cases,
      fc.array(fc.tuple(fc.nat(63), fc.nat(255)), { maxLength: 2 }),
      fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { maxLength: 2 }),
      fc.constantFrom(0, 0, 0, 0, -1, 1, 32),
    )
    .map(([{ queue, command, dataOut }, changes, dataChanges, longer]) => {
      const changed = command.slice();
      for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
      const data = new Uint8Array(Math.max(0, (dataOut?.length ?? 0) + longer));
      data.set((dataOut ?? data).subarray(0, data.length));
      for (const [at, value] of dataChanges) if (data.length > 0) data[at % data.length] = value;
      return { queue, command: changed, dataOut: dataOut && data };
    });

const anyCase = mutated(
  fc.oneof(
    { weight: 5, arbitrary: copyCase },
    { weight: 3, arbitrary: ioCase },
    { weight: 1, arbitrary: adminCase },
    { weight: 1, arbitrary: noise },
  ),
);

function device(options: Partial<NvmeModelOptions>) {
  const stores = [1, 2, 3, 4].map((tag) => {
    const store = plainStore(BLOCKS * 512);
    label(store, tag);
    return store;
  });
  const model = nvmeModel({
    namespaces: [
      { store: stores[0] },
      { store: stores[1], metadata: { bytes: 8, extended: true, protection: 1 }, dulbe: true },
      { store: stores[2], metadata: { bytes: 24, protection: 2, guardBits: 64 } },
      { store: stores[3], metadata: { bytes: 16, extended: true, protection: 3, guardBits: 32 } },
    ],
    enabledFormats: [2, 3],
    ...options,
  });
  return { model, stores };
}

/** Blocks that a command may change, by the fields of its bytes. All of them for what is not checked here. */
function mayChange(
  { queue, command }: Case,
  id: number,
  block: number,
  dataOut?: Uint8Array,
): boolean {
  if (queue === "admin" || command.length !== 64) return false;
  const view = new DataView(command.buffer, command.byteOffset, 64);
  if (view.getUint32(4, true) !== id) return false;
  const at = view.getBigUint64(40, true);
  const within = (blocks: number): boolean =>
    BigInt(block) >= at && BigInt(block) < at + BigInt(blocks);
  switch (view.getUint8(0)) {
    case 0x01:
    case 0x08:
      return within(view.getUint16(48, true) + 1);
    case 0x09:
      return true;
    case 0x19: {
      const entryBytes = [32, 40][view.getUint8(49) & 1];
      const list = new DataView((dataOut ?? new Uint8Array()).slice().buffer);
      let total = 0;
      for (let from = 0; from + entryBytes <= list.byteLength; from += entryBytes) {
        total += list.getUint16(from + 16, true) + 1;
      }
      return within(total);
    }
    default:
      return false;
  }
}

const behaviours: readonly [string, Partial<NvmeModelOptions>][] = [
  ["ideal, up front", {}],
  ["ideal, eager", { validate: "eager" }],
  ["QEMU 7.2", { peer: "qemu-7.2" }],
  ["QEMU 10 with its defect", { peer: { ...peers["qemu-10"], rereadsForeignSource: true } }],
  ["SPDK", { peer: "spdk" }],
];

describe.each(behaviours)("any bytes, %s", (_, options) => {
  it("are answered, and change nothing that they must not", () => {
    let succeeded = 0;
    const property = fc.property(fc.array(anyCase, { minLength: 1, maxLength: 5 }), (cases) => {
      const { model, stores } = device(options);
      for (const one of cases) {
        const before = stores.map(({ image }) => image.slice());
        const completion = new Uint8Array(16);
        const outcome = model.execute(
          one.queue,
          one.command,
          one.dataOut,
          new Uint8Array(4096),
          completion,
        );
        expect(["completed", "lost"]).toContain(outcome);
        if (completion[14] === 0 && completion[15] === 0) succeeded += 1;
        for (const [index, { image }] of stores.entries()) {
          const changed = differences(image, before[index]);
          expect(changed.every((block) => mayChange(one, index + 1, block, one.dataOut))).toBe(
            true,
          );
        }
      }
    });
    fc.assert(property, { numRuns: 400 });
    // Fuzzing that never gets deep finds nothing.
    expect(succeeded).toBeGreaterThan(50);
  });
});

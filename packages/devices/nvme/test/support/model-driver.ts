// What the conformance suite of models needs to know of NVMe: commands byte by byte as the figures of the standard have them.
import type {
  ModelAnswer,
  ModelSuiteOptions,
  RawCommand,
  UnitRange,
} from "@blockferry/conformance/model";
import type { ModelOutcome } from "@blockferry/core";
import { nvmeModel } from "../../src/model/index.ts";
import { copySqe, ioSqe, plainSqe, rangeList } from "../model/commands.ts";

const COPY = 0x19;

function dataset(ranges: number): Uint8Array {
  const list = new Uint8Array(ranges * 16);
  const view = new DataView(list.buffer);
  for (let at = 0; at < list.length; at += 16) {
    view.setUint32(at + 4, 1, true);
    view.setBigUint64(at + 8, BigInt(at), true);
  }
  return list;
}

/** NVM Express Base 2.2, Figure 312 (opcodes of admin commands); NVM Command Set 1.2, Figure 21 (of I/O commands). */
const examples: readonly RawCommand[] = [
  ...[0, 1, 2, 5, 6].map((cns) => {
    const nsid = cns === 0 || cns === 5 ? 1 : 0;
    const command = plainSqe(0x06, nsid, cns);
    return { queue: "admin" as const, command, dataInBytes: 4096 };
  }),
  { queue: "admin", command: plainSqe(0x09, 0, 0x16), dataOut: new Uint8Array(512) },
  { queue: "admin", command: plainSqe(0x0a, 0, 0x16), dataInBytes: 512 },
  { queue: "io", command: plainSqe(0x00, 1) },
  { queue: "io", command: ioSqe({ opcode: 1, lba: 5, blocks: 2 }), dataOut: new Uint8Array(1024) },
  { queue: "io", command: ioSqe({ opcode: 2, lba: 5, blocks: 2 }), dataInBytes: 1024 },
  { queue: "io", command: ioSqe({ opcode: 5, lba: 5, blocks: 2 }), dataOut: new Uint8Array(1024) },
  { queue: "io", command: ioSqe({ opcode: 8, lba: 5, blocks: 2 }) },
  { queue: "io", command: plainSqe(0x09, 1, 1, 4), dataOut: dataset(2) },
  ...[0, 2].map((format) => {
    const entries = [0, 9].map((lba) => ({ lba, blocks: 3, snsid: format === 0 ? 0 : 1 }));
    const command = copySqe({ sdlba: 60, format }, entries.length);
    return { queue: "io" as const, command, dataOut: rangeList(format, entries) };
  }),
];

/** A driver that sends copies in format 0h, one namespace, or 2h, several. */
export function modelDriver(format: 0 | 2): Omit<ModelSuiteOptions, "describe" | "it"> {
  const crossUnit = format === 2;
  return {
    supports: {
      units: crossUnit ? 2 : 1,
      crossUnit,
      // NVM Command Set 1.2, 3.3.2: formats 2h and 3h refuse it.
      overlap: crossUnit ? "refused" : "in-order",
      emptyRanges: "unwritable",
      refusals: "at-once",
      repeatsSources: true,
    },
    open({ stores, bytesPerBlock, limits }) {
      const { rangesMax = 256, rangeBlocksMax = 65_535, blocksMax = 2 ** 32 - 1 } = limits;
      const own = { bytesPerBlock, mssrl: rangeBlocksMax, mcl: blocksMax, msrc: rangesMax - 1 };
      const namespaces = stores.map((store) => ({ store, ...own }));
      const model = nvmeModel({ namespaces, enabledFormats: [2] });
      const completion = new Uint8Array(16);
      const send = (command: Uint8Array, out?: Uint8Array, into?: Uint8Array): ModelAnswer => {
        const outcome: ModelOutcome = model.execute("io", command, out, into, completion);
        const status = new DataView(completion.buffer).getUint16(14, true) >> 1;
        const ok = outcome === "completed" && (status & 0x7ff) === 0;
        return { outcome, ok, status: `status ${(status & 0x7ff).toString(16)}h` };
      };
      const transfer = (opcode: number, unit: number, lba: number, data: Uint8Array) =>
        ioSqe({ opcode, nsid: unit + 1, lba, blocks: data.length / bytesPerBlock });
      return {
        model,
        limits,
        examples,
        read: (unit, lba, data) => send(transfer(2, unit, lba, data), undefined, data),
        write: (unit, lba, data) => send(transfer(1, unit, lba, data), data),
        copy(unit, sdlba, sources: readonly UnitRange[]) {
          const entries = sources.map(({ unit: from, lba, blocks }) => ({
            ...{ lba, blocks, snsid: crossUnit ? from + 1 : 0 },
          }));
          const command = copySqe({ nsid: unit + 1, sdlba, format }, entries.length);
          return send(command, rangeList(format, entries));
        },
        resetWithin: (blocks) => model.inject({ kind: "reset", opcode: COPY, afterBlocks: blocks }),
      };
    },
  };
}

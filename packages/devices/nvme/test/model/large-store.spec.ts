// Addresses near the largest that a number holds: a sparse store of almost 2^53 bytes.
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { nvmeModel } from "../../src/model/index.ts";
import { copy, execute, ioSqe, plainSqe, refused, success } from "./commands.ts";

describe.each([512, 4096])("a namespace of almost 2^53 bytes, in blocks of %i", (bytesPerBlock) => {
  const bytes = 2 ** 53 - bytesPerBlock;
  const blocks = bytes / bytesPerBlock;

  it("is copied to and from its last block", () => {
    const store = memoryStore({ bytes });
    const model = nvmeModel({ namespaces: [{ store, bytesPerBlock }] });
    const data = new Uint8Array(bytesPerBlock).fill(0x5a);
    const write = ioSqe({ opcode: 1, lba: blocks - 1, blocks: 1 });
    expect(execute(model, "io", write, data)).toEqual(success);
    expect(copy(model, { sdlba: blocks - 9 }, [{ lba: blocks - 1, blocks: 1 }])).toEqual(success);
    expect(copy(model, { sdlba: 3 }, [{ lba: blocks - 9, blocks: 1 }])).toEqual(success);
    const got = new Uint8Array(bytesPerBlock);
    const read = ioSqe({ opcode: 2, lba: 3, blocks: 1 });
    expect(execute(model, "io", read, undefined, got)).toEqual(success);
    expect(got).toEqual(data);
    expect(copy(model, { sdlba: 0 }, [{ lba: blocks - 1, blocks: 2 }])).toEqual(refused("0/80"));
    expect(copy(model, { sdlba: blocks }, [{ lba: 0, blocks: 1 }])).toEqual(refused("0/80"));
  });

  it("says how large it is", () => {
    const model = nvmeModel({ namespaces: [{ store: memoryStore({ bytes }), bytesPerBlock }] });
    const identify = new Uint8Array(4096);
    expect(execute(model, "admin", plainSqe(6, 1, 0), undefined, identify)).toEqual(success);
    expect(new DataView(identify.buffer).getBigUint64(0, true)).toBe(BigInt(blocks));
  });
});

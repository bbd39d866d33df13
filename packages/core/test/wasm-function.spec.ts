import { describe, expect, it } from "vitest";
import { signed, unsigned, WasmFunction, wasmMemory } from "../src/table/wasm-function.ts";

/*
 * Numbers as bytes: DWARF Debugging Information Format 4, section 7.6, figures 22 and 23, to which the WebAssembly specification's
 * LEB128 (5.2.2) is the same. Functions are run: the engine checks each module before.
 */
describe("numbers in LEB128", () => {
  it.each([
    [2, [2]],
    [127, [127]],
    [128, [0x80, 1]],
    [129, [0x81, 1]],
    [12_857, [0xb9, 0x64]],
  ])("%d unsigned", (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  it.each([
    [2n, [2]],
    [-2n, [0x7e]],
    [127n, [0xff, 0]],
    [-127n, [0x81, 0x7f]],
    [128n, [0x80, 1]],
    [-128n, [0x80, 0x7f]],
    [129n, [0x81, 1]],
    [-129n, [0xff, 0x7e]],
  ])("%d signed", (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });
});

describe("a function", () => {
  it("sums products of 64 bits over a memory, in a loop", () => {
    const memory = wasmMemory(64);
    const words = new Int32Array(memory.buffer);
    words.set([3, -1, 5, 7]);
    const code = new WasmFunction();
    const at = code.local32();
    const sum = code.local64();
    code.const32(0).set(at);
    code.repeat(() => {
      code.get(sum).get(at).load32As64(0).const64(0x1_0000_0001n).multiply64().add64().set(sum);
      code.get(at).const32(4).add32().tee(at).const32(16).isLess32();
    });
    code.const32(0).get(sum).store64(16);
    code.make(memory)();
    const expected = (3n + 0xffff_ffffn + 5n + 7n) * 0x1_0000_0001n;
    expect(new BigUint64Array(memory.buffer)[2]).toBe(BigInt.asUintN(64, expected));
  });

  it("takes one of two values, and one of two ways", () => {
    const memory = wasmMemory(64);
    const words = new Int32Array(memory.buffer);
    const code = new WasmFunction();
    const chosen = code.local64();
    code.const64(11n).const64(22n).const32(0).load32(0).isNegative32().select().set(chosen);
    code.const32(8).get(chosen).store64(0);
    code.const32(0).load32(4);
    code.when(
      () => code.const32(16).const64(1n).store64(0),
      () => code.const32(16).const64(2n).store64(0),
    );
    const run = code.make(memory);
    for (const [first, second, value, way] of [
      [-5, 1, 11, 1],
      [5, 0, 22, 2],
    ]) {
      words.set([first, second]);
      run();
      expect([words[2], words[4]]).toEqual([value, way]);
    }
  });
});

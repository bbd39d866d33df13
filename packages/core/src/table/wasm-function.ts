/*
 * Just enough of WebAssembly (W3C, "WebAssembly Core Specification", chapter 5, binary format) for a module of one function
 * without parameters that works on a memory given to it. Sums of 64 bits and loads without checks are what JavaScript lacks.
 */

/** What there is of WebAssembly in every JavaScript engine that this runs in. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, () => void>> };
};

/** A memory that functions of WebAssembly work on. It never grows. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

const PAGE_BYTES = 65_536;
const I32 = 0x7f;
const I64 = 0x7e;

/** Makes a memory of at least so many bytes, zeroed. */
export function wasmMemory(bytes: number): WasmMemory {
  const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

/** A number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + (left > 127 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return bytes;
}

/** A number in signed LEB128. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let left = value; ; ) {
    const byte = Number(left & 127n);
    left >>= 7n;
    if ((left === 0n && byte < 64) || (left === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}

/** A local variable. */
export type Local = number;

/** Builds the body of a function, instruction by instruction. Addresses are bytes. */
export class WasmFunction {
  private readonly body: number[] = [];
  private readonly locals: number[] = [];

  private op(...bytes: number[]): this {
    this.body.push(...bytes);
    return this;
  }

  local32(): Local {
    return this.locals.push(I32) - 1;
  }

  local64(): Local {
    return this.locals.push(I64) - 1;
  }

  get(local: Local): this {
    return this.op(0x20, local);
  }

  set(local: Local): this {
    return this.op(0x21, local);
  }

  tee(local: Local): this {
    return this.op(0x22, local);
  }

  const32(value: number): this {
    return this.op(0x41, ...signed(BigInt(value | 0)));
  }

  const64(value: bigint): this {
    return this.op(0x42, ...signed(BigInt.asIntN(64, value)));
  }

  /** Loads from the address on the stack and `offset`: a word, a word as 64 bits, 64 bits. */
  load32(offset: number): this {
    return this.op(0x28, 2, ...unsigned(offset));
  }

  load32As64(offset: number): this {
    return this.op(0x35, 2, ...unsigned(offset));
  }

  load64(offset: number): this {
    return this.op(0x29, 3, ...unsigned(offset));
  }

  /** Fills memory: on the stack are the address, the byte, how many. */
  fill(): this {
    return this.op(0xfc, 0x0b, 0);
  }

  /** Stores 64 bits; the address lies below them on the stack. */
  store64(offset: number): this {
    return this.op(0x37, 3, ...unsigned(offset));
  }

  extend(): this {
    return this.op(0xad);
  }

  add32(): this {
    return this.op(0x6a);
  }

  subtract32(): this {
    return this.op(0x6b);
  }

  multiply32(): this {
    return this.op(0x6c);
  }

  and32(): this {
    return this.op(0x71);
  }

  or32(): this {
    return this.op(0x72);
  }

  shiftLeft32(): this {
    return this.op(0x74);
  }

  equal32(): this {
    return this.op(0x46);
  }

  isZero32(): this {
    return this.op(0x45);
  }

  isNegative32(): this {
    return this.const32(0).op(0x48);
  }

  isLess32(): this {
    return this.op(0x49);
  }

  add64(): this {
    return this.op(0x7c);
  }

  isZero64(): this {
    return this.op(0x50);
  }

  multiply64(): this {
    return this.op(0x7e);
  }

  xor64(): this {
    return this.op(0x85);
  }

  shiftRight64(): this {
    return this.op(0x88);
  }

  /** Of the two values below the word on the stack the first where that is not zero, else the second. */
  select(): this {
    return this.op(0x1b);
  }

  /** Runs `then` where the word on the stack is not zero, else `otherwise`. */
  when(then: () => void, otherwise?: () => void): this {
    this.op(0x04, 0x40);
    then();
    if (otherwise !== undefined) {
      this.op(0x05);
      otherwise();
    }
    return this.op(0x0b);
  }

  /** Runs `body` again and again while the word that it leaves on the stack is not zero. */
  repeat(body: () => void): this {
    this.op(0x03, 0x40);
    body();
    return this.op(0x0d, 0, 0x0b);
  }

  /** Makes the function, over a memory. */
  make(memory: WasmMemory): () => void {
    const { locals, body } = this;
    const section = (id: number, bytes: readonly number[]): number[] => [
      id,
      ...unsigned(bytes.length),
      ...bytes,
    ];
    const code = [
      ...unsigned(locals.length),
      ...locals.flatMap((type) => [1, type]),
      ...body,
      0x0b,
    ];
    const pages = memory.buffer.byteLength / PAGE_BYTES;
    const bytes = Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      // A type without parameters and results; the memory "m" "m"; a function of that type; its export "f".
      ...section(1, [1, 0x60, 0, 0]),
      ...section(2, [1, 1, 0x6d, 1, 0x6d, 2, 1, ...unsigned(pages), ...unsigned(pages)]),
      ...section(3, [1, 0]),
      ...section(7, [1, 1, 0x66, 0, 0]),
      ...section(10, [1, ...unsigned(code.length), ...code]),
    ]);
    const module = new WebAssembly.Module(bytes);
    return new WebAssembly.Instance(module, { m: { m: memory } }).exports.f;
  }
}

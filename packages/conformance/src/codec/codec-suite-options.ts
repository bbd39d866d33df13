import type { Annotation, AnyStructure, Decoded, DecodeOptions } from "@blockferry/core/bytes";
import type { RandomOptions } from "../random-source.ts";
import type { TestRunner } from "../test-runner.ts";

/** Anything that reads bytes from outside: a codec of varying length, an entry of a registry. */
export interface Decoder {
  decode(bytes: Uint8Array, options?: DecodeOptions): Decoded<unknown>;
  annotate?(bytes: Uint8Array): Annotation[];
}

/** A decoder that can also write. */
export interface Coder extends Decoder {
  // biome-ignore lint/suspicious/noExplicitAny: codecs of different values stand in one list.
  encode(value: any, target?: Uint8Array, offset?: number): Uint8Array;
}

/** Bytes that somebody else wrote, and what they say. */
export interface CodecVector {
  readonly title: string;
  /** The standard's figure, the capture or the tool that the bytes are from. */
  readonly source: string;
  /** A structure of fixed size, or a codec. */
  readonly codec: AnyStructure | Coder | Decoder;
  readonly hex: string;
  /** What they say: decoded they must have at least these members, at every depth, and these must give the bytes. */
  readonly value?: object;
  /** Or the field for whose sake they are refused; "" where the bytes as a whole are wrong. */
  readonly violates?: string;
}

export interface CodecSuiteOptions extends TestRunner, RandomOptions {
  /** Structures of fixed size; `structuresOf` finds those that a module exports. */
  readonly structures?: readonly AnyStructure[];
  /** Codecs and registries by name. */
  readonly decoders?: Readonly<Record<string, Decoder | Coder>>;
  readonly vectors?: readonly CodecVector[];
}

function isStructure(one: unknown): one is AnyStructure {
  return typeof one === "object" && one !== null && "layout" in one && "offsetOf" in one;
}

/** The structures among the exports of a module, each once. */
export function structuresOf(module: object): AnyStructure[] {
  const found = new Map<string, AnyStructure>();
  for (const one of Object.values(module)) if (isStructure(one)) found.set(one.name, one);
  return [...found.values()];
}

/** A structure as a coder that begins with the first byte. */
export function coderOf(codec: AnyStructure | Coder | Decoder): Coder | Decoder {
  if (!isStructure(codec)) return codec;
  return {
    encode: (value, target, offset) => codec.encode(value, target, offset),
    decode: (bytes, options) => codec.decode(bytes, 0, options),
    annotate: (bytes) => codec.annotate(bytes),
  };
}

import type { Store } from "@blockferry/core";
import { check, checkBytes, shown } from "../check.ts";
import type { RandomSource } from "../random-source.ts";
import type { StoreManifest } from "./store-suite-options.ts";

/** Bytes that tell where they are: no two places of 64 KiB hold the same. */
export function pattern(bytes: number, salt = 0): Uint8Array {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < words.length; i += 1) words[i] = Math.imul(i + 1 + salt, 0x9e3779b1);
  return new Uint8Array(words.buffer, 0, bytes);
}

/** All that a store holds, read in one call. */
export function contents(store: Store): Uint8Array {
  const all = new Uint8Array(store.bytes).fill(0xee);
  store.read(0, all);
  return all;
}

type Step =
  | { readonly kind: "write"; readonly at: number; readonly bytes: number; readonly salt: number }
  | { readonly kind: "copy"; readonly at: number; readonly to: number; readonly bytes: number }
  | { readonly kind: "zero" | "free" | "read"; readonly at: number; readonly bytes: number };

/** Places at page bounds are as likely as others: what is aligned often takes another way. */
function place(random: RandomSource, bytes: number): number {
  const unit = random.pick([1, 512, 4096, 65_536]);
  return random.below(Math.floor(bytes / unit) + 1) * unit;
}

function randomStep(random: RandomSource, bytes: number): Step {
  const at = place(random, bytes);
  const length = Math.min(place(random, bytes), bytes - at);
  switch (random.below(7)) {
    case 0:
    case 1:
      return { kind: "write", at, bytes: length, salt: random.below(4) };
    case 2:
      return { kind: "zero", at, bytes: length };
    case 3:
      return { kind: "free", at, bytes: length };
    case 4:
      return { kind: "read", at, bytes: length };
    default: {
      const to = place(random, bytes);
      return { kind: "copy", at, to, bytes: Math.min(length, bytes - to) };
    }
  }
}

function carryOut(store: Store, flat: Uint8Array, step: Step, supports: StoreManifest): void {
  const { kind, at, bytes } = step;
  if (kind === "write") {
    const data = step.salt === 0 ? new Uint8Array(bytes) : pattern(bytes, step.salt * 977 + at);
    store.write(at, data);
    flat.set(data, at);
    data.fill(0xdd); // the store must not have kept it
  } else if (kind === "copy") {
    const means = store.copy(at, step.to, bytes);
    check(supports.copyMeans.includes(means), `a copy by ${means}, which is not in the manifest`);
    flat.copyWithin(step.to, at, at + bytes);
  } else if (kind === "read") {
    const target = new Uint8Array(bytes + 2).fill(0xee);
    store.read(at, target.subarray(1, bytes + 1));
    check(target[0] === 0xee && target[bytes + 1] === 0xee, "a read wrote beside its target");
    checkBytes(target.subarray(1, bytes + 1), flat.subarray(at, at + bytes), "a read");
  } else {
    if (kind === "zero") store.writeZeroes(at, bytes);
    else store.deallocate(at, bytes);
    flat.fill(0, at, at + bytes);
  }
  if (!store.isAllocated(at, bytes)) {
    const zeroes = flat.subarray(at, at + bytes).every((byte) => byte === 0);
    check(zeroes, `isAllocated(${at}, ${bytes}) is false where there is data`);
  }
}

/** Random calls on a store and on a plain buffer; they must agree after all of them. */
export function agreesWithFlatBuffer(
  store: Store,
  random: RandomSource,
  steps: number,
  supports: StoreManifest,
): void {
  const flat = new Uint8Array(store.bytes);
  const done: Step[] = [];
  try {
    for (let count = 0; count < steps; count += 1) {
      const step = randomStep(random, store.bytes);
      done.push(step);
      carryOut(store, flat, step, supports);
    }
    checkBytes(contents(store), flat, "the store after all steps");
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(`${text}\nafter ${done.map(shown).join(" ")}`, { cause: error });
  }
}

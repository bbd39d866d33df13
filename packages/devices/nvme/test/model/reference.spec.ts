// Random devices and copies against a plain reference: buffers and a rule for each refusal, written from the standard and
// not from the model. Blocks outside of the destination must not change, whatever is asked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nvmeModel } from "../../src/model/index.ts";
import { copy, type SourceEntry } from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 48;
const SIZE = 512;

interface Limits {
  readonly mssrl: number;
  readonly mcl: number;
  readonly msrc: number;
}

/** Whether a copy to NSID 1 must be refused (NVM Command Set Specification 1.2, section 3.3.2). */
function mustRefuse(
  limits: Limits,
  format: 0 | 2,
  sdlba: number,
  entries: readonly SourceEntry[],
): boolean {
  const total = entries.reduce((sum, { blocks }) => sum + blocks, 0);
  if (entries.length > limits.msrc + 1 || total > limits.mcl || sdlba + total > BLOCKS) return true;
  return entries.some(({ lba, blocks, snsid }) => {
    const first = Number(lba);
    if (blocks > limits.mssrl || first + blocks > BLOCKS) return true;
    if (format === 0) return false;
    if (snsid !== 1 && snsid !== 2) return true;
    return snsid === 1 && first < sdlba + total && sdlba < first + blocks;
  });
}

/** The copy by the plainest means: range after range. */
function copyPlainly(
  images: readonly Uint8Array[],
  format: 0 | 2,
  sdlba: number,
  entries: readonly SourceEntry[],
): void {
  let to = sdlba;
  for (const { lba, blocks, snsid = 1 } of entries) {
    const from = images[format === 0 ? 0 : snsid - 1];
    const held = from.slice(Number(lba) * SIZE, (Number(lba) + blocks) * SIZE);
    images[0].set(held, to * SIZE);
    to += blocks;
  }
}

const limits = fc.record({
  mssrl: fc.integer({ min: 1, max: 12 }),
  mcl: fc.integer({ min: 1, max: 24 }),
  msrc: fc.integer({ min: 0, max: 5 }),
});
const entry = fc.record({
  snsid: fc.constantFrom(1, 1, 2, 2, 2, 0, 3),
  lba: fc.integer({ min: 0, max: BLOCKS }),
  blocks: fc.integer({ min: 1, max: 8 }),
});
const request = fc.record({
  format: fc.constantFrom(0 as const, 2 as const),
  sdlba: fc.integer({ min: 0, max: BLOCKS }),
  entries: fc.array(entry, { minLength: 1, maxLength: 6 }),
});

describe("random copies", () => {
  it("are refused where they must be and otherwise equal a plain copy, block by block", () => {
    let done = 0;
    const property = fc.property(
      limits,
      fc.array(request, { minLength: 1, maxLength: 8 }),
      (itsLimits, requests) => {
        const stores = [1, 2].map((tag) => {
          const store = plainStore(BLOCKS * SIZE);
          label(store, tag);
          return store;
        });
        const images = stores.map(({ image }) => image.slice());
        const model = nvmeModel({
          namespaces: stores.map((store) => ({ store, ...itsLimits })),
          enabledFormats: [2],
        });
        for (const { format, sdlba, entries } of requests) {
          const refused = mustRefuse(itsLimits, format, sdlba, entries);
          if (!refused) copyPlainly(images, format, sdlba, entries);
          const answer = copy(model, { sdlba, format }, entries);
          expect(answer.status === "0/00").toBe(!refused);
          expect(answer.dw0).toBe(0);
          done += refused ? 0 : 1;
          for (const [index, { image }] of stores.entries()) {
            expect(differences(image, images[index])).toEqual([]);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 400 });
    expect(done).toBeGreaterThan(100);
  });

  it("that fail part way have done the ranges before dword 0, and nothing outside of the destination", () => {
    const faulty = fc.record({
      kind: fc.constantFrom("unrecovered-read" as const, "write-fault" as const),
      lba: fc.integer({ min: 0, max: BLOCKS - 1 }),
    });
    let failed = 0;
    const property = fc.property(request, faulty, (one, fault) => {
      const store = plainStore(BLOCKS * SIZE);
      label(store, 1);
      const before = store.image.slice();
      const model = nvmeModel({ namespaces: [{ store }], faults: [fault] });
      const answer = copy(model, { sdlba: one.sdlba }, one.entries);
      const total = one.entries.reduce((sum, { blocks }) => sum + blocks, 0);
      const changed = differences(store.image, before);
      expect(changed.every((lba) => lba >= one.sdlba && lba < one.sdlba + total)).toBe(true);
      if (answer.status === "0/00" || answer.status === "0/80") return;
      failed += 1;
      const expected = before.slice();
      copyPlainly([expected], 0, one.sdlba, one.entries.slice(0, answer.dw0));
      const copied = one.entries.slice(0, answer.dw0).reduce((sum, { blocks }) => sum + blocks, 0);
      const part = (image: Uint8Array) =>
        image.subarray(one.sdlba * SIZE, (one.sdlba + copied) * SIZE);
      expect(differences(part(store.image), part(expected))).toEqual([]);
    });
    fc.assert(property, { numRuns: 600 });
    expect(failed).toBeGreaterThan(50);
  });
});

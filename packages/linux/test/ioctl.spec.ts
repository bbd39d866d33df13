// Goal: the generic ioctl is safe with memory and tells errors as values.
// FIONREAD 541Bh gives the bytes left to read of a file (ioctl_tty(2), fs/ioctl.c).
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { linux } from "../src/index.ts";

const FIONREAD = 0x541b;
const FICLONERANGE = 0x4020940d;
const calls = linux();

describe.skipIf(calls === undefined)("ioctl", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();
  const path = join(folder, "ten");
  writeFileSync(path, "0123456789");

  it("lets the kernel write into the argument", () => {
    const fd = openSync(path, "r");
    readSync(fd, new Uint8Array(3), 0, 3, null);
    const left = new Uint8Array(8).fill(0xee);
    expect(calls.ioctl(fd, FIONREAD, left.subarray(2, 6))).toEqual({ result: 0, errno: 0 });
    expect([...left]).toEqual([0xee, 0xee, 7, 0, 0, 0, 0xee, 0xee]);
    closeSync(fd);
  });

  it("gives the error number as a value", () => {
    const fd = openSync(path, "r");
    const none = 0xfe00; // a number that no driver of a plain file knows: ENOTTY 25
    expect(calls.ioctl(fd, none, null)).toEqual({ result: -1, errno: 25 });
    expect(calls.ioctl(2 ** 30, FIONREAD, new Uint8Array(4))).toEqual({ result: -1, errno: 9 });
    closeSync(fd);
  });

  it("refuses an argument shorter than the number declares, before the kernel sees it", () => {
    const short = new Uint8Array(31);
    expect(() => calls.ioctl(0, FICLONERANGE, short)).toThrow(RangeError);
    expect(() => calls.ioctl(0, FICLONERANGE, null)).toThrow(/takes 32 bytes of argument, not 0/);
    expect(() => calls.ioctl(0, 2 ** 32, short)).toThrow(RangeError);
    expect(() => calls.ioctl(0, FIONREAD, [] as unknown as Uint8Array)).toThrow(TypeError);
  });
});

describe.skipIf(calls === undefined)("memory", () => {
  if (calls === undefined) return;

  it.each([
    [4096, undefined, 4096],
    [512, 512, 512],
    [1, 65536, 65536],
    [0, 4096, 4096],
    [100_000, 1, 1],
  ])("gives %i bytes aligned to %s", (bytes, alignment, divisor) => {
    const views = Array.from({ length: 8 }, () => calls.alignedBuffer(bytes, alignment));
    for (const view of views) {
      expect(view.byteLength).toBe(bytes);
      expect(calls.addressOf(view) % BigInt(divisor)).toBe(0n);
      expect(view.every((byte) => byte === 0)).toBe(true);
    }
  });

  it("refuses alignments that are not powers of two", () => {
    for (const alignment of [0, -1, 3, 1.5, Number.NaN]) {
      expect(() => calls.alignedBuffer(1, alignment)).toThrow(RangeError);
    }
    expect(() => calls.alignedBuffer(-1)).toThrow(RangeError);
  });

  it("tells addresses inside one buffer apart by their offset", () => {
    const whole = new Uint8Array(1000);
    expect(calls.addressOf(whole.subarray(10)) - calls.addressOf(whole)).toBe(10n);
  });
});

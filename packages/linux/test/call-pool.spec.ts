// Goal: calls that block run beside each other and beside the event loop, each with its own result and error.
// FIONREAD 541Bh gives the bytes left to read of a file (ioctl_tty(2), fs/ioctl.c). A flock(2) that waits would block for
// ever; a FIFO's FIONREAD does not, so that what blocks here is a read lock that another descriptor holds.
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { type CallPool, linux } from "../src/index.ts";

const FIONREAD = 0x541b;
const FICLONERANGE = 0x4020940d;
const calls = linux();

describe.skipIf(calls === undefined)("a pool of threads", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();
  const path = join(folder, "ten");
  writeFileSync(path, "0123456789");
  const pools: CallPool[] = [];
  const pool = (threadsMax: number): CallPool => {
    const made = calls.callPool({ threadsMax });
    pools.push(made);
    return made;
  };
  afterAll(() => Promise.all(pools.map((one) => one.close())));

  const ended = (call: (done: (result: number, errno: number) => void) => void) =>
    new Promise<{ result: number; errno: number }>((resolve) => {
      call((result, errno) => resolve({ result, errno }));
    });

  it("makes many calls, each with its own result and error", async () => {
    const fd = openSync(path, "r");
    const three = pool(3);
    const cells = Array.from({ length: 32 }, () => new Uint8Array(128));
    const results = await Promise.all(
      cells.map((cell, i) =>
        ended((done) => three.ioctl(fd, i % 2 === 0 ? FIONREAD : 0xfe00, cell, done)),
      ),
    );
    for (const [i, result] of results.entries()) {
      expect(result).toEqual(i % 2 === 0 ? { result: 0, errno: 0 } : { result: -1, errno: 25 });
      expect(cells[i]?.[0]).toBe(i % 2 === 0 ? 10 : 0);
    }
    closeSync(fd);
  });

  it("copies ranges, as much as there is", async () => {
    const [from, to] = [openSync(path, "r"), openSync(join(folder, "to"), "w+")];
    const one = pool(1);
    expect(await ended((done) => one.copyFileRange(from, 2, to, 1, 100, done))).toEqual({
      result: 8,
      errno: 0,
    });
    expect(readFileSync(join(folder, "to"), "latin1")).toBe("\u000023456789");
    expect(await ended((done) => one.copyFileRange(to, 0, from, 0, 1, done))).toEqual({
      result: -1,
      errno: 9, // EBADF: not open for writing, copy_file_range(2)
    });
    const { result, errno } = await ended((done) => one.cloneRange(from, 0, from, 0, 4096, done));
    expect({ result, isError: errno > 0 }).toEqual({ result: -1, isError: true });
    closeSync(from);
    closeSync(to);
  });

  it("refuses what the kernel must not see, at once", () => {
    const one = pool(1);
    const none = () => {};
    expect(() => one.ioctl(0, FICLONERANGE, new Uint8Array(31), none)).toThrow(RangeError);
    expect(() => one.ioctl(-1, FIONREAD, new Uint8Array(128), none)).toThrow(RangeError);
    expect(() => one.copyFileRange(0, 0.5, 1, 0, 1, none)).toThrow(/offsetIn/);
    expect(() => one.cloneRange(0, 0, 1, 0, 0, none)).toThrow(RangeError);
    for (const threadsMax of [0, 257, 1.5, Number.NaN]) {
      expect(() => calls.callPool({ threadsMax })).toThrow(RangeError);
    }
  });

  it("is closed more than once, and takes no call then", async () => {
    const one = pool(1);
    await one.close();
    await one.close();
    expect(() => one.ioctl(0, FIONREAD, new Uint8Array(128), () => {})).toThrow(
      expect.objectContaining({ code: "FERRY_LINUX_CLOSED" }),
    );
  });
});

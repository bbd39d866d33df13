// Goal: what is wrong with an image is said by a stable code and a hint, and nothing is changed.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isFerryError } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { onMounted } from "../../../../tests/support/on-mounted.ts";
import { storeRangeCalls } from "../../../../tests/support/store-range-calls.ts";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { type FileStoreOptions, fileStore, wholeBlocks } from "../src/index.ts";

const MiB = 2 ** 20;
const folder = temporaryFolder();

function refusal(options: FileStoreOptions): { code: string; hint: string | undefined } {
  try {
    fileStore(options).close();
  } catch (error) {
    if (!isFerryError(error)) throw error;
    expect(error.message).toContain(options.path);
    return error;
  }
  throw new Error("it was accepted");
}

describe("opening", () => {
  it("names a missing file, or a missing folder", () => {
    expect(refusal({ path: join(folder, "none") }).code).toBe("FERRY_STORE_MISSING");
    const create = { bytes: 1024 };
    expect(refusal({ path: join(folder, "none/new"), create }).code).toBe("FERRY_STORE_MISSING");
    writeFileSync(join(folder, "plain"), "x");
    expect(refusal({ path: join(folder, "plain/below") }).code).toBe("FERRY_STORE_MISSING");
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it("names a folder, read-only or not", () => {
    mkdirSync(join(folder, "folder"), { recursive: true });
    const path = join(folder, "folder");
    expect(refusal({ path }).code).toBe("FERRY_STORE_NOT_A_FILE");
    expect(refusal({ path, readonly: true })).toMatchObject({
      code: "FERRY_STORE_NOT_A_FILE",
      hint: expect.stringContaining("image file"),
    });
  });

  it("names a device and a pipe, and does not wait for the pipe's other end", () => {
    expect(refusal({ path: "/dev/null" }).code).toBe("FERRY_STORE_NOT_A_FILE");
    const pipe = join(folder, "pipe");
    if (spawnSync("mkfifo", [pipe]).status !== 0) return;
    expect(refusal({ path: pipe }).code).toBe("FERRY_STORE_NOT_A_FILE");
    expect(refusal({ path: pipe, readonly: true }).code).toBe("FERRY_STORE_NOT_A_FILE");
  });

  it("does not overwrite an image when asked for a new one", () => {
    const path = join(folder, "there");
    writeFileSync(path, "precious");
    expect(refusal({ path, create: { bytes: 1024 } }).code).toBe("FERRY_STORE_EXISTS");
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it("leaves nothing of an image that cannot be as large", (context) => {
    const path = join(folder, "huge");
    try {
      fileStore({ path, create: { bytes: Number.MAX_SAFE_INTEGER } }).close();
    } catch (error) {
      expect(error).toMatchObject({ code: "FERRY_STORE_TOO_LARGE" });
      expect(existsSync(path)).toBe(false);
      return;
    }
    context.skip("this file system holds files of 8 EiB");
  });

  it("names a file that this user may not write", () => {
    const path = join(folder, "forbidden");
    writeFileSync(path, "x");
    chmodSync(path, 0o400);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534); // root may write anything
    try {
      expect(refusal({ path })).toMatchObject({
        code: "FERRY_STORE_PERMISSION",
        hint: expect.stringContaining("mode"),
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it.each(["", "a\0b"])("takes %j for misuse", (path) => {
    expect(() => fileStore({ path })).toThrow(TypeError);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])(
    "takes a new image of %d bytes for misuse",
    (bytes) => {
      expect(() => fileStore({ path: join(folder, "size"), create: { bytes } })).toThrow(
        RangeError,
      );
      expect(existsSync(join(folder, "size"))).toBe(false);
    },
  );
});

describe.each([{}, { linux: false as const }])("an image that shrinks (%o)", (options) => {
  it("is noticed by every operation, and not grown again", () => {
    const path = join(folder, `shrinks-${"linux" in options}`);
    const store = fileStore({ path, create: { bytes: 4 * MiB }, ...options });
    store.write(0, new Uint8Array(4 * MiB).fill(1));
    truncateSync(path, 2 * MiB);
    const block = new Uint8Array(4096);
    for (const operation of [
      () => store.read(2 * MiB - 100, block),
      () => store.read(3 * MiB, block),
      () => store.write(0, block),
      () => store.write(3 * MiB, block),
      () => store.copy(0, 3 * MiB, MiB),
      () => store.copy(3 * MiB, 0, MiB),
      () => store.writeZeroes(3 * MiB, 4096),
      () => store.deallocate(0, 4096),
    ]) {
      expect(operation).toThrow(
        expect.objectContaining({
          code: "FERRY_STORE_SHRUNK",
          details: expect.objectContaining({ bytes: 4 * MiB, bytesNow: 2 * MiB }),
        }),
      );
      expect(statSync(path).size).toBe(2 * MiB);
    }
    store.read(0, block);
    expect(block.every((byte) => byte === 1)).toBe(true);
    store.close();
  });
});

for (const fs of ["tmpfs", "ext4"] as const) {
  onMounted({ fs, bytes: 8 * MiB }, (mounted) => {
    it("says that it is full, by every means", () => {
      const path = join(mounted, "image");
      const store = fileStore({ path, create: { bytes: 64 * MiB } });
      const data = new Uint8Array(3 * MiB).fill(7);
      store.write(0, data);
      const fill = (): void => {
        for (let offset = 4 * MiB; offset < 64 * MiB; offset += 4 * MiB)
          store.copy(0, offset, 3 * MiB);
      };
      const full = expect.objectContaining({
        code: "FERRY_STORE_FULL",
        hint: expect.stringContaining("space"),
        cause: expect.objectContaining({ code: "ENOSPC" }),
      });
      expect(fill).toThrow(full);
      expect(() => store.write(60 * MiB, data)).toThrow(full);
      const back = new Uint8Array(3 * MiB);
      store.read(0, back);
      expect(Buffer.compare(back, data)).toBe(0);
      store.deallocate(0, 64 * MiB);
      store.write(60 * MiB, data); // and there is room again
      store.close();
    });

    it("says so when nothing can be written, and keeps the image", () => {
      const path = join(mounted, "read-only");
      writeFileSync(path, "precious");
      if (spawnSync("mount", ["-o", "remount,ro", mounted]).status !== 0) return;
      const before = readdirSync(mounted);
      expect(refusal({ path }).code).toBe("FERRY_STORE_PERMISSION");
      const create = { bytes: MiB };
      expect(refusal({ path: join(mounted, "new"), create }).code).toBe("FERRY_STORE_PERMISSION");
      expect(readdirSync(mounted)).toEqual(before);
      const store = fileStore({ path, readonly: true });
      const back = new Uint8Array(8);
      store.read(0, back);
      expect(Buffer.from(back).toString()).toBe("precious");
      store.close();
    });
  });
}

describe("misuse", () => {
  it("reads outside the store nothing, writes nothing", () => {
    const path = join(folder, "bounds");
    const store = fileStore({ path, create: { bytes: 1000 } });
    for (const offset of [-1, 0.5, Number.NaN, 999, 1001, 2 ** 53]) {
      for (const call of storeRangeCalls(store, offset)) {
        expect(call).toThrow(RangeError);
      }
    }
    expect(() => store.copy(0, 0, -1)).toThrow(RangeError);
    store.close();
    expect(readFileSync(path).equals(Buffer.alloc(1000))).toBe(true);
  });

  it("writes nothing to an image opened for reading", () => {
    const path = join(folder, "readonly");
    writeFileSync(path, "precious");
    const store = fileStore({ path, readonly: true });
    expect(store.readonly).toBe(true);
    const readonly = expect.objectContaining({ code: "FERRY_STORE_READONLY" });
    expect(() => store.write(0, new Uint8Array(1))).toThrow(readonly);
    expect(() => store.copy(0, 4, 4)).toThrow(readonly);
    expect(() => store.writeZeroes(0, 1)).toThrow(readonly);
    expect(() => store.deallocate(0, 1)).toThrow(readonly);
    store.flush();
    store.close();
    expect(() => fileStore({ path, readonly: true, create: { bytes: 1 } })).toThrow(TypeError);
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it("is closed once and for all", () => {
    const store = fileStore({ path: join(folder, "closed"), create: { bytes: 1000 } });
    store.flush();
    store.close();
    store.close();
    const closed = expect.objectContaining({ code: "FERRY_STORE_CLOSED" });
    expect(() => store.read(0, new Uint8Array(1))).toThrow(closed);
    expect(() => store.write(0, new Uint8Array(1))).toThrow(closed);
    expect(() => store.copy(0, 1, 1)).toThrow(closed);
    expect(() => store.isAllocated(0, 1)).toThrow(closed);
    expect(() => store.flush()).toThrow(closed);
  });
});

describe("wholeBlocks", () => {
  it.each([
    [8192, 512, 16],
    [8192, 4096, 2],
    [520, 520, 1],
  ])("counts %i bytes in blocks of %i as %i", (bytes, bytesPerBlock, blocks) => {
    const store = fileStore({
      path: join(folder, `whole-${bytes}-${bytesPerBlock}`),
      create: { bytes },
    });
    expect(wholeBlocks(store, bytesPerBlock)).toBe(blocks);
    store.close();
  });

  it("refuses a part of a block, and none", () => {
    const store = fileStore({ path: join(folder, "part"), create: { bytes: 8191 } });
    expect(() => wholeBlocks(store, 4096)).toThrow(
      expect.objectContaining({
        code: "FERRY_STORE_NOT_WHOLE_BLOCKS",
        details: { name: store.path, bytes: 8191, bytesPerBlock: 4096 },
      }),
    );
    expect(() => wholeBlocks(store, 0)).toThrow(RangeError);
    store.close();
    const empty = join(folder, "empty");
    writeFileSync(empty, "");
    const nothing = fileStore({ path: empty });
    expect(() => wholeBlocks(nothing, 512)).toThrow(/is empty/);
    nothing.close();
  });
});

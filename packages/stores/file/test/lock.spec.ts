// Goal: two processes do not write one image. The other process is util-linux' flock(1), or another
// open file description, which flock(2) treats alike.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linux } from "@blockferry/linux";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { fileStore } from "../src/index.ts";

const folder = temporaryFolder();
const locked = expect.objectContaining({
  code: "FERRY_STORE_LOCKED",
  hint: expect.stringContaining("--force"),
});

function image(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(4096, 1));
  return path;
}

const hasFlock = spawnSync("flock", ["--version"]).status === 0;

describe.skipIf(linux() === undefined)("by flock", () => {
  it("refuses a second writer, and a reader beside a writer", () => {
    const path = image("writer");
    const first = fileStore({ path });
    expect(first.lockMeans).toBe("flock");
    expect(() => fileStore({ path })).toThrow(locked);
    expect(() => fileStore({ path, readonly: true })).toThrow(locked);
    first.close();
    fileStore({ path }).close();
  });

  it("lets readers in together, and no writer beside them", () => {
    const path = image("readers");
    const first = fileStore({ path, readonly: true });
    const second = fileStore({ path, readonly: true });
    expect(() => fileStore({ path })).toThrow(locked);
    first.close();
    expect(() => fileStore({ path })).toThrow(locked);
    second.close();
    fileStore({ path }).close();
  });

  it("goes past another's lock by force, and says that it holds none", () => {
    const path = image("forced");
    const first = fileStore({ path });
    const second = fileStore({ path, force: true });
    expect(second.lockMeans).toBe("none");
    second.close();
    expect(() => fileStore({ path })).toThrow(locked); // the first one's still holds
    first.close();
  });

  it.skipIf(!hasFlock)("refuses while another process holds it, until that ends", async () => {
    const path = image("other-process");
    const other = spawn("flock", ["--exclusive", path, "sh", "-c", "echo held; read line"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await new Promise((resolve) => other.stdout.once("data", resolve));
    expect(() => fileStore({ path })).toThrow(locked);
    const ended = new Promise((resolve) => other.once("exit", resolve));
    other.stdin.end("\n");
    await ended;
    const store = fileStore({ path });
    const words = ["--exclusive", "--nonblock", path, "true"];
    expect(spawnSync("flock", words).status).toBe(1); // and keeps it out in turn
    store.close();
    expect(spawnSync("flock", words).status).toBe(0);
  });

  it("does not touch an image that it may not open", () => {
    const path = image("untouched");
    const first = fileStore({ path });
    expect(() => fileStore({ path })).toThrow(locked);
    first.close();
    expect(readFileSync(path).equals(Buffer.alloc(4096, 1))).toBe(true);
  });
});

describe("by a lock file, without the calls of Linux", () => {
  it("refuses a second writer and names the process", () => {
    const path = image("file-writer");
    const first = fileStore({ path, linux: false });
    expect(first.lockMeans).toBe("lock-file");
    expect(readFileSync(`${path}.lock`, "utf8")).toBe(`${process.pid}\n`);
    expect(() => fileStore({ path, linux: false })).toThrow(locked);
    expect(() => fileStore({ path, linux: false })).toThrow(new RegExp(`process ${process.pid} `));
    first.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
    fileStore({ path, linux: false }).close();
  });

  it("says what to remove when the process is gone, and takes over by force", () => {
    const path = image("file-stale");
    const gone = spawnSync(process.execPath, ["-p", "process.pid"], {
      encoding: "utf8",
    }).stdout.trim();
    writeFileSync(`${path}.lock`, `${gone}\n`);
    expect(() => fileStore({ path, linux: false })).toThrow(`process ${gone}, which is gone`);
    const store = fileStore({ path, linux: false, force: true });
    expect(store.lockMeans).toBe("lock-file");
    store.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("reads without a lock", () => {
    const path = image("file-reader");
    const store = fileStore({ path, linux: false, readonly: true });
    expect(store.lockMeans).toBe("none");
    store.close();
  });

  it("leaves no new image behind that it could not lock", () => {
    const path = join(folder, "file-new");
    writeFileSync(`${path}.lock`, `${process.pid}\n`);
    expect(() => fileStore({ path, create: { bytes: 512 }, linux: false })).toThrow(locked);
    expect(existsSync(path)).toBe(false);
  });
});

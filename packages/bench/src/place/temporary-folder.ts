import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What folders of this process are called; a killed one leaves its own behind, and the next run removes them. */
export const prefix: string = "blockferry-bench-";

/** A new folder of this process. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  process.on("exit", remove);
  return {
    path,
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}

/** The type of the file system that a folder is on. */
export function fileSystemOf(folder: string): string {
  const { stdout, status } = spawnSync("stat", ["-f", "-c", "%T", folder], { encoding: "utf8" });
  const type = stdout?.trim() ?? "";
  return status === 0 && type !== "" ? (type === "ext2/ext3" ? "ext4" : type) : "unknown";
}

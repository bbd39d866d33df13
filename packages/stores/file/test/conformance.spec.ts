import { join } from "node:path";
import { storeSuite } from "@blockferry/conformance/store";
import { linux } from "@blockferry/linux";
import { describe, it } from "vitest";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { type FileStore, fileStore } from "../src/index.ts";

const folder = temporaryFolder();
const copyMeans = ["clone", "kernel-copy", "read-write"] as const;
let count = 0;

describe.each([{}, { linux: false as const }])("%o", (own) => {
  const findsHoles = linux() !== undefined && !("linux" in own);
  const supports = { findsHoles, copyMeans, keepsBytes: true, sparseBytes: 2 ** 40 };
  const create = (bytes: number) =>
    fileStore({ path: join(folder, `${count++}`), create: { bytes }, ...own });
  const reopen = (closed: unknown, options: { readonly: boolean }) =>
    fileStore({ path: (closed as FileStore).path, ...options, ...own });
  storeSuite({ describe, it, supports, create, reopen });
});

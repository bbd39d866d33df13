// Goal: the structures that go into the kernel lie as the kernel's headers say.
// Method: a C compiler prints offset and size of every member from <linux/nvme_ioctl.h> and <scsi/sg.h>, and the request
// numbers; the tables must say the same. Skips where there is no compiler or no headers.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyStructure } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { nvmeRequest, passthruCommand } from "../src/nvme/passthru-command.ts";
import { sgIoHeader, sgRequest } from "../src/scsi/sg-io-header.ts";

const headers = ["/usr/include/linux/nvme_ioctl.h", "/usr/include/scsi/sg.h"];
const folder = temporaryFolder();

function missing(): string | undefined {
  const header = headers.find((path) => !existsSync(path));
  if (header !== undefined) return `there is no ${header}`;
  if (process.arch !== "x64" && process.arch !== "arm64") return `this is ${process.arch}`;
  return spawnSync("cc", ["--version"]).error === undefined ? undefined : "there is no C compiler";
}

/** Compiles and runs a C program; its lines. */
function printed(statements: readonly string[]): string[] {
  const source = join(folder, "print.c");
  const program = join(folder, "print");
  const text = [
    ...["stddef.h", "stdio.h", "sys/ioctl.h", "linux/nvme_ioctl.h", "scsi/sg.h"].map(
      (name) => `#include <${name}>`,
    ),
    `int main(void) { ${statements.join("\n")} return 0; }`,
  ];
  writeFileSync(source, text.join("\n"));
  const compiled = spawnSync("cc", [source, "-o", program], { encoding: "utf8" });
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  return spawnSync(program, { encoding: "utf8" }).stdout.trim().split("\n");
}

describe("structures of the kernel", () => {
  it.for<[string, AnyStructure]>([
    ["struct nvme_passthru_cmd64", passthruCommand],
    ["struct sg_io_hdr", sgIoHeader],
  ])("%s is laid out as its header says", ([name, table], context) => {
    const why = missing();
    if (why !== undefined) return context.skip(why);
    const named = table.fields.filter((field) => field.kind !== "reserved");
    const lines = printed([
      `printf("%zu\\n", sizeof(${name}));`,
      ...named.map(
        (field) =>
          `printf("${field.name} %zu %zu\\n", offsetof(${name}, ${field.name}), sizeof(((${name} *)0)->${field.name}));`,
      ),
    ]);
    expect(lines).toEqual([
      String(table.size),
      ...named.map((field) => `${field.name} ${field.byte} ${field.bytes}`),
    ]);
  });

  it("request numbers are those of the headers", (context) => {
    const why = missing();
    if (why !== undefined) return context.skip(why);
    const names = [
      ...["NVME_IOCTL_ID", "NVME_IOCTL_RESET", "NVME_IOCTL_ADMIN64_CMD", "NVME_IOCTL_IO64_CMD"],
      ...["SG_IO", "SG_SCSI_RESET"],
    ];
    const numbers = printed(names.map((name) => `printf("%lu\\n", (unsigned long)${name});`));
    const { id, reset, admin64, io64 } = nvmeRequest;
    expect(numbers.map(Number)).toEqual([id, reset, admin64, io64, sgRequest.io, sgRequest.reset]);
  });
});

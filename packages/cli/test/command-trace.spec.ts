// Goal: -v prints each command and its answer in words, -vv every byte and field; results stay what they are.
// Method: commands to emulated devices; what must be printed is worked out from the standards' field names.
import { describe, expect, it } from "vitest";
import { runHere } from "./support/in-process.ts";

const traced = async (words: readonly string[]) => {
  const printed = await runHere(words);
  return { ...printed, lines: printed.stderr.trimEnd().split("\n") };
};

describe("-v", () => {
  it("prints a line for each command and each answer, on standard error", async () => {
    const plain = await runHere([
      "copy",
      "nvme-model:?size=1MiB&mssrl=128",
      "0+300",
      "--to",
      "1024",
    ]);
    const line = ["copy", "nvme-model:?size=1MiB&mssrl=128", "0+300", "--to", "1024", "-v"];
    const { status, stdout, lines } = await traced(line);
    expect(status).toBe(0);
    expect(stdout.replace(/, [^,]*$/, "")).toBe(plain.stdout.replace(/, [^,]*$/, ""));
    expect(plain.stderr).toBe("");
    expect(lines[0]).toBe(
      "nvme admin 0 > Identify: cns 1 (Identify Controller); 4096 bytes from it",
    );
    expect(lines.at(-2)).toBe("nvme io 0 > Copy: nsid 1, sdlba 1024, nr 3; 96 bytes to the device");
    expect(lines.at(-1)).toMatch(/^nvme io 0 < Successful Completion, dw0 0; /);
    expect(lines).toHaveLength(14);
  });

  it("prints a refusal with all that the device says", async () => {
    const line = ["copy", "nvme-model:?size=1MiB&fault=status,sct=1,sc=0x83,dw0=2", "0+8"];
    const { lines } = await traced([...line, "--to", "64", "-v"]);
    expect(lines.join("\n")).toMatch(/nvme io 0 < Command Size Limit Exceeded.*dw0 2/);
  });

  it.each([
    [
      "scsi-model:?size=1MiB",
      /scsi io 0 > EXTENDED COPY\(LID1\): parameterListLength 76; 76 bytes/,
    ],
    ["scsi-model:?size=1MiB", /scsi io 0 < GOOD, 76 bytes moved/],
    ["scsi-model:?size=1MiB&copy=token", /scsi io \d > POPULATE TOKEN/],
    ["ata-model:?size=1MiB", /ata admin 0 > IDENTIFY DEVICE: .*512 bytes from it/],
    ["ata-model:?size=1MiB", /ata io 0 > WRITE GATHERED EXT, Provisional/],
    ["ata-model:?size=1MiB", /ata io 0 < success \(STATUS/],
  ])("prints commands of %s", async (uri, expected) => {
    const { stderr } = await traced(["copy", uri, "0+8", "--to", "64", "-v"]);
    expect(stderr).toMatch(expected);
  });
});

describe("-vv", () => {
  it("reads lists of WRITE GATHERED EXT by the profile of the disk", async () => {
    const uri = "ata-model:?size=1MiB&profile=acs6-provisional-68";
    const { stderr } = await traced(["copy", uri, "0+8", "--to", "100", "-vv"]);
    expect(stderr).toMatch(/profile = .*acs6-provisional-68/);
    expect(stderr).not.toMatch(/profile = .*acs6-provisional-66/);
  });

  it("prints every byte and field of commands, lists and answers", async () => {
    const { lines } = await traced(["copy", "nvme-model:?size=1MiB", "5+3", "--to", "64", "-vv"]);
    const text = lines.join("\n");
    // NVM Command Set 1.2, Figure 33: SLBA in bytes 8 to 15, NLB, 0's based, in bytes 16 and 17.
    expect(text).toContain("    00 00 00 00 00 00 00 00 05 00 00 00 00 00 00 00\n    02 00 00 00");
    expect(text).toMatch(/ {4}cdw10\.\.11 +sdlba = 64/);
    expect(text).toMatch(/ {4}.*slba = 5/);
    expect(text).toMatch(/ {4}dw3\[24:17\] +sc = 0 \(Successful Completion\)/);
  });

  it("shows what info asks, and its answers", async () => {
    const { stderr, stdout } = await traced(["info", "scsi-model:?size=1MiB", "-vv"]);
    expect(stdout).toMatch(/^lun0: 2048 blocks/);
    expect(stderr).toMatch(/INQUIRY[\s\S]*12 00 00 00 60 00[\s\S]*data from the device/);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { writeGatheredProfiles } from "../../../packages/devices/ata/src/index.ts";
import { digestOf, fill, tool } from "../support/disk.ts";
import type { Bench, LabCase } from "../support/lab-case.ts";

const realOnly = "the emulated disk says that it has no such command, and is not sent it";

/** What a tool that may fail says. */
function said(command: string, words: readonly string[]): string {
  const done = spawnSync(command, words, { encoding: "utf8" });
  return `${done.stdout}${done.stderr}`;
}

/** ATA PASS-THROUGH(16), CK_COND, no data, of a command that no disk has. */
const unknownCommand = "85 06 20 00 00 00 00 00 00 00 00 00 00 40 4e 00".split(" ");

/** URI of the disk with a profile of one's own, whose command QEMU's disk does not have. */
function gathered({ disk, scratch }: Bench): string {
  const profile = { ...writeGatheredProfiles["acs6-provisional-66"], id: "lab" };
  const file = `${scratch}/profile.json`;
  writeFileSync(file, JSON.stringify(profile));
  return `${disk("sata").uri}?gathered=${file}&provisional=send`;
}

const aborts = (form: "Fixed" | "Descriptor", begin: (path: string) => void): LabCase => ({
  name: `SATA: an unknown command is aborted, told in ${form.toLowerCase()} format sense data`,
  realOnly,
  async run(bench) {
    const disk = bench.disk("sata");
    begin(disk.path);
    assert.match(
      said("sg_raw", ["-v", disk.path, ...unknownCommand]),
      new RegExp(`${form} format`),
    );
    fill(disk, 1, bench.scratch);
    const before = digestOf(disk);
    const refused = await bench.cliAside("copy", gathered(bench), "0+8", "--to", "100");
    assert.equal(refused.exitStatus, 9, refused.stderr);
    assert.equal(refused.document?.copiedBlocks, 0);
    const { deviceStatus } = refused.document?.ranges?.[0] ?? {};
    // DRDY and ERR, ABRT: what QEMU's ide_abort_command() sets.
    assert.equal(deviceStatus?.fields.status, 0x41);
    assert.equal(deviceStatus?.fields.error, 0x04);
    assert.equal(digestOf(disk), before);
  },
});

/** Sets D_SENSE of the control mode page. */
const askForDescriptors = (path: string): void => {
  const contents = "0a,0a,06,00,00,00,00,00,ff,ff,00,1e";
  tool("sg_wr_mode", ["--page=0xa", "-c", contents, "-m", "00,00,04", "--six", path]);
};

const identifies: LabCase = {
  name: "SATA: IDENTIFY DEVICE, which libata answers with a failure if asked for registers, is read",
  realOnly,
  async run(bench) {
    const { path } = bench.disk("sata");
    // CK_COND of a PIO command: libata of AHCI says ABORTED COMMAND, though the data has come.
    const asked = "85 08 2e 00 00 00 01 00 00 00 00 00 00 40 ec 00".split(" ");
    assert.match(said("sg_raw", ["-r", "512", "-v", path, ...asked]), /Aborted Command/i);
    const shown = await bench.cliAside("info", gathered(bench));
    assert.equal(shown.exitStatus, 0, shown.stderr);
    assert.match(shown.stdout, /"sectors48": 16384/);
    assert.match(said("hdparm", ["-I", path]), /LBA48 +user addressable sectors: +16384/);
  },
};

/** What only a real disk behind the kernel's SCSI / ATA translation shows. */
export const sataCases: readonly LabCase[] = [
  identifies,
  aborts("Fixed", () => {}),
  aborts("Descriptor", askForDescriptors),
];

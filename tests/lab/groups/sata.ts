import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { writeGatheredProfiles } from "../../../packages/devices/ata/src/index.ts";
import { type Disk, digestOf, fill, saidBy } from "../support/disk.ts";
import type { Bench, LabCase } from "../support/lab-case.ts";

/** ATA PASS-THROUGH(16), CK_COND, no data, of a command that no disk has. */
const unknownCommand = "85 06 20 00 00 00 00 00 00 00 00 00 00 40 4e 00".split(" ");
/** CK_COND of a PIO command. */
const identifyDevice = "85 08 2e 00 00 00 01 00 00 00 00 00 00 40 ec 00".split(" ");

/** URI of the disk with a profile of one's own, whose command QEMU's disk does not have. */
function gathered({ disk, scratch }: Bench): string {
  const profile = { ...writeGatheredProfiles["acs6-provisional-66"], id: "lab" };
  const file = `${scratch}/profile.json`;
  writeFileSync(file, JSON.stringify(profile));
  const { uri } = disk("sata");
  return `${uri}${uri.includes("?") ? "&" : "?"}gathered=${file}&provisional=send`;
}

const aborts = (
  form: "Fixed" | "Descriptor",
  begin: (disk: Disk) => Promise<unknown> | undefined,
): LabCase => ({
  name: `SATA: an unknown command is aborted, told in ${form.toLowerCase()} format sense data`,
  async run(bench) {
    const disk = bench.disk("sata");
    await begin(disk);
    const said = await saidBy(disk, "sg_raw", (path) => ["-v", path, ...unknownCommand]);
    assert.match(said, new RegExp(`${form} format`));
    assert.match(said, /Aborted Command/i);
    fill(disk, 1, bench.scratch);
    const before = digestOf(disk);
    const refused = await bench.cli("copy", gathered(bench), "0+8", "--to", "100");
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
const askForDescriptors = (disk: Disk): Promise<string> => {
  const contents = "0a,0a,06,00,00,00,00,00,ff,ff,00,1e";
  const options = ["--page=0xa", "-c", contents, "-m", "00,00,04", "--six"];
  return saidBy(disk, "sg_wr_mode", (path) => [...options, path]);
};

const identifies: LabCase = {
  name: "SATA: IDENTIFY DEVICE, which libata answers with a failure if asked for registers, is read",
  async run(bench) {
    const disk = bench.disk("sata");
    // libata of AHCI says ABORTED COMMAND, though the data has come.
    const asked = await saidBy(disk, "sg_raw", (path) => [
      ...["-r", "512", "-v", path],
      ...identifyDevice,
    ]);
    assert.match(asked, /Aborted Command/i);
    const shown = await bench.cli("info", gathered(bench));
    assert.equal(shown.exitStatus, 0, shown.stderr);
    assert.match(shown.stdout, /"sectors48": 16384/);
    const told = await saidBy(disk, "hdparm", (path) => ["-I", path]);
    assert.match(told, /LBA48 +user addressable sectors: +16384/);
  },
};

/** What a disk behind the kernel's SCSI / ATA translation shows. */
export const sataCases: readonly LabCase[] = [
  identifies,
  aborts("Fixed", () => undefined),
  aborts("Descriptor", askForDescriptors),
];

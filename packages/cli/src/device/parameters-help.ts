/** What a URI parameter means, for help and for the README. */
export interface ParameterHelp {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** Parameters of `nvme-model:` URIs. */
export const nvmeModelParameterHelp: readonly ParameterHelp[] = [
  { name: "size", value: "SIZE", meaning: "capacity of a device in memory" },
  { name: "create", value: "SIZE", meaning: "make the image, sparse, if it is not there" },
  { name: "bs", value: "BYTES", meaning: "bytes per block, 512 to 65536 (default 512)" },
  { name: "mssrl", value: "BLOCKS", meaning: "blocks of one source range" },
  { name: "mcl", value: "BLOCKS", meaning: "blocks of one copy command" },
  { name: "msrc", value: "N", meaning: "source ranges of one command, 0's based: 15 allows 16" },
  { name: "mdts", value: "N", meaning: "largest transfer, 2^N pages of 4 KiB" },
  { name: "depth", value: "N", meaning: "commands in flight (default 32)" },
  { name: "copy", value: "on|off", meaning: "whether there is a Copy command (default on)" },
  { name: "peer", value: "NAME", meaning: "behave as ideal, qemu-7.2, qemu-10 or spdk" },
  { name: "validate", value: "upfront|eager", meaning: "check all ranges first, or each in turn" },
  {
    name: "ms",
    value: "BYTES",
    meaning:
      "metadata of each block, kept beside the image in IMAGE.meta, which is made if it is not there",
  },
  {
    name: "pi",
    value: "1|2|3",
    meaning: "protection information of this type, last in the metadata",
  },
  { name: "pif", value: "16|32|64", meaning: "bits of its guard (default 16)" },
  { name: "meta", value: "FILE", meaning: "another file for the metadata of IMAGE" },
  {
    name: "fault",
    value: "KIND,…",
    meaning:
      "unrecovered-read,at=LBA+N; write-fault,at=LBA+N; busy; status,sct=N,sc=N; lost-completion; reset; removed; repeatable",
  },
  {
    name: "ns2…ns16",
    value: "PATH",
    meaning: "further namespaces: an image, or memory:SIZE; reached by --to-device and --stack",
  },
];

/** Parameters of `scsi-model:` URIs. */
export const scsiModelParameterHelp: readonly ParameterHelp[] = [
  { name: "size", value: "SIZE", meaning: "capacity of a unit in memory" },
  { name: "create", value: "SIZE", meaning: "make the image, sparse, if it is not there" },
  { name: "bs", value: "BYTES", meaning: "bytes per block, 512 (default) or 4096" },
  {
    name: "profile",
    value: "NAME",
    meaning: "copy as targets do: ideal (default), lio, scst or ctl",
  },
  {
    name: "copy",
    value: "KIND",
    meaning:
      "by extended-copy (default), lid4 (EXTENDED COPY(LID4)) or token; off: a target without",
  },
  {
    name: "designators",
    value: "own|same",
    meaning: "same: all units call themselves alike, as careless set-ups make them",
  },
  {
    name: "initiator",
    value: "NAME",
    meaning:
      "send commands as standard, vmware-vaai or windows-odx do (default: as the target needs)",
  },
  { name: "segments", value: "N", meaning: "segments of one EXTENDED COPY" },
  { name: "ranges", value: "N", meaning: "source ranges of one token" },
  { name: "thin", value: "on|off", meaning: "whether blocks can be unmapped" },
  {
    name: "depth",
    value: "N",
    meaning: "commands in flight (default 32, or as many copies as the target takes)",
  },
  {
    name: "fault",
    value: "KIND,…",
    meaning:
      "unrecovered-read, write-fault, underrun or overrun,at=LBA+N; busy; task-set-full; sense,key=N,asc=N; lost-completion; reset; removed; repeatable",
  },
  {
    name: "lun1…lun15",
    value: "PATH",
    meaning: "further logical units: an image, or memory:SIZE; reached by --to-device and --stack",
  },
];

/** Parameters of the URIs of real devices. */
export const linuxDeviceParameterHelp: readonly ParameterHelp[] = [
  { name: "depth", value: "N", meaning: "commands in flight, 1 to 256 (default 8)" },
  {
    name: "copy",
    value: "KIND",
    meaning: "SCSI: by extended-copy, lid4 (EXTENDED COPY(LID4)) or token",
  },
  {
    name: "profile",
    value: "NAME",
    meaning: "SCSI: adapt to standard, lio, scst or ctl (default: as the target says it is)",
  },
  {
    name: "gathered",
    value: "FILE",
    meaning: "SATA: WRITE GATHERED EXT by ATA PASS-THROUGH, by a profile of your own (JSON)",
  },
  {
    name: "provisional",
    value: "send",
    meaning: "SATA: send that command although nothing public confirms its bytes",
  },
  { name: "ns1…ns15", value: "PATH", meaning: "NVMe: further namespaces of the same controller" },
  { name: "lun1…lun15", value: "PATH", meaning: "SCSI: further logical units of the same target" },
];

/** Parameters of `file:` URIs. */
export const fileParameterHelp: readonly ParameterHelp[] = [
  { name: "bs", value: "BYTES", meaning: "bytes per block, a power of two (default 512)" },
  { name: "depth", value: "N", meaning: "calls in flight, 1 to 256 (default 8)" },
  {
    name: "file1…file15",
    value: "PATH",
    meaning: "further files; reached by --to-device and --stack",
  },
];

/** Parameters of `ata-model:` URIs. */
export const ataModelParameterHelp: readonly ParameterHelp[] = [
  { name: "size", value: "SIZE", meaning: "capacity of a disk in memory" },
  { name: "create", value: "SIZE", meaning: "make the image, sparse, if it is not there" },
  { name: "bs", value: "BYTES", meaning: "bytes per sector, 512 (default) or 4096" },
  { name: "preset", value: "NAME", meaning: "behave as ideal (default) or qemu-7.2" },
  {
    name: "profile",
    value: "NAME",
    meaning:
      "bytes of WRITE GATHERED EXT: acs6-provisional-66 (default) or acs6-provisional-68; none: a disk without",
  },
  {
    name: "gathered",
    value: "FILE",
    meaning: "WRITE GATHERED EXT by a profile of your own (JSON), which an ideal disk follows",
  },
  {
    name: "provisional",
    value: "send",
    meaning:
      "send that command to a disk that does not say it is emulated (qemu-7.2), as to a real one",
  },
  { name: "entries", value: "N", meaning: "source ranges of one command" },
  { name: "queued", value: "on|off", meaning: "whether commands are queued (default off)" },
  {
    name: "sat",
    value: "KIND",
    meaning:
      "behind a SCSI / ATA translator, as lun0: copied by extended-copy, lid4 or token; or as disk, by ATA commands in pass-through (default off)",
  },
  {
    name: "translator",
    value: "NAME",
    meaning:
      "pass commands through as standard (default), libata-6.12, libata-6.12-ahci or libata-6.1-ahci does",
  },
  {
    name: "sense",
    value: "FORMAT",
    meaning: "the translator's sense data: fixed (default) or descriptor",
  },
  { name: "depth", value: "N", meaning: "commands in flight, 1 to 32 (default 32)" },
  {
    name: "fault",
    value: "KIND,…",
    meaning:
      "unrecovered-read,at=LBA+N; write-fault,at=LBA+N; interface-crc; registers,error=N; lost-completion; reset; removed; repeatable",
  },
];

function wrapped(text: string, indent: number, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width - indent) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

const INDENT = 26;
const COLUMNS = 96;

function section(title: string, parameters: readonly ParameterHelp[]): string[] {
  return [
    "",
    title,
    ...parameters.map(
      ({ name, value, meaning }) =>
        `  ${`${name}=${value}`.padEnd(INDENT - 4)}  ${wrapped(meaning, INDENT, COLUMNS)}`,
    ),
  ];
}

/** The parameters as sections of help. */
export const parametersHelp: string = [
  ...section(
    "Devices: /dev/nvme0n1, /dev/ng0n1, /dev/sda, /dev/sg0?NAME=VALUE&…: real ones, on Linux",
    linuxDeviceParameterHelp,
  ),
  ...section(
    "file:PATH?NAME=VALUE&…: a file, in which the kernel copies, or a block device, on Linux",
    fileParameterHelp,
  ),
  ...section(
    "nvme-model:IMAGE?NAME=VALUE&… over a raw image, nvme-model:?size=SIZE in memory",
    nvmeModelParameterHelp,
  ),
  ...section(
    "scsi-model:IMAGE?NAME=VALUE&…, scsi-model:?size=SIZE: a SCSI target",
    scsiModelParameterHelp,
  ),
  ...section(
    "ata-model:IMAGE?NAME=VALUE&…, ata-model:?size=SIZE: an ATA disk",
    ataModelParameterHelp,
  ),
  "",
].join("\n");

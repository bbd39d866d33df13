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
    name: "fault",
    value: "KIND,…",
    meaning:
      "unrecovered-read,at=LBA+N; write-fault,at=LBA+N; busy; status,sct=N,sc=N; lost-completion; reset; removed; repeatable",
  },
  {
    name: "ns2…ns16",
    value: "PATH",
    meaning: "further namespaces: an image, or memory:SIZE; reached by --stack",
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

/** The parameters as a section of help. */
export const parametersHelp: string = [
  "",
  "Devices: nvme-model:IMAGE?NAME=VALUE&… over a raw image, nvme-model:?size=SIZE in memory",
  ...nvmeModelParameterHelp.map(
    ({ name, value, meaning }) =>
      `  ${`${name}=${value}`.padEnd(INDENT - 4)}  ${wrapped(meaning, INDENT, COLUMNS)}`,
  ),
  "",
].join("\n");

import type { Annotation } from "@blockferry/core/bytes";
import type { WriteGatheredProfile } from "@blockferry/device-ata/codec";

/** Bytes in words. */
export interface Words {
  readonly title: string;
  readonly fields: readonly Annotation[];
}

/** How the commands of a family are put into words, by its codec's tables. */
export interface FamilyWords {
  command(queue: "admin" | "io", command: Uint8Array): Words;
  /** What of a command are its bytes: without what only this program puts beside them. */
  bytes(command: Uint8Array): Uint8Array;
  /** The list or the data that goes with a command; `undefined` where no table knows it. */
  list(
    command: Uint8Array,
    list: Uint8Array,
    profile: WriteGatheredProfile | undefined,
  ): Words | undefined;
  completion(command: Uint8Array, completion: Uint8Array): Words;
}

const hexByte = (value: number): string => `${value.toString(16).toUpperCase().padStart(2, "0")}h`;

async function nvmeWords(): Promise<FamilyWords> {
  const { nvmeStructures } = await import("@blockferry/device-nvme/codec");
  const { describeCompletion } = await import("@blockferry/device-nvme");
  const COPY = 0x19;
  return {
    bytes: (command) => command,
    command(queue, command) {
      const fields =
        nvmeStructures[queue === "admin" ? "nvme-admin-sqe" : "nvme-sqe"].annotate(command);
      const meaning = fields.find(({ field }) => field === "opc")?.meaning ?? "";
      const name = /^Opcode: (.*)$/.exec(meaning)?.[1];
      return { title: name ?? `opcode ${hexByte(command[0])}`, fields };
    },
    list(command, list) {
      if (command[0] !== COPY) return undefined;
      const view = new DataView(command.buffer, command.byteOffset);
      const format = (view.getUint32(48, true) >>> 8) & 0xf;
      return {
        title: "source ranges",
        fields: nvmeStructures["nvme-ranges"].annotate(list, { format }),
      };
    },
    completion(command, completion) {
      const view = new DataView(completion.buffer, completion.byteOffset);
      const cid = new DataView(command.buffer, command.byteOffset).getUint16(2, true);
      const { name, fields: told } = describeCompletion(
        view.getUint32(0, true),
        view.getUint32(12, true),
        cid,
      );
      const dnr = told.dnr === 1 ? ", Do Not Retry" : "";
      const fields = nvmeStructures["nvme-cqe"].annotate(completion);
      return { title: `${name}${dnr}, dw0 ${told.dw0}`, fields };
    },
  };
}

async function scsiWords(): Promise<FamilyWords> {
  const codec = await import("@blockferry/device-scsi/codec");
  const { describeCompletion } = await import("@blockferry/device-scsi");
  const { commandOfCdb, LUN_BYTES, scsiStructures, scsiCompletion } = codec;
  const cdbOf = (command: Uint8Array): Uint8Array => {
    const cdb = command.subarray(LUN_BYTES);
    return cdb.subarray(0, commandOfCdb(cdb)?.cdb.size ?? cdb.length);
  };
  const lists: Readonly<Record<number, string>> = {
    0: "xcopy-lid1",
    1: "xcopy-lid4",
    16: "populate-token",
    17: "write-using-token",
  };
  return {
    bytes: cdbOf,
    command(_queue, command) {
      const cdb = cdbOf(command);
      const title = commandOfCdb(cdb)?.title ?? `operation code ${hexByte(cdb[0])}`;
      return { title, fields: scsiStructures["scsi-cdb"].annotate(cdb) };
    },
    list(command, list) {
      const [code, action] = cdbOf(command);
      const structure = code === 0x83 ? lists[action & 0x1f] : undefined;
      if (structure === undefined) return undefined;
      return { title: "parameter list", fields: scsiStructures[structure].annotate(list) };
    },
    completion(_command, completion) {
      const { name } = describeCompletion(completion);
      const senseBytes = completion[1];
      const sense = completion.subarray(12, 12 + senseBytes);
      const moved = scsiCompletion.read(completion, "moved");
      return {
        title: `${name}, ${moved} bytes moved`,
        fields: senseBytes === 0 ? [] : scsiStructures.sense.annotate(sense),
      };
    },
  };
}

async function ataWords(): Promise<FamilyWords> {
  const { ataStructures, ataCommand } = await import("@blockferry/device-ata/codec");
  const { describeRegisters } = await import("@blockferry/device-ata");
  return {
    bytes: (command) => command,
    command(_queue, command) {
      const fields = ataStructures["ata-fis"].annotate(command);
      const label = fields.find(({ field }) => field === "command")?.label;
      const title = label ?? ataCommand(command[2])?.name ?? `command ${hexByte(command[2])}`;
      return { title, fields };
    },
    list: (_command, list, profile) => ({
      title: "list",
      fields: ataStructures["ata-write-gathered-list"].annotate(
        list,
        profile === undefined ? {} : { profile },
      ),
    }),
    completion(command, completion) {
      const [, , status, error] = completion;
      const ended = { status, error, lba: 0, count: 0, device: 0, command: command[2] };
      const { name } = describeRegisters(ended, undefined);
      return { title: name, fields: ataStructures["ata-fis"].annotate(completion) };
    },
  };
}

async function fileWords(): Promise<FamilyWords> {
  const { describeFile, fileCommand, fileCompletion } = await import("@blockferry/transport-linux");
  return {
    bytes: (command) => command,
    command(_queue, command) {
      const fields = fileCommand.annotate(command);
      const label = fields.find(({ field }) => field === "operation")?.label;
      return { title: label ?? "call", fields };
    },
    list: () => undefined,
    completion(_command, completion) {
      const errno = fileCompletion.read(completion, "errno");
      const bytes = fileCompletion.read(completion, "bytes");
      const { name } = describeFile(completion[0], errno, bytes);
      return { title: `${name}, ${bytes} bytes`, fields: fileCompletion.annotate(completion) };
    },
  };
}

const families: Readonly<Record<string, () => Promise<FamilyWords>>> = {
  nvme: nvmeWords,
  scsi: scsiWords,
  ata: ataWords,
  file: fileWords,
};

/** The words of every family: which one a device is of is known only when it is open. */
export async function allFamilyWords(): Promise<ReadonlyMap<string, FamilyWords>> {
  const loaded = await Promise.all(
    Object.entries(families).map(async ([name, load]) => [name, await load()] as const),
  );
  return new Map(loaded);
}

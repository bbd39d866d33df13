import {
  cdbs,
  encodeLun,
  extendedCopyLid1List,
  extendedCopyLid4List,
  LUN_BYTES,
  populateTokenList,
  SCSI_COMMAND_BYTES,
  SCSI_COMPLETION_BYTES,
  writeUsingTokenList,
} from "@blockferry/device-scsi/codec";
import type { ScsiModel } from "@blockferry/device-scsi/model";

const NAA = Uint8Array.of(0x30, 0, 0, 0, 0, 0, 0, 1);
const NO_IDENTIFIER = 3;

/** The designator that units of these workloads have. */
export const unitNaa: Uint8Array = NAA;

/** A CDB behind a logical unit number. */
function commandOf(cdb: Uint8Array): Uint8Array {
  const command = new Uint8Array(SCSI_COMMAND_BYTES);
  encodeLun(0, command);
  command.set(cdb, LUN_BYTES);
  return command;
}

/** Sends commands to a model and takes no refusal. */
export function sender(
  model: ScsiModel,
): (command: Uint8Array, out?: Uint8Array, into?: Uint8Array) => void {
  const completion = new Uint8Array(SCSI_COMPLETION_BYTES);
  return (command, out, into) => {
    model.execute("io", command, out, into, completion);
    if (completion[0] !== 0) throw new Error(`a command ended with status ${completion[0]}`);
  };
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly blocks: number;
}

/** EXTENDED COPY within one unit; `at` is the byte of the last segment's source LBA in the list. */
export function extendedCopy(
  form: "lid1" | "lid4",
  segments: readonly Segment[],
): { command: Uint8Array; list: Uint8Array; at: number } {
  const designator = new Uint8Array(20);
  designator.set(NAA);
  const value = {
    listIdUsage: NO_IDENTIFIER,
    cscds: [
      {
        ...({ type: 0xe4, codeSet: 1, designatorType: 3, designatorLength: NAA.length } as const),
        ...{ designator, blockLength: 512 },
      },
    ],
    segments: segments.map(({ from, to, blocks }) => ({
      ...({ type: 0x02, sourceCscd: 0, destinationCscd: 0, blocks } as const),
      ...{ sourceLba: from, destinationLba: to },
    })),
  };
  const list = (form === "lid1" ? extendedCopyLid1List : extendedCopyLid4List).encode(value);
  const cdb = cdbs[`extended-copy-${form}`].encode({ parameterListLength: list.length });
  return { command: commandOf(cdb), list, at: list.length - 16 };
}

/** POPULATE TOKEN of one range. */
export function populate(listIdentifier: number, lba: number, blocks: number) {
  const list = populateTokenList.encode({ ranges: [{ lba, blocks }] });
  const fields = { listIdentifier, parameterListLength: list.length };
  return { command: commandOf(cdbs["populate-token"].encode(fields)), list };
}

/** WRITE USING TOKEN to one range. */
export function writeToken(
  listIdentifier: number,
  rodToken: Uint8Array,
  lba: number,
  blocks: number,
  delTkn: boolean,
) {
  const list = writeUsingTokenList.encode({ rodToken, delTkn, ranges: [{ lba, blocks }] });
  const fields = { listIdentifier, parameterListLength: list.length };
  return { command: commandOf(cdbs["write-using-token"].encode(fields)), list };
}

/** RECEIVE ROD TOKEN INFORMATION. */
export const askToken = (listIdentifier: number): Uint8Array =>
  commandOf(
    cdbs["receive-rod-token-information"].encode({ listIdentifier, allocationLength: 1024 }),
  );
/** Where the token is in the answer, which has no sense data. */
export const TOKEN_AT = 38;
export const TOKEN_BYTES = 512;

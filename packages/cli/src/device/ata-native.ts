import type { Transport } from "@blockferry/core";
import {
  ataStructures,
  logAddress,
  logDirectory,
  opcode,
  pagesOfLog,
  registerDeviceToHost,
  taskFileFis,
} from "@blockferry/device-ata/codec";
import type { NativePart } from "../schema/info-document.ts";
import { fieldsOf } from "./native-fields.ts";

const PAGE_BYTES = 512;
/** Numbers of the STATUS bits ERR and DF (ACS-4, 6.1). */
const FAILED = [0, 5];

/** What the disk answers; `undefined` where it refuses. */
async function answerTo(
  transport: Transport,
  command: number,
  log?: number,
): Promise<Uint8Array | undefined> {
  const dataIn = new Uint8Array(PAGE_BYTES);
  const fis = taskFileFis(log === undefined ? { command } : { command, count: 1, lba: log });
  const completion = await transport.execute(fis, { dataIn });
  const decoded = registerDeviceToHost.decode(completion, 0, { lenient: true });
  if (!decoded.ok) return undefined;
  return decoded.value.status.some((bit) => FAILED.includes(bit)) ? undefined : dataIn;
}

/** What a disk says about itself, in the standard's field names. */
export async function ataNative(transport: Transport): Promise<NativePart[]> {
  const parts: NativePart[] = [];
  const add = (structure: string, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) return;
    parts.push({ structure, fields: fieldsOf(ataStructures[structure].annotate(bytes)) });
  };
  add("ata-identify", await answerTo(transport, opcode.identifyDevice));
  const directory = await answerTo(transport, opcode.readLogExt, logAddress.directory);
  add("ata-log-directory", directory);
  const decoded = directory === undefined ? undefined : logDirectory.decode(directory);
  if (decoded?.ok === true && pagesOfLog(decoded.value, logAddress.emulation) > 0) {
    const page = await answerTo(transport, opcode.readLogExt, logAddress.emulation);
    add("ata-emulation-page", page);
  }
  return parts;
}

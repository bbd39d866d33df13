import type { Transport } from "@blockferry/core";
import {
  encodeLun,
  inquiryCdb,
  LUN_BYTES,
  readCapacity16Cdb,
  receiveCopyOperatingParametersCdb,
  SCSI_COMMAND_BYTES,
  scsiCompletion,
  scsiStructures,
  vpdSupportedPages,
} from "@blockferry/device-scsi/codec";
import type { NativePart } from "../schema/info-document.ts";
import { fieldsOf } from "./native-fields.ts";

const ANSWER_BYTES = 4096;
const CHECK_CONDITION = 2;
/** Conditions that a unit may have to tell before it answers. */
const ATTENTIONS_MAX = 16;

const pages: Readonly<Record<number, string>> = {
  128: "vpd-80",
  131: "vpd-83",
  143: "vpd-8f",
  176: "vpd-b0",
  177: "vpd-b1",
  178: "vpd-b2",
};

/** What a unit answers to a CDB; `undefined` where it refuses. */
async function answerTo(
  transport: Transport,
  lun: number,
  cdb: Uint8Array,
): Promise<Uint8Array | undefined> {
  const command = new Uint8Array(SCSI_COMMAND_BYTES);
  encodeLun(lun, command);
  command.set(cdb, LUN_BYTES);
  for (let i = 0; i < ATTENTIONS_MAX; i++) {
    const dataIn = new Uint8Array(ANSWER_BYTES);
    const completion = await transport.execute(command, { dataIn });
    const decoded = scsiCompletion.decode(completion, 0, { lenient: true });
    if (!decoded.ok) return undefined;
    const { status, moved } = decoded.value;
    if (status === 0) return dataIn.subarray(0, moved);
    if (status !== CHECK_CONDITION) return undefined;
  }
  return undefined;
}

async function pagesOf(transport: Transport, lun: number): Promise<readonly number[]> {
  const cdb = inquiryCdb.encode({ evpd: true, pageCode: 0, allocationLength: ANSWER_BYTES });
  const bytes = await answerTo(transport, lun, cdb);
  const decoded = bytes === undefined ? undefined : vpdSupportedPages.decode(bytes);
  return decoded?.ok === true ? decoded.value.pages : [];
}

/** What logical units say about themselves, in the standard's field names. */
export async function scsiNative(
  transport: Transport,
  luns: readonly number[],
): Promise<NativePart[]> {
  const parts: NativePart[] = [];
  const ask = async (structure: string, lun: number, cdb: Uint8Array): Promise<void> => {
    const bytes = await answerTo(transport, lun, cdb);
    if (bytes === undefined) return;
    const fields = fieldsOf(scsiStructures[structure].annotate(bytes));
    parts.push({ structure, device: `lun${lun}`, fields });
  };
  const allocationLength = ANSWER_BYTES;
  for (const lun of luns) {
    await ask("inquiry", lun, inquiryCdb.encode({ allocationLength }));
    for (const pageCode of await pagesOf(transport, lun)) {
      const structure = pages[pageCode];
      if (structure === undefined) continue;
      await ask(structure, lun, inquiryCdb.encode({ evpd: true, pageCode, allocationLength }));
    }
    await ask("read-capacity-16", lun, readCapacity16Cdb.encode({ allocationLength }));
    const parameters = receiveCopyOperatingParametersCdb.encode({ allocationLength });
    await ask("operating-parameters", lun, parameters);
  }
  return parts;
}

// Commands and completions, byte by byte as the figures of the standard have them, without the codec: these tests check
// the model and its codec together against the standard.
import type { CommandQueueKind, DeviceModel } from "@blockferry/core";

const sqe = (opcode: number, nsid: number): DataView => {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint8(0, opcode); // Base, Figure 92: CDW0 07:00 OPC
  view.setUint16(2, 0x1234, true); // CDW0 31:16 CID
  view.setUint32(4, nsid, true); // CDW1 NSID
  return view;
};

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer);

export interface SourceEntry {
  readonly lba: number | bigint;
  readonly blocks: number;
  readonly snsid?: number;
  readonly fastCopyOnly?: boolean;
  /** ELBT as the low bits of its field. */
  readonly elbt?: bigint;
  readonly elbat?: number;
  readonly elbatm?: number;
}

export interface CopyFields {
  readonly nsid?: number;
  readonly sdlba: number | bigint;
  readonly format?: number;
  readonly prinfor?: number;
  readonly prinfow?: number;
  readonly stcr?: boolean;
  readonly stcw?: boolean;
  readonly fua?: boolean;
  /** 80 bits of tags for the destination. */
  readonly tags?: bigint;
  readonly lbat?: number;
  readonly lbatm?: number;
  /** Instead of the number of entries. */
  readonly nr?: number;
  readonly byte1?: number;
}

/** NVM Command Set 1.2, Figures 31 to 37. */
export function copySqe(fields: CopyFields, ranges: number): Uint8Array {
  const view = sqe(0x19, fields.nsid ?? 1);
  const tags = fields.tags ?? 0n;
  view.setUint8(1, fields.byte1 ?? 0);
  view.setUint32(8, Number((tags >> 64n) & 0xffffn), true); // CDW2
  view.setUint32(12, Number((tags >> 32n) & 0xffffffffn), true); // CDW3
  view.setBigUint64(40, BigInt(fields.sdlba), true); // CDW10-11
  view.setUint8(48, fields.nr ?? ranges - 1); // CDW12 07:00, 0's based
  view.setUint8(49, (fields.format ?? 0) | ((fields.prinfor ?? 0) << 4)); // 11:08, 15:12
  view.setUint8(
    51, // 24 STCW, 25 STCR, 29:26 PRINFOW, 30 FUA
    (fields.stcw === true ? 1 : 0) |
      (fields.stcr === true ? 2 : 0) |
      ((fields.prinfow ?? 0) << 2) |
      (fields.fua === true ? 0x40 : 0),
  );
  view.setUint32(56, Number(tags & 0xffffffffn), true); // CDW14
  view.setUint16(60, fields.lbat ?? 0, true); // CDW15 15:00
  view.setUint16(62, fields.lbatm ?? 0, true); // CDW15 31:16
  return bytesOf(view);
}

/** NVM Command Set 1.2, Figures 39 (32 bytes) and 40 (40 bytes), every number little-endian. */
export function rangeList(format: number, entries: readonly SourceEntry[]): Uint8Array {
  const wide = format === 1 || format === 3;
  const size = wide ? 40 : 32;
  const list = new Uint8Array(entries.length * size);
  const view = new DataView(list.buffer);
  entries.forEach((entry, index) => {
    const at = index * size;
    view.setUint32(at, entry.snsid ?? 0, true);
    view.setBigUint64(at + 8, BigInt(entry.lba), true);
    view.setUint16(at + 16, entry.blocks - 1, true);
    if (entry.fastCopyOnly === true) view.setUint16(at + 22, 0x8000, true);
    let elbt = entry.elbt ?? 0n;
    for (let byte = 0; byte < (wide ? 10 : 4); byte += 1) {
      view.setUint8(at + (wide ? 26 : 24) + byte, Number(elbt & 0xffn));
      elbt >>= 8n;
    }
    view.setUint16(at + (wide ? 36 : 28), entry.elbat ?? 0, true);
    view.setUint16(at + (wide ? 38 : 30), entry.elbatm ?? 0, true);
  });
  return list;
}

export interface IoFields {
  readonly opcode: number;
  readonly nsid?: number;
  readonly lba: number | bigint;
  readonly blocks: number;
  readonly prinfo?: number;
  readonly fua?: boolean;
  readonly bit24?: boolean;
  readonly bit25?: boolean;
  readonly tags?: bigint;
  readonly lbat?: number;
  readonly lbatm?: number;
}

/** Read 02h, Write 01h, Compare 05h, Write Zeroes 08h: NVM Command Set 1.2, section 3.3. */
export function ioSqe(fields: IoFields): Uint8Array {
  const view = sqe(fields.opcode, fields.nsid ?? 1);
  const tags = fields.tags ?? 0n;
  view.setUint32(8, Number((tags >> 64n) & 0xffffn), true);
  view.setUint32(12, Number((tags >> 32n) & 0xffffffffn), true);
  view.setBigUint64(40, BigInt(fields.lba), true);
  view.setUint16(48, fields.blocks - 1, true);
  view.setUint8(
    51,
    (fields.bit24 === true ? 1 : 0) |
      (fields.bit25 === true ? 2 : 0) |
      ((fields.prinfo ?? 0) << 2) |
      (fields.fua === true ? 0x40 : 0),
  );
  view.setUint32(56, Number(tags & 0xffffffffn), true);
  view.setUint16(60, fields.lbat ?? 0, true);
  view.setUint16(62, fields.lbatm ?? 0, true);
  return bytesOf(view);
}

/** Any command with its dwords 10 and 11. */
export function plainSqe(opcode: number, nsid: number, cdw10 = 0, cdw11 = 0): Uint8Array {
  const view = sqe(opcode, nsid);
  view.setUint32(40, cdw10 >>> 0, true);
  view.setUint32(44, cdw11 >>> 0, true);
  return bytesOf(view);
}

/** A completion: Base, Figure 100. `status` is `sct/sc` in hex, as in "1/83". */
export interface Answer {
  readonly status: string;
  readonly dnr: boolean;
  readonly dw0: number;
}

function answerOf(completion: Uint8Array): Answer {
  const view = new DataView(completion.buffer, completion.byteOffset, 16);
  if (view.getUint16(12, true) !== 0x1234) throw new Error("the completion has another CID");
  const field = view.getUint16(14, true);
  const sc = (field >> 1) & 0xff;
  const sct = (field >> 9) & 7;
  return {
    status: `${sct}/${sc.toString(16).padStart(2, "0")}`,
    dnr: (field & 0x8000) !== 0,
    dw0: view.getUint32(0, true),
  };
}

export const success: Answer = { status: "0/00", dnr: false, dw0: 0 };

/** A refusal with Do Not Retry and nothing done. */
export const refused = (status: string): Answer => ({ status, dnr: true, dw0: 0 });

export function execute(
  model: DeviceModel,
  queue: CommandQueueKind,
  command: Uint8Array,
  dataOut?: Uint8Array,
  dataIn?: Uint8Array,
): Answer {
  const completion = new Uint8Array(16).fill(0xee);
  const outcome = model.execute(queue, command, dataOut, dataIn, completion);
  if (outcome !== "completed") throw new Error(`the command ended as ${outcome}`);
  return answerOf(completion);
}

export function copy(
  model: DeviceModel,
  fields: CopyFields,
  entries: readonly SourceEntry[],
): Answer {
  const list = rangeList(fields.format ?? 0, entries);
  return execute(model, "io", copySqe(fields, entries.length), list);
}

/** Set Features, Host Behavior Support (16h): enables formats 2h and 3h by bits 2 and 3 of bytes 5:4. */
export function enableFormats(model: DeviceModel, ...formats: number[]): Answer {
  const data = new Uint8Array(512);
  for (const format of formats) data[4] |= 1 << format;
  return execute(model, "admin", plainSqe(0x09, 0, 0x16), data);
}

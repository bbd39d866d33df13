/*
 * Codecs as a careful author writes them by hand, with the refusals that the tables make: every field in its range, no unknown
 * field, reserved bits zero. What the tables are measured against.
 */

/** Fields of a Copy command, as the table has them. */
export interface CopyFields {
  readonly fuse: number;
  readonly psdt: number;
  readonly cid: number;
  readonly nsid: number;
  readonly mptr: number;
  readonly dptr: Uint8Array;
  readonly lbtu: number;
  readonly sdlba: number;
  readonly nr: number;
  readonly desfmt: number;
  readonly prinfor: number;
  readonly cetype: number;
  readonly dtype: number;
  readonly stcw: boolean;
  readonly stcr: boolean;
  readonly prinfow: number;
  readonly fua: boolean;
  readonly lr: boolean;
  readonly cev: number;
  readonly dspec: number;
  readonly lbtl: number;
  readonly lbat: number;
  readonly lbatm: number;
}

/** One of them. */
export const copySample: CopyFields = {
  fuse: 0,
  psdt: 1,
  cid: 0xbeef,
  nsid: 7,
  mptr: 0x1234_5678_9abc,
  dptr: new Uint8Array(16).fill(0x5a),
  lbtu: 0xffff_eeee_dddd,
  sdlba: 0x12_3456_789a,
  nr: 128,
  desfmt: 3,
  prinfor: 12,
  cetype: 0,
  dtype: 2,
  stcw: true,
  stcr: false,
  prinfow: 10,
  fua: true,
  lr: true,
  cev: 0,
  dspec: 0xabc,
  lbtl: 0xfedc_ba98,
  lbat: 0x1357,
  lbatm: 0xffff,
};

const COPY_KEYS = 23;
const WORD = 2 ** 32;

function refuse(name: string, value: unknown): never {
  throw new RangeError(`Copy command: ${name} cannot be ${String(value)}`);
}

function field(name: string, value: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) refuse(name, value);
  return value;
}

function flag(name: string, value: boolean): number {
  if (typeof value !== "boolean") refuse(name, value);
  return value ? 1 : 0;
}

/** Encodes a Copy command. */
export function encodeCopy(value: CopyFields, target: Uint8Array, offset: number): Uint8Array {
  let keys = 0;
  for (const _ in value) keys++;
  if (keys !== COPY_KEYS) throw new TypeError("Copy command: an unknown or a missing field");
  const fuse = field("fuse", value.fuse, 3);
  const psdt = field("psdt", value.psdt, 3);
  const cid = field("cid", value.cid, 0xffff);
  const nsid = field("nsid", value.nsid, 0xffffffff);
  const mptr = field("mptr", value.mptr, Number.MAX_SAFE_INTEGER);
  if (!(value.dptr instanceof Uint8Array) || value.dptr.length !== 16) refuse("dptr", value.dptr);
  const lbtu = field("lbtu", value.lbtu, 0xffffffffffff);
  const sdlba = field("sdlba", value.sdlba, Number.MAX_SAFE_INTEGER);
  const nr = field("nr", value.nr - 1, 0xff);
  const cdw12 =
    nr |
    (field("desfmt", value.desfmt, 15) << 8) |
    (field("prinfor", value.prinfor, 15) << 12) |
    (field("cetype", value.cetype, 15) << 16) |
    (field("dtype", value.dtype, 15) << 20) |
    (flag("stcw", value.stcw) << 24) |
    (flag("stcr", value.stcr) << 25) |
    (field("prinfow", value.prinfow, 15) << 26) |
    (flag("fua", value.fua) << 30) |
    (flag("lr", value.lr) << 31);
  const cdw13 = field("cev", value.cev, 0xffff) | (field("dspec", value.dspec, 0xffff) << 16);
  const lbtl = field("lbtl", value.lbtl, 0xffffffff);
  const cdw15 = field("lbat", value.lbat, 0xffff) | (field("lbatm", value.lbatm, 0xffff) << 16);
  const view = new DataView(target.buffer, target.byteOffset + offset, 64);
  view.setUint32(0, 0x19 | (fuse << 8) | (psdt << 14) | (cid << 16), true);
  view.setUint32(4, nsid, true);
  view.setUint32(8, (lbtu / WORD) & 0xffff, true);
  view.setUint32(12, lbtu, true);
  view.setUint32(16, mptr, true);
  view.setUint32(20, mptr / WORD, true);
  target.set(value.dptr, offset + 24);
  view.setUint32(40, sdlba, true);
  view.setUint32(44, sdlba / WORD, true);
  view.setUint32(48, cdw12, true);
  view.setUint32(52, cdw13, true);
  view.setUint32(56, lbtl, true);
  view.setUint32(60, cdw15, true);
  return target;
}

/** Decodes a Copy command; the name of the violated rule where the bytes break one. */
export function decodeCopy(bytes: Uint8Array, offset: number): CopyFields | string {
  if (bytes.length - offset < 64) return "need more";
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 64);
  const cdw0 = view.getUint32(0, true);
  const cdw2 = view.getUint32(8, true);
  const cdw12 = view.getUint32(48, true);
  const cdw13 = view.getUint32(52, true);
  const cdw15 = view.getUint32(60, true);
  if ((cdw0 & 0xff) !== 0x19) return "opc is 19h";
  if ((cdw0 & 0x3c00) !== 0) return "cdw0[13:10] is reserved";
  if (cdw2 >>> 16 !== 0) return "cdw2[31:16] is reserved";
  const mptrHigh = view.getUint32(20, true);
  const sdlbaHigh = view.getUint32(44, true);
  if (mptrHigh > 0x1fffff) return "mptr is above 2^53-1";
  if (sdlbaHigh > 0x1fffff) return "sdlba is above 2^53-1";
  return {
    fuse: (cdw0 >>> 8) & 3,
    psdt: (cdw0 >>> 14) & 3,
    cid: cdw0 >>> 16,
    nsid: view.getUint32(4, true),
    mptr: mptrHigh * WORD + view.getUint32(16, true),
    dptr: bytes.slice(offset + 24, offset + 40),
    lbtu: (cdw2 & 0xffff) * WORD + view.getUint32(12, true),
    sdlba: sdlbaHigh * WORD + view.getUint32(40, true),
    nr: (cdw12 & 0xff) + 1,
    desfmt: (cdw12 >>> 8) & 15,
    prinfor: (cdw12 >>> 12) & 15,
    cetype: (cdw12 >>> 16) & 15,
    dtype: (cdw12 >>> 20) & 15,
    stcw: (cdw12 & (1 << 24)) !== 0,
    stcr: (cdw12 & (1 << 25)) !== 0,
    prinfow: (cdw12 >>> 26) & 15,
    fua: (cdw12 & (1 << 30)) !== 0,
    lr: cdw12 >>> 31 === 1,
    cev: cdw13 & 0xffff,
    dspec: cdw13 >>> 16,
    lbtl: view.getUint32(56, true),
    lbat: cdw15 & 0xffff,
    lbatm: cdw15 >>> 16,
  };
}

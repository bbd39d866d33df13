// CDBs and parameter lists, byte by byte: SPC-4 revision 37, SBC-3 revision 36.

const be = (value: number | bigint, bytes: number): number[] => {
  const out: number[] = [];
  let rest = BigInt(value);
  for (let at = 0; at < bytes; at += 1) {
    out.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return out;
};

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

export const testUnitReady = (): number[] => zeros(6);
export const inquiry = (room = 255): number[] => [0x12, 0, 0, ...be(room, 2), 0];
export const vitalPage = (page: number, room = 4096): number[] => [
  0x12,
  1,
  page,
  ...be(room, 2),
  0,
];
export const requestSense = (room = 252, desc = 0): number[] => [0x03, desc, 0, 0, room, 0];
export const reportLuns = (room = 4096): number[] => [0xa0, 0, 0, 0, 0, 0, ...be(room, 4), 0, 0];
export const readCapacity16 = (room = 32): number[] => [
  0x9e,
  0x10,
  ...zeros(8),
  ...be(room, 4),
  0,
  0,
];
export const modeSense6 = (page: number, byte1 = 0): number[] => [0x1a, byte1, page, 0, 255, 0];
export const modeSense10 = (page: number, byte1 = 0): number[] => [
  0x5a,
  byte1,
  page,
  0,
  0,
  0,
  0,
  ...be(4096, 2),
  0,
];

export const read10 = (lba: number, blocks: number): number[] => [
  0x28,
  0,
  ...be(lba, 4),
  0,
  ...be(blocks, 2),
  0,
];
export const write10 = (lba: number, blocks: number, byte1 = 0): number[] => [
  0x2a,
  byte1,
  ...be(lba, 4),
  0,
  ...be(blocks, 2),
  0,
];
export const sixteen = (
  opcode: number,
  lba: number | bigint,
  blocks: number,
  byte1 = 0,
): number[] => [opcode, byte1, ...be(lba, 8), ...be(blocks, 4), 0, 0];
export const compareAndWrite = (lba: number, blocks: number): number[] => [
  0x89,
  0,
  ...be(lba, 8),
  0,
  0,
  0,
  blocks,
  0,
  0,
];
export const writeSame10 = (lba: number, blocks: number, byte1 = 0): number[] => [
  0x41,
  byte1,
  ...be(lba, 4),
  0,
  ...be(blocks, 2),
  0,
];
export const unmapCdb = (bytes: number): number[] => [0x42, 0, 0, 0, 0, 0, 0, ...be(bytes, 2), 0];
export const unmapList = (ranges: readonly (readonly [number | bigint, number])[]): Uint8Array =>
  Uint8Array.from([
    ...be(6 + ranges.length * 16, 2),
    ...be(ranges.length * 16, 2),
    ...zeros(4),
    ...ranges.flatMap(([lba, blocks]) => [...be(lba, 8), ...be(blocks, 4), ...zeros(4)]),
  ]);

/** PERSISTENT RESERVE OUT: CDB and list of 24 bytes (SPC-4 6.16). */
export const reserveOut = (action: number, type = 0): number[] => [
  0x5f,
  action,
  type,
  0,
  0,
  ...be(24, 4),
  0,
];
export const reserveList = (key: number, newKey = 0, flags = 0): Uint8Array =>
  Uint8Array.from([...be(key, 8), ...be(newKey, 8), ...zeros(4), flags, 0, 0, 0]);
export const reserveIn = (action: number): number[] => [
  0x5e,
  action,
  0,
  0,
  0,
  0,
  0,
  ...be(8192, 2),
  0,
];

/** A third-party copy command whose list identifier is in the data (SPC-4 table 125). */
export const extendedCopy = (length: number, action = 0): number[] => [
  0x83,
  action,
  ...zeros(8),
  ...be(length, 4),
  0,
  0,
];
export const receiveCopy = (action: number, listId = 0, room = 4096): number[] => [
  0x84,
  action,
  ...(action < 5 && action !== 3 ? [listId, 0, 0, 0] : be(listId, 4)),
  ...zeros(4),
  ...be(room, 4),
  0,
  0,
];
export const tokenCommand = (action: number, listId: number, length: number): number[] => [
  0x83,
  action,
  ...zeros(4),
  ...be(listId, 4),
  ...be(length, 4),
  0,
  0,
];
export const abortCopy = (listId: number): number[] => [0x83, 0x1c, ...be(listId, 4), ...zeros(10)];

/** E4h (SPC-4 table 140): binary NAA of 8 or 16 bytes. */
export const naaCscd = (
  naa: Uint8Array,
  { type = 0xe4, byte1 = 0, blockLength = 512 } = {},
): number[] => {
  const designator = [...naa, ...zeros(20 - naa.length)];
  return [type, byte1, 0, 0, 1, 3, 0, naa.length, ...designator, 0, ...be(blockLength, 3)];
};

/** FEh (SPC-4 table 143). */
export const rodCscd = ({
  producer = 0xffff,
  rodType = 0,
  lifetime = 0,
  inactivity = 0,
  flags = 0,
  tokenOffset = 0,
} = {}): number[] => [
  0xfe,
  0,
  0,
  0,
  ...be(producer, 2),
  0,
  0,
  ...be(rodType, 4),
  ...be(lifetime, 4),
  ...be(inactivity, 4),
  0,
  0,
  0,
  flags,
  ...be(tokenOffset, 4),
  0,
  0,
  0,
  0,
];

export interface BlockSegment {
  readonly source?: number;
  readonly destination?: number;
  readonly blocks: number;
  readonly from: number | bigint;
  readonly to: number | bigint;
  /** DC in bit 1, CAT in bit 0, FCO in bit 2. */
  readonly flags?: number;
}

/** 02h (SPC-4 table 151). */
export const blockSegment = (one: BlockSegment): number[] => [
  0x02,
  one.flags ?? 0,
  0,
  0x18,
  ...be(one.source ?? 0, 2),
  ...be(one.destination ?? 0, 2),
  0,
  0,
  ...be(one.blocks, 2),
  ...be(one.from, 8),
  ...be(one.to, 8),
];

/** 0Ah. */
export const offsetSegment = (one: {
  source?: number;
  destination?: number;
  bytes: number;
  from: number;
  to: number;
  fromOffset?: number;
  toOffset?: number;
}): number[] => [
  0x0a,
  0,
  0,
  0x1c,
  ...be(one.source ?? 0, 2),
  ...be(one.destination ?? 0, 2),
  ...be(one.bytes, 4),
  ...be(one.from, 8),
  ...be(one.to, 8),
  ...be(one.fromOffset ?? 0, 2),
  ...be(one.toOffset ?? 0, 2),
];

/** 07h. */
export const verifySegment = (source: number, tur = 0): number[] => [
  0x07,
  0,
  0,
  8,
  ...be(source, 2),
  0,
  0,
  tur,
  0,
  0,
  0,
];

/** 14h (SPC-4 table 164). */
export const registerSegment = (destination: number, key: number, newKey: number): number[] => [
  0x14,
  0,
  0,
  0x18,
  0,
  0,
  ...be(destination, 2),
  ...be(key, 8),
  ...be(newKey, 8),
  0,
  0,
  0,
  0,
];

/** BEh (SPC-4 table 167). */
export const rodRangesSegment = (
  source: number,
  rod: number,
  ranges: readonly (readonly [number, number])[],
): number[] => [
  0xbe,
  0,
  ...be(12 + ranges.length * 16, 2),
  ...be(source, 2),
  ...be(rod, 2),
  ...zeros(5),
  1,
  ...be(ranges.length * 16, 2),
  ...ranges.flatMap(([lba, blocks]) => [...be(lba, 8), ...be(blocks, 4), ...zeros(4)]),
];

/** BFh (SPC-4 table 170). */
export const rodRangeSegment = (
  source: number,
  rod: number,
  lba: number,
  blocks: number,
): number[] => [0xbf, 0, 0, 0x10, ...be(source, 2), ...be(rod, 2), ...be(lba, 8), ...be(blocks, 4)];

export interface CopyList {
  readonly listId?: number;
  /** LIST ID USAGE; default 2. */
  readonly usage?: number;
  readonly cscds: readonly (readonly number[])[];
  readonly segments: readonly (readonly number[])[];
  readonly inline?: Uint8Array;
  /** IMMED, of LID4. */
  readonly immed?: boolean;
}

/** SPC-4 table 172. */
export function lid1List(list: CopyList): Uint8Array {
  const cscds = list.cscds.flat();
  const segments = list.segments.flat();
  const inline = list.inline ?? [];
  return Uint8Array.from([
    list.listId ?? 1,
    (list.usage ?? 2) << 3,
    ...be(cscds.length, 2),
    ...zeros(4),
    ...be(segments.length, 4),
    ...be(inline.length, 4),
    ...cscds,
    ...segments,
    ...inline,
  ]);
}

/** SPC-4 table 126. */
export function lid4List(list: CopyList): Uint8Array {
  const cscds = list.cscds.flat();
  const segments = list.segments.flat();
  const inline = list.inline ?? [];
  return Uint8Array.from([
    1,
    (list.usage ?? 2) << 3,
    0,
    0x20,
    ...zeros(11),
    list.immed === true ? 1 : 0,
    0xff,
    0,
    0,
    0,
    ...be(list.listId ?? 1, 4),
    ...zeros(18),
    ...be(cscds.length, 2),
    ...be(segments.length, 2),
    ...be(inline.length, 2),
    ...cscds,
    ...segments,
    ...inline,
  ]);
}

export interface TokenList {
  readonly ranges: readonly (readonly [number | bigint, number])[];
  readonly rodType?: number;
  readonly timeout?: number;
  readonly immed?: boolean;
}

const rangeBytes = (ranges: TokenList["ranges"]): number[] =>
  ranges.flatMap(([lba, blocks]) => [...be(lba, 8), ...be(blocks, 4), ...zeros(4)]);

/** SBC-3 table 44. */
export function populateList(list: TokenList): Uint8Array {
  const ranges = rangeBytes(list.ranges);
  const rtv = list.rodType === undefined ? 0 : 2;
  return Uint8Array.from([
    ...be(14 + ranges.length, 2),
    rtv | (list.immed === true ? 1 : 0),
    0,
    ...be(list.timeout ?? 0, 4),
    ...be(list.rodType ?? 0, 4),
    0,
    0,
    ...be(ranges.length, 2),
    ...ranges,
  ]);
}

/** SBC-3 table 127. */
export function writeTokenList(
  token: Uint8Array,
  list: TokenList & { readonly offset?: number; readonly deletes?: boolean },
): Uint8Array {
  const ranges = rangeBytes(list.ranges);
  const flags = (list.deletes === true ? 2 : 0) | (list.immed === true ? 1 : 0);
  return Uint8Array.from([
    ...be(534 + ranges.length, 2),
    flags,
    ...zeros(5),
    ...be(list.offset ?? 0, 8),
    ...token,
    ...zeros(6),
    ...be(ranges.length, 2),
    ...ranges,
  ]);
}

/** The zero token (SBC-3 4.29.4). */
export const zeroToken = (): Uint8Array => {
  const token = new Uint8Array(512);
  token.set([0xff, 0xff, 0x00, 0x01, 0, 0, 0x01, 0xf8]);
  return token;
};

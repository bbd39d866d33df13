/** Bytes of a CDB by the group in its operation code (SPC-4 4.2.5.1); 0: the group says nothing. */
const lengthOfGroup = [6, 10, 10, 0, 16, 12, 0, 0] as const;
const VARIABLE_LENGTH = 0x7f;
const CDB_BYTES_MAX = 16;

/** Bytes of a CDB without the zeroes that a queue's commands have behind it. */
export function cdbLength(cdb: Uint8Array): number {
  if (cdb[0] === VARIABLE_LENGTH) return Math.min(cdb.length, cdb[7] + 8);
  const length = lengthOfGroup[cdb[0] >>> 5];
  return Math.min(cdb.length, length === 0 ? CDB_BYTES_MAX : length);
}

/**
 * Where a CDB says how many bytes of data go with it (SPC-4, SBC-3): operation code, service action where one code has
 * several, first byte and number of bytes.
 */
const lengthFields: readonly (readonly [
  code: number,
  action: number | undefined,
  at: number,
  bytes: number,
])[] = [
  [0x03, undefined, 4, 1], // REQUEST SENSE
  [0x12, undefined, 3, 2], // INQUIRY
  [0x1a, undefined, 4, 1], // MODE SENSE(6)
  [0x5a, undefined, 7, 2], // MODE SENSE(10)
  [0x83, undefined, 10, 4], // EXTENDED COPY, POPULATE TOKEN, WRITE USING TOKEN
  [0x84, undefined, 10, 4], // RECEIVE COPY RESULTS and the like
  [0x9e, 0x10, 10, 4], // READ CAPACITY(16)
  [0xa0, undefined, 6, 4], // REPORT LUNS
  [0xa3, 0x0c, 6, 4], // REPORT SUPPORTED OPERATION CODES
];
const READ_CAPACITY_10 = 0x25;
const READ_CAPACITY_10_BYTES = 8;
const ATA_PASS_THROUGH_16 = 0x85;
const ATA_BLOCK_BYTES = 512;
/** T_LENGTH: no data, FEATURES, COUNT, the transport (SAT-4, Table 153). */
const T_LENGTH_PLACES = [undefined, 3, 5, undefined] as const;
/** READ(16), WRITE(16): TRANSFER LENGTH counts blocks. */
const transfers: ReadonlySet<number> = new Set([0x88, 0x8a]);

function number(cdb: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i += 1) value = value * 256 + cdb[at + i];
  return value;
}

/** What ATA PASS-THROUGH(16) says of its data (SAT-4, 12.2.2.2): blocks, or bytes of each; `undefined`: nothing. */
function passThroughLength(
  cdb: Uint8Array,
): { readonly units: number; readonly unitBytes: number | undefined } | undefined {
  const [, first, second] = cdb;
  const place = T_LENGTH_PLACES[second & 3];
  if ((second & 3) === 0) return { units: 0, unitBytes: 0 };
  if (place === undefined) return undefined;
  const units = (first & 1) === 0 ? cdb[place + 1] : number(cdb, place, 2);
  const isBlocks = (second & 4) !== 0;
  const isSectors = (second & 16) !== 0;
  return { units, unitBytes: isBlocks ? (isSectors ? undefined : ATA_BLOCK_BYTES) : 1 };
}

/**
 * Checks that the data that goes with a CDB is as long as the CDB says.
 * @throws RangeError
 */
export function checkTransferLength(cdb: Uint8Array, bytes: number): void {
  const refuse = (says: string): never => {
    throw new RangeError(`the CDB says ${says}, and ${bytes} bytes of data go with it`);
  };
  const [code] = cdb;
  if (transfers.has(code)) {
    const blocks = number(cdb, 10, 4);
    if (blocks === 0 ? bytes !== 0 : bytes === 0 || bytes % blocks !== 0)
      refuse(`${blocks} blocks`);
    return;
  }
  if (code === ATA_PASS_THROUGH_16) {
    const said = passThroughLength(cdb);
    if (said === undefined) return;
    const { units, unitBytes } = said;
    const agrees =
      unitBytes === undefined ? bytes > 0 && bytes % units === 0 : bytes === units * unitBytes;
    if (!agrees) refuse(`${units} units of ${unitBytes ?? "some"} bytes`);
    return;
  }
  if (code === READ_CAPACITY_10) {
    if (bytes !== READ_CAPACITY_10_BYTES) refuse(`${READ_CAPACITY_10_BYTES} bytes`);
    return;
  }
  const field = lengthFields.find(
    ([one, action]) => one === code && (action === undefined || action === (cdb[1] & 0x1f)),
  );
  if (field === undefined) return;
  const length = number(cdb, field[2], field[3]);
  if (length !== bytes) refuse(`${length} bytes`);
}

/** Commands that change nothing: what a unit that is opened for reading is sent. */
const reading: ReadonlySet<number> = new Set([
  0x00, // TEST UNIT READY
  0x03, // REQUEST SENSE
  0x12, // INQUIRY
  0x1a, // MODE SENSE(6)
  0x25, // READ CAPACITY(10)
  0x28, // READ(10)
  0x5a, // MODE SENSE(10)
  0x84, // RECEIVE COPY RESULTS and the like
  0x88, // READ(16)
  0x91, // SYNCHRONIZE CACHE(16)
  0x9e, // SERVICE ACTION IN(16): READ CAPACITY(16)
  0xa0, // REPORT LUNS
  0xa3, // MAINTENANCE IN
]);

/** ATA commands that change nothing: reads, verifies, logs, power mode, IDENTIFY DEVICE (ACS-4, clause 7). */
const readingAta: ReadonlySet<number> = new Set([
  ...[0x20, 0x24, 0x25, 0x2f, 0x40, 0x42, 0x47, 0xc8, 0xe5, 0xec],
]);

/** True for commands that change nothing on the unit. */
export function changesNothing(cdb: Uint8Array): boolean {
  if (cdb[0] === ATA_PASS_THROUGH_16) return readingAta.has(cdb[14]);
  return reading.has(cdb[0]);
}

/**
 * How a command ended: bits of ERROR (0: well, unless the device is at fault), and the sense data that says more, as
 * SENSE KEY, ADDITIONAL SENSE CODE and its qualifier in one number (SPC-5, Table 28; SAT-4, Table 150).
 */
export interface CommandResult {
  readonly error: number;
  /** DEVICE FAULT is set in STATUS. */
  readonly isFault: boolean;
  readonly sense: number;
}

const refusal = (error: number, sense: number): CommandResult => ({ error, isFault: false, sense });
const ABRT = 0x04;
const IDNF = 0x10;
const UNC = 0x40;
const ICRC = 0x80;

type ResultName =
  | "good"
  | "unsupported"
  | "invalidField"
  | "invalidList"
  | "listLength"
  | "outOfRange"
  | "outOfRangeAborted"
  | "noRoom"
  | "writeProtected"
  | "storeFull"
  | "unrecoveredRead"
  | "transferLength"
  | "interfaceCrc"
  | "aborted"
  | "writeFault"
  | "internal";

/** Everything that commands end with. */
export const result: Readonly<Record<ResultName, CommandResult>> = {
  good: refusal(0, 0),
  /** INVALID COMMAND OPERATION CODE. */
  unsupported: refusal(ABRT, 0x052000),
  /** INVALID FIELD IN CDB. */
  invalidField: refusal(ABRT, 0x052400),
  /** INVALID FIELD IN PARAMETER LIST. */
  invalidList: refusal(ABRT, 0x052600),
  /** PARAMETER LIST LENGTH ERROR. */
  listLength: refusal(ABRT, 0x051a00),
  /** LOGICAL BLOCK ADDRESS OUT OF RANGE. */
  outOfRange: refusal(IDNF, 0x052100),
  outOfRangeAborted: refusal(ABRT, 0x052100),
  /** INSUFFICIENT RESOURCES. */
  noRoom: refusal(ABRT, 0x055503),
  /** WRITE PROTECTED. */
  writeProtected: refusal(ABRT, 0x072700),
  /** SPACE ALLOCATION FAILED WRITE PROTECT. */
  storeFull: refusal(ABRT, 0x072707),
  /** UNRECOVERED READ ERROR. */
  unrecoveredRead: refusal(UNC, 0x031100),
  /** DATA PHASE ERROR: the host's data is not as long as the command says. */
  transferLength: refusal(ABRT, 0x0b4b00),
  /** INFORMATION UNIT iuCRC ERROR DETECTED. */
  interfaceCrc: refusal(ICRC | ABRT, 0x0b4703),
  /** NO ADDITIONAL SENSE INFORMATION: refused until log 10h is read, or a NOP. */
  aborted: refusal(ABRT, 0x0b0000),
  /** WRITE ERROR. */
  writeFault: { error: 0, isFault: true, sense: 0x030c00 },
  /** INTERNAL TARGET FAILURE. */
  internal: { error: 0, isFault: true, sense: 0x044400 },
};

export const isGood = (ended: CommandResult): boolean => ended.error === 0 && !ended.isFault;

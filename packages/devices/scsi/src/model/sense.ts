/** Where a field that was refused lies (SPC-4 4.5.2.4.2). */
export interface FieldPointer {
  /** In the CDB; else in the parameter list. */
  readonly inCdb: boolean;
  readonly byte: number;
  /** Most significant bit of a field that is part of a byte. */
  readonly bit?: number;
}

/** Which segment of a copy failed (SPC-4 4.5.2.4.5 and 6.4.3). */
export interface SegmentPointer {
  readonly segment: number;
  /** Byte within the segment descriptor, or within the parameter list. */
  readonly byte?: number;
  readonly inSegment?: boolean;
}

/** What a copy source or destination itself answered to the copy manager. */
export interface Forwarded {
  readonly end: "source" | "destination";
  /** SAM status. */
  readonly status: number;
  readonly sense: Sense | undefined;
}

export interface SenseCode {
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
}

/** Sense data before it is bytes. */
export interface Sense extends SenseCode {
  readonly information?: number;
  readonly fieldPointer?: FieldPointer;
  readonly segmentPointer?: SegmentPointer;
  readonly forwarded?: Forwarded;
}

/** Status codes of SAM-5 5.3.1 that the model returns. */
export const samStatus = {
  good: 0x00,
  checkCondition: 0x02,
  busy: 0x08,
  reservationConflict: 0x18,
  taskSetFull: 0x28,
  taskAborted: 0x40,
} as const;

/** Why a command did not end with GOOD. */
export interface Refusal {
  readonly status: number;
  readonly sense: Sense | undefined;
  /** Sense data that came as bytes, from behind a translator. */
  readonly senseBytes?: Uint8Array;
}

export const senseKey = {
  noSense: 0x0,
  notReady: 0x2,
  mediumError: 0x3,
  hardwareError: 0x4,
  illegalRequest: 0x5,
  unitAttention: 0x6,
  dataProtect: 0x7,
  copyAborted: 0xa,
  abortedCommand: 0xb,
  miscompare: 0xe,
} as const;

export const code = (key: number, asc: number, ascq: number): SenseCode => ({ key, asc, ascq });

/** Names of the sense codes of commands other than third-party copies. */
export type SenseCodeName =
  | "none"
  | "invalidOpcode"
  | "invalidFieldInCdb"
  | "invalidFieldInList"
  | "listLength"
  | "outOfRange"
  | "unitNotSupported"
  | "invalidRelease"
  | "registrationResources"
  | "removalPrevented"
  | "writeProtected"
  | "spaceExhausted"
  | "noMedium"
  | "becomingReady"
  | "stopped"
  | "unrecoveredRead"
  | "writeFault"
  | "miscompare"
  | "internalFailure"
  | "mediumChanged"
  | "poweredOn"
  | "unitReset"
  | "modeParametersChanged"
  | "reservationsPreempted"
  | "reservationsReleased"
  | "registrationsPreempted"
  | "clearedByDeviceServer"
  | "clearedByInitiator";

/** Sense codes of commands other than third-party copies (SPC-4 table 56, SBC-3). */
export const senseCodes: Readonly<Record<SenseCodeName, SenseCode>> = {
  none: code(senseKey.noSense, 0x00, 0x00),
  invalidOpcode: code(senseKey.illegalRequest, 0x20, 0x00),
  invalidFieldInCdb: code(senseKey.illegalRequest, 0x24, 0x00),
  invalidFieldInList: code(senseKey.illegalRequest, 0x26, 0x00),
  listLength: code(senseKey.illegalRequest, 0x1a, 0x00),
  outOfRange: code(senseKey.illegalRequest, 0x21, 0x00),
  unitNotSupported: code(senseKey.illegalRequest, 0x25, 0x00),
  invalidRelease: code(senseKey.illegalRequest, 0x26, 0x04),
  registrationResources: code(senseKey.illegalRequest, 0x55, 0x04),
  removalPrevented: code(senseKey.illegalRequest, 0x53, 0x02),
  writeProtected: code(senseKey.dataProtect, 0x27, 0x00),
  spaceExhausted: code(senseKey.dataProtect, 0x27, 0x07),
  noMedium: code(senseKey.notReady, 0x3a, 0x00),
  becomingReady: code(senseKey.notReady, 0x04, 0x01),
  stopped: code(senseKey.notReady, 0x04, 0x02),
  unrecoveredRead: code(senseKey.mediumError, 0x11, 0x00),
  writeFault: code(senseKey.mediumError, 0x0c, 0x00),
  miscompare: code(senseKey.miscompare, 0x1d, 0x00),
  internalFailure: code(senseKey.hardwareError, 0x44, 0x00),
  mediumChanged: code(senseKey.unitAttention, 0x28, 0x00),
  poweredOn: code(senseKey.unitAttention, 0x29, 0x00),
  unitReset: code(senseKey.unitAttention, 0x29, 0x03),
  modeParametersChanged: code(senseKey.unitAttention, 0x2a, 0x01),
  reservationsPreempted: code(senseKey.unitAttention, 0x2a, 0x03),
  reservationsReleased: code(senseKey.unitAttention, 0x2a, 0x04),
  registrationsPreempted: code(senseKey.unitAttention, 0x2a, 0x05),
  clearedByDeviceServer: code(senseKey.unitAttention, 0x2f, 0x02),
  clearedByInitiator: code(senseKey.unitAttention, 0x2f, 0x00),
};

const GOOD_FIELDS: Partial<Sense> = {};

/** CHECK CONDITION with this sense data. */
export const refuse = (sense: SenseCode, fields: Partial<Sense> = GOOD_FIELDS): Refusal => ({
  status: samStatus.checkCondition,
  sense: { ...sense, ...fields },
});

/** INVALID FIELD IN CDB, and where. */
export const refuseCdb = (byte: number, bit?: number): Refusal =>
  refuse(senseCodes.invalidFieldInCdb, {
    fieldPointer: bit === undefined ? { inCdb: true, byte } : { inCdb: true, byte, bit },
  });

/** INVALID FIELD IN PARAMETER LIST, and where. */
export const refuseList = (byte: number, bit?: number): Refusal =>
  refuse(senseCodes.invalidFieldInList, {
    fieldPointer: bit === undefined ? { inCdb: false, byte } : { inCdb: false, byte, bit },
  });

/** LOGICAL BLOCK ADDRESS OUT OF RANGE, with the first address that is. */
export const refuseAddress = (lba: number): Refusal =>
  refuse(senseCodes.outOfRange, { information: lba });

export const reservationConflict: Refusal = {
  status: samStatus.reservationConflict,
  sense: undefined,
};

export const busy: Refusal = { status: samStatus.busy, sense: undefined };

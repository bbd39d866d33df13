import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { uint32 } from "../big-endian.ts";
import { type Codec, fixed, rawBytes } from "../codec.ts";
import { type DescriptorKind, descriptorList, evenly } from "../descriptor-list.ts";
import { variable } from "../variable.ts";

const header = {
  name: "PERSISTENT RESERVE IN parameter data",
  bytes: 8,
  endian: "big",
  source: "SPC-4 6.15",
  fields: [
    { name: "prGeneration", at: "bytes 0..3", kind: "uint", meaning: "PRGENERATION" },
    {
      name: "additionalLength",
      at: "bytes 4..7",
      kind: "uint",
      meaning: "ADDITIONAL LENGTH, bytes that follow it",
    },
  ],
} as const;

const key = {
  name: "Reservation key",
  bytes: 8,
  endian: "big",
  source: "SPC-4 6.15.2",
  fields: [{ name: "key", at: "bytes 0..7", kind: "wide", meaning: "RESERVATION KEY" }],
} as const;

const reservation = {
  name: "Reservation",
  bytes: 16,
  endian: "big",
  source: "SPC-4 6.15.3",
  fields: [
    { name: "key", at: "bytes 0..7", kind: "wide", meaning: "RESERVATION KEY" },
    { at: "bytes 8..11", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 12", kind: "reserved" },
    {
      name: "scope",
      at: "byte 13[7:4]",
      kind: "enumeration",
      names: { 0: "logical unit" },
      meaning: "SCOPE",
    },
    {
      name: "type",
      at: "byte 13[3:0]",
      kind: "enumeration",
      names: {
        1: "Write Exclusive",
        3: "Exclusive Access",
        5: "Write Exclusive - Registrants Only",
        6: "Exclusive Access - Registrants Only",
        7: "Write Exclusive - All Registrants",
        8: "Exclusive Access - All Registrants",
      },
      meaning: "TYPE",
    },
    { at: "bytes 14..15", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
  ],
} as const;

const capabilities = {
  name: "PERSISTENT RESERVE IN parameter data, capabilities",
  bytes: 8,
  endian: "big",
  source: "SPC-4 6.15.4",
  fields: [
    { name: "length", at: "bytes 0..1", kind: "constant", value: 8, meaning: "LENGTH" },
    { name: "rlrC", at: "byte 2[7]", kind: "flag", meaning: "RLR_C: replace lost reservation" },
    { at: "byte 2[6:5]", kind: "reserved" },
    { name: "crh", at: "byte 2[4]", kind: "flag", meaning: "CRH: compatible reservation handling" },
    { name: "sipC", at: "byte 2[3]", kind: "flag", meaning: "SIP_C: SPEC_I_PT" },
    { name: "atpC", at: "byte 2[2]", kind: "flag", meaning: "ATP_C: ALL_TG_PT" },
    { at: "byte 2[1]", kind: "reserved" },
    { name: "ptplC", at: "byte 2[0]", kind: "flag", meaning: "PTPL_C: persist through power loss" },
    { name: "tmv", at: "byte 3[7]", kind: "flag", meaning: "TMV: the type mask is valid" },
    { name: "allowCommands", at: "byte 3[6:4]", kind: "uint", meaning: "ALLOW COMMANDS" },
    { at: "byte 3[3:1]", kind: "reserved" },
    { name: "ptplA", at: "byte 3[0]", kind: "flag", meaning: "PTPL_A: persistence is on" },
    {
      name: "typeMask",
      at: "bytes 4..5",
      kind: "bitset",
      names: {
        0: "Exclusive Access - All Registrants",
        9: "Write Exclusive",
        11: "Exclusive Access",
        13: "Write Exclusive - Registrants Only",
        14: "Exclusive Access - Registrants Only",
        15: "Write Exclusive - All Registrants",
      },
      meaning: "PERSISTENT RESERVATION TYPE MASK",
    },
    { at: "bytes 6..7", kind: "reserved" },
  ],
} as const;

const status = {
  name: "Full status descriptor",
  bytes: 24,
  endian: "big",
  source: "SPC-4 6.15.5",
  fields: [
    { name: "key", at: "bytes 0..7", kind: "wide", meaning: "RESERVATION KEY" },
    { at: "bytes 8..11", kind: "reserved" },
    { at: "byte 12[7:2]", kind: "reserved" },
    { name: "allTgPt", at: "byte 12[1]", kind: "flag", meaning: "ALL_TG_PT: all target ports" },
    { name: "rHolder", at: "byte 12[0]", kind: "flag", meaning: "R_HOLDER: holds a reservation" },
    { name: "scope", at: "byte 13[7:4]", kind: "uint", meaning: "SCOPE, if R_HOLDER" },
    { name: "type", at: "byte 13[3:0]", kind: "uint", meaning: "TYPE, if R_HOLDER" },
    { at: "bytes 14..17", kind: "reserved" },
    {
      name: "relativeTargetPortIdentifier",
      at: "bytes 18..19",
      kind: "uint",
      meaning: "RELATIVE TARGET PORT IDENTIFIER",
    },
    {
      name: "additionalDescriptorLength",
      at: "bytes 20..23",
      kind: "uint",
      meaning: "ADDITIONAL DESCRIPTOR LENGTH",
    },
  ],
} as const;

const out = {
  name: "PERSISTENT RESERVE OUT parameter list",
  bytes: 24,
  endian: "big",
  source: "SPC-4 6.16.3",
  fields: [
    { name: "key", at: "bytes 0..7", kind: "wide", meaning: "RESERVATION KEY" },
    {
      name: "serviceActionKey",
      at: "bytes 8..15",
      kind: "wide",
      meaning: "SERVICE ACTION RESERVATION KEY",
    },
    { at: "bytes 16..19", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { at: "byte 20[7:4]", kind: "reserved" },
    {
      name: "specIPt",
      at: "byte 20[3]",
      kind: "flag",
      meaning: "SPEC_I_PT: TransportIDs follow",
    },
    { name: "allTgPt", at: "byte 20[2]", kind: "flag", meaning: "ALL_TG_PT: all target ports" },
    { at: "byte 20[1]", kind: "reserved" },
    { name: "aptpl", at: "byte 20[0]", kind: "flag", meaning: "APTPL: keep through power loss" },
    { at: "byte 21", kind: "reserved" },
    { at: "bytes 22..23", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
  ],
} as const;

const move = {
  name: "PERSISTENT RESERVE OUT parameter list, REGISTER AND MOVE",
  bytes: 24,
  endian: "big",
  source: "SPC-4 6.16.4",
  fields: [
    { name: "key", at: "bytes 0..7", kind: "wide", meaning: "RESERVATION KEY" },
    {
      name: "serviceActionKey",
      at: "bytes 8..15",
      kind: "wide",
      meaning: "SERVICE ACTION RESERVATION KEY",
    },
    { at: "byte 16", kind: "reserved" },
    { at: "byte 17[7:2]", kind: "reserved" },
    { name: "unreg", at: "byte 17[1]", kind: "flag", meaning: "UNREG: unregister this nexus" },
    { name: "aptpl", at: "byte 17[0]", kind: "flag", meaning: "APTPL: keep through power loss" },
    {
      name: "relativeTargetPortIdentifier",
      at: "bytes 18..19",
      kind: "uint",
      meaning: "RELATIVE TARGET PORT IDENTIFIER",
    },
    {
      name: "transportIdLength",
      at: "bytes 20..23",
      kind: "uint",
      meaning: "TRANSPORTID LENGTH",
    },
  ],
} as const;

/** The first 8 bytes of every response to PERSISTENT RESERVE IN but the capabilities. */
export const reservationInHeader: Structure<typeof header> = structure(header);
const keyEntry: Structure<typeof key> = structure(key);
/** A reservation that is held. */
export const heldReservation: Structure<typeof reservation> = structure(reservation);
/** The response to PERSISTENT RESERVE IN, REPORT CAPABILITIES. */
export const reservationCapabilities: Structure<typeof capabilities> = structure(capabilities);
const statusHeader: Structure<typeof status> = structure(status);
/** The data of PERSISTENT RESERVE OUT; TransportIDs follow if SPEC_I_PT. */
export const reservationOutList: Structure<typeof out> = structure(out);
const moveHeader: Structure<typeof move> = structure(move);

export type HeldReservation = Infer<typeof heldReservation>;
export type ReservationCapabilities = Infer<typeof reservationCapabilities>;
export type ReservationOut = Infer<typeof reservationOutList>;

/** The registered keys. */
export interface ReservationKeys {
  readonly prGeneration: number;
  readonly keys: readonly { readonly key: bigint }[];
}

export interface ReservationKeysInput {
  readonly prGeneration?: number;
  readonly keys?: readonly InputOf<typeof key>[];
}

/** The response to PERSISTENT RESERVE IN, READ KEYS. */
export const reservationKeys: Codec<ReservationKeys, ReservationKeysInput> = variable({
  name: `${header.name}, keys`,
  source: "SPC-4 6.15.2",
  header: reservationInHeader,
  total: { field: "additionalLength", less: 8 },
  parts: [{ name: "keys", codec: descriptorList("keys", evenly(fixed(keyEntry), 8)) }],
});

/** The reservation: none or one. */
export interface Reservations {
  readonly prGeneration: number;
  readonly reservations: readonly HeldReservation[];
}

export interface ReservationsInput {
  readonly prGeneration?: number;
  readonly reservations?: readonly InputOf<typeof reservation>[];
}

/** The response to PERSISTENT RESERVE IN, READ RESERVATION. */
export const reservationHeld: Codec<Reservations, ReservationsInput> = variable({
  name: `${header.name}, reservation`,
  source: "SPC-4 6.15.3",
  header: reservationInHeader,
  total: { field: "additionalLength", less: 8 },
  parts: [
    {
      name: "reservations",
      codec: descriptorList("reservations", evenly(fixed(heldReservation), 16)),
    },
  ],
});

/** One registration, and the reservation if it holds one. */
export interface FullStatus {
  readonly key: bigint;
  readonly allTgPt: boolean;
  readonly rHolder: boolean;
  readonly scope: number;
  readonly type: number;
  readonly relativeTargetPortIdentifier: number;
  readonly transportId: Uint8Array;
}

export interface FullStatusInput {
  readonly key?: number | bigint;
  readonly allTgPt?: boolean;
  readonly rHolder?: boolean;
  readonly scope?: number;
  readonly type?: number;
  readonly relativeTargetPortIdentifier?: number;
  readonly transportId?: Uint8Array;
}

const fullStatus: DescriptorKind<FullStatus, FullStatusInput> = {
  ...variable<FullStatus, FullStatusInput>({
    name: status.name,
    source: status.source,
    header: statusHeader,
    parts: [
      {
        name: "transportId",
        codec: rawBytes("transportId", "SPC-4 7.6.4", "TRANSPORTID"),
        length: "additionalDescriptorLength",
      },
    ],
  }),
  measuredBytes: 24,
  measure: (bytes, at) => 24 + uint32(bytes, at + 20),
};

/** All registrations. */
export interface FullStatuses {
  readonly prGeneration: number;
  readonly registrations: readonly FullStatus[];
}

export interface FullStatusesInput {
  readonly prGeneration?: number;
  readonly registrations?: readonly FullStatusInput[];
}

/** The response to PERSISTENT RESERVE IN, READ FULL STATUS. */
export const reservationFullStatus: Codec<FullStatuses, FullStatusesInput> = variable({
  name: `${header.name}, full status`,
  source: "SPC-4 6.15.5",
  header: reservationInHeader,
  total: { field: "additionalLength", less: 8 },
  parts: [{ name: "registrations", codec: descriptorList("full status descriptors", fullStatus) }],
});

/** The data of PERSISTENT RESERVE OUT, REGISTER AND MOVE. */
export interface RegisterAndMove {
  readonly key: bigint;
  readonly serviceActionKey: bigint;
  readonly unreg: boolean;
  readonly aptpl: boolean;
  readonly relativeTargetPortIdentifier: number;
  readonly transportId: Uint8Array;
}

export interface RegisterAndMoveInput {
  readonly key?: number | bigint;
  readonly serviceActionKey?: number | bigint;
  readonly unreg?: boolean;
  readonly aptpl?: boolean;
  readonly relativeTargetPortIdentifier?: number;
  readonly transportId?: Uint8Array;
}

/** The data of PERSISTENT RESERVE OUT, REGISTER AND MOVE. */
export const registerAndMoveList: Codec<RegisterAndMove, RegisterAndMoveInput> = variable({
  name: move.name,
  source: move.source,
  header: moveHeader,
  parts: [
    {
      name: "transportId",
      codec: rawBytes("transportId", "SPC-4 7.6.4", "TRANSPORTID"),
      length: "transportIdLength",
    },
  ],
});

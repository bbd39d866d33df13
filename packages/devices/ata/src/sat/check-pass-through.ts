import type { PassThrough } from "../codec/sat/pass-through.ts";
import { passThroughProtocol as protocol, transferLength } from "../codec/sat/pass-through-cdb.ts";
import type { SatDialect } from "./dialect.ts";

/** How much data a pass-through command moves, or the byte of its CDB that is wrong. */
export type PassThroughCheck =
  | { readonly ok: true; readonly inBytes: number; readonly outBytes: number }
  | { readonly ok: false; readonly fieldPointer: number };

const SET_FEATURES = 0xef;
const SET_TRANSFER_MODE = 0x03;
const BLOCK_BYTES = 512;

const refuse = (fieldPointer: number): PassThroughCheck => ({ ok: false, fieldPointer });

/** Bytes of the CDB, by form, that a refusal can point at. */
const places = {
  12: { protocol: 1, transfer: 2, feature: 3, command: 9 },
  16: { protocol: 1, transfer: 2, feature: 4, command: 14 },
  32: { protocol: 10, transfer: 11, feature: 21, command: 25 },
} as const;

const withoutData: ReadonlySet<number> = new Set([
  protocol.hardReset,
  protocol.softwareReset,
  protocol.nonData,
  protocol.diagnostic,
  protocol.deviceReset,
  protocol.returnResponse,
]);

/** Commands that a translator keeps for itself: transfer modes, and TRUSTED SEND and RECEIVE (5Ch..5Fh). */
function guarded({ form, taskFile }: PassThrough): PassThroughCheck | undefined {
  const { command, feature } = taskFile;
  const at = places[form];
  if (command >= 0x5c && command <= 0x5f) return refuse(at.command);
  const setsMode = command === SET_FEATURES && feature % 256 === SET_TRANSFER_MODE;
  return setsMode ? refuse(at.feature) : undefined;
}

/** Bytes that T_LENGTH, BYT_BLOK and T_TYPE say (SAT-4, 12.2.2.2); `undefined`: the transport does. */
function lengthOf(pass: PassThrough, bytesPerSector: number): number | undefined {
  const { tLength, bytBlok, tType, extend, taskFile } = pass;
  if (tLength === transferLength.transport) return undefined;
  if (tLength === transferLength.none) return 0;
  const register = tLength === transferLength.feature ? taskFile.feature : taskFile.count;
  const amount = extend ? register : register % 256;
  if (!bytBlok) return amount;
  return amount * (tType ? bytesPerSector : BLOCK_BYTES);
}

/** True if T_DIR agrees with a PROTOCOL that has a direction of its own. */
function agrees({ protocol: kind, tDir }: PassThrough): boolean {
  if (kind === protocol.pioIn || kind === protocol.udmaIn) return tDir;
  return kind === protocol.pioOut || kind === protocol.udmaOut ? !tDir : true;
}

/** Checks a command against the dialect's rules and the data that came with it. */
export function checkPassThrough(
  pass: PassThrough,
  dialect: SatDialect,
  bytesPerSector: number,
  isQueueing: boolean,
  dataOut: Uint8Array | undefined,
  dataIn: Uint8Array | undefined,
): PassThroughCheck {
  const at = places[pass.form];
  const room = { in: dataIn?.length ?? 0, out: dataOut?.length ?? 0 };
  if (!dialect.protocols.includes(pass.protocol)) return refuse(at.protocol);
  if (pass.protocol === protocol.fpdma && !isQueueing) return refuse(at.protocol);
  const isSilent = pass.tLength === transferLength.none;
  if (isSilent && room.in + room.out > 0) return refuse(at.transfer);
  if (dialect.guardsItself) {
    const kept = guarded(pass);
    if (kept !== undefined) return kept;
  }
  if (dialect.trustsTransportLength) return { ok: true, inBytes: room.in, outBytes: room.out };
  if (!isSilent && withoutData.has(pass.protocol)) return refuse(at.transfer);
  if (isSilent) return { ok: true, inBytes: 0, outBytes: 0 };
  if (!agrees(pass)) return refuse(at.transfer);
  const available = pass.tDir ? room.in : room.out;
  const bytes = lengthOf(pass, bytesPerSector) ?? available;
  if (bytes > available) return refuse(at.transfer);
  return pass.tDir
    ? { ok: true, inBytes: bytes, outBytes: 0 }
    : { ok: true, inBytes: 0, outBytes: bytes };
}

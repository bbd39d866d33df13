import { type DeviceStatus, type Status, type StatusName, status } from "@blockferry/core";
import { nvmeStatus } from "./codec/status/index.ts";

/**
 * What NVMe statuses mean to a copy, by SCT << 8 | SC. Whatever is not listed is a `deviceError`: an error that the device
 * reports and that fits no other core status.
 */
const meanings: Readonly<Partial<Record<StatusName, readonly number[]>>> = {
  success: [0x000],
  unsupported: [0x001, 0x01f, 0x023, 0x026, 0x029, 0x129],
  invalid: [
    0x002, 0x00a, 0x00c, 0x00d, 0x00e, 0x00f, 0x010, 0x011, 0x012, 0x013, 0x016, 0x018, 0x01a,
    0x01e, 0x027, 0x02a, 0x180, 0x181, 0x1b6, 0x1b8, 0x1bc, 0x1bf,
  ],
  limitExceeded: [0x014, 0x183],
  outOfRange: [0x080],
  overlap: [0x187],
  incompatible: [0x00b, 0x10a, 0x185],
  notFast: [0x186],
  unrecoveredRead: [0x281],
  writeFault: [0x280],
  protection: [0x282, 0x283, 0x284, 0x288],
  writeProtected: [0x020, 0x182, 0x1ba],
  reservationConflict: [0x083],
  deallocated: [0x287],
  capacityExceeded: [0x081, 0x1b9],
  busy: [0x021, 0x022, 0x189, 0x1b7, 0x1bd, 0x1be],
  notReady: [0x01d, 0x024, 0x082, 0x084, 0x1bb, 0x301, 0x302, 0x303],
  aborted: [0x005, 0x007, 0x008, 0x009, 0x01b, 0x371],
  unreachable: [0x188],
};

/** SCT has 3 bits, SC 8. */
const CODES = 2048;

function fillCoreStatuses(): Uint8Array {
  const map = new Uint8Array(CODES).fill(status.deviceError);
  for (const [name, codes] of Object.entries(meanings)) {
    for (const code of codes) map[code] = status[name as StatusName];
  }
  return map;
}

/** Core status by SCT << 8 | SC. */
export const coreStatuses: Uint8Array = fillCoreStatuses();

/**
 * 1 where the same command may succeed on the same controller if it is sent again (and Do Not Retry is clear). Of a code
 * that nobody knows, Do Not Retry alone decides.
 */
export const retryableStatuses: Uint8Array = Uint8Array.from({ length: CODES }, (_, code) =>
  nvmeStatus(code >> 8, code & 0xff).retry === "later" ? 1 : 0,
);

/** The core status of a status code. @throws RangeError outside SCT 0..7 and SC 0..255. */
export function coreStatusOf(sct: number, sc: number): Status {
  if (!Number.isInteger(sct) || sct < 0 || sct > 7 || !Number.isInteger(sc) || sc < 0 || sc > 255) {
    throw new RangeError(`no status has type ${sct} and code ${sc}`);
  }
  return coreStatuses[(sct << 8) | sc] as Status;
}

/** DW0 and DW3 of a completion in words. `expectedCid` is the identifier of the command it should answer. */
export function describeCompletion(dw0: number, dw3: number, expectedCid: number): DeviceStatus {
  const code = (dw3 >>> 17) & 0x7ff;
  const sct = code >>> 8;
  const sc = code & 0xff;
  const cid = dw3 & 0xffff;
  const fields = {
    sct,
    sc,
    dnr: dw3 >>> 31,
    more: (dw3 >>> 30) & 1,
    crd: (dw3 >>> 28) & 3,
    dw0: dw0 >>> 0,
  };
  const { name } = nvmeStatus(sct, sc);
  if (cid === expectedCid) return { family: "nvme", code, name, fields };
  return {
    family: "nvme",
    code,
    name: `completion of another command: identifier ${hex(cid)}, expected ${hex(expectedCid)} (${name})`,
    fields: { ...fields, cid, expectedCid },
  };
}

function hex(cid: number): string {
  return `${cid.toString(16).toUpperCase().padStart(4, "0")}h`;
}

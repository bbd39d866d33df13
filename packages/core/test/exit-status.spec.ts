// Goal: exit statuses are those that users of sg3_utils and ddpt know. Expected numbers are those of sg3_utils(8),
// section EXIT STATUS (1.46), 90 that of ddpt(8) 0.97, errno numbers those of asm-generic/errno-base.h.
import { describe, expect, it } from "vitest";
import { FerryError } from "../src/errors.ts";
import {
  exitStatusOf,
  exitStatusOfErrno,
  exitStatusOfError,
  exitStatusTable,
} from "../src/exit-status.ts";
import { type StatusName, status } from "../src/status.ts";

describe("exit status of a device's answer", () => {
  it.each<[StatusName, number]>([
    ["success", 0],
    ["notReady", 2],
    ["unrecoveredRead", 3],
    ["writeFault", 3],
    ["limitExceeded", 5],
    ["overlap", 5],
    ["reset", 6],
    ["writeProtected", 7],
    ["unsupported", 9],
    ["notFast", 10],
    ["aborted", 11],
    ["outOfRange", 22],
    ["reservationConflict", 24],
    ["busy", 26],
    ["timeout", 33],
    ["protection", 40],
  ])("%s is %i", (name, code) => {
    expect(exitStatusOf(name)).toBe(code);
  });

  it("tells an NVMe status without a place (48) from any other (98)", () => {
    const fields = {};
    expect(
      exitStatusOf("deviceError", { family: "nvme", code: 0x1c0, name: "vendor", fields }),
    ).toBe(48);
    expect(exitStatusOf("deviceError", { family: "scsi", code: 9, name: "vendor", fields })).toBe(
      98,
    );
  });

  it("gives every status a line of the table, and 0 to success alone", () => {
    const codes = new Set(exitStatusTable.map((entry) => entry.code));
    for (const name of Object.keys(status) as StatusName[]) {
      const code = exitStatusOf(name);
      expect(codes).toContain(code);
      expect(code === 0).toBe(name === "success");
    }
  });
});

describe("exit status of an error", () => {
  it("adds errno to 50 up to 46, as sg3_utils does", () => {
    expect(exitStatusOfErrno(2)).toBe(52); // ENOENT
    expect(exitStatusOfErrno(-28)).toBe(78); // ENOSPC
    expect(exitStatusOfErrno(47)).toBe(50);
    expect(exitStatusOfErrno(110)).toBe(50); // ETIMEDOUT
  });

  it.each([
    ["FERRY_RANGE_EMPTY", 1],
    ["FERRY_URI_PARAMETER", 1],
    ["FERRY_OPTION_CONTRADICTION", 31],
    ["FERRY_COPY_OUT_OF_RANGE", 22],
    ["FERRY_COPY_UNSUPPORTED", 9],
    ["FERRY_VERIFY_MISMATCH", 14],
    ["FERRY_STORE_SIZE", 15],
    ["FERRY_STORE_LOCKED", 90],
    ["FERRY_SCSI_DATA", 97],
    ["FERRY_SCSI_NO_UNIT", 15],
    ["FERRY_SCSI_DUPLICATE_DESIGNATOR", 98],
    ["FERRY_ATA_PROVISIONAL", 31],
    ["FERRY_SOMETHING_ELSE", 99],
  ])("%s is %i", (code, expected) => {
    expect(exitStatusOfError(new FerryError(code, "what went wrong"))).toBe(expected);
  });

  it("takes the operating system's error of a store, wherever it is", () => {
    const cause = Object.assign(new Error("ENOSPC"), { errno: -28 });
    expect(exitStatusOfError(new FerryError("FERRY_STORE_FULL", "full", { cause }))).toBe(78);
    expect(
      exitStatusOfError(new FerryError("FERRY_STORE_FULL", "full", { details: { errno: 28 } })),
    ).toBe(78);
    expect(exitStatusOfError(cause)).toBe(78);
  });

  it("calls misuse a defect of the program", () => {
    expect(exitStatusOfError(new TypeError("x"))).toBe(32);
    expect(exitStatusOfError(new Error("x"))).toBe(99);
  });
});

/*
 * Goal: every status and every sense code has a core status, the right ones may be tried again, and nothing of the sense data
 * is lost. Method: sense codes as targets send them, from their sources and from records; and all codes there are.
 */
import { type StatusName, status, statusName } from "@blockferry/core";
import { fromHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import { answerOf, describeAnswer, meaningOfAnswer } from "../../src/answer.ts";
import { additionalSenseCodes, SCSI_COMPLETION_BYTES, senseData } from "../../src/codec/index.ts";
import { coreStatusOf, scsiProfiles } from "../../src/index.ts";
import { meaningOf, meaningOfSense } from "../../src/status-map.ts";

const CHECK = 0x02;

function completion(statusCode: number, sense = ""): Uint8Array {
  const bytes = new Uint8Array(SCSI_COMPLETION_BYTES);
  const data = fromHex(sense);
  bytes[0] = statusCode;
  bytes[1] = data.length;
  bytes.set(data, 12);
  return bytes;
}

const nameOf = (statusCode: number, key = 0, asc = 0, ascq = 0): StatusName =>
  statusName(coreStatusOf(statusCode, key, asc, ascq));

describe("meanings", () => {
  it("are there for every status and every sense code", () => {
    for (let code = 0; code < 256; code++) {
      expect(statusName(meaningOf(code, 0, 0, 0).status)).toBeTypeOf("string");
    }
    for (let key = 0; key < 16; key++) {
      for (let asc = 0; asc < 256; asc++) {
        for (let ascq = 0; ascq < 256; ascq++) {
          const { status: value } = meaningOfSense(key, asc, ascq);
          if (value < 0 || value > status.deviceError) throw new Error(`${key}/${asc}/${ascq}`);
        }
      }
    }
  });

  it("take only recovered errors and completed commands for successes", () => {
    for (const { asc, ascq } of additionalSenseCodes()) {
      for (let key = 0; key < 16; key++) {
        const isSuccess = meaningOfSense(key, asc, ascq).status === status.success;
        expect(isSuccess, `${key}/${asc}/${ascq}`).toBe(key === 0x1 || key === 0xf);
      }
    }
  });

  // SAM-5 5.3.1; SPC-4 annex E; what LIO, SCST and FreeBSD's CTL send when.
  it.each<[StatusName, boolean, number, number?, number?, number?]>([
    ["success", false, 0x00],
    ["busy", true, 0x08],
    ["reservationConflict", false, 0x18],
    ["busy", true, 0x28],
    ["aborted", true, 0x40],
    ["deviceError", false, 0x7f],
    ["invalid", false, CHECK, 0x5, 0x1a, 0x00],
    ["limitExceeded", false, CHECK, 0x5, 0x26, 0x06],
    ["unsupported", false, CHECK, 0x5, 0x26, 0x07],
    ["limitExceeded", false, CHECK, 0x5, 0x26, 0x08],
    ["unsupported", false, CHECK, 0xa, 0x26, 0x09],
    ["incompatible", false, CHECK, 0xa, 0x26, 0x0a],
    ["limitExceeded", false, CHECK, 0x5, 0x26, 0x0b],
    ["unreachable", false, CHECK, 0xa, 0x26, 0x15],
    ["notFast", false, CHECK, 0xa, 0x26, 0x16],
    ["invalid", false, CHECK, 0x5, 0x26, 0x00],
    ["unreachable", false, CHECK, 0xa, 0x0d, 0x02],
    ["deviceError", false, CHECK, 0xa, 0x0d, 0x01],
    ["incompatible", false, CHECK, 0xa, 0x0d, 0x03],
    ["unreachable", false, CHECK, 0xa, 0x08, 0x04],
    ["unsupported", false, CHECK, 0x5, 0x20, 0x00],
    ["invalid", false, CHECK, 0x5, 0x24, 0x00],
    ["outOfRange", false, CHECK, 0x5, 0x21, 0x00],
    ["aborted", true, CHECK, 0x5, 0x23, 0x07],
    ["invalid", false, CHECK, 0x5, 0x23, 0x05],
    ["unreachable", false, CHECK, 0x5, 0x23, 0x02],
    ["busy", true, CHECK, 0x5, 0x55, 0x0d],
    ["busy", true, CHECK, 0x5, 0x00, 0x16],
    ["notReady", true, CHECK, 0x2, 0x04, 0x01],
    ["notReady", false, CHECK, 0x2, 0x3a, 0x00],
    ["unrecoveredRead", false, CHECK, 0x3, 0x11, 0x00],
    ["writeFault", false, CHECK, 0x3, 0x0c, 0x00],
    ["notReady", true, CHECK, 0x6, 0x29, 0x00],
    ["writeProtected", false, CHECK, 0x7, 0x27, 0x00],
    ["capacityExceeded", false, CHECK, 0x7, 0x27, 0x07],
    ["protection", false, CHECK, 0xb, 0x10, 0x01],
    ["aborted", true, CHECK, 0xb, 0x47, 0x00],
    ["success", false, CHECK, 0x1, 0x17, 0x01],
  ])("%s (retryable %s): %s %s %s %s", (name, retry, code, key = 0, asc = 0, ascq = 0) => {
    expect(nameOf(code, key, asc, ascq)).toBe(name);
    expect(meaningOf(code, key, asc, ascq).isRetryable).toBe(retry);
  });

  it("are other ones where a peer is known to mean otherwise", () => {
    const { senseMeanings } = scsiProfiles.lio.extendedCopy;
    // Linux 6.1, recorded: a copy to an address behind the end.
    const said = answerOf(completion(CHECK, "70000a000000000a000000000d020000 0000"));
    expect(statusName(meaningOfAnswer(said).status)).toBe("unreachable");
    expect(statusName(meaningOfAnswer(said, senseMeanings).status)).toBe("deviceError");
  });

  it("refuse what is no status and no sense code", () => {
    expect(() => coreStatusOf(256)).toThrow(RangeError);
    expect(() => coreStatusOf(2, 16)).toThrow(RangeError);
    expect(() => coreStatusOf(2, 5, -1)).toThrow(RangeError);
  });
});

describe("what is told of an answer", () => {
  it("has sense key, codes and the field that was refused", () => {
    // Fixed format; SKSV, C/D, BPV 3, field 10 of the CDB.
    const said = answerOf(completion(CHECK, "700005000000000a00000000240000cb000a"));
    expect(describeAnswer(said)).toEqual({
      family: "scsi",
      code: 0x0205_2400,
      name: "ILLEGAL REQUEST: INVALID FIELD IN CDB (24h/00h); byte 10 of the CDB",
      fields: {
        status: 2,
        senseKey: 5,
        asc: 0x24,
        ascq: 0,
        fieldPointer: 10,
        inCdb: 1,
        bitPointer: 3,
      },
    });
  });

  it("has the segment, and what the end of the copy said to the copy manager", () => {
    const own = senseData.encode({ senseKey: 0x3, asc: 0x11, ascq: 0x00 });
    const sense = senseData.encode({
      senseKey: 0xa,
      asc: 0x0d,
      ascq: 0x01,
      copySegment: 4,
      forwarded: [{ source: "copy source", status: CHECK, senseData: own }],
    });
    const bytes = completion(CHECK);
    bytes[1] = sense.length;
    bytes.set(sense, 12);
    const said = answerOf(bytes);
    const described = describeAnswer(said);
    expect(described.name).toBe(
      "COPY ABORTED: THIRD PARTY DEVICE FAILURE (0Dh/01h); segment 4, the copy source said MEDIUM ERROR: UNRECOVERED READ ERROR (11h/00h)",
    );
    expect(described.fields).toMatchObject({
      segment: 4,
      forwardedFrom: 1,
      forwardedStatus: CHECK,
      forwardedSenseKey: 3,
      forwardedAsc: 0x11,
    });
    // The copy manager says no more than that a device failed: which, its own sense data tells.
    expect(statusName(meaningOfAnswer(said).status)).toBe("unrecoveredRead");
  });

  it("is what it is where sense data is missing, cut off or no sense data at all", () => {
    for (const sense of ["", "70", "7000", "700005", "00".repeat(18), "ff".repeat(252)]) {
      const said = answerOf(completion(CHECK, sense));
      expect(statusName(meaningOfAnswer(said).status)).toBeTypeOf("string");
      expect(describeAnswer(said).family).toBe("scsi");
    }
    expect(describeAnswer(answerOf(completion(0x28))).name).toBe("TASK SET FULL");
  });

  it("is retryable where the sense data belongs to an earlier command", () => {
    const said = answerOf(completion(CHECK, "710003000000000a00000000110000000000"));
    expect(meaningOfAnswer(said)).toEqual({ status: status.unrecoveredRead, isRetryable: true });
  });
});

import type { CodecVector } from "@blockferry/conformance/codec";
import {
  passThrough12,
  passThrough16,
  pioSetup,
  registerDeviceToHost,
  registerHostToDevice,
  setDeviceBits,
  statusReturn,
} from "../../src/codec/index.ts";

/** Bytes that tools, Linux and QEMU sent, and of the figures of the standards, both ways. */
export const codecVectors: readonly CodecVector[] = [
  {
    title: "IDENTIFY DEVICE by ATA PASS-THROUGH(16)",
    source: "sg_sat_identify 1.46",
    codec: passThrough16,
    hex: "85 08 0e 00 00 00 01 00 00 00 00 00 00 00 ec 00",
    value: { protocol: 4, tDir: true, bytBlok: true, tLength: 2, count: 1, command: 0xec },
  },
  {
    title: "CHECK POWER MODE by ATA PASS-THROUGH(16)",
    source: "hdparm 9.65",
    codec: passThrough16,
    hex: "85 06 20 00 00 00 00 00 00 00 00 00 00 40 e5 00",
    value: { protocol: 3, ckCond: true, device: 0x40, command: 0xe5 },
  },
  {
    title: "CHECK POWER MODE by ATA PASS-THROUGH(12)",
    source: "sg_raw 1.46",
    codec: passThrough12,
    hex: "a1 06 20 00 00 00 00 00 40 e5 00 00",
    value: { protocol: 3, ckCond: true, device: 0x40, command: 0xe5 },
  },
  {
    title: "another operation code",
    source: "SAT-4 12.2.2",
    codec: passThrough12,
    hex: "a2 06 20 00 00 00 00 00 40 e5 00 00",
    violates: "operationCode",
  },
  {
    title: "Register Host to Device",
    source: "ata_tf_to_fis() of Linux 6.12",
    codec: registerHostToDevice,
    hex: "27 80 64 34 66 55 44 40 33 22 11 12 78 56 00 00 0d 0c 0b 0a",
    value: {
      ...{ c: true, command: 0x64, feature: 0x1234, lba: 0x112233445566, device: 0x40 },
      ...{ count: 0x5678, auxiliary: 0x0a0b0c0d },
    },
  },
  {
    title: "Set Device Bits",
    source: "AHCI 1.3.1, 4.2.1",
    codec: setDeviceBits,
    hex: "a1 40 50 00 02 00 00 80",
    value: { i: true, statusHigh: [0, 2], completed: [1, 31] },
  },
  {
    title: "PIO Setup",
    source: "ahci_write_fis_pio() of QEMU 7.2",
    codec: pioSetup,
    hex: "5f 60 58 00 00 00 00 40 00 00 00 00 01 00 00 50 00 02 00 00",
    value: {
      ...{ i: true, d: true, status: [3, 4, 6], device: 0x40, count: 1 },
      ...{ endingStatus: [4, 6], transferCount: 512 },
    },
  },
  {
    title: "the signature in VPD page 89h, with a bit that the figure reserves",
    source: "libata of Linux 6.12",
    codec: registerDeviceToHost,
    hex: "34 80 40 00 01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00",
    violates: "reserved",
  },
  {
    title: "ATA Status Return descriptor",
    source: "libata of Linux 6.12, behind it QEMU 7.2",
    codec: statusReturn,
    hex: "09 0c 01 04 00 01 33 66 22 55 11 44 40 41",
    value: {
      extend: true,
      error: [2],
      count: 1,
      lba: 0x112233445566,
      device: 0x40,
      status: [0, 6],
    },
  },
];

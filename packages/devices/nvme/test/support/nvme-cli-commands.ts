import type { AnyStructure } from "@blockferry/core/bytes";
import {
  compareCommand,
  copyCommand,
  datasetManagementCommand,
  flushCommand,
  getFeaturesCommand,
  identifyCommand,
  readCommand,
  setFeaturesCommand,
  writeCommand,
  writeZeroesCommand,
} from "../../src/codec/index.ts";

/** What nvme-cli 2.3 (Debian 12) handed to ioctl() for a command line, dwords in order; Linux fills CID, PSDT and DPTR later. */
export type NvmeCliCommand = readonly [
  line: string,
  structure: AnyStructure,
  value: Record<string, unknown>,
  hex: string,
];

export const nvmeCliCommands: readonly NvmeCliCommand[] = [
  [
    "copy -n 5 --sdlba=0x123456789a --slbs=0x1122334455,7 --blocks=0,63 --prinfor=5 --prinfow=10 " +
      "--force-unit-access --limited-retry --ref-tag=0xdeadbeef --app-tag=0x1234 " +
      "--app-tag-mask=0x5678 --dir-type=2 --dir-spec=0x99aa",
    copyCommand,
    {
      nsid: 5,
      sdlba: 0x12_3456_789a,
      nr: 2,
      prinfor: 5,
      dtype: 2,
      prinfow: 10,
      fua: true,
      lr: true,
      dspec: 0x99aa,
      lbtl: 0xdeadbeef,
      lbat: 0x1234,
      lbatm: 0x5678,
    },
    "19000000 05000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 015020e8 0000aa99 efbeadde 34127856",
  ],
  [
    "copy -n 1 --sdlba=512 --slbs=100 --blocks=7 --format=1",
    copyCommand,
    { nsid: 1, sdlba: 512, nr: 1, desfmt: 1 },
    "19000000 01000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 00020000 00000000 00010000 00000000 00000000 00000000",
  ],
  [
    "read -n 7 --start-block=0x123456789a --block-count=4095 --prinfo=9 --force-unit-access " +
      "--limited-retry --ref-tag=0xdeadbeef --app-tag=0x1234 --app-tag-mask=0x5678 --dsm=0x47",
    readCommand,
    {
      nsid: 7,
      slba: 0x12_3456_789a,
      nlb: 4096,
      prinfo: 9,
      fua: true,
      lr: true,
      cev: 0x47,
      elbtl: 0xdeadbeef,
      elbat: 0x1234,
      elbatm: 0x5678,
    },
    "02000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 ff0f00e4 47000000 efbeadde 34127856",
  ],
  [
    "write -n 7 --start-block=0x123456789a --block-count=0 --prinfo=6 --ref-tag=0x01020304 " +
      "--app-tag=0x1234 --app-tag-mask=0x5678 --dir-type=1 --dir-spec=0x99aa --dsm=0x21",
    writeCommand,
    {
      nsid: 7,
      slba: 0x12_3456_789a,
      nlb: 1,
      dtype: 1,
      prinfo: 6,
      cev: 0x21,
      dspec: 0x99aa,
      lbtl: 0x01020304,
      lbat: 0x1234,
      lbatm: 0x5678,
    },
    "01000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 9a785634 12000000 00001018 2100aa99 04030201 34127856",
  ],
  [
    "write -n 1 -s 0 -c 0 --ref-tag=0x112233 --storage-tag=0xaabb (a namespace with PIF 2, STS 16)",
    writeCommand,
    { nsid: 1, nlb: 1, lbtu: 0xaabb, lbtl: 0x112233 },
    "01000000 01000000 00000000 bbaa0000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 00000000 00000000 00000000 00000000 33221100 00000000",
  ],
  [
    "compare -n 7 --start-block=5 --block-count=1 --prinfo=1 --ref-tag=7",
    compareCommand,
    { nsid: 7, slba: 5, nlb: 2, prinfo: 1, elbtl: 7 },
    "05000000 07000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 05000000 00000000 01000004 00000000 07000000 00000000",
  ],
  [
    "write-zeroes -n 9 --start-block=0x1fffffffff --block-count=65535 --deac --prinfo=8 " +
      "--force-unit-access --limited-retry --ref-tag=1 --app-tag=2 --app-tag-mask=3",
    writeZeroesCommand,
    {
      nsid: 9,
      slba: 0x1f_ffff_ffff,
      nlb: 65536,
      deac: true,
      prinfo: 8,
      fua: true,
      lr: true,
      lbtl: 1,
      lbat: 2,
      lbatm: 3,
    },
    "08000000 09000000 00000000 00000000 00000000 00000000 00000000 00000000" +
      "00000000 00000000 ffffffff 1f000000 ffff00e2 00000000 01000000 02000300",
  ],
  [
    "flush -n 0xffffffff",
    flushCommand,
    { nsid: 0xffffffff },
    `00000000 ffffffff ${"00000000".repeat(14)}`,
  ],
  [
    "dsm -n 2 --ad --idw --blocks=8,0x10000",
    datasetManagementCommand,
    { nsid: 2, nr: 2, ad: true, idw: true },
    `09000000 02000000 ${"00000000".repeat(8)} 01000000 06000000 ${"00000000".repeat(4)}`,
  ],
  [
    "id-ns -n 3",
    identifyCommand,
    { nsid: 3, cns: 0 },
    `06000000 03000000 ${"00000000".repeat(14)}`,
  ],
  [
    "nvm-id-ns -n 3",
    identifyCommand,
    { nsid: 3, cns: 5 },
    `06000000 03000000 ${"00000000".repeat(8)} 05000000 ${"00000000".repeat(5)}`,
  ],
  [
    "get-feature -f 0x16 -s 2",
    getFeaturesCommand,
    { nsid: 1, fid: 0x16, sel: 2 },
    `0a000000 01000000 ${"00000000".repeat(8)} 16020000 ${"00000000".repeat(5)}`,
  ],
  [
    "set-feature -f 0x16 --save",
    setFeaturesCommand,
    { nsid: 1, fid: 0x16, sv: true },
    `09000000 01000000 ${"00000000".repeat(8)} 16000080 ${"00000000".repeat(5)}`,
  ],
  [
    "set-feature -f 7 -v 0x00030003",
    setFeaturesCommand,
    { nsid: 1, fid: 7, cdw11: 0x00030003 },
    `09000000 01000000 ${"00000000".repeat(8)} 07000000 03000300 ${"00000000".repeat(4)}`,
  ],
];

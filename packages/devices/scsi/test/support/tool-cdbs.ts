import type { ScsiCommandName } from "../../src/codec/index.ts";

/** CDBs that tools of Debian 12 (sg3-utils 1.46, ddpt 0.97) and libiscsi sent, and what they say. */
export const toolCdbs: readonly (readonly [
  name: ScsiCommandName,
  hex: string,
  value: Record<string, unknown>,
])[] = [
  // ddptctl --pt, --wut, --abort, --receive, --all_toks
  [
    "populate-token",
    "83100000000000001234000000200000",
    { listIdentifier: 0x1234, parameterListLength: 32, groupNumber: 0 },
  ],
  [
    "write-using-token",
    "83110000000000000101000002380000",
    { listIdentifier: 0x101, parameterListLength: 568 },
  ],
  ["copy-operation-abort", "831c0000123400000000000000000000", { listIdentifier: 0x1234 }],
  [
    "receive-rod-token-information",
    "84070000123400000000000004000000",
    { listIdentifier: 0x1234, allocationLength: 1024 },
  ],
  ["report-all-rod-tokens", "8408000000000000000000000c080000", { allocationLength: 3080 }],
  // sg_xcopy, sg_copy_results -p and -s
  ["extended-copy-lid1", "830000000000000000000000006c0000", { parameterListLength: 108 }],
  [
    "receive-copy-operating-parameters",
    "84030000000000000000000002080000",
    { allocationLength: 520 },
  ],
  [
    "receive-copy-status-lid1",
    "84000000000000000000000002080000",
    { listIdentifier: 0, allocationLength: 520 },
  ],
  // iscsi-test-cu and QEMU against LIO; shorter CDBs are followed by zeros in iSCSI
  ["read-capacity-16", "9e100000000000000000000000200000", { allocationLength: 32 }],
  [
    "inquiry",
    "12018300ac0000000000000000000000",
    { evpd: true, pageCode: 0x83, allocationLength: 172 },
  ],
  [
    "mode-sense-6",
    "1a083f00ff0000000000000000000000",
    { dbd: true, pageCode: 0x3f, allocationLength: 255 },
  ],
  ["write-10", "2a000000080000040000000000000000", { lba: 2048, transferLength: 1024, fua: false }],
  [
    "persistent-reserve-in",
    "5e000000000000400000000000000000",
    { serviceAction: 0, allocationLength: 0x4000 },
  ],
  [
    "report-supported-operation-codes",
    "a30c800000000000ffff000000000000",
    { rctd: true, reportingOptions: 0, allocationLength: 65535 },
  ],
  ["synchronize-cache-10", "35000000000000000000000000000000", { lba: 0, blocks: 0, immed: false }],
  ["test-unit-ready", "00000000000000000000000000000000", { control: 0 }],
  // sg_write_same, sg_unmap, sg_verify, sg_compare_and_write, sg_write_x, sg_write_verify
  [
    "write-same-10",
    "41b80012345600078900",
    { wrprotect: 5, anchor: true, unmap: true, lba: 0x123456, blocks: 0x789 },
  ],
  [
    "write-same-16",
    "9309000000123456789a00789abc1500",
    { unmap: true, ndob: true, lba: 0x123456789a, blocks: 0x789abc, groupNumber: 0x15 },
  ],
  ["unmap", "42010000000003002800", { anchor: true, groupNumber: 3, parameterListLength: 40 }],
  [
    "verify-10",
    "2f500000123400000800",
    { vrprotect: 2, dpo: true, lba: 0x1234, verificationLength: 8 },
  ],
  [
    "verify-16",
    "8f02000000123456789a000000080500",
    { bytchk: 1, lba: 0x123456789a, verificationLength: 8, groupNumber: 5 },
  ],
  [
    "compare-and-write",
    "8978000000123456789a000000070900",
    { wrprotect: 3, dpo: true, fua: true, lba: 0x123456789a, blocks: 7, groupNumber: 9 },
  ],
  [
    "write-atomic-16",
    "9c08000000123456789a010200040000",
    { fua: true, lba: 0x123456789a, atomicBoundary: 0x102, transferLength: 4 },
  ],
  [
    "orwrite-16",
    "8b50000000123456789a000000040000",
    { orprotect: 2, dpo: true, lba: 0x123456789a, transferLength: 4 },
  ],
  [
    "write-scattered-16",
    "9f123800000100000002000000050700",
    {
      wrprotect: 1,
      dpo: true,
      fua: true,
      dataOffset: 1,
      rangeDescriptors: 2,
      bufferTransferLength: 5,
      groupNumber: 7,
    },
  ],
  [
    "write-and-verify-16",
    "8e02000000123456789a000000020400",
    { bytchk: 1, lba: 0x123456789a, transferLength: 2, groupNumber: 4 },
  ],
  ["write-and-verify-10", "2e100000123400000200", { dpo: true, lba: 0x1234, transferLength: 2 }],
  // sg_get_lba_status, sg_persist, sg_modes, sg_opcodes, sg_luns, sg_sync, sg_start, sg_prevent, …
  [
    "get-lba-status",
    "9e12000000123456789a000004080000",
    { startingLba: 0x123456789a, allocationLength: 1032 },
  ],
  ["persistent-reserve-in", "5e020000000000200000", { serviceAction: 2, allocationLength: 8192 }],
  [
    "persistent-reserve-out",
    "5f040500000000001800",
    { serviceAction: 4, scope: 0, type: 5, parameterListLength: 24 },
  ],
  [
    "mode-sense-6",
    "1a084800fc00",
    { dbd: true, pageControl: 1, pageCode: 8, allocationLength: 252 },
  ],
  [
    "mode-sense-10",
    "5a100a01000000100000",
    { llbaa: true, dbd: false, pageCode: 10, subpageCode: 1, allocationLength: 4096 },
  ],
  [
    "report-supported-operation-codes",
    "a30c00000000000020000000",
    { rctd: false, allocationLength: 8192 },
  ],
  ["report-luns", "a00002000000000002000000", { selectReport: 2, allocationLength: 512 }],
  [
    "synchronize-cache-16",
    "9102000000123456789a000000550300",
    { immed: true, lba: 0x123456789a, blocks: 0x55, groupNumber: 3 },
  ],
  ["synchronize-cache-10", "35000123456700005500", { lba: 0x1234567, blocks: 0x55 }],
  ["start-stop-unit", "1b0100000200", { immed: true, loej: true, start: false }],
  ["start-stop-unit", "1b0000023000", { powerCondition: 3, powerConditionModifier: 2 }],
  ["prevent-allow-medium-removal", "1e0000000100", { prevent: 1 }],
  ["request-sense", "03010000fc00", { desc: true, allocationLength: 252 }],
  ["read-capacity-10", "25000000000000000000", { pmi: false }],
];

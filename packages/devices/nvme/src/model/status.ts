/**
 * The status of a completion, as one number: SC in bits 7:0, SCT in bits 10:8, DNR in bit 14 (the upper 15 bits of the
 * Status field, as Linux passes it on). 0 is success.
 */
export type StatusCode = number;

/** Do Not Retry: the same command would fail again. */
export const DNR = 0x4000;

/** Status codes that the model returns (NVM Express Base 2.1, Figures 102-105; NVM Command Set 1.2, section 3.1). */
export const sc = {
  success: 0x000,
  invalidOpcode: 0x001,
  invalidField: 0x002,
  dataTransferError: 0x004,
  internalError: 0x006,
  abortedByRequest: 0x007,
  invalidNamespace: 0x00b,
  sequenceError: 0x00c,
  dataLength: 0x00f,
  namespaceWriteProtected: 0x020,
  lbaOutOfRange: 0x080,
  capacityExceeded: 0x081,
  namespaceNotReady: 0x082,
  invalidFormat: 0x10a,
  featureNotSaveable: 0x10d,
  featureNotChangeable: 0x10e,
  featureNotNamespaceSpecific: 0x10f,
  invalidProtectionInformation: 0x181,
  readOnlyRange: 0x182,
  commandSizeLimit: 0x183,
  incompatibleFormat: 0x185,
  fastCopyNotPossible: 0x186,
  overlappingRange: 0x187,
  writeFault: 0x280,
  unrecoveredRead: 0x281,
  guardCheck: 0x282,
  applicationTagCheck: 0x283,
  referenceTagCheck: 0x284,
  compareFailure: 0x285,
  accessDenied: 0x286,
  deallocatedBlock: 0x287,
  storageTagCheck: 0x288,
} as const;

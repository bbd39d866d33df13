/** Bytes of a submission and of a completion queue entry (NVM Express Base Specification 2.2, sections 4.1 and 4.2). */
export const SQE_BYTES = 64;
export const CQE_BYTES = 16;

/** Opcodes (NVM Command Set Specification 1.2, section 3). */
export const opcode = { flush: 0x00, write: 0x01, read: 0x02, copy: 0x19 } as const;

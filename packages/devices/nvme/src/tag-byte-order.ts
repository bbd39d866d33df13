/** Byte order of one field. */
export type ByteOrder = "little" | "big";

/**
 * Byte order of the tags in source range entries. The standard gives none beyond its general little-endian rule, and
 * public encoders disagree.
 */
export interface TagByteOrder {
  /** ELBT of formats 0h and 2h (32 bits). */
  readonly shortReferenceTag: ByteOrder;
  /** ELBT of formats 1h and 3h (80 bits). */
  readonly longReferenceTag: ByteOrder;
  /** ELBAT and ELBATM. */
  readonly applicationTag: ByteOrder;
}

export type TagByteOrderName = "specification" | "libnvme" | "qemu" | "nvme-cli-3";

/** Who writes, or reads, tags in which order. */
export const tagByteOrders: Readonly<Record<TagByteOrderName, TagByteOrder>> = {
  /** The general rule: every field little-endian. */
  specification: {
    shortReferenceTag: "little",
    longReferenceTag: "little",
    applicationTag: "little",
  },
  /** libnvme 1.4 to 1.16. */
  libnvme: { shortReferenceTag: "little", longReferenceTag: "big", applicationTag: "little" },
  /** QEMU's controller, 7.2 to 10.0, which reads what libnvme 1.4 writes. */
  qemu: { shortReferenceTag: "little", longReferenceTag: "big", applicationTag: "little" },
  /** nvme-cli 3.0-rc1 ("change copy desc format tags to big-endian"). */
  "nvme-cli-3": { shortReferenceTag: "big", longReferenceTag: "big", applicationTag: "big" },
};

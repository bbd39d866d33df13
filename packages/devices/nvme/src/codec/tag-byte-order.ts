/**
 * In which order peers write the tags of a source range entry. The standard gives ELBT no byte
 * order of its own, and encoders disagree, so this is a property of the peer.
 */
export interface TagByteOrder {
  /** ELBT of formats 0h and 2h, 4 bytes. */
  readonly elbt32: "little" | "big";
  /** Which of the 10 bytes of ELBT of formats 1h and 3h are used, and in which order. */
  readonly elbt80: {
    readonly from: number;
    readonly bytes: number;
    readonly endian: "little" | "big";
  };
  /** ELBAT and ELBATM. */
  readonly applicationTags: "little" | "big";
  /** ELBATM stands where ELBAT should be, and the other way round. */
  readonly applicationTagsSwapped: boolean;
}

const standard: TagByteOrder = {
  elbt32: "little",
  elbt80: { from: 0, bytes: 10, endian: "little" },
  applicationTags: "little",
  applicationTagsSwapped: false,
};

/** Peers whose order of tag bytes is known. */
export type TagByteOrderName =
  | "standard"
  | "qemu"
  | "libnvme-1.4"
  | "nvme-cli-2.3"
  | "nvme-cli-3.0-rc1"
  | "spdk";

/** Byte orders by peer, as measured against QEMU 10.0.2 and read in the sources. */
export const tagByteOrders: Readonly<Record<TagByteOrderName, TagByteOrder>> = {
  /** Every field little-endian, the general rule of NVM Express. */
  standard,
  /** QEMU 7.2 to 10: a 48-bit big-endian number in the last 6 bytes of ELBT. */
  qemu: { ...standard, elbt80: { from: 4, bytes: 6, endian: "big" } },
  /** libnvme 1.4 to 1.16: a 64-bit big-endian number in the last 8 bytes of ELBT. */
  "libnvme-1.4": { ...standard, elbt80: { from: 2, bytes: 8, endian: "big" } },
  /** nvme-cli 2.3 with libnvme 1.3: the lowest byte of ELBT alone, and the mask before the tag. */
  "nvme-cli-2.3": {
    ...standard,
    elbt80: { from: 2, bytes: 1, endian: "big" },
    applicationTagsSwapped: true,
  },
  /** nvme-cli 3.0-rc1 (commit 9d71d553c): every tag big-endian, in every format. */
  "nvme-cli-3.0-rc1": {
    elbt32: "big",
    elbt80: { from: 0, bytes: 10, endian: "big" },
    applicationTags: "big",
    applicationTagsSwapped: false,
  },
  /** SPDK: format 0h only, little-endian. */
  spdk: standard,
};

/** The byte order of a peer, by its name or given directly. @throws RangeError for other names. */
export function tagByteOrder(peer: TagByteOrderName | TagByteOrder): TagByteOrder {
  if (typeof peer !== "string") return peer;
  const order = Object.hasOwn(tagByteOrders, peer) ? tagByteOrders[peer] : undefined;
  if (order !== undefined) return order;
  const known = Object.keys(tagByteOrders).join(", ");
  throw new RangeError(`no tag byte order is named ${JSON.stringify(peer)}; there are ${known}`);
}

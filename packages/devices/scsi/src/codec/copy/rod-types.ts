/** Access upon reference: the token means the blocks as they are when it is used. */
export const ROD_TYPE_ACCESS_UPON_REFERENCE = 0x0001_0000;
/** Point in time copy, of the kind that the copy manager prefers. */
export const ROD_TYPE_POINT_IN_TIME_DEFAULT = 0x0080_0000;
/** Point in time copy that a later write to the source may revoke. */
export const ROD_TYPE_POINT_IN_TIME_CHANGE_VULNERABLE = 0x0080_0001;
/** Point in time copy that outlives later writes to the source. */
export const ROD_TYPE_POINT_IN_TIME_PERSISTENT = 0x0080_0002;
/** Point in time copy made by copying on write (SPC-5). */
export const ROD_TYPE_POINT_IN_TIME_COPY_ON_WRITE = 0x0080_0003;
/** Point in time copy of any kind. */
export const ROD_TYPE_POINT_IN_TIME_ANY = 0x0080_ffff;
/** The well-known token of zeros (SBC-3). */
export const ROD_TYPE_BLOCK_DEVICE_ZERO = 0xffff_0001;

/** Names of the ROD types (SPC-4 table 110, SPC-5, SBC-3). */
export const rodTypeNames: Readonly<Record<number, string>> = {
  0: "copy manager internal",
  [ROD_TYPE_ACCESS_UPON_REFERENCE]: "access upon reference",
  [ROD_TYPE_POINT_IN_TIME_DEFAULT]: "point in time copy, default",
  [ROD_TYPE_POINT_IN_TIME_CHANGE_VULNERABLE]: "point in time copy, change vulnerable",
  [ROD_TYPE_POINT_IN_TIME_PERSISTENT]: "point in time copy, persistent",
  [ROD_TYPE_POINT_IN_TIME_COPY_ON_WRITE]: "point in time copy, copy on write",
  [ROD_TYPE_POINT_IN_TIME_ANY]: "point in time copy, any",
  [ROD_TYPE_BLOCK_DEVICE_ZERO]: "block device zero",
};

import { closeSync, constants, openSync } from "node:fs";
import { linux } from "@blockferry/linux";
import type { Mount } from "./mounts.ts";

/** Whether files of a file system can share blocks (FICLONERANGE), and how that is known. */
export interface SharedBlocks {
  readonly clones: "yes" | "no" | "unknown";
  readonly reason: string;
}

/** _IOR('X', 100, struct xfs_fsop_geom_v1) of fs/xfs/libxfs/xfs_fs.h: 112 bytes, flags at byte 92. */
const XFS_IOC_FSGEOMETRY_V1 = 0x8070_5864;
const XFS_GEOMETRY_BYTES = 112;
const FLAGS_AT = 92;
const XFS_FLAG_REFLINK = 1 << 20;

/** File systems that have no such call, whatever their options are. */
const without: ReadonlySet<string> = new Set([
  ...["ext2", "ext3", "ext4", "vfat", "exfat", "msdos", "ntfs3", "tmpfs", "ramfs"],
  ...["squashfs", "erofs", "iso9660", "udf", "f2fs"],
]);

function xfsFlags(place: string): number | undefined {
  const calls = linux();
  if (calls === undefined) return undefined;
  try {
    const fd = openSync(place, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      const geometry = new Uint8Array(XFS_GEOMETRY_BYTES);
      if (calls.ioctl(fd, XFS_IOC_FSGEOMETRY_V1, geometry).errno !== 0) return undefined;
      return new DataView(geometry.buffer).getUint32(FLAGS_AT, true);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Whether files on a mounted file system can share blocks. Nothing is written to find out. */
export function sharedBlocksOf({ type, place }: Pick<Mount, "type" | "place">): SharedBlocks {
  if (type === "btrfs" || type === "bcachefs") {
    return { clones: "yes", reason: `${type} shares blocks` };
  }
  if (type === "xfs") {
    const flags = xfsFlags(place);
    if (flags === undefined) return { clones: "unknown", reason: "XFS did not tell its options" };
    return (flags & XFS_FLAG_REFLINK) === 0
      ? { clones: "no", reason: "this XFS was made without reflink=1" }
      : { clones: "yes", reason: "this XFS was made with reflink=1" };
  }
  if (without.has(type)) return { clones: "no", reason: `${type} shares no blocks` };
  return { clones: "unknown", reason: `whether ${type} shares blocks is told by a clone alone` };
}

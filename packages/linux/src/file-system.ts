import { statfsSync } from "node:fs";
import { requireDescriptor } from "./arguments.ts";

/** The file system that holds an open file. */
export interface FileSystem {
  /** `ext4`, `xfs`, `btrfs`, `tmpfs`, …; a hexadecimal magic number where the name is not known. */
  readonly name: string;
  /** `f_type` of statfs(2). */
  readonly magic: number;
  /** Bytes per block of the file system: a clone begins and ends at a multiple of it. */
  readonly bytesPerBlock: number;
}

// statfs(2) and include/uapi/linux/magic.h. ext2, ext3 and ext4 share one number.
const nameByMagic: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x5846_5342, "xfs"],
  [0x9123_683e, "btrfs"],
  [0xca45_1a4e, "bcachefs"],
  [0x0102_1994, "tmpfs"],
  [0x8584_58f6, "ramfs"],
  [0xf2f5_2010, "f2fs"],
  [0x2fc1_2fc1, "zfs"],
  [0x794c_7630, "overlay"],
  [0x6573_5546, "fuse"],
  [0x6969, "nfs"],
  [0xff53_4d42, "cifs"],
  [0xfe53_4d42, "smb2"],
  [0x0102_1997, "9p"],
  [0x00c3_6400, "ceph"],
  [0x0116_1970, "gfs2"],
  [0x7461_636f, "ocfs2"],
  [0x4d44, "vfat"],
  [0x2011_bab0, "exfat"],
  [0x7366_746e, "ntfs3"],
  [0x7371_7368, "squashfs"],
  [0xe0f5_e1e2, "erofs"],
]);

/**
 * Names the file system of an open file. Needs `/proc`, not koffi.
 *
 * @throws NodeJS.ErrnoException where there is no such descriptor or no `/proc`
 */
export function fileSystemOf(fd: number): FileSystem {
  requireDescriptor(fd);
  const { type, bsize } = statfsSync(`/proc/self/fd/${fd}`);
  const name = nameByMagic.get(type) ?? `0x${type.toString(16)}`;
  return { name, magic: type, bytesPerBlock: bsize };
}

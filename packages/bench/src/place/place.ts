/** A folder on some file system, for the time of a measurement. */
export interface Place {
  /** Such as `ext4` or `xfs, reflink`. */
  readonly name: string;
  readonly folder: string;
  /** True where the file system can share blocks between files. */
  readonly hasReflink: boolean;
  /** Removes all that was made. */
  remove(): void;
}

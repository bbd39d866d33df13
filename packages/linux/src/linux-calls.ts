/** What to clone: `bytes` at `sourceOffset` of `fdSource`, to `destinationOffset`. */
export interface CloneRange {
  readonly fdSource: number;
  readonly sourceOffset: number;
  readonly bytes: number;
  readonly destinationOffset: number;
}

/** How an ioctl ended. A positive `result` is the driver's own (an NVMe status, for example). */
export interface IoctlResult {
  /** What ioctl(2) returned; -1 is a failure. */
  readonly result: number;
  /** The C error number, positive; 0 where `result` is not -1. */
  readonly errno: number;
}

/** The sizes of a block device. */
export interface BlockDevice {
  readonly bytes: number;
  readonly bytesPerLogicalBlock: number;
  readonly bytesPerPhysicalBlock: number;
  readonly readonly: boolean;
}

/** How to take a lock. */
export interface LockOptions {
  /** Block the whole thread until the lock is free. Default false: answer at once. */
  readonly wait?: boolean;
}

export interface CallPoolOptions {
  /** Threads, and so calls at one time; more of them wait. Each takes some 9 MB. Default 8. */
  readonly threadsMax?: number;
}

/** Told once what C returned, and the error number (positive, as in C; 0 where `result` is not -1). */
export type CallDone = (result: number, errno: number) => void;

/**
 * Threads that make blocking calls, one at a time each. The first is started by the first call, each further one when a
 * call has waited for 10 ms. Signals do not reach them.
 * Arguments are checked at once (`RangeError`, `TypeError`); what the kernel says is given to `done`, in a later turn.
 * A call that runs keeps the process alive, an idle pool does not. A call whose thread was lost ends with EIO.
 */
export interface CallPool {
  readonly threadsMax: number;
  /** ioctl(2). The argument is kept, read and written in place: leave it alone until `done`. EINTR is told, not repeated. */
  ioctl(fd: number, request: number, argument: Uint8Array, done: CallDone): void;
  /** copy_file_range(2), as {@link LinuxCalls.copyFileRange}; `result` is the number of bytes. */
  copyFileRange(
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
    done: CallDone,
  ): void;
  /** ioctl_ficlonerange(2), of at least one byte. */
  cloneRange(
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
    done: CallDone,
  ): void;
  /**
   * Ends the idle threads; one that is in a call ends after it. What waits for a thread is dropped, and its `done` is not
   * called. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * The calls. Offsets and lengths are bytes, safe integers. A failing call throws an error of the
 * shape of Node's own system errors ({@link linuxError}); EINTR is retried. Misuse throws
 * `RangeError` or `TypeError`. No call carries data through JavaScript.
 */
export interface LinuxCalls {
  /**
   * copy_file_range(2): the kernel copies, the file system by reflink if it likes. Copies what it
   * can and returns how much: less than asked is normal (2^31-4096 is the most for one call), 0 is
   * the end of the source.
   *
   * @throws EINVAL where both ranges lie in one file and overlap; EXDEV, EOPNOTSUPP or EINVAL where
   * the file systems cannot; ENOSPC; EBADF
   */
  copyFileRange(
    fdIn: number,
    offsetIn: number,
    fdOut: number,
    offsetOut: number,
    bytes: number,
  ): number;

  /**
   * ioctl_ficlonerange(2): the destination shares the source's extents, all or nothing. 0 bytes do
   * nothing. Offsets must be multiples of the file system's block; so must `bytes`, unless the
   * range ends at the end of the source.
   *
   * @throws EOPNOTSUPP where the file system has no reflink; EINVAL where a bound is not aligned or
   * both ranges lie in one file and overlap; EXDEV across file systems; ENOSPC; EBADF
   */
  cloneRange(fdDestination: number, range: CloneRange): void;

  /**
   * fallocate(2) FALLOC_FL_PUNCH_HOLE: frees the blocks wholly inside, zeroes the rest. The size of
   * the file stays.
   *
   * @throws EOPNOTSUPP where the file system has no holes; EBADF where the file is read-only
   */
  fallocatePunchHole(fd: number, offset: number, bytes: number): void;

  /**
   * fallocate(2) FALLOC_FL_ZERO_RANGE: the range reads as zeros and keeps its space. The size of
   * the file stays.
   *
   * @throws EOPNOTSUPP where the file system cannot (tmpfs, btrfs in some states)
   */
  zeroRange(fd: number, offset: number, bytes: number): void;

  /** flock(2) LOCK_EX. False where another open file description holds a lock. */
  flockExclusive(fd: number, options?: LockOptions): boolean;

  /** flock(2) LOCK_SH. False where another open file description holds an exclusive lock. */
  flockShared(fd: number, options?: LockOptions): boolean;

  /** flock(2) LOCK_UN. Closing the descriptor does it too. */
  unlock(fd: number): void;

  /**
   * lseek(2) SEEK_DATA: where data begins at or after `offset`; undefined where none follows.
   * Moves the file position.
   */
  seekData(fd: number, offset: number): number | undefined;

  /**
   * lseek(2) SEEK_HOLE: where a hole begins at or after `offset` (the end of the file counts as
   * one); undefined where `offset` is not inside the file. Moves the file position.
   */
  seekHole(fd: number, offset: number): number | undefined;

  /**
   * ioctl(2) on the calling thread. The argument is read and written in place.
   *
   * @throws RangeError where the argument is shorter than the request number declares
   */
  ioctl(fd: number, request: number, argument: Uint8Array | null): IoctlResult;

  /**
   * A pool of threads for calls that block: a command of a device may take seconds.
   *
   * @throws RangeError where `threadsMax` is not 1 to 256
   */
  callPool(options?: CallPoolOptions): CallPool;

  /**
   * BLKGETSIZE64, BLKSSZGET, BLKPBSZGET and BLKROGET.
   *
   * @throws ENOTTY where the descriptor is not a block device
   */
  blockDevice(fd: number): BlockDevice;

  /**
   * Zeroed memory that begins at a multiple of `alignment` (a power of two, default 4096), as
   * O_DIRECT needs it. The garbage collector frees it.
   */
  alignedBuffer(bytes: number, alignment?: number): Uint8Array;

  /**
   * Where a view's memory lies, for a pointer inside an ioctl argument. Keep the view alive until
   * the call is over, and use views of at least 65 bytes or of an `ArrayBuffer` of your own: V8
   * keeps smaller ones on its heap, where they move.
   */
  addressOf(view: Uint8Array): bigint;
}

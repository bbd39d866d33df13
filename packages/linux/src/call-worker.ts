/** What a worker of the pool needs of its thread. Only types: the function below is sent as text. */
export interface WorkerSurroundings {
  readonly koffi: {
    // biome-ignore lint/suspicious/noExplicitAny: the declaration beside each use is the type.
    load(path: null): { func(declaration: string): (...values: any[]) => any };
    errno(): number;
  };
  readonly port: {
    on(event: "message", take: (job: CallJob) => void): void;
    postMessage(answer: CallAnswer): void;
  };
}

/** A call: the number of its place in the caller's table, which call, and its arguments. */
export type CallJob = readonly [
  id: number,
  call: CallName,
  ...values: readonly (number | bigint)[],
];

/** What came of a call: its place, what C returned, and the error number where that is -1. */
export type CallAnswer = readonly [id: number, result: number, errno: number];

export type CallName = "ioctl" | "copyFileRange" | "cloneRange";

/**
 * The whole program of a worker thread: makes one blocking call after the other. It is started from its own text, so that
 * it needs no file beside the bundle that this may be part of; it must not name anything but its parameter.
 */
export function serveCalls({ koffi, port }: WorkerSurroundings): void {
  const FICLONERANGE = 0x4020940d;
  const EINTR = 4;
  const SIG_BLOCK = 0;
  const library = koffi.load(null);
  const ioctl = library.func("int ioctl(int fd, unsigned long request, uintptr_t argument)");
  const cloneIoctl = library.func("int ioctl(int fd, unsigned long request, void *argument)");
  const copyFileRange = library.func(
    "int64_t copy_file_range(int fdIn, void *offsetIn, int fdOut, void *offsetOut, " +
      "size_t bytes, unsigned int flags)",
  );
  const sigmask = library.func("int pthread_sigmask(int how, void *set, void *before)");
  // A signal that hit this thread would interrupt a command that the device goes on with: signals are the main thread's.
  sigmask(SIG_BLOCK, new Uint8Array(128).fill(0xff), null);
  const offsetIn = new BigInt64Array(1);
  const offsetOut = new BigInt64Array(1);
  const range = new BigInt64Array(4);

  const untilUninterrupted = (call: () => number): number => {
    for (;;) {
      const result = call();
      if (result !== -1 || koffi.errno() !== EINTR) return result;
    }
  };
  const calls = {
    ioctl: (fd: bigint, request: bigint, address: bigint): number => ioctl(fd, request, address),
    copyFileRange: (fdIn: bigint, from: bigint, fdOut: bigint, to: bigint, bytes: bigint): number =>
      untilUninterrupted(() => {
        offsetIn[0] = from;
        offsetOut[0] = to;
        return copyFileRange(fdIn, offsetIn, fdOut, offsetOut, bytes, 0);
      }),
    cloneRange: (fdIn: bigint, from: bigint, fdOut: bigint, to: bigint, bytes: bigint): number => {
      range[0] = fdIn;
      range[1] = from;
      range[2] = bytes;
      range[3] = to;
      return untilUninterrupted(() => cloneIoctl(fdOut, FICLONERANGE, range));
    },
  };
  port.on("message", ([id, name, ...values]) => {
    const [a, b, c, d = 0n, e = 0n] = values.map(BigInt);
    const result = calls[name](a, b, c, d, e);
    port.postMessage([id, result, result === -1 ? koffi.errno() : 0]);
  });
}

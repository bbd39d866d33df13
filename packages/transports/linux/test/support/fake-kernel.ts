import type { LinuxKernel } from "../../src/index.ts";

/** A call of ioctl(2) as the kernel got it. */
export interface KernelCall {
  /** The file that the descriptor was opened from. */
  readonly path: string;
  readonly request: number;
  readonly argument: Uint8Array;
}

/** What an ioctl comes to; `undefined`: it never returns. */
export type KernelAnswer =
  | { readonly result: number; readonly errno?: number }
  | Promise<{ readonly result: number; readonly errno?: number }>
  | undefined;

export interface FakeKernel extends LinuxKernel {
  /** Files that are open now, by descriptor. */
  readonly files: Map<number, string>;
  /** What was opened, with its flags. */
  readonly opened: { readonly path: string; readonly flags: number }[];
  /** What cannot be opened, and why: an errno. */
  readonly unopenable: Map<string, number>;
  /** Memory that an address in an argument points at. */
  memoryAt(address: bigint, bytes: number): Uint8Array;
  isEnded: boolean;
}

const SPACING = 0x1_0000_0000n;

/**
 * A kernel that answers as the test says. Addresses are its own: what an argument points at is found again only if it was
 * asked for by `addressOf`, and no longer than it is.
 */
export function fakeKernel(
  answer: (call: KernelCall, kernel: FakeKernel) => KernelAnswer,
  more: Partial<LinuxKernel> = {},
): FakeKernel {
  const views: Uint8Array[] = [];
  let descriptors = 100;
  const callOf = (fd: number, request: number, argument: Uint8Array): KernelCall => ({
    path: kernel.files.get(fd) ?? `closed descriptor ${fd}`,
    request,
    argument,
  });
  const kernel: FakeKernel = {
    files: new Map(),
    opened: [],
    unopenable: new Map(),
    isEnded: false,
    threadsMax: 8,
    open(path, flags) {
      kernel.opened.push({ path, flags });
      const errno = kernel.unopenable.get(path);
      if (errno !== undefined) throw Object.assign(new Error("open"), { errno: -errno });
      descriptors += 1;
      kernel.files.set(descriptors, path);
      return descriptors;
    },
    close: (fd) => void kernel.files.delete(fd),
    fsync: () => {},
    ioctl(fd, request, argument) {
      const given = answer(callOf(fd, request, argument), kernel);
      if (given === undefined || given instanceof Promise) return { result: -1, errno: 25 };
      return { result: given.result, errno: given.errno ?? 0 };
    },
    submit(fd, request, argument, done) {
      const call = callOf(fd, request, argument);
      setImmediate(async () => {
        const given = answer(call, kernel);
        if (given === undefined) return;
        const { result, errno = 0 } = await given;
        done(result, errno);
      });
    },
    ranges: {
      copyFileRange: () => {
        throw new Error("not in this test");
      },
      cloneRange: () => {
        throw new Error("not in this test");
      },
    },
    blockDevice: () => {
      throw new Error("not in this test");
    },
    alignedBuffer: (bytes) => new Uint8Array(bytes),
    addressOf(view) {
      views.push(view);
      return SPACING * BigInt(views.length);
    },
    memoryAt(address, bytes) {
      const view = views[Number(address / SPACING) - 1];
      const offset = Number(address % SPACING);
      if (view === undefined || offset + bytes > view.length) {
        throw new Error(`the kernel would touch ${bytes} bytes at ${address}, which are not there`);
      }
      return view.subarray(offset, offset + bytes);
    },
    end() {
      kernel.isEnded = true;
    },
    ...more,
  };
  return kernel;
}

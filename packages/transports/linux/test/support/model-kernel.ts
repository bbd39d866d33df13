import type { DeviceModel, ModelOutcome } from "@blockferry/core";
import { type FakeKernel, fakeKernel, type KernelAnswer } from "./fake-kernel.ts";

interface Returned {
  readonly result: number;
  readonly errno?: number;
}

/** How a family's ioctls are read and answered. */
export interface ModelDialect {
  /** Carries out the command of an ioctl; `undefined`: the ioctl is no command. */
  execute(
    model: DeviceModel,
    request: number,
    argument: Uint8Array,
    kernel: FakeKernel,
  ): { readonly outcome: ModelOutcome; readonly returned: Returned } | undefined;
  /** Writes what an ioctl says whose command a reset ended. */
  wasReset(argument: Uint8Array): Returned;
  isReset(request: number): boolean;
  other(request: number): Returned;
}

const ENODEV = 19;

/** A kernel with an emulated device behind its ioctls. */
export function modelKernel(model: DeviceModel, dialect: ModelDialect): FakeKernel {
  /** Ioctls whose command was never answered. */
  let lost: ((because: "reset" | "removed") => void)[] = [];
  let isGone = false;
  const endAll = (because: "reset" | "removed"): void => {
    const all = lost;
    lost = [];
    for (const end of all) end(because);
  };
  const gone: Returned = { result: -1, errno: ENODEV };

  return fakeKernel(({ request, argument }, kernel): KernelAnswer => {
    if (isGone) return gone;
    if (dialect.isReset(request)) {
      model.reset();
      endAll("reset");
      return { result: 0 };
    }
    const done = dialect.execute(model, request, argument, kernel);
    if (done === undefined) return dialect.other(request);
    const { outcome, returned } = done;
    if (outcome === "completed") return returned;
    if (outcome === "lost") {
      return new Promise((resolve) => {
        lost.push((because) => resolve(because === "reset" ? dialect.wasReset(argument) : gone));
      });
    }
    isGone = outcome === "removed";
    endAll(outcome);
    return isGone ? gone : dialect.wasReset(argument);
  });
}

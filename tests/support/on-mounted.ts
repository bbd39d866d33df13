import { afterAll, describe, it } from "vitest";
import { type MountOptions, mountImage } from "./loop-mount.ts";

/** Describes tests on a file system of their own; one skipped test with the reason where none is. */
export function onMounted(options: MountOptions, tests: (folder: string) => void): void {
  const image = mountImage(options);
  describe(`on ${options.fs}`, () => {
    if ("skip" in image) {
      it(`has a ${options.fs} to test on`, (context) => context.skip(image.skip));
      return;
    }
    afterAll(() => image.unmount());
    tests(image.path);
  });
}

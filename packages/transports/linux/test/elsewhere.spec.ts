// Goal: where there is no Linux the package is imported all the same, and says plainly what it lacks.
// Method: the platform that Node tells is another one while the modules are loaded anew.
import { afterEach, expect, it, vi } from "vitest";

const here = process.platform;
const pretend = (platform: string): void => {
  Object.defineProperty(process, "platform", { value: platform });
  vi.resetModules();
};
afterEach(() => pretend(here));

it.each(["darwin", "win32"])("on %s: imports, and refuses to open", async (platform) => {
  pretend(platform);
  const { fileTransport, nvmeTransport, scsiTransport, sharedBlocksOf, listDevices } = await import(
    "../src/index.ts"
  );
  const plainly = expect.objectContaining({
    code: "FERRY_LINUX_UNAVAILABLE",
    message: `These are calls of Linux, and this is ${platform}.`,
  });
  expect(() => nvmeTransport({ path: "/dev/nvme0n1" })).toThrow(plainly);
  expect(() => scsiTransport({ units: new Map([[0, "/dev/sda"]]) })).toThrow(plainly);
  expect(() => fileTransport({ paths: ["disk.img"] })).toThrow(plainly);
  expect(sharedBlocksOf({ type: "xfs", place: "/" })).toMatchObject({ clones: "unknown" });
  const nowhere = { sysfs: "/none", proc: "/none", deviceNumberOf: () => undefined };
  expect(listDevices(nowhere)).toEqual([]);
});

// Goal: errors are of the shape of Node's own. Numbers: errno(3), asm-generic/errno.h.
import { openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errnoName, linuxError } from "../src/index.ts";

describe.runIf(process.platform === "linux")("linuxError", () => {
  it("has the fields, signs and wording of an error from node:fs", () => {
    let native: NodeJS.ErrnoException | undefined;
    try {
      openSync("/no/such/file", "r");
    } catch (error) {
      native = error as NodeJS.ErrnoException;
    }
    const own = linuxError(2, "open");
    expect(own).toBeInstanceOf(Error);
    expect(own.code).toBe(native?.code);
    expect(own.errno).toBe(native?.errno);
    expect(own.syscall).toBe(native?.syscall);
    expect(`${own.message} '/no/such/file'`).toBe(native?.message);
  });

  it.each([
    [1, "EPERM"],
    [6, "ENXIO"],
    [11, "EAGAIN"],
    [18, "EXDEV"],
    [22, "EINVAL"],
    [25, "ENOTTY"],
    [28, "ENOSPC"],
    [52, "EBADE"],
    [61, "ENODATA"],
    [84, "EILSEQ"],
    [95, "EOPNOTSUPP"],
    [117, "EUCLEAN"],
    [121, "EREMOTEIO"],
  ])("calls %i %s", (errno, name) => {
    expect(errnoName(errno)).toBe(name);
    expect(linuxError(errno, "ioctl")).toMatchObject({ code: name, errno: -errno });
    expect(linuxError(errno, "ioctl").message).toMatch(new RegExp(`^${name}: .+, ioctl$`));
  });

  it("keeps the number of an error it has no name for", () => {
    expect(linuxError(4000, "ioctl")).toMatchObject({ code: "E4000", errno: -4000 });
  });
});

// Goal: locks between processes, as flock(2) and util-linux' flock(1) see them.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { linux } from "../src/index.ts";

const calls = linux();
const hasFlock = spawnSync("flock", ["--version"]).status === 0;

/** Exit status of flock(1) asking for a lock without waiting: 0 taken, 1 refused. */
function ask(path: string, kind: "--exclusive" | "--shared"): number | null {
  return spawnSync("flock", [kind, "--nonblock", path, "true"]).status;
}

describe.skipIf(calls === undefined || !hasFlock)("flock", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();
  const path = join(folder, "locked");
  writeFileSync(path, "");

  it("keeps another process out until it is given back", () => {
    const fd = openSync(path, "r+");
    expect(calls.flockExclusive(fd)).toBe(true);
    expect(ask(path, "--exclusive")).toBe(1);
    expect(ask(path, "--shared")).toBe(1);
    calls.unlock(fd);
    expect(ask(path, "--exclusive")).toBe(0);
    closeSync(fd);
  });

  it("is given back by closing", () => {
    const fd = openSync(path, "r+");
    expect(calls.flockExclusive(fd, { wait: true })).toBe(true);
    closeSync(fd);
    expect(ask(path, "--exclusive")).toBe(0);
  });

  it("is refused with false while another open file description has it", () => {
    const fd = openSync(path, "r+");
    const second = openSync(path, "r+");
    expect(calls.flockExclusive(fd)).toBe(true);
    expect(calls.flockExclusive(second)).toBe(false);
    expect(calls.flockShared(second)).toBe(false);
    closeSync(fd);
    expect(calls.flockExclusive(second)).toBe(true);
    closeSync(second);
  });

  it("is shared among readers and keeps writers out", () => {
    const fd = openSync(path, "r");
    expect(calls.flockShared(fd)).toBe(true);
    expect(ask(path, "--shared")).toBe(0);
    expect(ask(path, "--exclusive")).toBe(1);
    closeSync(fd);
  });

  it("throws what is not a matter of who holds it", () => {
    const fd = 2 ** 30; // no process may have so many
    const failure = expect.objectContaining({ code: "EBADF", syscall: "flock" });
    expect(() => calls.flockExclusive(fd)).toThrow(failure);
    expect(() => calls.unlock(fd)).toThrow(failure);
  });
});

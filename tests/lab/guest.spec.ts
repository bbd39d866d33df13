// Goal: the lab itself keeps what its README says: exit status, output, ports, nothing of the host changed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, inject, it } from "vitest";
import { root } from "../../scripts/packages.mjs";

const folder = mkdtempSync(join(tmpdir(), "blockferry-lab-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => {
  const missing = inject("labMissing");
  if (missing !== "") context.skip(missing);
});

function lab(...words: string[]) {
  const main = join(root, "tools/lab/lab.mjs");
  return spawnSync(process.execPath, [main, ...words], { encoding: "utf8", cwd: folder });
}

it("prints what the command prints, ends as it ends, and keeps the host's files", () => {
  const script = "echo out; echo err >&2; echo x > written; exit 7";
  const done = lab("run", "--timeout", "120", "--", "sh", "-c", script);
  expect(done).toMatchObject({ status: 7, stdout: "out\n", stderr: "err\n" });
  expect(existsSync(join(folder, "written"))).toBe(false);
});

it("leads ports of the guest to 127.0.0.1 of the host, under one number", () => {
  const serve =
    'socat TCP-LISTEN:$LAB_PORT,bind=127.0.0.1,fork,reuseaddr EXEC:"echo from $LAB_PORT" &';
  const listening = 'until grep -q ":$(printf %04X $LAB_PORT) " /proc/net/tcp; do sleep 0.1; done';
  // The one who answers may be gone before the emulated network has carried what it said: the next one says it again.
  const answer = 'test "$(socat -u TCP:127.0.0.1:$LAB_PORT -)" = "from $LAB_PORT"';
  const here = `for try in 1 2 3 4 5 6 7 8 9 10; do ${answer} && exit; sleep 0.5; done; exit 1`;
  const guest = ["--", "sh", "-c", `${serve} ${listening}`];
  const done = lab("run", "--timeout", "120", "--from", "0", "--host", here, ...guest);
  expect(done).toMatchObject({ status: 0, stderr: "" });
});

it("says what is wrong with a command line", () => {
  expect(lab("run", "--nvmee", "size=1M")).toMatchObject({ status: 2 });
  expect(lab("run", "--kernel", "2.4", "--", "true").stderr).toContain("no kernel 2.4");
  expect(lab("run").stderr).toContain("no command");
});

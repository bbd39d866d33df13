// Runs tools of sg3_utils and ddpt, as Debian ships them, against a model: a preloaded shim sends their SG_IO commands
// over a unix socket to this process.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeviceModel } from "@blockferry/core";

const SHIM = fileURLToPath(new URL("sg-io-shim.c", import.meta.url));
const HEAD_BYTES = 16;
const TOOL_TIMEOUT_MS = 30_000;

/** Why tools cannot run here; undefined: they can. */
export function missingTools(tools: readonly string[]): string | undefined {
  const missing = [...tools, "gcc"].filter((tool) => {
    try {
      execFileSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  });
  if (process.platform !== "linux") return "the shim needs Linux";
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")}`;
}

export interface ToolRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command as it came from a tool. */
export interface Seen {
  readonly lun: number;
  readonly cdb: string;
  readonly dataOut: string;
}

export interface ToolBench {
  /** Folder of the devices. */
  readonly folder: string;
  /** Path of the device of a LUN. */
  device(lun: number): string;
  run(tool: string, ...args: string[]): Promise<ToolRun>;
  /** Commands that came since it was last asked. */
  seen(): Seen[];
  close(): Promise<void>;
}

interface Request {
  readonly lun: number;
  readonly cdb: Buffer;
  readonly dataOut: Buffer;
  readonly room: number;
  readonly bytes: number;
}

/** The first request in the bytes that came; undefined: it is not whole yet. */
function firstRequest(bytes: Buffer): Request | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const [lun, cdbBytes, outBytes, room] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  const dataAt = HEAD_BYTES + cdbBytes;
  const end = dataAt + outBytes;
  if (bytes.length < end) return undefined;
  const cdb = bytes.subarray(HEAD_BYTES, dataAt);
  return { lun, cdb, dataOut: bytes.subarray(dataAt, end), room, bytes: end };
}

function answerOf(model: DeviceModel, request: Request): Buffer {
  const { lun, cdb, dataOut, room } = request;
  const command = Buffer.concat([Buffer.from([0, lun, 0, 0, 0, 0, 0, 0]), cdb]);
  const completion = Buffer.alloc(model.completionBytes);
  const dataIn = room > 0 ? Buffer.alloc(room) : undefined;
  model.execute("io", command, dataOut.length > 0 ? dataOut : undefined, dataIn, completion);
  const moved = completion.readUInt32BE(4);
  const sense = completion.subarray(12, 12 + completion[1]);
  const data = dataIn?.subarray(0, moved) ?? Buffer.alloc(0);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(completion[0], 0);
  head.writeUInt32LE(sense.length, 4);
  head.writeUInt32LE(moved, 8);
  head.writeUInt32LE(data.length, 12);
  return Buffer.concat([head, sense, data]);
}

function serve(model: DeviceModel, seen: Seen[], socket: Socket): void {
  let waiting = Buffer.alloc(0);
  socket.on("data", (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      const request = firstRequest(waiting);
      if (request === undefined) return;
      seen.push({
        lun: request.lun,
        cdb: request.cdb.toString("hex"),
        dataOut: request.dataOut.toString("hex"),
      });
      socket.write(answerOf(model, request));
      waiting = waiting.subarray(request.bytes);
    }
  });
  socket.on("error", () => socket.destroy());
}

function runTool(env: NodeJS.ProcessEnv, tool: string, args: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve) => {
    const options = { env, timeout: TOOL_TIMEOUT_MS, encoding: "utf8" as const };
    execFile(tool, args, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
  });
}

/** The shim, built. */
export interface Shim {
  readonly library: string;
  remove(): void;
}

/** Builds the shim with the system's compiler, in a folder of its own inside `parent`. */
export function buildShim(parent: string = tmpdir()): Shim {
  const folder = mkdtempSync(join(parent, "blockferry-shim-"));
  const library = join(folder, "shim.so");
  execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, SHIM, "-ldl"]);
  return { library, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Puts a model with these LUNs behind the shim. */
export async function toolBench(
  { library }: Shim,
  model: DeviceModel,
  luns: readonly number[],
): Promise<ToolBench> {
  const folder = mkdtempSync(join(tmpdir(), "blockferry-sg-"));
  const path = join(folder, "socket");
  for (const lun of luns) writeFileSync(join(folder, `sg${lun}`), "");
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(model, seen, socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const env = {
    ...process.env,
    LC_ALL: "C",
    LD_PRELOAD: library,
    BLOCKFERRY_SG_FOLDER: folder,
    BLOCKFERRY_SG_SOCKET: path,
  };
  return {
    folder,
    device: (lun) => join(folder, `sg${lun}`),
    run: (tool, ...args) => runTool(env, tool, args),
    seen: () => seen.splice(0),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

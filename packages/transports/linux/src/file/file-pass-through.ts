import { fstatSync, fsync, read, write } from "node:fs";
import { FerryError } from "@blockferry/core";
import type { LinuxKernel } from "../kernel.ts";
import type { Launch, PassThrough, PassThroughCall } from "../pass-through.ts";
import { errnoOf } from "../system-error.ts";
import { type CopyEnd, copyRange } from "./copy-call.ts";
import { type FileCommand, fileCommand, fileCompletion, fileOperation } from "./file-command.ts";
import type { OpenedFile } from "./open-file.ts";

const EBADF = 9;
const EROFS = 30;
const EIO = 5;

function writeEnd({ completion }: PassThroughCall, end: CopyEnd): void {
  fileCompletion.encode({ ...end }, completion);
}

/** read(2) or write(2) until all of `data` has moved. */
function transfer(
  fd: number,
  data: Uint8Array,
  offset: number,
  isRead: boolean,
  ended: (end: CopyEnd) => void,
): void {
  const go = (done: number): void => {
    const answer = (error: NodeJS.ErrnoException | null, moved: number): void => {
      const errno = error === null ? 0 : (errnoOf(error) ?? EIO);
      if (errno !== 0) ended({ means: 0, errno, bytes: done });
      // The file ends before its end: somebody cut it.
      else if (moved === 0) ended({ means: 0, errno: EIO, bytes: done });
      else if (done + moved === data.length) ended({ means: 0, errno: 0, bytes: data.length });
      else go(done + moved);
    };
    const left = data.length - done;
    if (isRead) read(fd, data, done, left, offset + done, answer);
    else write(fd, data, done, left, offset + done, answer);
  };
  go(0);
}

/** True for a file that has become shorter: what lies behind its end now is no block of it. */
function wasCut({ fd, isRegular }: OpenedFile, end: number): boolean {
  return isRegular && fstatSync(fd).size < end;
}

/** Calls on files: FICLONERANGE, copy_file_range(2), and for copies through the host read(2), write(2) and fsync(2). */
export function filePassThrough(
  kernel: Pick<LinuxKernel, "ranges">,
  files: readonly OpenedFile[],
  isReadonly: boolean,
): PassThrough {
  function fileOf(number: number): OpenedFile {
    const file = files[number];
    if (file === undefined) throw new RangeError(`there is no file ${number} of ${files.length}`);
    return file;
  }

  function launchCopy(call: PassThroughCall, command: FileCommand): Launch | undefined {
    const source = fileOf(command.sourceFile);
    const file = fileOf(command.file);
    const { sourceOffset, offset, bytes } = command;
    const range = { fdSource: source.fd, sourceOffset, fd: file.fd, offset, bytes };
    const { bytesPerFileSystemBlock: unit, clones } = file.target;
    if (wasCut(source, sourceOffset + bytes) || wasCut(file, offset + bytes)) {
      writeEnd(call, { means: 0, errno: EIO, bytes: 0 });
      return undefined;
    }
    return (done) =>
      copyRange(kernel.ranges, range, unit, clones !== "no", (end) => {
        writeEnd(call, end);
        done(0, 0);
      });
  }

  function launchTransfer(call: PassThroughCall, command: FileCommand): Launch {
    const { fd } = fileOf(command.file);
    const isRead = command.operation === fileOperation.read;
    const { data } = call;
    if (data?.length !== command.bytes) {
      throw new RangeError(`the command says ${command.bytes} bytes, not ${data?.length ?? 0}`);
    }
    return (done) =>
      transfer(fd, data, command.offset, isRead, (end) => {
        writeEnd(call, end);
        done(0, 0);
      });
  }

  function launchFlush(call: PassThroughCall, command: FileCommand): Launch {
    const { fd } = fileOf(command.file);
    return (done) =>
      fsync(fd, (error) => {
        const errno = error === null ? 0 : (errnoOf(error) ?? EIO);
        writeEnd(call, { means: 0, errno, bytes: 0 });
        done(0, 0);
      });
  }

  return {
    argumentBytes: 0,
    extraBytes: 0,
    completionBytes: fileCompletion.size,
    start(call) {
      const decoded = fileCommand.decode(call.command);
      if (!decoded.ok) {
        throw new FerryError("FERRY_TRANSPORT_COMMAND", `no file command: ${decoded.violated}`);
      }
      const { operation } = decoded.value;
      const writes = operation === fileOperation.copy || operation === fileOperation.write;
      if (writes && isReadonly) {
        writeEnd(call, { means: 0, errno: EROFS, bytes: 0 });
        return undefined;
      }
      if (operation === fileOperation.copy) return launchCopy(call, decoded.value);
      if (operation === fileOperation.flush) return launchFlush(call, decoded.value);
      return launchTransfer(call, decoded.value);
    },
    // What came of it stands in the completion, whatever it was.
    end: () => "completed",
    writeFailed: (call) => writeEnd(call, { means: 0, errno: EBADF, bytes: 0 }),
    reset: undefined,
  };
}

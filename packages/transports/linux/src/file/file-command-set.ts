import type { CommandSet } from "@blockferry/core";
import { fileCommand, fileCompletion } from "./file-command.ts";
import { FileEncoder } from "./file-encoder.ts";

/** The calls of the kernel that copy, read and write in files, as a command set. */
export const fileCommandSet: CommandSet = {
  name: "file",
  layout: { commandBytes: fileCommand.size, listBytes: 4, completionBytes: fileCompletion.size },
  open: (memory, devicesMax) => new FileEncoder(memory, devicesMax),
};

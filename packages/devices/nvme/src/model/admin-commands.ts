import { common, readBits } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import { identify } from "./identify.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** Operation codes of the admin queue (NVM Express Base 2.2, Figure 89). */
const opcode = {
  identify: 0x06,
  abort: 0x08,
  setFeatures: 0x09,
  getFeatures: 0x0a,
  keepAlive: 0x18,
} as const;

const RESERVED_PSDT = 3;

/** Carries out a command of the admin queue. */
export function runAdminCommand(controller: Controller, command: Command): StatusCode {
  const { words } = command;
  if (readBits(words, 0, common.fuse) !== 0) return sc.invalidField | DNR;
  if (readBits(words, 0, common.psdt) === RESERVED_PSDT) return sc.invalidField | DNR;
  switch (readBits(words, 0, common.opcode)) {
    case opcode.identify:
      return identify(controller, command);
    case opcode.setFeatures:
      return controller.features.set(controller, command);
    case opcode.getFeatures:
      return controller.features.get(controller, command);
    case opcode.abort:
      // Commands run to their end at once, so there is never one to abort: dword 0 bit 0 says so.
      command.dw0 = 1;
      return sc.success;
    case opcode.keepAlive:
      return sc.success;
    default:
      return sc.invalidOpcode | DNR;
  }
}

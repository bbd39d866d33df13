import type { PassThroughQueue } from "../pass-through.ts";

const opcode = { write: 0x01, read: 0x02, copy: 0x19, identify: 0x06 } as const;
const IDENTIFY_BYTES = 4096;
const SGL_LENGTH = 32;
const PSDT_SHIFT = 6;

function word(command: Uint8Array, at: number): number {
  return new DataView(command.buffer, command.byteOffset).getUint32(at, true);
}

/**
 * Checks that the data that goes with a command is as long as the command says. The controller moves what the command
 * says, whatever memory the driver was given for it.
 *
 * What a command says: the length in its SGL descriptor, where it has one; Copy by NR and the entry size of its format;
 * Read and Write by whole blocks; Identify is 4096 bytes.
 * @throws RangeError
 */
export function checkTransferLength(
  queue: PassThroughQueue,
  command: Uint8Array,
  bytes: number,
): void {
  const refuse = (says: string): never => {
    throw new RangeError(`the command says ${says}, and ${bytes} bytes of data go with it`);
  };
  if (command[1] >>> PSDT_SHIFT !== 0) {
    const length = word(command, SGL_LENGTH);
    if (length !== bytes) refuse(`${length} bytes`);
  }
  if (queue === "admin") {
    if (command[0] === opcode.identify && bytes !== IDENTIFY_BYTES) {
      refuse(`Identify, ${IDENTIFY_BYTES} bytes`);
    }
    return;
  }
  const cdw12 = word(command, 48);
  if (command[0] === opcode.copy) {
    const entryBytes = ((cdw12 >>> 8) & 1) === 1 ? 40 : 32;
    const ranges = (cdw12 & 0xff) + 1;
    if (bytes !== ranges * entryBytes) refuse(`${ranges} entries of ${entryBytes} bytes`);
  }
  if (command[0] === opcode.read || command[0] === opcode.write) {
    const blocks = (cdw12 & 0xffff) + 1;
    if (bytes === 0 || bytes % blocks !== 0) refuse(`${blocks} blocks`);
  }
}

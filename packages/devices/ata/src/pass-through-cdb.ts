import { type AtaProtocol, ataCommand, opcode } from "./codec/commands.ts";
import { encodePassThrough } from "./codec/sat/pass-through.ts";
import { passThroughProtocol as protocol, transferLength } from "./codec/sat/pass-through-cdb.ts";
import type { WholeTaskFile } from "./codec/task-file.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";

const BLOCK_BYTES = 512;

/** PROTOCOL, and whether data comes from the device. */
const transfers: Readonly<
  Partial<Record<AtaProtocol, readonly [protocol: number, fromDevice: boolean]>>
> = {
  "non-data": [protocol.nonData, false],
  "pio-in": [protocol.pioIn, true],
  "pio-out": [protocol.pioOut, false],
  "dma-in": [protocol.dma, true],
  "dma-out": [protocol.dma, false],
};

/** Commands that move logical sectors, of whatever size: all others move blocks of 512 bytes. */
const movesSectors: ReadonlySet<number> = new Set([
  opcode.readSectors,
  opcode.readSectorsExt,
  opcode.readDmaExt,
  opcode.writeSectors,
  opcode.writeSectorsExt,
  opcode.writeDmaExt,
  opcode.writeDmaFuaExt,
]);

function lengthPlace(
  { command }: WholeTaskFile,
  profile: WriteGatheredProfile | undefined,
): "feature" | "count" | "transport" {
  return profile?.command === command ? profile.satTransferLength : "count";
}

/**
 * The ATA PASS-THROUGH(16) that carries a command. Registers are asked for (CK_COND), but by PIO data-in, to which Linux over
 * AHCI answers with an error that is none.
 *
 * @param bytes of data that go with it
 * @param profile of the WRITE GATHERED EXT that may be sent
 * @throws RangeError for a command that is queued or unknown, or whose length CDB and data do not agree on.
 */
export function passThroughCdb(
  taskFile: WholeTaskFile,
  bytes: number,
  profile: WriteGatheredProfile | undefined,
): Uint8Array {
  const { command, count } = taskFile;
  const isGathered = profile?.command === command;
  const known = isGathered ? { protocol: "dma-out" as const, extended: true } : ataCommand(command);
  const transfer = known === undefined ? undefined : transfers[known.protocol];
  if (known === undefined || transfer === undefined) {
    const shown = `${command.toString(16).toUpperCase().padStart(2, "0")}h`;
    throw new RangeError(`ATA PASS-THROUGH carries no command ${shown}`);
  }
  const [kind, tDir] = transfer;
  const { icc: _icc, auxiliary: _auxiliary, ...registers } = taskFile;
  const common = { form: 16, protocol: kind, extend: known.extended } as const;
  const ckCond = kind !== protocol.pioIn;
  if (kind === protocol.nonData) {
    return encodePassThrough({ ...common, ckCond, taskFile: registers });
  }
  const place = lengthPlace(taskFile, profile);
  const tLength = transferLength[place];
  const tType = movesSectors.has(command);
  // IDENTIFY DEVICE has no COUNT; a translator takes the length of its data from there.
  const length = place === "count" && count === 0 ? bytes / BLOCK_BYTES : count;
  const counted = place === "feature" ? taskFile.feature : length;
  const isWhole = place === "transport" || (counted > 0 && bytes % counted === 0);
  if (!isWhole || (!tType && place !== "transport" && counted * BLOCK_BYTES !== bytes)) {
    throw new RangeError(
      `the command says ${counted} blocks, and ${bytes} bytes of data go with it`,
    );
  }
  return encodePassThrough({
    ...common,
    ...{ ckCond, tDir, tType, tLength, bytBlok: true },
    taskFile: { ...registers, count: length },
  });
}

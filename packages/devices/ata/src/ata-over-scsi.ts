import type { CompletionSink, QueueMemory, Transport, TransportQueue } from "@blockferry/core";
import { statusBit } from "./codec/status-register.ts";
import { decodeTaskFile, type WholeTaskFile } from "./codec/task-file.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";
import { passThroughCdb } from "./pass-through-cdb.ts";
import { returnedFis } from "./returned-fis.ts";

/*
 * What crosses the border between a transport and a SCSI device (as the SCSI device package has it):
 * command:    0..7 logical unit number, 8..23 CDB
 * completion: 264 bytes; see returned-fis.ts
 */
const LUN_BYTES = 8;
const COMMAND_BYTES = 24;
const COMPLETION_BYTES = 264;
/** Conditions that a unit may have to tell before it answers. */
const ATTENTIONS_MAX = 16;

export interface AtaOverScsiOptions {
  /** The profile of the WRITE GATHERED EXT that may be sent; other commands go without. */
  readonly profile?: WriteGatheredProfile | undefined;
  /** The unit that is the disk. Default 0. */
  readonly lun?: number | undefined;
}

function taskFileOf(command: Uint8Array): WholeTaskFile {
  const decoded = decodeTaskFile(command);
  if (decoded.ok) return decoded.value;
  throw new RangeError(decoded.violated ?? `${decoded.need} bytes of the command are missing`);
}

function partsOf(depth: number, bytes: number): { words: Int32Array; bytes: Uint8Array[] } {
  const words = new Int32Array((depth * bytes) / 4);
  const views = Array.from(
    { length: depth },
    (_, slot) => new Uint8Array(words.buffer, slot * bytes, bytes),
  );
  return { words, bytes: views };
}

/** Memory for the same slots, of SCSI commands; lists are those of the disk's queue. */
function memoryBelow(memory: QueueMemory): QueueMemory {
  const commands = partsOf(memory.depth, COMMAND_BYTES);
  const completions = partsOf(memory.depth, COMPLETION_BYTES);
  return {
    ...memory,
    commands: commands.words,
    commandWords: COMMAND_BYTES / 4,
    commandBytes: commands.bytes,
    completions: completions.words,
    completionWords: COMPLETION_BYTES / 4,
    completionBytes: completions.bytes,
  };
}

/**
 * A way to an ATA disk behind a SCSI / ATA translator: each command goes by ATA PASS-THROUGH(16) over a transport of SCSI
 * commands. Commands that are queued (NCQ) cannot go this way: a translator keeps the tags to itself.
 */
export function ataOverScsi(transport: Transport, options: AtaOverScsiOptions = {}): Transport {
  const { profile, lun = 0 } = options;

  function write(target: Uint8Array, taskFile: WholeTaskFile, bytes: number): void {
    target.fill(0);
    target[1] = lun;
    target.set(passThroughCdb(taskFile, bytes, profile), LUN_BYTES);
  }

  function connect(memory: QueueMemory, sink: CompletionSink): TransportQueue {
    const below = memoryBelow(memory);
    const sent: WholeTaskFile[] = [];
    const queue = transport.connect(below, {
      complete(slots, count) {
        for (let i = 0; i < count; i += 1) {
          const slot = slots[i];
          memory.completionBytes[slot].set(returnedFis(below.completionBytes[slot], sent[slot]));
        }
        sink.complete(slots, count);
      },
      reset: () => sink.reset(),
      removed: () => sink.removed(),
    });
    return {
      submit(slot, listBytes, data, direction) {
        const command = memory.commandBytes[slot];
        if (command === undefined) {
          throw new RangeError(`there is no slot ${slot} of ${memory.depth}`);
        }
        sent[slot] = taskFileOf(command);
        write(below.commandBytes[slot], sent[slot], listBytes || (data?.length ?? 0));
        queue.submit(slot, listBytes, data, direction);
      },
      doorbell: () => queue.doorbell(),
      abort: (slot) => queue.abort(slot),
      reset: () => queue.reset(),
      close: () => queue.close(),
    };
  }

  return {
    ...transport,
    async execute(command, given = {}) {
      const taskFile = taskFileOf(command);
      const { dataIn, dataOut } = given;
      const cdb = new Uint8Array(COMMAND_BYTES);
      write(cdb, taskFile, dataOut?.length ?? dataIn?.length ?? 0);
      for (let attentions = 0; ; attentions += 1) {
        const fis = returnedFis(await transport.execute(cdb, given), taskFile);
        const isBusy = (fis[2] & statusBit.busy) !== 0;
        if (!isBusy || attentions === ATTENTIONS_MAX) return fis;
      }
    },
    connect,
  };
}

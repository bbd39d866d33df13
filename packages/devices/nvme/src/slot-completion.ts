import type { DeviceStatus, QueueMemory } from "@blockferry/core";
import { completionQueueEntry } from "./codec/completion.ts";
import { copyCommand } from "./codec/copy-command.ts";
import { CQE_BYTES, opcode, SQE_BYTES } from "./queue-entry.ts";
import { describeCompletion, retryableStatuses } from "./status-map.ts";

const SQE_WORDS = SQE_BYTES / 4;
const CQE_WORDS = CQE_BYTES / 4;
const HEAD = copyCommand.field("opc").dword;
const CDW12 = copyCommand.field("nr").dword;
const RESULT = completionQueueEntry.field("dw0").dword;
const STATUS = completionQueueEntry.field("sc").dword;
const STATUS_SHIFT = completionQueueEntry.field("sc").shift as number;
const STATUS_MASK = 0x7ff;
const CID_BITS = 16;

/** True for the completion of another command than the one in the slot. */
function isStale({ commands, completions }: QueueMemory, slot: number): boolean {
  const cid = completions[slot * CQE_WORDS + STATUS] & 0xffff;
  return cid !== commands[slot * SQE_WORDS + HEAD] >>> CID_BITS;
}

/** True if the same command may succeed: Do Not Retry, the sign bit, is clear, and it is not the command that is at fault. */
export function isRetryable(memory: QueueMemory, slot: number): boolean {
  const word = memory.completions[slot * CQE_WORDS + STATUS];
  if (word < 0 || isStale(memory, slot)) return false;
  return retryableStatuses[(word >>> STATUS_SHIFT) & STATUS_MASK] !== 0;
}

/** Of a Copy that failed: the leading ranges that DW0 says are copied. 0 where DW0 names no range of the command. */
export function rangesDone(memory: QueueMemory, slot: number): number {
  const { commands, completions } = memory;
  const at = slot * SQE_WORDS;
  if ((commands[at + HEAD] & 0xff) !== opcode.copy || isStale(memory, slot)) return 0;
  const ranges = (commands[at + CDW12] & 0xff) + 1;
  const done = completions[slot * CQE_WORDS + RESULT] >>> 0;
  return done < ranges ? done : 0;
}

/** The completion in words. */
export function describeSlot({ commands, completions }: QueueMemory, slot: number): DeviceStatus {
  const at = slot * CQE_WORDS;
  const expectedCid = commands[slot * SQE_WORDS + HEAD] >>> CID_BITS;
  return describeCompletion(completions[at + RESULT], completions[at + STATUS], expectedCid);
}

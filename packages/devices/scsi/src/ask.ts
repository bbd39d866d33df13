import { FerryError, type Transport } from "@blockferry/core";
import type { Decoded } from "@blockferry/core/bytes";
import { type Answer, answerOf, describeAnswer, meaningOfAnswer, nameOfAnswer } from "./answer.ts";
import { uint32 } from "./codec/big-endian.ts";
import { commandOfCdb } from "./codec/cdb/scsi-commands.ts";
import {
  encodeLun,
  LUN_BYTES,
  SCSI_COMMAND_BYTES,
  SCSI_COMPLETION_BYTES,
  scsiCompletion,
} from "./codec/scsi-command-record.ts";
import { SENSE_KEY_UNIT_ATTENTION } from "./codec/sense/sense-keys.ts";

const MOVED_AT = scsiCompletion.offsetOf("moved");
/** A unit that was reset, mapped and changed since it was asked last has so many attentions at most. */
const ATTENTIONS_MAX = 16;
const WAITS_MAX = 20;
const WAIT_MS = 100;

/** What a unit said: data that it sent, or why it sent none. */
export type Reply = { readonly data: Uint8Array } | { readonly refusal: Answer };

/** A way to ask the logical units of a target one command after the other, outside of any queue. */
export interface Asker {
  /** Sends a CDB; `bytes` is the room for its data. Unit attentions are taken in, and a busy unit is asked again. */
  ask(lun: number, cdb: Uint8Array, bytes: number): Promise<Reply>;
  /** As `ask`, for what a unit has to answer. @throws FerryError `FERRY_SCSI_REFUSED` */
  demand(lun: number, cdb: Uint8Array, bytes: number): Promise<Uint8Array>;
}

const commandName = (cdb: Uint8Array): string => commandOfCdb(cdb)?.title ?? "a command";

/** @throws FerryError `FERRY_SCSI_COMPLETION` for bytes that are no completion. */
function checked(completion: Uint8Array, cdb: Uint8Array): Uint8Array {
  if (completion.length >= SCSI_COMPLETION_BYTES) return completion;
  throw new FerryError(
    "FERRY_SCSI_COMPLETION",
    `the answer to ${commandName(cdb)} is no completion: it has ${completion.length} bytes of ${SCSI_COMPLETION_BYTES}`,
  );
}

function wait(transport: Transport, ms: number): Promise<void> {
  const { clock } = transport;
  if (clock === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

const isAttention = ({ sense }: Answer): boolean => sense?.senseKey === SENSE_KEY_UNIT_ATTENTION;

/** Asks units of the target behind `transport`. */
export function asker(transport: Transport, signal: AbortSignal | undefined): Asker {
  async function once(lun: number, cdb: Uint8Array, bytes: number): Promise<Reply> {
    const command = new Uint8Array(SCSI_COMMAND_BYTES);
    encodeLun(lun, command);
    command.set(cdb, LUN_BYTES);
    const data = new Uint8Array(bytes);
    const completion = checked(
      await transport.execute(command, {
        ...(bytes === 0 ? {} : { dataIn: data }),
        ...(signal === undefined ? {} : { signal }),
      }),
      cdb,
    );
    const answer = answerOf(completion);
    if (meaningOfAnswer(answer).status !== 0) return { refusal: answer };
    return { data: data.subarray(0, Math.min(uint32(completion, MOVED_AT), bytes)) };
  }

  async function ask(lun: number, cdb: Uint8Array, bytes: number): Promise<Reply> {
    let attentions = 0;
    let waits = 0;
    for (;;) {
      const reply = await once(lun, cdb, bytes);
      if ("data" in reply) return reply;
      if (isAttention(reply.refusal)) {
        if (++attentions > ATTENTIONS_MAX) return reply;
      } else {
        if (!meaningOfAnswer(reply.refusal).isRetryable || ++waits > WAITS_MAX) return reply;
        await wait(transport, WAIT_MS);
      }
      signal?.throwIfAborted();
    }
  }

  return {
    ask,
    async demand(lun, cdb, bytes) {
      const reply = await ask(lun, cdb, bytes);
      if ("data" in reply) return reply.data;
      throw new FerryError(
        "FERRY_SCSI_REFUSED",
        `logical unit ${lun} refused ${commandName(cdb)}: ${nameOfAnswer(reply.refusal)}`,
        { details: { lun, command: commandName(cdb), ...describeAnswer(reply.refusal).fields } },
      );
    },
  };
}

/** The value of what a unit said. @throws FerryError `FERRY_SCSI_DATA` naming the rule that the data breaks. */
export function understood<T>(decoded: Decoded<T>, lun: number, what: string): T {
  if (decoded.ok) return decoded.value;
  const rule = decoded.violated ?? `${decoded.need} bytes are missing`;
  throw new FerryError("FERRY_SCSI_DATA", `${what} of logical unit ${lun}: ${rule}`, {
    details: { lun, what, rule, field: decoded.field },
    hint: "What the device says contradicts the standard; nothing was written to it.",
  });
}

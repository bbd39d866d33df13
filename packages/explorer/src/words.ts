import { step } from "@blockferry/block";
import {
  joinWords,
  type OperationName,
  operationName,
  statusName,
  type TraceEvent,
  type TraceKindName,
} from "@blockferry/core";
import { happenings } from "./scenario.ts";
import { copyState } from "./world/copies.ts";
import { move } from "./world/move.ts";
import type { World } from "./world/world.ts";

/** What a bio of an operation is called. */
const halves: Partial<Record<OperationName, string>> = {
  source: "source half",
  destination: "destination half",
  copy: "copy bio",
  read: "read",
  write: "write",
};

/** The submitter whose copy is, or was last, in a row of the engine. */
function rowName(world: World, row: number): string {
  const copy = world.copies.inRow(row);
  return copy < 0 ? "an ended copy" : world.copies.nameOf(copy);
}

function bioName(world: World, bio: number): string {
  const { operation, lbaLow, lbaHigh, blocks, chunk, device, token } = world.bios.columns;
  const owner = chunk[bio] < 0 ? token[bio] : world.chunks.columns.copy[chunk[bio]];
  const kind = halves[operationName(operation[bio])] ?? "bio";
  const lba = joinWords(lbaLow[bio], lbaHigh[bio]);
  const name =
    device[bio] < 0 ? "ended, its parts have not" : world.engine.devices[device[bio]].name;
  return `${rowName(world, owner)}'s ${kind} (${name} ${lba}+${blocks[bio]})`;
}

function stepWords(world: World, slot: number): string {
  const { kind } = world.steps.rows.columns;
  const subject = world.steps.subjectOf(slot);
  switch (kind[slot]) {
    case step.start:
      return `${rowName(world, subject)} starts`;
    case step.submit:
      return `${bioName(world, subject)} is submitted`;
    case step.depart:
      return `a worker sends ${bioName(world, subject)} on`;
    case step.unplug:
      return `${rowName(world, subject)} takes its plug out`;
    case step.run:
      return "the queue runs";
    case step.emulate:
      return `${rowName(world, subject)} copies through the host`;
    case step.requeue:
      return "a request goes back to its queue";
    case step.strategy:
      return "a deferred step of the strategy runs";
    default:
      return "the engine goes on";
  }
}

/** Whose command is in a flight of the device. */
function flightName(world: World, subject: number): string {
  const controller = world.controllers[subject >> 16];
  const slot = controller.flights.columns.slot[subject & 0xffff];
  const row = world.queues.copyRowIn(subject >> 16, slot);
  return row < 0 ? "a command" : `${rowName(world, row)}'s command`;
}

function answerWords(world: World, subject: number): string {
  const name = flightName(world, subject);
  return world.controllers[subject >> 16].refuses(subject & 0xffff)
    ? `the device refuses ${name}`
    : `the device carries ${name} out`;
}

function carriedOut(blocks: number): string {
  return blocks === 0 ? "nothing of it carried out" : `${blocks} blocks of it carried out`;
}

function eventWords(world: World, kind: number, subject: number, variant: number): string {
  const device = (): string => world.engine.devices[subject].name;
  switch (kind) {
    case move.reset:
      return `the controller is reset, ${variant === 0 ? "nothing" : "all"} in flight carried out`;
    case move.remove:
      return `the controller goes away, ${variant === 0 ? "nothing" : "all"} in flight carried out`;
    case move.cancel:
      return `${world.copies.nameOf(subject)} cancels`;
    case move.sleep:
      return `${world.copies.nameOf(subject)} sleeps and its plug is flushed`;
    case move.write:
      return `somebody writes newer data to ${world.copies.nameOf(subject)}'s first source block`;
    case move.freeze:
      return `the queue of ${device()} is frozen`;
    case move.thaw:
      return `the queue of ${device()} is thawed`;
    case move.suspend:
      return `${device()} is suspended`;
    case move.swap:
      return `${device()} changes to its next table and is resumed`;
    default:
      return `the limit of ${device()} is lowered to one block`;
  }
}

/** A move in words, before it is made. */
export function moveWords(world: World, kind: number, subject: number, variant: number): string {
  switch (kind) {
    case move.step:
      return stepWords(world, subject);
    case move.complete:
      return answerWords(world, subject);
    case move.fail:
      return `${flightName(world, subject)} fails after ${variant} blocks`;
    case move.expire:
      return `${flightName(world, subject)} is not answered in time, ${carriedOut(variant)}`;
    case move.answerAbort:
      return `${flightName(world, subject)} is answered as aborted`;
    case move.expireAgain:
      return `the abort of ${flightName(world, subject)} is not answered either`;
    case move.answerLate:
      return `${flightName(world, subject)} is answered late`;
    case move.completeTwice:
      return `the device carries ${flightName(world, subject)} out, and will answer twice`;
    case move.echo:
      return "a second answer to a command comes";
    default:
      return eventWords(world, kind, subject, variant);
  }
}

const said: Partial<Record<TraceKindName, (event: TraceEvent, device: string) => string>> = {
  bioPark: (event, device) => `${operationName(event.detail)} parked at ${device}`,
  bioDefer: (_event, device) => `kept by ${device}`,
  bioRemap: (event, device) => `remapped to ${device} ${event.lba}+${event.blocks}`,
  bioSplit: (event) => `split at ${event.blocks} blocks`,
  bioPair: (event, device) => `paired: to ${device} ${event.lba}+${event.blocks}`,
  requestSource: (event, device) => `from ${device} ${event.lba}+${event.blocks}`,
  commandIssue: (event, device) => `command to ${device} ${event.lba}+${event.blocks}`,
  commandTimeout: () => "timed out",
  requestRequeue: (event) => `sent again after ${statusName(event.detail)}`,
  copyEnd: (event) => `copy ends: ${statusName(event.detail)}`,
};

/** What came of a move: what its events say, and what failed in it. */
export function consequences(world: World, events: readonly TraceEvent[]): string {
  const parts = events.flatMap((event) => {
    const device = event.device < 0 ? "" : world.engine.devices[event.device].name;
    const failed = event.kind === "bioEnd" && event.detail !== 0;
    // What an asynchronous device sends on stays where it was.
    const stays =
      event.kind === "bioRemap" && world.engine.devices[event.detail].kind === "asynchronous";
    if (stays) return [];
    if (failed) return [`bio ends: ${statusName(event.detail)}`];
    return said[event.kind]?.(event, device) ?? [];
  });
  for (const name of world.chance.failed) parts.push(happenings[name]);
  return parts.join("; ");
}

/** Copies that have not ended, and the halves that wait for something. */
export function waitingWords(world: World): string {
  const { state } = world.copies.table.columns;
  const names = world.copies.copies.flatMap((_, copy) =>
    state[copy] === copyState.ended ? [] : [world.copies.nameOf(copy)],
  );
  const bios: string[] = [];
  for (const { slot } of world.bios.rows()) bios.push(bioName(world, slot));
  const halvesLeft = bios.length === 0 ? "no bio is left" : bios.join(", ");
  return `${names.join(", ")} never end; waiting: ${halvesLeft}`;
}

import type { Command, Controller } from "./controller.ts";
import { type CopyJob, readCopyCommand, readCopyList } from "./copy-job.ts";
import { moveRange } from "./copy-move.ts";
import { settle } from "./medium.ts";
import { DNR, type StatusCode, sc } from "./status.ts";
import { storeFailure } from "./store-failure.ts";

/**
 * Copy (NVM Command Set Specification 1.2, section 3.3.2). The checks are those of the peer, in its order. Dword 0 of
 * the completion is the lowest-numbered source range that was not copied, and 0 if no data was written.
 */
export function copy(controller: Controller, command: Command): StatusCode {
  const { job, peer } = controller;
  readCopyCommand(job, command.words, command.namespace, controller.formats);
  for (const check of controller.copyChecks.head) {
    const status = check(controller, command, job);
    if (status !== sc.success) return status;
  }
  const list = command.dataOut;
  if (list === undefined || list.length !== job.ranges * job.entryBytes) return sc.dataLength | DNR;
  readCopyList(job, list, controller.namespaces, peer.rereadsForeignSource);
  for (const check of controller.copyChecks.list) {
    const status = check(controller, command, job);
    if (status !== sc.success) return status;
  }
  if (peer.validate === "upfront") {
    const status = checkAllRanges(controller, command, job);
    if (status !== sc.success) return peer.anyRangeStatus ?? status;
  }
  const status = moveAll(controller, command, job);
  return status === sc.success ? status : (peer.anyRangeStatus ?? status);
}

function checkRange(
  controller: Controller,
  command: Command,
  job: CopyJob,
  range: number,
  destinationLba: number,
): StatusCode {
  for (const check of controller.copyChecks.range) {
    const status = check(controller, command, job, range, destinationLba);
    if (status !== sc.success) return status;
  }
  return sc.success;
}

function checkAllRanges(controller: Controller, command: Command, job: CopyJob): StatusCode {
  let destinationLba = job.sdlba;
  for (let range = 0; range < job.ranges; range += 1) {
    const status = checkRange(controller, command, job, range, destinationLba);
    if (status !== sc.success) return status;
    destinationLba += job.blocks[range];
  }
  return sc.success;
}

/** Moves range by range, and says in dword 0 how far it got. */
function moveAll(controller: Controller, command: Command, job: CopyJob): StatusCode {
  const { peer } = controller;
  const isEager = peer.validate === "eager";
  let range = 0;
  let status: StatusCode = sc.success;
  try {
    let destinationLba = job.sdlba;
    for (; range < job.ranges; range += 1) {
      if (isEager) status = checkRange(controller, command, job, range, destinationLba);
      if (status === sc.success) {
        status = moveRange(controller, command, job, range, destinationLba);
      }
      if (status !== sc.success || job.isCut) break;
      destinationLba += job.blocks[range];
    }
    if (status === sc.success) {
      // Where this fails, no range is known to be on the medium.
      range = 0;
      settle(controller, command, job.destination, job.fua);
    }
  } catch (error) {
    status = storeFailure(controller, command, error);
  }
  // Every range has a block at least, so that past the first range data was written.
  command.dw0 = status !== sc.success && peer.rangesDone === "range" ? range : 0;
  return status;
}

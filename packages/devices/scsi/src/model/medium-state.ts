import { preventAllowMediumRemovalCdb, startStopUnitCdb } from "../codec/cdb/inquiry-cdb.ts";
import { fieldReader } from "./cdb-field.ts";
import type { Command } from "./command.ts";
import { flushUnit } from "./medium.ts";
import { attend } from "./nexus.ts";
import { clearJobs } from "./run-job.ts";
import { type Refusal, refuse, refuseCdb, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import { cancelTokens } from "./tokens.ts";
import type { Unit } from "./unit.ts";

const startStop = {
  powerCondition: fieldReader(startStopUnitCdb, "powerCondition"),
  noFlush: fieldReader(startStopUnitCdb, "noFlush"),
  loej: fieldReader(startStopUnitCdb, "loej"),
  start: fieldReader(startStopUnitCdb, "start"),
};
const prevent = fieldReader(preventAllowMediumRemovalCdb, "prevent");

/** Whether the unit can do what its medium is needed for. */
export function checkReady(unit: Unit): Refusal | undefined {
  if (!unit.isLoaded) return refuse(senseCodes.noMedium);
  return unit.isStarted ? undefined : refuse(senseCodes.stopped);
}

/** Takes the medium out: what was to be read from it later cannot be. */
export function eject(target: Target, unit: Unit): void {
  unit.isLoaded = false;
  clearJobs(target, (job) => job.path.unit === unit);
  cancelTokens(target, (token) => token.rod.unit === unit);
}

/** Puts a medium in, and tells all initiators that it may be another (SPC-4, 28h/00h). */
export function load(target: Target, unit: Unit): void {
  unit.isLoaded = true;
  unit.isStarted = true;
  for (const nexus of target.nexuses.values()) {
    const path = nexus.pathOf.get(unit);
    if (path !== undefined) attend(path, senseCodes.mediumChanged);
  }
}

/** START STOP UNIT (SBC-3, START STOP UNIT command). */
export function startStopUnit(target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  if (startStop.powerCondition(cdb) !== 0) return undefined;
  const isStart = startStop.start(cdb) === 1;
  const isEject = startStop.loej(cdb) === 1;
  if (isEject && !unit.removable) return refuseCdb(4, 1);
  if (isEject && !isStart && unit.preventedBy.size > 0) return refuse(senseCodes.removalPrevented);
  if (!isStart && startStop.noFlush(cdb) === 0 && unit.isLoaded) flushUnit(target, unit);
  if (isEject) {
    if (isStart && !unit.isLoaded) load(target, unit);
    else if (!isStart && unit.isLoaded) eject(target, unit);
    return undefined;
  }
  unit.isStarted = isStart;
  return undefined;
}

/** PREVENT ALLOW MEDIUM REMOVAL (SBC-3). */
export function preventAllowMediumRemoval(_target: Target, command: Command): Refusal | undefined {
  const { cdb, unit, nexus } = command;
  const isPrevented = prevent(cdb) % 2 === 1;
  if (isPrevented) unit.preventedBy.add(nexus.name);
  else unit.preventedBy.delete(nexus.name);
  return undefined;
}

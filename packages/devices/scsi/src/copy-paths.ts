import type { CommandSet, TransportManifest } from "@blockferry/core";
import { CSCD_BYTES } from "./codec/copy/cscd.ts";
import { extendedCopyLid4Header } from "./codec/copy/extended-copy-lid4.ts";
import type { ExtendedCopyOptions, ListFormat, TokenCopyOptions } from "./command-options.ts";
import type { ExtendedCopyFacts } from "./copy-manager.ts";
import { extendedCopyCommandSet } from "./extended-copy-command-set.ts";
import {
  extendedCopyLimits,
  extendedCopyShape,
  limitsWithoutCopies,
  type ScsiLimits,
  type ScsiLimitsSource,
  type ScsiSoftLimits,
  tokenCopyLimits,
} from "./limits.ts";
import type { ScsiProfile } from "./profiles.ts";
import { segmentForm } from "./segment-form.ts";
import { tokenCopyCommandSet } from "./token-copy-command-set.ts";
import type { ExtendedCopyAbility, ScsiUnit, TokenCopyAbility } from "./unit.ts";
import { cscdDesignator } from "./unit-designator.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** One kind of copy commands, and the units with their limits for it. */
export interface CopyPath {
  readonly commandSet: CommandSet;
  readonly units: readonly ScsiUnit[];
  /** Copies at a time; 0: the target does not say. */
  readonly copiesMax: number;
}

export interface CopyPathSource {
  readonly facts: readonly UnitFacts[];
  readonly profile: ScsiProfile;
  readonly transport: TransportManifest;
  readonly softLimits: ScsiSoftLimits | undefined;
}

const NO_COPY_MANAGER = "its INQUIRY data tells of no copy manager (3PC is clear)";

function limitsSource(source: CopyPathSource, unit: UnitFacts): ScsiLimitsSource {
  const { lun, bytesPerBlock, transferBlocksMax } = unit;
  return {
    lun,
    bytesPerBlock,
    transferBlocksMax,
    transport: source.transport,
    profile: source.profile.limits,
    units: source.facts.length,
    softLimits: source.softLimits,
  };
}

function unitOf(
  facts: UnitFacts,
  { limits, copyRefusal }: ScsiLimits,
  extendedCopy: ExtendedCopyAbility | undefined,
  tokenCopy: TokenCopyAbility | undefined,
): ScsiUnit {
  const { inquiry } = facts;
  return {
    family: "scsi",
    lun: facts.lun,
    deviceType: inquiry.peripheralDeviceType,
    capacityBlocks: facts.capacityBlocks,
    bytesPerBlock: facts.bytesPerBlock,
    limits,
    copyRefusal,
    extendedCopy,
    tokenCopy,
    vendor: inquiry.vendor.trim(),
    product: inquiry.product.trim(),
    revision: inquiry.revision.trim(),
    serial: facts.serial,
    designators: facts.designators,
    readonly: facts.readonly,
  };
}

function whyNoExtendedCopy(unit: UnitFacts, format: ListFormat): string | undefined {
  const { extendedCopy: copies } = unit.copyManager;
  if (!unit.inquiry.thirdPartyCopy && copies === undefined) return NO_COPY_MANAGER;
  if (copies === undefined)
    return "its copy manager has no EXTENDED COPY, or does not say what it can do";
  return copies[format]
    ? undefined
    : `its copy manager has no EXTENDED COPY(${format.toUpperCase()})`;
}

function extendedCopyUnit(source: CopyPathSource, unit: UnitFacts, format: ListFormat): ScsiUnit {
  const from = limitsSource(source, unit);
  const refuse = (why: string): ScsiUnit =>
    unitOf(unit, limitsWithoutCopies(from, why), undefined, undefined);
  const why = whyNoExtendedCopy(unit, format);
  if (why !== undefined) return refuse(why);
  const copies = unit.copyManager.extendedCopy as ExtendedCopyFacts;
  const shape = extendedCopyShape(copies, source.profile.limits);
  if (typeof shape === "string") return refuse(shape);
  const designator = cscdDesignator(unit.designators, source.profile);
  if (designator === undefined) {
    return refuse(
      "its Device Identification page has no designator that a copy command could name it by",
    );
  }
  const { segmentType, cscdsMax } = shape;
  const { listIdNone } = copies;
  const ability = { segmentType, cscdsMax, listIdNone, designator };
  return unitOf(unit, extendedCopyLimits(from, copies, shape, format), ability, undefined);
}

/** Least of the numbers that are not 0; 0 where all are. */
function leastOf(numbers: readonly number[]): number {
  const said = numbers.filter((one) => one > 0);
  return said.length === 0 ? 0 : Math.min(...said);
}

/** The units with their limits for EXTENDED COPY, and the command set. */
export function extendedCopyPath(
  source: CopyPathSource,
  options: ExtendedCopyOptions | undefined,
): CopyPath {
  const { facts, profile } = source;
  const given = { ...profile.extendedCopy, ...options };
  const managers = facts
    .map((one) => one.copyManager.extendedCopy)
    .filter((one) => one !== undefined);
  const listFormat = given.listFormat ?? (managers.some((one) => one.lid1) ? "lid1" : "lid4");
  const canLeaveOut = managers.length > 0 && managers.every((one) => one.listIdNone);
  const { listIdUsage: usage = "auto" } = given;
  const listIdUsage = usage === "auto" ? (canLeaveOut ? "none" : "discard") : usage;
  const units = facts.map((unit) => extendedCopyUnit(source, unit, listFormat));
  const listBytesMax = units.reduce((most, { limits, extendedCopy: ability }) => {
    if (ability === undefined) return most;
    const cscds = Math.min(ability.cscdsMax, facts.length) * CSCD_BYTES;
    const segments = (limits.copyRangesMax ?? 0) * segmentForm(ability.segmentType).bytes;
    return Math.max(most, extendedCopyLid4Header.size + cscds + segments);
  }, 128);
  return {
    commandSet: extendedCopyCommandSet({ ...given, listFormat, listIdUsage, listBytesMax }),
    units,
    copiesMax: leastOf(
      managers.map((one) =>
        listIdUsage === "none"
          ? one.concurrentMax
          : leastOf([one.concurrentMax, one.concurrentIdentifiedMax]),
      ),
    ),
  };
}

function tokenCopyUnit(source: CopyPathSource, unit: UnitFacts): ScsiUnit {
  const from = limitsSource(source, unit);
  const { tokenCopy: tokens } = unit.copyManager;
  if (tokens === undefined) {
    const why = unit.inquiry.thirdPartyCopy
      ? "its copy manager does not tell of POPULATE TOKEN, WRITE USING TOKEN and RECEIVE ROD TOKEN INFORMATION"
      : NO_COPY_MANAGER;
    return unitOf(unit, limitsWithoutCopies(from, why), undefined, undefined);
  }
  const { inactivitySecondsDefault, inactivitySecondsMax, rodTypes } = tokens;
  const ability = { inactivitySecondsDefault, inactivitySecondsMax, rodTypes };
  return unitOf(unit, tokenCopyLimits(from, tokens), undefined, ability);
}

/** The units with their limits for token copies, and the command set. */
export function tokenCopyPath(
  source: CopyPathSource,
  options: TokenCopyOptions | undefined,
): CopyPath {
  const units = source.facts.map((unit) => tokenCopyUnit(source, unit));
  const rangesMax = units.reduce(
    (most, { limits }) => Math.max(most, limits.copyRangesMax ?? 1),
    1,
  );
  const given = { ...source.profile.tokenCopy, ...options };
  const managers = source.facts
    .map((one) => one.copyManager.extendedCopy)
    .filter((one) => one !== undefined);
  return {
    commandSet: tokenCopyCommandSet({ ...given, rangesMax }),
    units,
    copiesMax: leastOf(managers.map((one) => one.concurrentMax)),
  };
}

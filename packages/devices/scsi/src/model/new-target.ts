import { faultSet } from "@blockferry/core";
import { newSegmentJob } from "./copy-job.ts";
import { isSameDesignator } from "./designators.ts";
import { nullEndpoint } from "./endpoint.ts";
import { faultRules } from "./fault-plan.ts";
import { BUFFER_BYTES } from "./move-bytes.ts";
import { designatedUnits, type LunMapping } from "./nexus.ts";
import type { TargetProfile } from "./profile.ts";
import { profileOf } from "./profiles.ts";
import { noDefects, type Target } from "./target.ts";
import type { ScsiInitiatorOptions, ScsiModelOptions } from "./target-options.ts";
import { tokenTable } from "./token-table.ts";
import { type Unit, unitOf } from "./unit.ts";

const BACKGROUND_BYTES = 4 * 1_048_576;
const BACKGROUND_BYTES_MIN = 4096;
const NAME = /^[\x21-\x7e]{1,223}$/;
const LUN_MAX = 16_383;
/** Identifiers count up from here: 2^32 of them until they are no safe integers any more. */
const TOKEN_IDS_MAX = 2 ** 20;

function unitsOf(options: ScsiModelOptions, profile: TargetProfile): readonly Unit[] {
  if (options.units.length === 0) throw new RangeError("units must have at least one unit");
  const units: Unit[] = [];
  for (const one of options.units) {
    const next = (units.at(-1)?.lun ?? -1) + 1;
    const unit = unitOf(one, units.length, next, profile);
    if (units.some((other) => other.lun === unit.lun)) {
      throw new RangeError(`two units have LUN ${unit.lun}`);
    }
    units.push(unit);
  }
  if ((options.duplicateDesignators ?? "refused") === "refused") requireDistinct(units);
  return units;
}

/** A copy manager could take one unit for the other. */
function requireDistinct(units: readonly Unit[]): void {
  units.forEach((unit, index) => {
    for (const other of units.slice(0, index)) {
      const isSame = unit.designators.some((one) =>
        other.designators.some((another) => isSameDesignator(one, another)),
      );
      if (isSame) {
        throw new RangeError(
          `units ${other.lun} and ${unit.lun} have the same designator: give them serial numbers or naa that differ`,
        );
      }
    }
  });
}

function requireName(name: string): string {
  if (!NAME.test(name))
    throw new RangeError(`an initiator cannot be called ${JSON.stringify(name)}`);
  return name;
}

function mappingsOf(initiator: ScsiInitiatorOptions, units: readonly Unit[]): LunMapping[] {
  const mappings = initiator.luns.map((one): LunMapping => {
    const { lun, as = lun } = typeof one === "number" ? { lun: one } : one;
    const unit = units.find((candidate) => candidate.lun === lun);
    if (unit === undefined)
      throw new RangeError(`${initiator.name}: there is no unit of LUN ${lun}`);
    if (!Number.isInteger(as) || as < 0 || as > LUN_MAX) {
      throw new RangeError(`${initiator.name}: a LUN is 0..${LUN_MAX}, not ${as}`);
    }
    return { lun: as, unit };
  });
  const isDouble =
    new Set(mappings.map((one) => one.lun)).size < mappings.length ||
    new Set(mappings.map((one) => one.unit)).size < mappings.length;
  if (isDouble) throw new RangeError(`${initiator.name}: a LUN or a unit is mapped twice`);
  return mappings;
}

/** Who may use what. */
function accessOf(
  options: ScsiModelOptions,
  units: readonly Unit[],
): (initiator: string) => readonly LunMapping[] {
  const everything = units.map((unit): LunMapping => ({ lun: unit.lun, unit }));
  if (options.initiators === undefined) return () => everything;
  const maps = new Map(
    options.initiators.map((one) => [requireName(one.name), mappingsOf(one, units)]),
  );
  return (initiator) => maps.get(initiator) ?? [];
}

/** Bytes that look random and are the same in every run (xorshift32). */
function sameBytes(): (target: Uint8Array) => void {
  let state = 0x9e3779b9;
  return (target) => {
    for (let at = 0; at < target.length; at += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      target[at] = state;
    }
  };
}

function requireBytes(name: string, value: number, min: number): number {
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`${name} must be a whole number from ${min} on, not ${value}`);
  }
  return value;
}

/** A first token identifier that differs from target to target. */
function firstTokenId(random: (target: Uint8Array) => void): number {
  const salt = new Uint8Array(3);
  random(salt);
  const number = salt[0] * 65_536 + salt[1] * 256 + salt[2];
  return (number % TOKEN_IDS_MAX) * 2 ** 32 + 1;
}

/** The profile with what the options change of it. */
function ownProfile(options: ScsiModelOptions): TargetProfile {
  const base = profileOf(options.profile);
  const { types } = options.tokens ?? {};
  const unknown = types?.find((type) => !base.rodTypes.some((one) => one.type === type));
  if (unknown !== undefined) {
    throw new RangeError(`tokens.types: ${base.name} has no ROD type ${unknown.toString(16)}h`);
  }
  return {
    ...base,
    listIds: options.copyManager?.listIds ?? base.listIds,
    rodTypes: base.rodTypes.filter((one) => types?.includes(one.type) ?? true),
  };
}

/**
 * Makes a target.
 * @throws RangeError naming the option that cannot be.
 */
export function newTarget(options: ScsiModelOptions): Target {
  const profile = ownProfile(options);
  const { listIds: _listIds, ...limits } = options.copyManager ?? {};
  const { types: _types, ...tokenLimits } = options.tokens ?? {};
  const units = unitsOf(options, profile);
  const allLimits = { ...profile.limits, ...limits };
  for (const [name, value] of Object.entries({ ...allLimits, ...tokenLimits })) {
    requireBytes(name, value, 0);
  }
  const random = options.random ?? sameBytes();
  let buffer: Uint8Array | undefined;
  return {
    profile,
    limits: allLimits,
    tokenLimits: { ...profile.tokens, ...tokenLimits },
    defects: { ...noDefects, ...options.defects },
    units,
    designated: designatedUnits(units),
    nexuses: new Map(),
    mappingsOf: accessOf(options, units),
    tokens: tokenTable(),
    nextTokenId: firstTokenId(random),
    background: [],
    backgroundBytes: requireBytes(
      "backgroundBytes",
      options.backgroundBytes ?? BACKGROUND_BYTES,
      BACKGROUND_BYTES_MIN,
    ),
    access: "none",
    preservedBytes: 0,
    movement: {
      source: nullEndpoint,
      destination: nullEndpoint,
      from: 0,
      to: 0,
      bytes: 0,
      fastOnly: false,
    },
    foregroundJob: newSegmentJob(allLimits.segmentDescriptorsMax),
    faults: faultSet(faultRules, options.faults),
    clock: options.clock ?? { nowMs: () => 0 },
    random,
    buffer() {
      buffer ??= new Uint8Array(BUFFER_BYTES);
      return buffer;
    },
    targetName: options.targetName ?? "iqn.2026-11.invalid.blockferry:scsi-model",
    onStoreCopy: options.onStoreCopy,
    onStoreError: options.onStoreError,
  };
}

import { identificationCscd } from "../codec/copy/identification-cscd.ts";
import { fieldReader } from "./cdb-field.ts";
import type { SegmentJob } from "./copy-job.ts";
import { hashOf } from "./designators.ts";
import { type Endpoint, failedEndpoint, nullEndpoint } from "./endpoint.ts";
import type { DesignatedUnit } from "./nexus.ts";
import { ROD_CSCD, resolveRod } from "./rod-resolution.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";
import { equalsAt } from "./wire-numbers.ts";

export const CSCD_BYTES: number = identificationCscd.size;

const DESIGNATOR_AT = identificationCscd.offsetOf("designator");
const NAA = 3;
const BLOCK_DEVICE = 0;

const field = {
  nul: fieldReader(identificationCscd, "nul"),
  peripheralDeviceType: fieldReader(identificationCscd, "peripheralDeviceType"),
  association: fieldReader(identificationCscd, "association"),
  designatorType: fieldReader(identificationCscd, "designatorType"),
  designatorLength: fieldReader(identificationCscd, "designatorLength"),
};

/** CSCD descriptor IDs (SPC-4 table 148). */
const cscdId = {
  listMax: 0x07ff,
  nullBlockDevice: 0xc000,
} as const;

const isNamed = (
  one: DesignatedUnit,
  list: Uint8Array,
  at: number,
  type: number,
  length: number,
): boolean =>
  one.designator.type === type &&
  one.designator.bytes.length === length &&
  equalsAt(list, at + DESIGNATOR_AT, one.designator.bytes);

/**
 * The logical unit that an E4h descriptor names, among those that the initiator may use. One that it may not use and one
 * that is not there give the same answer.
 */
function resolveIdentification(target: Target, job: SegmentJob, at: number): Endpoint {
  const { list } = job;
  const { defects, profile } = target;
  const type = field.designatorType(list, at);
  const length = field.designatorLength(list, at);
  if (field.nul(list, at) === 1 || field.association(list, at) !== 0) {
    return failedEndpoint("unreachable");
  }
  const from = at + DESIGNATOR_AT;
  const { designated } = defects.resolvesUnmappedUnits ? target : job.path.nexus;
  const candidates = designated.get(hashOf(list, from, from + length));
  if (candidates === undefined) return failedEndpoint("unreachable");
  if (profile.designators === "naa-6-only" && type !== NAA) return failedEndpoint("unreachable");
  let found: Unit | undefined;
  for (const one of candidates) {
    if (!isNamed(one, list, at, type, length) || one.unit === found) continue;
    if (found !== undefined) return failedEndpoint("ambiguous");
    found = one.unit;
    if (defects.takesFirstDuplicate) break;
  }
  if (found === undefined) return failedEndpoint("unreachable");
  if (field.peripheralDeviceType(list, at) !== BLOCK_DEVICE) {
    return failedEndpoint("wrongDeviceType");
  }
  return found.endpoint;
}

function resolveWellKnown(target: Target, job: SegmentJob, id: number): Endpoint {
  if (!target.profile.wellKnownCscdIds.includes(id)) return failedEndpoint("cscdIdReserved");
  if (id === cscdId.nullBlockDevice) return nullEndpoint;
  return job.path.unit.endpoint;
}

/** What a CSCD descriptor ID of a segment means; looked up once for each command. */
export function resolveEndpoint(target: Target, job: SegmentJob, id: number): Endpoint {
  if (id > cscdId.listMax) return resolveWellKnown(target, job, id);
  const at = id * CSCD_BYTES;
  if (at >= job.cscdBytes) return failedEndpoint("cscdIdOutOfRange");
  const known = job.endpoints[id];
  if (known !== undefined) return known;
  const from = job.cscdsAt + at;
  const endpoint =
    job.list[from] === ROD_CSCD
      ? resolveRod(target, job, from, id, resolveEndpoint)
      : resolveIdentification(target, job, from);
  job.endpoints[id] = endpoint;
  return endpoint;
}

export const isReservedId = (target: Target, id: number): boolean =>
  id > cscdId.listMax && !target.profile.wellKnownCscdIds.includes(id);

/** Designators longer than their field, or of a form that the profile does not know. */
export function isMalformedIdentification(target: Target, list: Uint8Array, at: number): boolean {
  const length = field.designatorLength(list, at);
  if (length > CSCD_BYTES - DESIGNATOR_AT - 4) return true;
  if (target.profile.designators === "all") return false;
  // LIO takes logical unit designators of type NAA 6h alone.
  const isNaa6 = length === 16 && Math.floor(list[at + DESIGNATOR_AT] / 16) === 6;
  return field.association(list, at) !== 0 || field.designatorType(list, at) !== NAA || !isNaa6;
}

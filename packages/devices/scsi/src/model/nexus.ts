import type { CopyOperation } from "./copy-operation.ts";
import type { Designator } from "./designators.ts";
import { hashOf } from "./designators.ts";
import type { SenseCode } from "./sense.ts";
import type { Unit } from "./unit.ts";

/** An I_T_L nexus: one initiator's way to one logical unit. */
export interface Path {
  readonly nexus: Nexus;
  readonly unit: Unit;
  /** Under which number the initiator knows the unit. */
  readonly lun: number;
  /** Unit attention conditions that wait to be reported, oldest first. */
  readonly attentions: SenseCode[];
  /** Copies that this initiator asked this unit's copy manager for, by list identifier, in order of their ends. */
  readonly operations: Map<number, CopyOperation>;
}

/** An I_T nexus: an initiator, and what it may reach. */
export interface Nexus {
  readonly name: string;
  /** By LUN. */
  readonly paths: ReadonlyMap<number, Path>;
  /** By unit. */
  readonly pathOf: ReadonlyMap<Unit, Path>;
  /** Units by the hash of one of their designators. */
  readonly designated: ReadonlyMap<number, readonly DesignatedUnit[]>;
}

export interface DesignatedUnit {
  readonly unit: Unit;
  readonly designator: Designator;
}

/** Which units an initiator may use, and under which LUN it knows them. */
export interface LunMapping {
  readonly lun: number;
  readonly unit: Unit;
}

/** Puts units under their designators. */
export function designatedUnits(
  units: Iterable<Unit>,
): ReadonlyMap<number, readonly DesignatedUnit[]> {
  const found = new Map<number, DesignatedUnit[]>();
  for (const unit of new Set(units)) {
    for (const designator of unit.designators) {
      const hash = hashOf(designator.bytes);
      const list = found.get(hash);
      if (list === undefined) found.set(hash, [{ unit, designator }]);
      else list.push({ unit, designator });
    }
  }
  return found;
}

export function nexusOf(name: string, mappings: readonly LunMapping[]): Nexus {
  const paths = new Map<number, Path>();
  const pathOf = new Map<Unit, Path>();
  const nexus: Nexus = {
    name,
    paths,
    pathOf,
    designated: designatedUnits(mappings.map((one) => one.unit)),
  };
  for (const { lun, unit } of mappings) {
    const path: Path = { nexus, unit, lun, attentions: [], operations: new Map() };
    paths.set(lun, path);
    pathOf.set(unit, path);
  }
  return nexus;
}

/** Establishes a unit attention condition (SAM-5 5.14), once. */
export function attend(path: Path, sense: SenseCode): void {
  const { attentions } = path;
  const isThere = attentions.some((one) => one.asc === sense.asc && one.ascq === sense.ascq);
  if (!isThere) attentions.push(sense);
}

import { FerryError } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { CSCD_DESIGNATOR_BYTES_MAX, type Designator } from "./codec/inquiry/designator.ts";
import type { ScsiProfile } from "./profiles.ts";

const ASSOCIATION_UNIT = 0;
const NAA = 3;
const NAA_6 = 6;
/** Designator types that name a unit worldwide, the best first: NAA, EUI-64, SCSI name, T10 vendor ID (SPC-4 7.8.6). */
const TYPES: readonly number[] = [NAA, 2, 8, 1];

const namesUnit = (one: Designator): boolean =>
  one.association === ASSOCIATION_UNIT &&
  one.designator.length > 0 &&
  TYPES.includes(one.designatorType);

const isNaa6 = (one: Designator): boolean =>
  one.designatorType === NAA && Math.floor(one.designator[0] / 16) === NAA_6;

/** The designator that names a unit in copy commands; `undefined`: it has none that a CSCD descriptor holds. */
export function cscdDesignator(
  designators: readonly Designator[],
  profile: Pick<ScsiProfile, "designators">,
): Designator | undefined {
  return designators
    .filter((one) => namesUnit(one) && one.designator.length <= CSCD_DESIGNATOR_BYTES_MAX)
    .filter((one) => profile.designators === "all" || isNaa6(one))
    .sort((a, b) => TYPES.indexOf(a.designatorType) - TYPES.indexOf(b.designatorType))[0];
}

const keyOf = (one: Designator): string =>
  `${one.designatorType}/${one.codeSet}/${toHex(one.designator)}`;

/**
 * Refuses units that a copy manager could take for one another: it would copy to or from the wrong one, with GOOD status.
 * @throws FerryError `FERRY_SCSI_DUPLICATE_DESIGNATOR`
 */
export function requireDistinct(
  units: readonly { readonly lun: number; readonly designators: readonly Designator[] }[],
): void {
  const seen = new Map<string, number>();
  for (const { lun, designators } of units) {
    for (const one of designators.filter(namesUnit)) {
      const other = seen.get(keyOf(one));
      if (other !== undefined && other !== lun) {
        const designator = toHex(one.designator).replaceAll(" ", "");
        throw new FerryError(
          "FERRY_SCSI_DUPLICATE_DESIGNATOR",
          `logical units ${other} and ${lun} have one designator, ${designator}: a copy could go to the wrong one`,
          {
            details: { luns: [other, lun], designator },
            hint: "Give the units different serial numbers, or open only one of them.",
          },
        );
      }
      seen.set(keyOf(one), lun);
    }
  }
}

import type { ProtectionFormat } from "./codec/protection/index.ts";

/** Which parts of the protection information the controller checks (PRCHK, and STCR or STCW). */
export interface NvmeProtectionChecks {
  readonly guard?: boolean | undefined;
  readonly applicationTag?: boolean | undefined;
  readonly referenceTag?: boolean | undefined;
  readonly storageTag?: boolean | undefined;
}

/** Protection information on one side of a copy, or of the reads and writes that emulate one. */
export interface NvmeProtectionSide {
  /**
   * PRACT: the controller strips the information it read, or makes that which it writes. Without it the information
   * passes as it is.
   */
  readonly action?: boolean | undefined;
  readonly check?: NvmeProtectionChecks | undefined;
  /** Tag expected on the source (ELBAT), or written to the destination (LBAT). Default 0. */
  readonly applicationTag?: number | undefined;
  /** Bits of the application tag that are looked at. Default FFFFh. */
  readonly applicationTagMask?: number | undefined;
  /** Default 0. */
  readonly storageTag?: bigint | undefined;
  /**
   * Reference tag of a block less the block's address. 0, the default, is what type 1 demands; type 2 lets the host
   * count from anywhere.
   */
  readonly referenceTagOffset?: bigint | undefined;
}

/** What copies do with protection information (PRINFOR and PRINFOW of the Copy command). */
export interface NvmeProtectionOptions {
  readonly source?: NvmeProtectionSide | undefined;
  readonly destination?: NvmeProtectionSide | undefined;
}

/** One side with every choice made. */
export type ProtectionSide = {
  readonly [K in keyof NvmeProtectionSide]-?: NonNullable<NvmeProtectionSide[K]>;
};

/**
 * Fills in what was left out. Types 1 and 2: the source is checked and its information replaced by the destination's,
 * because reference tags follow the address. Type 3: everything passes as it is, under the guard.
 *
 * @throws RangeError naming the option that the format cannot hold.
 */
export function protectionSide(
  name: "source" | "destination",
  format: ProtectionFormat,
  given: NvmeProtectionSide = {},
): ProtectionSide {
  const follows = format.type !== 3;
  const action = given.action ?? follows;
  const isChecked = name === "source" || !action;
  const side: ProtectionSide = {
    action,
    check: given.check ?? { guard: isChecked, referenceTag: follows && name === "source" },
    applicationTag: given.applicationTag ?? 0,
    applicationTagMask: given.applicationTagMask ?? 0xffff,
    storageTag: given.storageTag ?? 0n,
    referenceTagOffset: given.referenceTagOffset ?? 0n,
  };
  for (const field of ["applicationTag", "applicationTagMask"] as const) {
    if (!Number.isInteger(side[field]) || side[field] < 0 || side[field] > 0xffff) {
      throw new RangeError(`protection.${name}.${field} must be 0..65535, not ${side[field]}`);
    }
  }
  if (side.storageTag < 0n || side.storageTag >> BigInt(format.storageTagBits) !== 0n) {
    throw new RangeError(
      `protection.${name}.storageTag must have at most ${format.storageTagBits} bits, not be ${side.storageTag}`,
    );
  }
  if (format.type === 1 && side.referenceTagOffset !== 0n) {
    throw new RangeError(
      `protection.${name}.referenceTagOffset must be 0 in type 1, whose reference tags are addresses`,
    );
  }
  return side;
}

/** PRINFO of one side: PRACT, guard, application tag, reference tag, from bit 3 to bit 0. */
export function prinfo(side: ProtectionSide): number {
  const { guard, applicationTag, referenceTag } = side.check;
  return (
    (side.action ? 8 : 0) |
    (guard === true ? 4 : 0) |
    (applicationTag === true ? 2 : 0) |
    (referenceTag === true ? 1 : 0)
  );
}

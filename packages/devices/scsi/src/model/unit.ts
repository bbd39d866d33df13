import type { Store } from "@blockferry/core";
import { type Designator, designatorsOf } from "./designators.ts";
import type { UnitEndpoint } from "./endpoint.ts";
import type { SenseFormat, TargetProfile } from "./profile.ts";
import { type RangeWatch, rangeWatch } from "./range-watch.ts";
import { newReservations, type Reservations } from "./reservations.ts";
import type { Rod } from "./rod.ts";
import type { ScsiUnitOptions, UnitTranslator } from "./unit-options.ts";

/** A logical unit at work. */
export interface Unit {
  /** Its place among the units of the model. */
  readonly index: number;
  readonly lun: number;
  readonly store: Store;
  readonly bytesPerBlock: number;
  readonly blocks: number;
  readonly physicalBlockExponent: number;
  readonly serial: string;
  readonly product: string;
  readonly designators: readonly Designator[];
  readonly thin: boolean;
  readonly readonly: boolean;
  readonly removable: boolean;
  readonly translator: UnitTranslator | undefined;
  readonly reservations: Reservations;
  /** RODs that want to know before blocks of theirs change. */
  readonly watch: RangeWatch<Rod>;
  /** The unit as an end of a copy. */
  readonly endpoint: UnitEndpoint;
  /** Format of sense data after a reset, and now. */
  readonly senseFormatDefault: SenseFormat;
  senseFormat: SenseFormat;
  /** Of a removable unit: the medium is in. */
  isLoaded: boolean;
  isStarted: boolean;
  /** Names of the initiators that prevent removal. */
  readonly preventedBy: Set<string>;
}

const LUN_MAX = 16_383;
const SERIAL = /^[\x20-\x7e]{1,252}$/;
const PRODUCT = /^[\x20-\x7e]{1,16}$/;

function requireWhole(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
  }
  return value;
}

function requireText(name: string, value: string, form: RegExp): string {
  if (!form.test(value)) {
    throw new RangeError(`${name} must match ${String(form)}, not ${JSON.stringify(value)}`);
  }
  return value;
}

function blocksOf(store: Store, bytesPerBlock: number): number {
  if (bytesPerBlock !== 512 && bytesPerBlock !== 4096) {
    throw new RangeError(`bytesPerBlock must be 512 or 4096, not ${String(bytesPerBlock)}`);
  }
  if (store.bytes < bytesPerBlock || store.bytes % bytesPerBlock !== 0) {
    throw new RangeError(
      `the store ${store.name} has ${store.bytes} bytes, not a whole number of ${bytesPerBlock}-byte blocks`,
    );
  }
  return store.bytes / bytesPerBlock;
}

function senseFormatOf({ descriptorSense }: ScsiUnitOptions, profile: TargetProfile): SenseFormat {
  if (descriptorSense === undefined) return profile.sense.format;
  return descriptorSense ? "descriptor" : "fixed";
}

/** T10 vendor ID based designator (SPC-4 7.8.6.4), as the profile writes what follows the vendor. */
function t10NameOf(profile: TargetProfile, product: string, serial: string): string {
  const vendor = profile.identity.vendor.padEnd(8);
  return profile.identity.t10Names === "product-and-serial"
    ? `${vendor}${product}:${serial}\0`
    : `${vendor}${serial}`;
}

/**
 * Makes a logical unit.
 * @throws RangeError naming the option that cannot be.
 */
export function unitOf(
  options: ScsiUnitOptions,
  index: number,
  lunDefault: number,
  profile: TargetProfile,
): Unit {
  const { store, bytesPerBlock = 512 } = options;
  const lun = requireWhole("lun", options.lun ?? lunDefault, 0, LUN_MAX);
  const serial = requireText(
    "serial",
    options.serial ?? `BF${String(lun).padStart(6, "0")}`,
    SERIAL,
  );
  const product = requireText("product", options.product ?? profile.identity.product, PRODUCT);
  const t10Name = t10NameOf(profile, product, serial);
  const senseFormat = senseFormatOf(options, profile);
  const unit: Unit = {
    index,
    lun,
    store,
    bytesPerBlock,
    blocks: blocksOf(store, bytesPerBlock),
    physicalBlockExponent: requireWhole(
      "physicalBlockExponent",
      options.physicalBlockExponent ?? 0,
      0,
      15,
    ),
    serial,
    product,
    designators: designatorsOf(options, serial, t10Name, profile.identity.naaRule),
    thin: options.thin ?? profile.provisioning.thin,
    readonly: options.readonly ?? store.readonly,
    removable: options.removable ?? false,
    translator: options.translator,
    reservations: newReservations(),
    watch: rangeWatch(),
    senseFormatDefault: senseFormat,
    senseFormat,
    isLoaded: true,
    isStarted: true,
    preventedBy: new Set(),
    get endpoint() {
      return endpoint;
    },
  };
  const endpoint: UnitEndpoint = { kind: "unit", unit };
  return unit;
}

/** True if the range ends behind the unit. `lba` may be as large as any 64-bit number. */
export const isOutOfRange = (unit: Unit, lba: number, blocks: number): boolean =>
  lba + blocks > unit.blocks;

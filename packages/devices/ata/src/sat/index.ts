/**
 * ATA PASS-THROUGH in front of an emulated ATA disk: a CDB and data in, status, sense data and data out.
 *
 * @packageDocumentation
 */
export {
  type AtaInformation,
  ataInformation,
  ataInformationPage,
  type SatIdentity,
} from "./ata-information.ts";
export { type SatDialect, type SatDialectName, satDialects } from "./dialect.ts";
export {
  type SatPassThrough,
  type SatPassThroughOptions,
  type SatResult,
  satPassThrough,
} from "./sat-pass-through.ts";
export { type SenseCode, senseCodeOf } from "./sense-code.ts";

/**
 * What a SCSI / ATA translator needs in front of an emulated disk: ATA PASS-THROUGH, and the disk as a store whose copies are
 * WRITE GATHERED EXT.
 *
 * @packageDocumentation
 */
export {
  type AtaInformation,
  ataInformation,
  ataInformationPage,
  type SatIdentity,
} from "./ata-information.ts";
export { ataStore } from "./ata-store.ts";
export {
  type SatControlModePage,
  type SatDialect,
  type SatDialectName,
  satDialects,
} from "./dialect.ts";
export { type SatDisk, satDisk } from "./sat-disk.ts";
export {
  type SatPassThrough,
  type SatPassThroughOptions,
  type SatResult,
  satPassThrough,
} from "./sat-pass-through.ts";
export { type SenseCode, senseCodeOf } from "./sense-code.ts";

import { fromHex } from "@blockferry/core/bytes";
import type { EncodableUnit } from "../../src/unit.ts";

/** The designator of the recorded sg_xcopy run. */
const RECORDED_NAA = "6001405f0102030405060708090a0b0c";

export interface UnitShape {
  readonly lun?: number;
  readonly bytesPerBlock?: number;
  readonly naa?: string;
  readonly segmentType?: 0x02 | 0x0a;
  readonly cscdsMax?: number;
  readonly shape?: "pairs" | "token";
  readonly blocksMax?: number;
  readonly rangesMax?: number;
  readonly rangeBlocksMax?: number;
}

/** A logical unit as an encoder wants it. */
export function unit(shape: UnitShape = {}): EncodableUnit {
  const { lun = 0, bytesPerBlock = 512, naa = RECORDED_NAA } = shape;
  return {
    family: "scsi",
    lun,
    deviceType: 0,
    capacityBlocks: 2 ** 40,
    bytesPerBlock,
    limits: {
      bytesPerBlock,
      transferBlocksMax: 65535,
      copyShape: shape.shape ?? "pairs",
      copyBlocksMax: shape.blocksMax ?? 2 ** 31 - 1,
      copyRangesMax: shape.rangesMax ?? 64,
      copyRangeBlocksMax: shape.rangeBlocksMax ?? 65535,
      copyCrossDevice: true,
    },
    extendedCopy: {
      segmentType: shape.segmentType ?? 0x02,
      cscdsMax: shape.cscdsMax ?? 64,
      listIdNone: true,
      designator: {
        codeSet: 1,
        association: 0,
        designatorType: 3,
        designator: fromHex(naa),
      },
    },
    tokenCopy: { inactivitySecondsDefault: 60, inactivitySecondsMax: 600, rodTypes: [] },
  };
}

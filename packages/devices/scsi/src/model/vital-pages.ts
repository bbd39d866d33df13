import {
  vpdBlockCharacteristics,
  vpdBlockLimits,
  vpdBlockProvisioning,
} from "../codec/inquiry/block-pages.ts";
import {
  vpdDeviceIdentification,
  vpdSupportedPages,
  vpdUnitSerialNumber,
} from "../codec/inquiry/identification-pages.ts";
import { asciiBytes } from "./designators.ts";
import type { OptionalCommand } from "./profile.ts";
import type { Target } from "./target.ts";
import { thirdPartyPage } from "./third-party-page.ts";
import type { Unit } from "./unit.ts";

type Page = (target: Target, unit: Unit) => Uint8Array;

const RELATIVE_TARGET_PORT = 1;
const TARGET_PORT_GROUP = 1;

const hasCommand = (target: Target, command: OptionalCommand): boolean =>
  target.profile.optionalCommands.includes(command);

const uint16Bytes = (value: number): Uint8Array =>
  Uint8Array.of(0, 0, Math.floor(value / 256), value % 256);

/** SCSI name strings end with a zero, and are padded to a multiple of four (SPC-4 7.8.6.11). */
function paddedName(name: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((name.length + 1) / 4) * 4);
  bytes.set(asciiBytes(name));
  return bytes;
}

/** 83h: names of the unit, then of the target port and of the target device. */
function identification(target: Target, unit: Unit): Uint8Array {
  return vpdDeviceIdentification.encode({
    designators: [
      ...unit.designators.map((one) => ({
        codeSet: one.codeSet,
        designatorType: one.type,
        designator: one.bytes,
      })),
      {
        codeSet: 1,
        association: 1,
        designatorType: 4,
        designator: uint16Bytes(RELATIVE_TARGET_PORT),
      },
      {
        codeSet: 1,
        association: 1,
        designatorType: 5,
        designator: uint16Bytes(TARGET_PORT_GROUP),
      },
      {
        codeSet: 3,
        association: 2,
        designatorType: 8,
        designator: paddedName(target.targetName),
      },
    ],
  });
}

/** B0h (SBC-3, Block Limits VPD page). */
function blockLimits(target: Target, unit: Unit): Uint8Array {
  const { blockLimits: limits, provisioning } = target.profile;
  const unmaps = unit.thin && hasCommand(target, "UNMAP");
  const compares = hasCommand(target, "COMPARE AND WRITE");
  const atomics = hasCommand(target, "WRITE ATOMIC");
  return vpdBlockLimits.encode({
    wsnz: provisioning.writeSameNonZero,
    maximumCompareAndWriteLength: compares ? limits.compareAndWriteBlocksMax : 0,
    optimalTransferLengthGranularity: 2 ** unit.physicalBlockExponent,
    maximumTransferLength: limits.transferBlocksMax,
    optimalTransferLength: limits.transferBlocksOptimal,
    maximumUnmapLbaCount: unmaps ? limits.unmapBlocksMax : 0,
    maximumUnmapBlockDescriptorCount: unmaps ? limits.unmapDescriptorsMax : 0,
    optimalUnmapGranularity: unmaps ? 2 ** unit.physicalBlockExponent : 0,
    maximumWriteSameLength: limits.writeSameBlocksMax,
    maximumAtomicTransferLength: atomics ? limits.atomicBlocksMax : 0,
    atomicTransferLengthGranularity: atomics ? 1 : 0,
  });
}

/** B1h. */
const characteristics: Page = (target) =>
  vpdBlockCharacteristics.encode({
    mediumRotationRate: target.profile.rotationRate,
  });

/** B2h (SBC-3, Logical Block Provisioning VPD page). */
function provisioningPage(target: Target, unit: Unit): Uint8Array {
  const { provisioning } = target.profile;
  return vpdBlockProvisioning.encode({
    lbpu: unit.thin && hasCommand(target, "UNMAP"),
    lbpws: unit.thin && hasCommand(target, "WRITE SAME"),
    lbpws10: unit.thin && hasCommand(target, "WRITE SAME"),
    lbprz: unit.thin && provisioning.readsZero ? 1 : 0,
    provisioningType: unit.thin ? provisioning.type : 0,
  });
}

const pages: Readonly<Record<number, Page>> = {
  0: (target, unit) => vpdSupportedPages.encode({ pages: allCodes(target, unit) }),
  128: (_target, unit) => vpdUnitSerialNumber.encode({ serialNumber: unit.serial }),
  131: identification,
  143: thirdPartyPage,
  176: blockLimits,
  177: characteristics,
  178: provisioningPage,
};

function pageCodes(target: Target): readonly number[] {
  const codes = Object.keys(pages).map(Number);
  return target.profile.hasThirdPartyCopyPage ? codes : codes.filter((one) => one !== 0x8f);
}

/** Pages in the order of their codes (SPC-4 7.8.13), those that are handed on among them. */
const allCodes = (target: Target, { translator }: Unit): number[] =>
  [...pageCodes(target), ...(translator?.pages.keys() ?? [])].sort((a, b) => a - b);

/** A vital product data page (SPC-4 7.8), undefined if the target does not have it. */
export function vitalPage(target: Target, unit: Unit, page: number): Uint8Array | undefined {
  if (pageCodes(target).includes(page)) return pages[page]?.(target, unit);
  return unit.translator?.pages.get(page)?.();
}

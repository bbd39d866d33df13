import type { SegmentEnd } from "@blockferry/core";
import type { CscdDescriptorInput } from "./codec/copy/cscd.ts";
import { cscdOfDesignator } from "./codec/inquiry/designator.ts";
import type { EncodableUnit } from "./unit.ts";

interface Ends {
  readonly source: Pick<SegmentEnd, "device">;
  readonly destination: Pick<SegmentEnd, "device">;
}

/** The CSCD descriptors of the units that segments name, and the ID of each device. */
export interface NamedCscds {
  readonly cscds: readonly CscdDescriptorInput[];
  readonly idOf: (device: number) => number;
}

/**
 * Names units in the order in which a queue names them: sources as they come, then destinations.
 * @throws RangeError for a device without a unit, or one that cannot be named.
 */
export function namedCscds(
  segments: readonly Ends[],
  units: ReadonlyMap<number, EncodableUnit>,
): NamedCscds {
  const luns: number[] = [];
  const cscds: CscdDescriptorInput[] = [];
  const idOf = (device: number): number => luns.indexOf(units.get(device)?.lun ?? -1);
  const devices = [
    ...segments.map(({ source }) => source.device),
    ...segments.map(({ destination }) => destination.device),
  ];
  for (const device of devices) {
    const unit = units.get(device);
    if (unit?.extendedCopy === undefined) {
      throw new RangeError(`device ${device} of the plan has no designator to name it by`);
    }
    if (luns.includes(unit.lun)) continue;
    const { deviceType: peripheralDeviceType, bytesPerBlock: blockLength } = unit;
    luns.push(unit.lun);
    cscds.push(
      cscdOfDesignator(unit.extendedCopy.designator, { peripheralDeviceType, blockLength }),
    );
  }
  return { cscds, idOf };
}

import {
  type ThirdPartyDescriptorInput,
  vpdThirdPartyCopy,
} from "../codec/third-party/third-party-copy-page.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Operation codes and service actions out of `83h/10h`. */
function supportedCommands(target: Target): ThirdPartyDescriptorInput {
  const byCode = new Map<number, number[]>();
  for (const command of target.profile.thirdPartyCommands) {
    const [operationCode, action] = command.split("/").map((part) => Number.parseInt(part, 16));
    const actions = byCode.get(operationCode);
    if (actions === undefined) byCode.set(operationCode, [action]);
    else actions.push(action);
  }
  const commands = [...byCode].map(([operationCode, serviceActions]) => ({
    operationCode,
    serviceActions,
  }));
  return { type: 0x0001, commands };
}

/** RECEIVE COPY and POPULATE TOKEN limits of SBC-3; only where tokens are made. */
function rodDescriptors(target: Target, unit: Unit): ThirdPartyDescriptorInput[] {
  const { profile, tokenLimits: limits } = target;
  if (profile.rodTypes.length === 0) return [];
  const bytes = BigInt(limits.transferBlocksMax) * BigInt(unit.bytesPerBlock);
  const optimal = BigInt(limits.transferBlocksOptimal) * BigInt(unit.bytesPerBlock);
  return [
    {
      type: 0x0106,
      remoteTokens: 0,
      minimumTokenLifetime: limits.inactivitySecondsMin,
      maximumTokenLifetime: limits.lifetimeSecondsMax || 0xffff_ffff,
      maximumTokenInactivityTimeout: limits.inactivitySecondsMax,
      devices: [
        {
          maximumBytesInRod: bytes,
          optimalBytesInRodTransfer: optimal,
          optimalBytesToTokenPerSegment: optimal,
          optimalBytesFromTokenPerSegment: optimal,
        },
      ],
    },
    {
      type: 0x0108,
      rodTypes: profile.rodTypes.map((one) => ({
        rodType: one.type,
        ecpyInt: one.internal,
        tokenIn: one.tokenIn,
        tokenOut: one.tokenOut,
        preferenceIndicator: one.preference,
      })),
    },
  ];
}

/** VPD page 8Fh: what the copy manager supports (SPC-4 7.8.17); its descriptors ascend by type. */
export function thirdPartyPage(target: Target, unit: Unit): Uint8Array {
  const { profile, limits, tokenLimits } = target;
  const rods = rodDescriptors(target, unit);
  const descriptors: ThirdPartyDescriptorInput[] = [];
  if (rods.length > 0) {
    descriptors.push({
      type: 0x0000,
      maximumRangeDescriptors: tokenLimits.rangesMax,
      maximumInactivityTimeout: tokenLimits.inactivitySecondsMax,
      defaultInactivityTimeout: tokenLimits.inactivitySecondsDefault,
      maximumTokenTransferSize: BigInt(tokenLimits.transferBlocksMax),
      optimalTransferCount: BigInt(tokenLimits.transferBlocksOptimal),
    });
  }
  descriptors.push(
    supportedCommands(target),
    {
      type: 0x0004,
      maximumCscdDescriptorCount: limits.cscdDescriptorsMax,
      maximumSegmentDescriptorCount: limits.segmentDescriptorsMax,
      maximumDescriptorListLength: limits.descriptorListBytesMax,
      maximumInlineDataLength: limits.inlineBytesMax,
    },
    { type: 0x0008, codes: [...profile.segmentTypes, ...profile.cscdTypes].sort((a, b) => a - b) },
    { type: 0x000c, ids: [...profile.wellKnownCscdIds] },
    ...rods,
    {
      type: 0x8001,
      totalConcurrentCopies: limits.concurrentCopiesMax,
      maximumIdentifiedConcurrentCopies: limits.concurrentCopiesMax,
      maximumSegmentLength: limits.segmentBytesMax,
      dataSegmentGranularity: limits.granularityExponent,
    },
  );
  return vpdThirdPartyCopy.encode({ descriptors });
}

import type { OperatingParameters } from "./codec/copy/operating-parameters.ts";
import type { BlockRodLimits, GeneralCopyLimits } from "./codec/third-party/limit-descriptors.ts";
import type { RodTokenFeatures, SupportedRodTypes } from "./codec/third-party/rod-descriptors.ts";
import type {
  SupportedCommands,
  SupportedDescriptors,
} from "./codec/third-party/support-descriptors.ts";
import type {
  ThirdPartyCopyPage,
  ThirdPartyDescriptor,
} from "./codec/third-party/third-party-copy-page.ts";

/** What a copy manager says of EXTENDED COPY. `0`: it does not say, or has no limit, unless noted. */
export interface ExtendedCopyFacts {
  readonly lid1: boolean;
  readonly lid4: boolean;
  /** CSCD and segment descriptor type codes; empty: it does not say. */
  readonly descriptors: readonly number[];
  readonly cscdsMax: number;
  readonly segmentsMax: number;
  /** Bytes of CSCD and segment descriptors together. */
  readonly listBytesMax: number;
  readonly segmentBytesMax: number;
  /** Power of two of bytes. */
  readonly granularityExponent: number;
  readonly listIdNone: boolean;
  readonly concurrentMax: number;
  /** Of those with a list identifier. */
  readonly concurrentIdentifiedMax: number;
}

/** What a copy manager says of tokens. `0`: it does not say, or has no limit. */
export interface TokenFacts {
  readonly rangesMax: number;
  readonly blocksMax: number;
  readonly blocksOptimal: number;
  readonly rodBytesMax: number;
  readonly inactivitySecondsDefault: number;
  readonly inactivitySecondsMax: number;
  /** That POPULATE TOKEN makes. */
  readonly rodTypes: readonly number[];
}

export interface CopyManagerFacts {
  readonly extendedCopy: ExtendedCopyFacts | undefined;
  readonly tokenCopy: TokenFacts | undefined;
}

const THIRD_PARTY_COPY_OUT = 0x83;
const THIRD_PARTY_COPY_IN = 0x84;
const ACTION = { lid1: 0x00, lid4: 0x01, populate: 0x10, write: 0x11 } as const;
const RECEIVE_ROD_TOKEN_INFORMATION = 0x07;

function find<D extends ThirdPartyDescriptor>(
  page: ThirdPartyCopyPage | undefined,
  type: D["type"],
): D | undefined {
  return page?.descriptors.find((one) => one.type === type) as D | undefined;
}

const safe = (value: number | bigint): number =>
  value > Number.MAX_SAFE_INTEGER ? 0 : Number(value);

function extendedCopyFacts(
  page: ThirdPartyCopyPage | undefined,
  parameters: OperatingParameters | undefined,
  supports: (code: number, action: number) => boolean,
): ExtendedCopyFacts | undefined {
  // Before SPC-4 there was no page to say which: then it is LID1.
  const lid1 = page === undefined || supports(THIRD_PARTY_COPY_OUT, ACTION.lid1);
  const lid4 = page !== undefined && supports(THIRD_PARTY_COPY_OUT, ACTION.lid4);
  if (!lid1 && !lid4) return undefined;
  const limits = find<Extract<ThirdPartyDescriptor, { type: 0x0004 }>>(page, 0x0004);
  const general = find<GeneralCopyLimits>(page, 0x8001);
  const codes = find<SupportedDescriptors>(page, 0x0008);
  if (limits === undefined && parameters === undefined) return undefined;
  return {
    lid1,
    lid4,
    descriptors: codes?.codes ?? parameters?.implementedDescriptors ?? [],
    cscdsMax: limits?.maximumCscdDescriptorCount ?? parameters?.maximumCscdDescriptorCount ?? 0,
    segmentsMax:
      limits?.maximumSegmentDescriptorCount ?? parameters?.maximumSegmentDescriptorCount ?? 0,
    listBytesMax:
      limits?.maximumDescriptorListLength ?? parameters?.maximumDescriptorListLength ?? 0,
    segmentBytesMax: general?.maximumSegmentLength ?? parameters?.maximumSegmentLength ?? 0,
    granularityExponent: general?.dataSegmentGranularity ?? parameters?.dataSegmentGranularity ?? 0,
    // The page has no such bit: SPC-4 demands it of whoever has LID4.
    listIdNone: parameters?.snlid ?? false,
    concurrentMax: general?.totalConcurrentCopies ?? parameters?.totalConcurrentCopies ?? 0,
    concurrentIdentifiedMax:
      general?.maximumIdentifiedConcurrentCopies ?? parameters?.maximumConcurrentCopies ?? 0,
  };
}

function tokenFacts(
  page: ThirdPartyCopyPage | undefined,
  supports: (code: number, action: number) => boolean,
): TokenFacts | undefined {
  const hasAll =
    supports(THIRD_PARTY_COPY_OUT, ACTION.populate) &&
    supports(THIRD_PARTY_COPY_OUT, ACTION.write) &&
    supports(THIRD_PARTY_COPY_IN, RECEIVE_ROD_TOKEN_INFORMATION);
  if (!hasAll) return undefined;
  const limits = find<BlockRodLimits>(page, 0x0000);
  const features = find<RodTokenFeatures>(page, 0x0106);
  const types = find<SupportedRodTypes>(page, 0x0108);
  return {
    rangesMax: limits?.maximumRangeDescriptors ?? 0,
    blocksMax: safe(limits?.maximumTokenTransferSize ?? 0),
    blocksOptimal: safe(limits?.optimalTransferCount ?? 0),
    rodBytesMax: safe(features?.devices[0]?.maximumBytesInRod ?? 0),
    inactivitySecondsDefault: limits?.defaultInactivityTimeout ?? 0,
    inactivitySecondsMax: limits?.maximumInactivityTimeout ?? 0,
    rodTypes: (types?.rodTypes ?? []).filter((one) => one.tokenOut).map((one) => one.rodType),
  };
}

/**
 * What a copy manager can do, by its Third-party Copy page (SPC-4 7.8.17) and its operating parameters (6.22), of which a
 * device may have either.
 */
export function copyManagerFacts(
  page: ThirdPartyCopyPage | undefined,
  parameters: OperatingParameters | undefined,
): CopyManagerFacts {
  const commands = find<SupportedCommands>(page, 0x0001)?.commands ?? [];
  const supports = (code: number, action: number): boolean =>
    commands.some((one) => one.operationCode === code && one.serviceActions.includes(action));
  return {
    extendedCopy: extendedCopyFacts(page, parameters, supports),
    tokenCopy: tokenFacts(page, supports),
  };
}

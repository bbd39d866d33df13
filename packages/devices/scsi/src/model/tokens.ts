import { identificationCscd } from "../codec/copy/identification-cscd.ts";
import { ROD_TOKEN_LENGTH, rodToken } from "../codec/copy/rod-token.ts";
import {
  ROD_TYPE_ACCESS_UPON_REFERENCE,
  ROD_TYPE_BLOCK_DEVICE_ZERO,
  ROD_TYPE_POINT_IN_TIME_ANY,
  ROD_TYPE_POINT_IN_TIME_CHANGE_VULNERABLE,
  ROD_TYPE_POINT_IN_TIME_PERSISTENT,
} from "../codec/copy/rod-types.ts";
import { fieldReader } from "./cdb-field.ts";
import type { CopyFailure } from "./copy-failures.ts";
import type { Nexus } from "./nexus.ts";
import { dropRod, endRod } from "./preserve.ts";
import type { RodTypeSupport } from "./profile.ts";
import type { Rod, RodKind } from "./rod.ts";
import type { Target } from "./target.ts";
import { isOverdue, type Token, type TokenEnd } from "./token-table.ts";
import type { Unit } from "./unit.ts";
import { equalsAt } from "./wire-numbers.ts";

const TOKEN_EXTENSION_AT = rodToken.offsetOf("extension");
const CREATOR_AT = rodToken.offsetOf("creatorLogicalUnit");
const CREATOR_BYTES = identificationCscd.size;

const field = {
  rodType: fieldReader(rodToken, "rodType"),
  length: fieldReader(rodToken, "rodTokenLength"),
  identifier: fieldReader(rodToken, "copyManagerRodTokenIdentifier"),
};

/** What a type of ROD is to later writes. */
export function rodKindOf(rodType: number): RodKind {
  if (rodType === ROD_TYPE_ACCESS_UPON_REFERENCE) return "reference";
  if (rodType === ROD_TYPE_POINT_IN_TIME_CHANGE_VULNERABLE) return "change-vulnerable";
  if (rodType === ROD_TYPE_BLOCK_DEVICE_ZERO) return "zero";
  return "point-in-time";
}

const supportOf = (target: Target, rodType: number): RodTypeSupport | undefined =>
  target.profile.rodTypes.find((one) => one.type === rodType);

/** The type that a token of the copy manager's choice gets: the preferred one. Undefined: it makes none. */
export function preferredRodType(target: Target): number | undefined {
  let best: RodTypeSupport | undefined;
  for (const one of target.profile.rodTypes) {
    if (one.tokenOut && one.preference >= (best?.preference ?? 0)) best = one;
  }
  return best?.type;
}

/** The type that a request for one gets; undefined: it is not to be had. */
export function grantedRodType(
  target: Target,
  asked: number,
  use: "tokenOut" | "internal",
): number | undefined {
  const support = supportOf(target, asked);
  if (support === undefined || !support[use]) return undefined;
  return asked === ROD_TYPE_POINT_IN_TIME_ANY ? preferredRodType(target) : asked;
}

/** An E4h CSCD descriptor of the unit, as a token names its creator. */
function creatorOf(unit: Unit): Uint8Array {
  const [first] = unit.designators;
  const designator = new Uint8Array(20);
  designator.set(first.bytes.subarray(0, 20));
  return identificationCscd.encode({
    type: 0xe4,
    codeSet: first.codeSet,
    designatorType: first.type,
    designatorLength: first.bytes.length,
    designator,
    blockLength: unit.bytesPerBlock,
  });
}

/** TARGET DEVICE DESCRIPTOR, a designation descriptor of the target, then random bytes that nobody guesses. */
function extensionOf(target: Target): Uint8Array {
  const extension = new Uint8Array(rodToken.size - TOKEN_EXTENSION_AT);
  target.random(extension);
  const name = Uint8Array.from(target.targetName, (letter) => letter.charCodeAt(0));
  const length = Math.ceil((name.length + 1) / 4) * 4;
  // Code set UTF-8; association target device, SCSI name string.
  extension.set([0x03, 0x28, 0, length]);
  extension.fill(0, 4, 4 + length);
  extension.set(name, 4);
  return extension;
}

/** What a new token asks for. Seconds; 0 = the copy manager's default. */
export interface TokenWish {
  readonly rodType: number;
  readonly inactivitySeconds: number;
  /** 0 = no limit but the copy manager's. */
  readonly lifetimeSeconds: number;
}

function lifeEndsMs(target: Target, nowMs: number, wished: number): number {
  const { lifetimeSecondsMax } = target.tokenLimits;
  const limits = [wished, lifetimeSecondsMax].filter((one) => one > 0);
  return limits.length === 0 ? Number.POSITIVE_INFINITY : nowMs + Math.min(...limits) * 1000;
}

/** Makes the token of a ROD; undefined: there are too many. */
export function makeToken(target: Target, rod: Rod, wish: TokenWish): Token | undefined {
  const { tokenLimits: limits, tokens } = target;
  if (tokens.size >= limits.tokensMax) return undefined;
  const { unit } = rod;
  const id = target.nextTokenId;
  target.nextTokenId += 1;
  const bytes = rodToken.encode({
    rodType: wish.rodType,
    rodTokenLength: ROD_TOKEN_LENGTH,
    copyManagerRodTokenIdentifier: BigInt(id),
    creatorLogicalUnit: creatorOf(unit),
    bytesRepresented: BigInt(rod.blocks) * BigInt(unit.bytesPerBlock),
    blockLength: unit.bytesPerBlock,
    logicalBlocksPerPhysicalBlockExponent: unit.physicalBlockExponent,
    lbpme: unit.thin,
    lbprz: unit.thin && target.profile.provisioning.readsZero,
    extension: extensionOf(target),
  });
  const asked = wish.inactivitySeconds || limits.inactivitySecondsDefault;
  const inactivityMs = Math.max(asked, limits.inactivitySecondsMin) * 1000;
  const nowMs = target.clock.nowMs();
  const token: Token = {
    id,
    bytes,
    rod,
    inactivityMs,
    isPersistent: wish.rodType === ROD_TYPE_POINT_IN_TIME_PERSISTENT,
    lifeEndsMs: lifeEndsMs(target, nowMs, wish.lifetimeSeconds),
    endsMs: nowMs + inactivityMs,
    users: 0,
  };
  rod.onEnd = ({ end }) => tokens.remove(token, end as TokenEnd);
  tokens.add(token);
  return token;
}

/** Ends a token. What is held for it stays as long as a copy uses it. */
function endToken(target: Target, token: Token, end: TokenEnd): void {
  target.tokens.remove(token, end);
  if (token.users === 0) dropRod(target, token.rod);
}

/** Ends tokens whose time is over. */
export function expireTokens(target: Target): void {
  target.tokens.expire(target.clock.nowMs(), (token) => dropRod(target, token.rod));
}

/** Cancels tokens: those of a unit, or all but the persistent ones. */
export function cancelTokens(target: Target, chosen: (token: Token) => boolean): void {
  for (const token of [...target.tokens.all()]) {
    if (chosen(token)) endRod(target, token.rod, "cancelled");
  }
}

/** A copy begins to use the token. */
export function holdToken(token: Token): void {
  token.users += 1;
}

/** A copy has used the token: its time of inactivity begins anew. */
export function returnToken(target: Target, token: Token, isDeleted: boolean): void {
  token.users -= 1;
  token.endsMs = target.clock.nowMs() + token.inactivityMs;
  if (isDeleted) endToken(target, token, "deleted");
  else if (token.users === 0 && target.tokens.find(token.id) !== token) dropRod(target, token.rod);
}

const ends: Readonly<Record<TokenEnd, CopyFailure>> = {
  revoked: "tokenRevoked",
  expired: "tokenExpired",
  cancelled: "tokenCancelled",
  deleted: "tokenDeleted",
};

/** True if the initiator may know of what belongs to this unit. */
const mayKnow = (target: Target, nexus: Nexus, unit: Unit): boolean =>
  !target.profile.tokensNeedAccess || target.defects.tokensBypassLunMap || nexus.pathOf.has(unit);

/** True if the token says that a unit made it which the initiator may know of. */
function creatorIsKnown(target: Target, nexus: Nexus, list: Uint8Array, at: number): boolean {
  return target.units.some(
    (unit) => mayKnow(target, nexus, unit) && equalsAt(list, at + CREATOR_AT, creatorOf(unit)),
  );
}

/** Why a token that is not in the table, or that the initiator must not know of, is refused. */
function strangerFailure(target: Target, nexus: Nexus, list: Uint8Array, at: number): CopyFailure {
  const support = supportOf(target, field.rodType(list, at));
  if (support === undefined || !support.tokenIn) return "tokenTypeUnsupported";
  if (!creatorIsKnown(target, nexus, list, at)) return "tokenRemote";
  const ended = target.tokens.ended(field.identifier(list, at));
  const isKnown = ended !== undefined && mayKnow(target, nexus, ended.unit);
  return isKnown ? ends[ended.end] : "tokenUnknown";
}

function tokenAt(target: Target, nexus: Nexus, list: Uint8Array, at: number): Token | CopyFailure {
  const token = target.tokens.find(field.identifier(list, at));
  // A token of a unit that the initiator may not use is as good as none: nothing tells the two apart.
  if (token === undefined || !mayKnow(target, nexus, token.rod.unit)) {
    return strangerFailure(target, nexus, list, at);
  }
  if (!target.defects.takesTokenByIdentifier && !equalsAt(list, at, token.bytes)) {
    // One bit of a token of ours is wrong; of its creator: it is not ours at all.
    const creator = token.bytes.subarray(CREATOR_AT, CREATOR_AT + CREATOR_BYTES);
    return equalsAt(list, at + CREATOR_AT, creator) ? "tokenCorrupt" : "tokenRemote";
  }
  if (isOverdue(token, target.clock.nowMs())) {
    endToken(target, token, "expired");
    return "tokenExpired";
  }
  return token;
}

/** The token in 512 bytes of a list, the zero token, or why it is refused. */
export function findToken(
  target: Target,
  nexus: Nexus,
  list: Uint8Array,
  at: number,
): Token | "zero" | CopyFailure {
  if (field.length(list, at) !== ROD_TOKEN_LENGTH) return hidden(target, "tokenLength");
  if (field.rodType(list, at) === ROD_TYPE_BLOCK_DEVICE_ZERO) {
    const support = supportOf(target, ROD_TYPE_BLOCK_DEVICE_ZERO);
    return support?.tokenIn === true ? "zero" : hidden(target, "tokenTypeUnsupported");
  }
  const found = tokenAt(target, nexus, list, at);
  return typeof found === "string" ? hidden(target, found) : found;
}

const hidden = (target: Target, failure: CopyFailure): CopyFailure =>
  target.profile.hidesTokenCause ? "tokenCauseHidden" : failure;

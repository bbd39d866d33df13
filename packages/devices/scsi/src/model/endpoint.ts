import type { CopyFailure } from "./copy-failures.ts";
import type { Rod } from "./rod.ts";
import type { Token } from "./token-table.ts";
import type { Unit } from "./unit.ts";

/** A copy source or copy destination (CSCD), found or not. */
export type Endpoint = UnitEndpoint | RodEndpoint | NullEndpoint | FailedEndpoint;

export interface UnitEndpoint {
  readonly kind: "unit";
  readonly unit: Unit;
}

/** A ROD that the list makes, or one that a token in it represents. */
export interface RodEndpoint {
  readonly kind: "rod";
  readonly rodType: number;
  /** Undefined until the first segment fills it. */
  rod: Rod | undefined;
  /** It came by a token, and cannot be filled. */
  readonly isFromToken: boolean;
  readonly makesToken: boolean;
  readonly inactivitySeconds: number;
  readonly lifetimeSeconds: number;
  /** The token that it came by, and whether it is deleted after the copy. */
  readonly token: Token | undefined;
  readonly deletesToken: boolean;
  readonly cscdId: number;
}

/** C000h: takes everything and keeps nothing (SPC-4 table 148). */
export interface NullEndpoint {
  readonly kind: "null";
}

export interface FailedEndpoint {
  readonly kind: "failed";
  readonly failure: CopyFailure;
}

export const nullEndpoint: NullEndpoint = { kind: "null" };

export const failedEndpoint = (failure: CopyFailure): FailedEndpoint => ({
  kind: "failed",
  failure,
});

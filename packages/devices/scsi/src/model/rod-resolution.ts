import { rodCscd } from "../codec/copy/rod-cscd.ts";
import { ROD_TOKEN_BYTES } from "../codec/copy/rod-token.ts";
import { ROD_TYPE_BLOCK_DEVICE_ZERO } from "../codec/copy/rod-types.ts";
import { fieldReader } from "./cdb-field.ts";
import type { SegmentJob } from "./copy-job.ts";
import { type Endpoint, failedEndpoint, type RodEndpoint } from "./endpoint.ts";
import { newRod } from "./rod.ts";
import type { Target } from "./target.ts";
import { findToken, grantedRodType, holdToken } from "./tokens.ts";

const field = {
  rodProducer: fieldReader(rodCscd, "rodProducer"),
  rodType: fieldReader(rodCscd, "rodType"),
  lifetime: fieldReader(rodCscd, "requestedLifetime"),
  inactivity: fieldReader(rodCscd, "requestedInactivityTimeout"),
  rToken: fieldReader(rodCscd, "rToken"),
  delTkn: fieldReader(rodCscd, "delTkn"),
  rodTokenOffset: fieldReader(rodCscd, "rodTokenOffset"),
};

/** The ROD comes by a token in the inline data (SPC-4 6.4.5.9). */
const BY_TOKEN = 0;
const THIS_COPY_MANAGER: readonly number[] = [0xf800, 0xffff];

function rodOfToken(target: Target, job: SegmentJob, at: number, cscdId: number): Endpoint {
  const { list } = job;
  const tokenAt = job.inlineAt + field.rodTokenOffset(list, at);
  const found = findToken(target, job.path.nexus, list, tokenAt);
  if (found !== "zero" && typeof found === "string") return failedEndpoint(found);
  const token = found === "zero" ? undefined : found;
  if (token !== undefined) holdToken(token);
  return {
    kind: "rod",
    rod: token?.rod ?? newRod("zero", job.path.unit),
    rodType: ROD_TYPE_BLOCK_DEVICE_ZERO,
    isFromToken: true,
    makesToken: false,
    inactivitySeconds: 0,
    lifetimeSeconds: 0,
    token,
    deletesToken: field.delTkn(list, at) === 1,
    cscdId,
  };
}

export const ROD_CSCD = 0xfe;

/** Looks up another CSCD descriptor of the list. */
type Resolver = (target: Target, job: SegmentJob, id: number) => Endpoint;

/** What a ROD CSCD descriptor asks for, or the ROD of a token (SPC-4 6.4.5.9). */
export function resolveRod(
  target: Target,
  job: SegmentJob,
  at: number,
  cscdId: number,
  resolve: Resolver,
): Endpoint {
  const { list } = job;
  const asked = field.rodType(list, at);
  if (asked === BY_TOKEN) return rodOfToken(target, job, at, cscdId);
  const makesToken = field.rToken(list, at) === 1;
  const producer = field.rodProducer(list, at);
  if (makesToken && !THIS_COPY_MANAGER.includes(producer) && producer !== cscdId) {
    // A ROD produces nothing; asked for its own producer it could lead back here.
    const isRod = list[job.cscdsAt + producer * rodCscd.size] === ROD_CSCD;
    const owner = isRod ? undefined : resolve(target, job, producer);
    if (owner?.kind !== "unit") return failedEndpoint("tokenRemoteCreation");
  }
  const rodType = grantedRodType(target, asked, makesToken ? "tokenOut" : "internal");
  if (rodType === undefined) return failedEndpoint("rodTypeUnsupported");
  const endpoint: RodEndpoint = {
    kind: "rod",
    rodType,
    rod: undefined,
    isFromToken: false,
    makesToken,
    inactivitySeconds: field.inactivity(list, at),
    lifetimeSeconds: field.lifetime(list, at),
    token: undefined,
    deletesToken: false,
    cscdId,
  };
  return endpoint;
}

/** True for a descriptor whose token lies outside of the inline data, or that asks for too long a time. */
export function isMalformedRod(target: Target, job: SegmentJob, at: number): boolean {
  const { list } = job;
  if (field.rodType(list, at) !== BY_TOKEN) {
    return field.inactivity(list, at) > target.tokenLimits.inactivitySecondsMax;
  }
  return field.rodTokenOffset(list, at) + ROD_TOKEN_BYTES > job.inlineBytes;
}

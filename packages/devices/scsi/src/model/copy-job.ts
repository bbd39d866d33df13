import type { CopyOperation } from "./copy-operation.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Path } from "./nexus.ts";
import type { Rod } from "./rod.ts";
import type { Token } from "./token-table.ts";

interface JobBase {
  /** Whose copy it is, and which unit got the command. */
  path: Path;
  /** Where its results go; undefined where nobody can ask for them. */
  operation: CopyOperation | undefined;
  movedBytes: number;
  steps: number;
  isBackground: boolean;
}

/** An EXTENDED COPY: segments, one after the other. One per model for the foreground, filled anew by each command. */
export interface SegmentJob extends JobBase {
  readonly kind: "segments";
  /** The parameter list; a copy of it for a job in the background. */
  list: Uint8Array;
  serviceAction: number;
  listId: number;
  listIdUsage: number;
  cscdsAt: number;
  cscdBytes: number;
  /** CSCD descriptors, found or not; undefined until a segment names them. */
  readonly endpoints: (Endpoint | undefined)[];
  segmentsAt: number;
  segmentBytes: number;
  /** Where each segment descriptor begins in the list. */
  segmentAt: Int32Array;
  segmentCount: number;
  inlineAt: number;
  inlineBytes: number;
  /** The segment that is processed, and how many of its bytes are moved. */
  segment: number;
  done: number;
}

/** A WRITE USING TOKEN: what a ROD represents goes to ranges of the unit. */
export interface TokenJob extends JobBase {
  readonly kind: "token";
  /** Undefined: the zero token, which is in no table. */
  readonly token: Token | undefined;
  readonly rod: Rod;
  readonly deletesToken: boolean;
  readonly lba: Float64Array;
  readonly blocks: Float64Array;
  /** Bytes of the ROD before the first one to be written. */
  readonly offsetBytes: number;
  /** Bytes to write; less than the ranges have room for where the ROD ends before. */
  readonly totalBytes: number;
  /** The ranges have room for more than was to be had. */
  readonly isShort: boolean;
  range: number;
  /** Bytes of the range that are written. */
  done: number;
}

export type CopyJob = SegmentJob | TokenJob;

export function newSegmentJob(segmentsMax: number): SegmentJob {
  return {
    kind: "segments",
    path: undefined as unknown as Path,
    operation: undefined,
    movedBytes: 0,
    steps: 0,
    isBackground: false,
    list: new Uint8Array(0),
    serviceAction: 0,
    listId: 0,
    listIdUsage: 0,
    cscdsAt: 0,
    cscdBytes: 0,
    endpoints: [],
    segmentsAt: 0,
    segmentBytes: 0,
    segmentAt: new Int32Array(segmentsMax),
    segmentCount: 0,
    inlineAt: 0,
    inlineBytes: 0,
    segment: 0,
    done: 0,
  };
}

/** The job as it must be to outlive its command, whose data belongs to the caller. */
export function detachedJob(job: SegmentJob): SegmentJob {
  return {
    ...job,
    isBackground: true,
    list: job.list.slice(),
    endpoints: [...job.endpoints],
    segmentAt: job.segmentAt.slice(0, job.segmentCount),
  };
}

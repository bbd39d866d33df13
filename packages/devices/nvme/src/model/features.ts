import { hostBehavior } from "../codec/host-behavior.ts";
import { featureFields, readBits } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

/** Feature identifiers (NVM Express Base 2.1, Figure 385; NVM Command Set 1.2, section 4.1.3). */
const fid = {
  errorRecovery: 0x05,
  volatileWriteCache: 0x06,
  numberOfQueues: 0x07,
  asynchronousEvents: 0x0b,
  keepAliveTimer: 0x0f,
  hostBehaviorSupport: 0x16,
} as const;

const HOST_BEHAVIOR_BYTES = hostBehavior.size;
/** Copy Descriptor Formats Enable. */
const CDFE_AT = hostBehavior.offsetOf("cdfe");
const DULBE = 0x10000;
const BROADCAST = 0xffffffff;

/** What Get Features can select (SEL). */
const select = { current: 0, default: 1, saved: 2, capabilities: 3 } as const;

/** Capabilities of a feature as dword 0 gives them: changeable, and namespace specific. Nothing can be saved. */
const CHANGEABLE = 4;
const NAMESPACE_SPECIFIC = 2;

/** Features of a controller that other commands ask for. */
export interface Features {
  readonly hasWriteCache: boolean;
  isCopyFormatEnabled(format: number): boolean;
  reportsDeallocated(nsid: number): boolean;
  /** Back to the defaults, as after a controller reset. */
  reset(): void;
  set(controller: Controller, command: Command): StatusCode;
  get(controller: Controller, command: Command): StatusCode;
}

export interface FeatureDefaults {
  /** I/O queue pairs, 1 to 65535. */
  readonly queuesMax: number;
  /** Copy descriptor formats that are enabled without the host asking. */
  readonly enabledFormats: readonly number[];
}

interface State {
  /** By feature: what dword 11 set. */
  readonly words: Map<number, number>;
  /** Error Recovery by NSID. */
  readonly errorRecovery: Map<number, number>;
  readonly hostBehavior: Uint8Array;
}

const isSettable = (identifier: number): boolean =>
  Object.values(fid).includes(identifier as (typeof fid)["errorRecovery"]);

function defaultWords({ queuesMax }: FeatureDefaults): Map<number, number> {
  const queues = queuesMax - 1;
  return new Map<number, number>([
    [fid.volatileWriteCache, 1],
    [fid.numberOfQueues, (queues << 16) | queues],
    [fid.asynchronousEvents, 0],
    [fid.keepAliveTimer, 0],
  ]);
}

function defaultHostBehavior({ enabledFormats }: FeatureDefaults): Uint8Array {
  return hostBehavior.encode({ cdfe: enabledFormats });
}

/** Namespaces that a feature command means; none if the NSID is wrong. */
function nsidsOf({ namespaces }: Controller, nsid: number): number[] {
  if (nsid !== BROADCAST) return namespaces[nsid] === undefined ? [] : [nsid];
  return namespaces.flatMap((one) => (one === undefined ? [] : [one.nsid]));
}

function setErrorRecovery(state: State, controller: Controller, command: Command): StatusCode {
  const nsids = nsidsOf(controller, command.words[1] >>> 0);
  if (nsids.length === 0) return sc.invalidNamespace | DNR;
  const wanted = command.words[11];
  const isUnsupported = (nsid: number): boolean =>
    (wanted & DULBE) !== 0 && controller.namespaces[nsid]?.dulbe !== true;
  // "DULBE … shall only be set for a namespace that supports it": a broadcast sets it where it can be.
  if (nsids.length === 1 && isUnsupported(nsids[0])) return sc.invalidField | DNR;
  for (const nsid of nsids) {
    state.errorRecovery.set(nsid, isUnsupported(nsid) ? wanted & ~DULBE : wanted);
  }
  return sc.success;
}

function setHostBehavior(state: State, { dataOut }: Command): StatusCode {
  if (dataOut?.length !== HOST_BEHAVIOR_BYTES) return sc.dataLength | DNR;
  state.hostBehavior.set(dataOut);
  return sc.success;
}

function setWord(state: State, identifier: number, command: Command): StatusCode {
  const wanted = command.words[11];
  if (identifier !== fid.numberOfQueues) {
    state.words.set(identifier, wanted);
    return sc.success;
  }
  // "If the value is FFFFh, … Invalid Field in Command."
  if ((wanted & 0xffff) === 0xffff || wanted >>> 16 === 0xffff) return sc.invalidField | DNR;
  command.dw0 = state.words.get(fid.numberOfQueues) ?? 0;
  return sc.success;
}

function getErrorRecovery(state: State, controller: Controller, command: Command): StatusCode {
  const nsid = command.words[1] >>> 0;
  if (controller.namespaces[nsid] === undefined) return sc.invalidNamespace | DNR;
  command.dw0 = state.errorRecovery.get(nsid) ?? 0;
  return sc.success;
}

function getHostBehavior(behavior: Uint8Array, { dataIn }: Command): StatusCode {
  if (dataIn === undefined || dataIn.length < HOST_BEHAVIOR_BYTES) return sc.dataLength | DNR;
  dataIn.set(behavior);
  return sc.success;
}

function getFeature(
  state: State,
  controller: Controller,
  command: Command,
  identifier: number,
): StatusCode {
  if (identifier === fid.errorRecovery) return getErrorRecovery(state, controller, command);
  if (identifier === fid.hostBehaviorSupport) return getHostBehavior(state.hostBehavior, command);
  command.dw0 = state.words.get(identifier) ?? 0;
  return sc.success;
}

export function featuresOf(defaults: FeatureDefaults): Features {
  const initial = (): State => ({
    words: defaultWords(defaults),
    errorRecovery: new Map(),
    hostBehavior: defaultHostBehavior(defaults),
  });
  let state = initial();
  return {
    get hasWriteCache() {
      return ((state.words.get(fid.volatileWriteCache) ?? 1) & 1) === 1;
    },
    isCopyFormatEnabled: (format) =>
      (state.hostBehavior[CDFE_AT + (format >> 3)] & (1 << (format & 7))) !== 0,
    reportsDeallocated: (nsid) => ((state.errorRecovery.get(nsid) ?? 0) & DULBE) !== 0,
    reset() {
      state = initial();
    },
    set(controller, command) {
      const identifier = readBits(command.words, 0, featureFields.fid);
      if (!isSettable(identifier)) return sc.invalidField | DNR;
      if (readBits(command.words, 0, featureFields.save) === 1) return sc.featureNotSaveable | DNR;
      if (identifier === fid.errorRecovery) return setErrorRecovery(state, controller, command);
      if (identifier === fid.hostBehaviorSupport) return setHostBehavior(state, command);
      return setWord(state, identifier, command);
    },
    get(controller, command) {
      const identifier = readBits(command.words, 0, featureFields.fid);
      if (!isSettable(identifier)) return sc.invalidField | DNR;
      switch (readBits(command.words, 0, featureFields.select)) {
        case select.current:
          return getFeature(state, controller, command, identifier);
        case select.default:
        case select.saved:
          // Nothing can be saved, so that the saved value is the default value.
          return getFeature(initial(), controller, command, identifier);
        case select.capabilities:
          command.dw0 =
            identifier === fid.errorRecovery ? CHANGEABLE | NAMESPACE_SPECIFIC : CHANGEABLE;
          return sc.success;
        default:
          return sc.invalidField | DNR;
      }
    },
  };
}

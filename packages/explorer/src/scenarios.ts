import asynchronousStacking from "../scenarios/asynchronous-stacking.json" with { type: "json" };
import concatenatedVolume from "../scenarios/concatenated-volume.json" with { type: "json" };
import contextLifetime from "../scenarios/context-lifetime.json" with { type: "json" };
import controllerReset from "../scenarios/controller-reset.json" with { type: "json" };
import deviceRemoved from "../scenarios/device-removed.json" with { type: "json" };
import driverBusy from "../scenarios/driver-busy.json" with { type: "json" };
import elevator from "../scenarios/elevator.json" with { type: "json" };
import emulationReportsAll from "../scenarios/emulation-reports-all.json" with { type: "json" };
import emulationStays from "../scenarios/emulation-stays.json" with { type: "json" };
import freezeWhileParked from "../scenarios/freeze-while-parked.json" with { type: "json" };
import idUsedAgain from "../scenarios/id-used-again.json" with { type: "json" };
import lateAnswer from "../scenarios/late-answer.json" with { type: "json" };
import limitByAddress from "../scenarios/limit-by-address.json" with { type: "json" };
import limitLowered from "../scenarios/limit-lowered.json" with { type: "json" };
import minimumWithoutLock from "../scenarios/minimum-without-lock.json" with { type: "json" };
import newerData from "../scenarios/newer-data.json" with { type: "json" };
import noMemoryForABio from "../scenarios/no-memory-for-a-bio.json" with { type: "json" };
import noMerges from "../scenarios/no-merges.json" with { type: "json" };
import oneCopyEveryFault from "../scenarios/one-copy-every-fault.json" with { type: "json" };
import orphanHalf from "../scenarios/orphan-half.json" with { type: "json" };
import partitionWalksSources from "../scenarios/partition-walks-sources.json" with { type: "json" };
import plugFlush from "../scenarios/plug-flush.json" with { type: "json" };
import plugsOfTwoTasks from "../scenarios/plugs-of-two-tasks.json" with { type: "json" };
import queueDepthOne from "../scenarios/queue-depth-one.json" with { type: "json" };
import refusedThenEmulated from "../scenarios/refused-then-emulated.json" with { type: "json" };
import remappedTwice from "../scenarios/remapped-twice.json" with { type: "json" };
import secondAnswer from "../scenarios/second-answer.json" with { type: "json" };
import sevenCopiesTwoFaults from "../scenarios/seven-copies-two-faults.json" with { type: "json" };
import sourceListEveryStack from "../scenarios/source-list-every-stack.json" with { type: "json" };
import sourcesJoined from "../scenarios/sources-joined.json" with { type: "json" };
import splitAtDifferentPlaces from "../scenarios/split-at-different-places.json" with {
  type: "json",
};
import staleMapping from "../scenarios/stale-mapping.json" with { type: "json" };
import stripedVolume from "../scenarios/striped-volume.json" with { type: "json" };
import submitterCancels from "../scenarios/submitter-cancels.json" with { type: "json" };
import suspendWhileParked from "../scenarios/suspend-while-parked.json" with { type: "json" };
import targetTurnsAround from "../scenarios/target-turns-around.json" with { type: "json" };
import thirdBio from "../scenarios/third-bio.json" with { type: "json" };
import threeTasksTwoWorkers from "../scenarios/three-tasks-two-workers.json" with { type: "json" };
import tokensRunOut from "../scenarios/tokens-run-out.json" with { type: "json" };
import translateDropsStatus from "../scenarios/translate-drops-status.json" with { type: "json" };
import translateRejected from "../scenarios/translate-rejected.json" with { type: "json" };
import translateRepaired from "../scenarios/translate-repaired.json" with { type: "json" };
import translateSplit from "../scenarios/translate-split.json" with { type: "json" };
import translateTwoSources from "../scenarios/translate-two-sources.json" with { type: "json" };
import twoDevices from "../scenarios/two-devices.json" with { type: "json" };
import twoTagsForACopy from "../scenarios/two-tags-for-a-copy.json" with { type: "json" };
import type { ScenarioFile } from "./scenario-file.ts";

const files: readonly unknown[] = [
  asynchronousStacking,
  concatenatedVolume,
  contextLifetime,
  controllerReset,
  deviceRemoved,
  driverBusy,
  elevator,
  emulationReportsAll,
  emulationStays,
  freezeWhileParked,
  idUsedAgain,
  lateAnswer,
  limitByAddress,
  limitLowered,
  minimumWithoutLock,
  newerData,
  noMemoryForABio,
  noMerges,
  oneCopyEveryFault,
  orphanHalf,
  partitionWalksSources,
  plugFlush,
  plugsOfTwoTasks,
  queueDepthOne,
  refusedThenEmulated,
  remappedTwice,
  secondAnswer,
  sevenCopiesTwoFaults,
  sourceListEveryStack,
  sourcesJoined,
  splitAtDifferentPlaces,
  staleMapping,
  stripedVolume,
  submitterCancels,
  suspendWhileParked,
  targetTurnsAround,
  thirdBio,
  threeTasksTwoWorkers,
  tokensRunOut,
  translateDropsStatus,
  translateRejected,
  translateRepaired,
  translateSplit,
  translateTwoSources,
  twoDevices,
  twoTagsForACopy,
];

/** The published scenario files, by name. */
export const scenarios: readonly ScenarioFile[] = files as readonly ScenarioFile[];

/** The published scenario of a name, `undefined` where there is none. */
export function findScenario(name: string): ScenarioFile | undefined {
  return scenarios.find((file) => file.name === name);
}

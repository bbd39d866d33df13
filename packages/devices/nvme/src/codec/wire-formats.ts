import type { Annotation } from "@blockferry/core/bytes";
import { compareCommand } from "./compare-command.ts";
import { completionQueueEntry } from "./completion.ts";
import { copyCommand } from "./copy-command.ts";
import { datasetManagementCommand } from "./dataset-management-command.ts";
import { datasetManagementRange } from "./dataset-management-range.ts";
import { flushCommand } from "./flush-command.ts";
import { genericCommand } from "./generic-command.ts";
import { getFeaturesCommand } from "./get-features-command.ts";
import { hostBehavior } from "./host-behavior.ts";
import { identifyCommand } from "./identify-command.ts";
import { identifyController } from "./identify-controller.ts";
import { identifyControllerNvm } from "./identify-controller-nvm.ts";
import { identifyNamespace } from "./identify-namespace.ts";
import { identifyNamespaceNvm } from "./identify-namespace-nvm.ts";
import { namespaceList } from "./namespace-list.ts";
import { readCommand } from "./read-command.ts";
import { setFeaturesCommand } from "./set-features-command.ts";
import { sglDescriptor } from "./sgl-descriptor.ts";
import { sourceRangesFormat } from "./source-ranges-format.ts";
import { nvmeStatus } from "./status/index.ts";
import { byOpcode, list, single, type WireFormat } from "./wire-format.ts";
import { writeCommand } from "./write-command.ts";
import { writeZeroesCommand } from "./write-zeroes-command.ts";

/** Names the status: its code means something only together with its type. */
function withStatus(annotations: readonly Annotation[]): Annotation[] {
  const numberOf = (field: string): unknown =>
    annotations.find((one) => one.field === field && one.violated === undefined)?.value;
  const sct = numberOf("sct");
  const sc = numberOf("sc");
  if (typeof sct !== "number" || typeof sc !== "number") return [...annotations];
  const label = nvmeStatus(sct, sc).name;
  return annotations.map((one) => (one.field === "sc" ? { ...one, label } : one));
}

const completion = single(completionQueueEntry);

const ioCommands = [
  copyCommand,
  readCommand,
  writeCommand,
  writeZeroesCommand,
  compareCommand,
  flushCommand,
  datasetManagementCommand,
];

/**
 * Every kind of bytes that this package can explain, by the name that a command line uses.
 * Opcodes of I/O and admin commands overlap, hence two entries for submission queue entries.
 */
export const nvmeStructures: Readonly<Record<string, WireFormat>> = {
  "nvme-sqe": byOpcode("NVM command", ioCommands, genericCommand),
  "nvme-admin-sqe": byOpcode(
    "Admin command",
    [identifyCommand, getFeaturesCommand, setFeaturesCommand],
    genericCommand,
  ),
  "nvme-copy": single(copyCommand),
  "nvme-read": single(readCommand),
  "nvme-write": single(writeCommand),
  "nvme-write-zeroes": single(writeZeroesCommand),
  "nvme-compare": single(compareCommand),
  "nvme-flush": single(flushCommand),
  "nvme-dataset-management": single(datasetManagementCommand),
  "nvme-dataset-management-ranges": list("Dataset Management ranges", datasetManagementRange),
  "nvme-ranges": sourceRangesFormat,
  "nvme-cqe": {
    ...completion,
    annotate: (bytes, options) => withStatus(completion.annotate(bytes, options)),
  },
  "nvme-sgl": single(sglDescriptor),
  "nvme-identify": single(identifyCommand),
  "nvme-get-features": single(getFeaturesCommand),
  "nvme-set-features": single(setFeaturesCommand),
  "nvme-identify-controller": single(identifyController),
  "nvme-identify-controller-nvm": single(identifyControllerNvm),
  "nvme-identify-namespace": single(identifyNamespace),
  "nvme-identify-namespace-nvm": single(identifyNamespaceNvm),
  "nvme-namespace-list": single(namespaceList),
  "nvme-host-behavior": single(hostBehavior),
};

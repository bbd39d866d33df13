/**
 * Real devices on Linux: NVMe and SCSI by the kernel's pass-through, files and block devices by its copy calls.
 *
 * @packageDocumentation
 */

export { fileCommand, fileCompletion } from "./file/file-command.ts";
export { fileCommandSet } from "./file/file-command-set.ts";
export { describeFile } from "./file/file-status.ts";
export type { FileTarget } from "./file/file-target.ts";
export {
  type FileTransport,
  type FileTransportOptions,
  fileTransport,
} from "./file/file-transport.ts";
export { type LinuxKernel, linuxKernel } from "./kernel.ts";
export type { LinuxTransportOptions } from "./linux-transport.ts";
export { type DeviceNode, deviceNode } from "./node/device-node.ts";
export { type ListedDevice, listDevices } from "./node/list-devices.ts";
export type { Mount } from "./node/mounts.ts";
export type { OpenedNode } from "./node/open-node.ts";
export { type SharedBlocks, sharedBlocksOf } from "./node/shared-blocks.ts";
export { machine, type Surroundings } from "./node/surroundings.ts";
export { usersOf } from "./node/users.ts";
export {
  type NvmeNode,
  type NvmeTransport,
  type NvmeTransportOptions,
  nvmeTransport,
} from "./nvme/nvme-transport.ts";
export {
  type ScsiTransport,
  type ScsiTransportOptions,
  scsiTransport,
} from "./scsi/scsi-transport.ts";

import { identifyController } from "../codec/identify-controller.ts";
import { identifyControllerNvm } from "../codec/identify-controller-nvm.ts";
import { identifyNamespace } from "../codec/identify-namespace.ts";
import { identifyNamespaceNvm } from "../codec/identify-namespace-nvm.ts";
import { namespaceList } from "../codec/namespace-list.ts";
import { common, identifyFields, readBits, readWord } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import type { Namespace } from "./namespace.ts";
import { DNR, type StatusCode, sc } from "./status.ts";

const IDENTIFY_BYTES = 4096;
const NSIDS_MAX = 1024;
const BROADCAST = 0xffffffff;

/** Controller or Namespace Structure (NVM Express Base 2.2, section 5.1.13). */
const cns = {
  namespace: 0x00,
  controller: 0x01,
  activeNamespaces: 0x02,
  namespaceDescriptors: 0x03,
  commandSetNamespace: 0x05,
  commandSetController: 0x06,
  activeNamespacesOfCommandSet: 0x07,
  independentNamespace: 0x08,
  commandSets: 0x1c,
} as const;

/** NVM Express 2.2. */
const VERSION = 0x00020200;
/** SGLS: SGLs without alignment or granularity requirements. */
const SGLS = 1;
/** Flush with NSID FFFFFFFFh is supported. */
const FLUSH_ALL = 3;
const ZONE_OF_ATOMIC_BLOCKS = 65_536;

function controllerData(controller: Controller): Uint8Array {
  const { identity, commands, formats, namespaces, mdts, fastCopy } = controller;
  const copies = commands.copy && formats.length > 0;
  return identifyController.encode({
    sn: identity.serialNumber,
    mn: identity.modelNumber,
    fr: identity.firmwareRevision,
    subnqn: identity.subnqn,
    cntlid: identity.controllerId,
    mdts,
    ver: VERSION,
    cntrltype: 1,
    ctratt: [15],
    acl: 4,
    aerl: 4,
    elpe: 1,
    npss: 1,
    kas: 100,
    sqesmin: 6,
    sqesmax: 6,
    cqesmin: 4,
    cqesmax: 4,
    nn: namespaces.length - 1,
    mnan: namespaces.length - 1,
    nvmcmps: commands.compare,
    nvmdsmsv: commands.datasetManagement,
    nvmwzsv: commands.writeZeroes,
    ssfs: true,
    nvmcpys: copies,
    // Commands are carried out one at a time, so that each is atomic against the others; a reset can tear any.
    nvmcsa: copies,
    nvmafc: copies && fastCopy === "always",
    vwcp: true,
    fb: FLUSH_ALL,
    awun: ZONE_OF_ATOMIC_BLOCKS,
    awupf: 1,
    acwu: 1,
    ocfs: copies ? formats : [],
    sgls: SGLS,
  });
}

const guardFormat = { 16: 0, 32: 1, 64: 2 } as const;

function namespaceData(controller: Controller, namespace: Namespace): Uint8Array {
  const { blocks, bytesPerBlock, metadataBytes, protection, limits, extended } = namespace;
  const copies = controller.commands.copy && controller.formats.length > 0;
  const hasMetadata = metadataBytes > 0;
  return identifyNamespace.encode({
    nsze: blocks,
    ncap: blocks,
    nuse: blocks,
    dae: namespace.dulbe,
    uidreuse: true,
    nlbaf: 1,
    mtelba: extended,
    mtelbas: hasMetadata && extended,
    mtsbs: hasMetadata && !extended,
    pit1s: protection?.type === 1,
    pit2s: protection?.type === 2,
    pit3s: protection?.type === 3,
    piifb: protection?.first === true,
    piilb: protection?.first === false,
    pit: protection?.type ?? 0,
    pip: protection?.first ?? false,
    drb: 1,
    wzds: true,
    mssrl: copies ? limits.mssrl : 0,
    mcl: copies ? limits.mcl : 0,
    msrc: copies ? limits.msrc + 1 : 1,
    nsattr: namespace.readonly ? [0] : [],
    nguid: namespace.nguid,
    lbaf: [{ ms: metadataBytes, lbads: Math.log2(bytesPerBlock), rp: 0 }],
  });
}

function namespaceNvmData({ protection, storageTagMaskValue }: Namespace): Uint8Array {
  const storageTagBits = protection?.storageTagBits ?? 0;
  return identifyNamespaceNvm.encode({
    lbstm: storageTagMaskValue,
    pists16b: protection?.guardBits === 16 && storageTagBits > 0,
    stcrs: protection !== undefined,
    elbaf: [{ sts: storageTagBits, pif: guardFormat[protection?.guardBits ?? 16] }],
  });
}

/** Namespace Identification Descriptors: NGUID (type 2), and the command set (type 4). */
function descriptors({ nguid }: Namespace): Uint8Array {
  const data = new Uint8Array(IDENTIFY_BYTES);
  data.set([2, nguid.length]);
  data.set(nguid, 4);
  data.set([4, 1], 4 + nguid.length);
  return data;
}

/** I/O Command Set Independent Identify Namespace: NSATTR at byte 3, NSTAT (ready) at byte 14. */
function independentData(namespace: Namespace): Uint8Array {
  const data = new Uint8Array(IDENTIFY_BYTES);
  data[3] = namespace.readonly ? 1 : 0;
  data[14] = 1;
  return data;
}

/** The first combination of command sets: NVM alone. */
function commandSets(): Uint8Array {
  const data = new Uint8Array(IDENTIFY_BYTES);
  data[0] = 1;
  return data;
}

function activeNamespaces({ namespaces }: Controller, above: number): Uint8Array {
  const nsids = namespaces.flatMap((one) =>
    one === undefined || one.nsid <= above ? [] : [one.nsid],
  );
  return namespaceList.encode({ nsids: nsids.slice(0, NSIDS_MAX) });
}

function dataOfNamespace(
  controller: Controller,
  nsid: number,
  make: (namespace: Namespace) => Uint8Array,
): Uint8Array | StatusCode {
  const { namespaces } = controller;
  if (nsid === 0 || nsid >= namespaces.length) return sc.invalidNamespace | DNR;
  const namespace = namespaces[nsid];
  // "If the namespace is inactive, a zero filled data structure is returned."
  return namespace === undefined ? new Uint8Array(IDENTIFY_BYTES) : make(namespace);
}

function dataOf(controller: Controller, command: Command): Uint8Array | StatusCode {
  const nsid = readWord(command.words, common.nsidDword);
  const isNvm = readBits(command.words, 0, identifyFields.csi) === 0;
  const ofNamespace = (make: (namespace: Namespace) => Uint8Array) =>
    dataOfNamespace(controller, nsid, make);
  switch (readBits(command.words, 0, identifyFields.cns)) {
    case cns.namespace:
      return ofNamespace((namespace) => namespaceData(controller, namespace));
    case cns.controller:
      return controllerData(controller);
    case cns.activeNamespacesOfCommandSet:
      if (!isNvm) break;
      return nsid >= BROADCAST - 1 ? sc.invalidNamespace | DNR : activeNamespaces(controller, nsid);
    case cns.activeNamespaces:
      return nsid >= BROADCAST - 1 ? sc.invalidNamespace | DNR : activeNamespaces(controller, nsid);
    case cns.namespaceDescriptors:
      return ofNamespace(descriptors);
    case cns.commandSetNamespace:
      if (!isNvm) break;
      return ofNamespace(namespaceNvmData);
    case cns.commandSetController:
      if (!isNvm) break;
      return identifyControllerNvm.encode({});
    case cns.independentNamespace:
      return ofNamespace(independentData);
    case cns.commandSets:
      return commandSets();
  }
  return sc.invalidField | DNR;
}

/** Identify (NVM Express Base 2.2, section 5.1.13). */
export function identify(controller: Controller, command: Command): StatusCode {
  const { dataIn } = command;
  if (dataIn === undefined || dataIn.length < IDENTIFY_BYTES) return sc.dataLength | DNR;
  const data = dataOf(controller, command);
  if (typeof data === "number") return data;
  dataIn.set(data);
  return sc.success;
}

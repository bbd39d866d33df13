import { referenceTagIsLba } from "../codec/protection/index.ts";
import { commandTagSpace } from "./command-tags.ts";
import { copyFields, ioFields, readBits, readLong } from "./command-words.ts";
import type { Command, Controller } from "./controller.ts";
import { isOutOfRange, type Namespace, touchesReadonlyRange } from "./namespace.ts";
import { checksReference } from "./prinfo.ts";
import type { ProtectionRequest } from "./protect.ts";
import { DNR, type StatusCode, sc } from "./status.ts";
import { transferBytes } from "./transfer-layout.ts";

/** What Read, Write, Compare and Write Zeroes have in common (NVM Command Set Specification 1.2, section 3.3). */
export interface IoRequest {
  readonly lba: number;
  readonly blocks: number;
  readonly prinfo: number;
  readonly forceUnitAccess: boolean;
  readonly deallocates: boolean;
  /** Undefined where the namespace has no protection information. */
  readonly protection: ProtectionRequest | undefined;
}

export function ioRequest({ words, namespace }: Command): IoRequest {
  const prinfo = readBits(words, 0, ioFields.prinfo);
  const format = namespace.protection;
  return {
    lba: readLong(words, ioFields.slbaDword),
    blocks: readBits(words, 0, ioFields.nlb) + 1,
    prinfo,
    forceUnitAccess: readBits(words, 0, ioFields.fua) === 1,
    deallocates: readBits(words, 0, ioFields.deac) === 1,
    protection: format && {
      prinfo,
      checksStorageTag: readBits(words, 0, ioFields.stc) === 1,
      applicationTag: readBits(words, 0, copyFields.lbat),
      applicationTagMask: readBits(words, 0, copyFields.lbatm),
      space: commandTagSpace(format, words),
    },
  };
}

/** "Invalid Protection Information": the settings do not go with the type, or the initial tag with the address. */
function checkProtectionSettings(namespace: Namespace, io: IoRequest): StatusCode {
  const format = namespace.protection;
  if (format === undefined || io.protection === undefined || !checksReference(io.prinfo)) return 0;
  const isWrong =
    format.type === 3 ||
    (format.type === 1 && !referenceTagIsLba(format, io.protection.space, io.lba));
  return isWrong ? sc.invalidProtectionInformation | DNR : 0;
}

/** Address and protection settings, as every command with a range of blocks needs them. */
export function checkRange({ namespace }: Command, io: IoRequest): StatusCode {
  if (isOutOfRange(namespace, io.lba, io.blocks)) return sc.lbaOutOfRange | DNR;
  return checkProtectionSettings(namespace, io);
}

export function checkWritable({ namespace }: Command, io: IoRequest): StatusCode {
  if (namespace.readonly) return sc.namespaceWriteProtected | DNR;
  return touchesReadonlyRange(namespace, io.lba, io.blocks) ? sc.readOnlyRange | DNR : 0;
}

/**
 * The transfer is as long as the blocks need. A host may have room for more than a Read returns, but what it sends is
 * exactly that long. "If the transfer exceeds MDTS, … Invalid Field in Command."
 */
export function checkTransfer(
  { transferBytesMax }: Controller,
  { namespace, dataIn, dataOut }: Command,
  io: IoRequest,
  direction: "toHost" | "toController",
): StatusCode {
  const bytes = transferBytes(namespace, io.blocks, io.prinfo);
  if (bytes > transferBytesMax) return sc.invalidField | DNR;
  const isRight =
    direction === "toHost" ? (dataIn?.length ?? 0) >= bytes : (dataOut?.length ?? 0) === bytes;
  return isRight ? 0 : sc.dataLength | DNR;
}

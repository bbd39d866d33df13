import { existsSync } from "node:fs";
import {
  type CompletionQueueEntry,
  completionQueueEntry,
  copyCommand,
  encodeSourceRanges,
  type GuardBits,
  placeTags,
  prinfo,
  readCommand,
  writeCommand,
} from "../../../packages/devices/nvme/src/codec/index.ts";
import {
  formatNvmeMetadata,
  type NvmeMetadataOptions,
  type NvmeModel,
  nvmeModel,
} from "../../../packages/devices/nvme/src/model/index.ts";
import type { BlockDriver } from "./disk.ts";
import { loadImage, saveImage } from "./images.ts";

/** An image of an emulated namespace, and the file beside it that holds its protection information. */
export interface ProtectedImage {
  readonly path: string;
  readonly metadataPath: string;
  readonly bytes: number;
  readonly bytesPerBlock: number;
  readonly guardBits: GuardBits;
}

const NSID = 1;
const QEMU = "qemu-7.2";
const BLOCKS_PER_COMMAND = 128;
const TUPLE_BYTES = { 16: 8, 32: 16, 64: 16 } as const;
const STORAGE_TAG_BITS = 0;

const formatOf = ({ guardBits }: ProtectedImage): NvmeMetadataOptions => ({
  bytes: TUPLE_BYTES[guardBits],
  protection: 1,
  guardBits,
});

/** Sends a command. Throws with its status where it is refused. */
function send(
  model: NvmeModel,
  command: Uint8Array,
  dataOut: Uint8Array | undefined,
  dataIn?: Uint8Array,
): void {
  const completion = new Uint8Array(model.completionBytes);
  model.execute("io", command, dataOut, dataIn, completion);
  const decoded = completionQueueEntry.decode(completion);
  const { sct, sc } = (decoded as { value: CompletionQueueEntry }).value;
  if (sct !== 0 || sc !== 0) throw new Error(`the model said ${sct}/${sc.toString(16)}h`);
}

/** What a command says about blocks of protection type 1: their reference tag is their address. */
function tagsOf({ guardBits }: ProtectedImage, lba: number): { upper: number; lower: number } {
  const tags = { storageTag: 0n, referenceTag: BigInt(lba) };
  const { lbtu, lbtl } = placeTags(guardBits, STORAGE_TAG_BITS, tags);
  return { upper: lbtu, lower: lbtl };
}

/**
 * The part of the kernel beside an emulated namespace with protection information: what is written gets such information, and
 * what is read is checked. Commands go to the model of the device, over the same two files as the command line's own.
 */
export function protectedImage(image: ProtectedImage): BlockDriver {
  const { path, metadataPath, bytes, bytesPerBlock } = image;
  const format = formatOf(image);

  /** Runs commands, and keeps what they changed. */
  function commanded(run: (model: NvmeModel) => void): void {
    const store = loadImage(path, bytes);
    const metadata = loadImage(metadataPath, (bytes / bytesPerBlock) * format.bytes);
    if (!existsSync(metadataPath)) formatNvmeMetadata(metadata, format);
    const namespace = { store, bytesPerBlock, metadata: { ...format, store: metadata } };
    run(nvmeModel({ namespaces: [namespace], peer: QEMU }));
    saveImage(store, path);
    saveImage(metadata, metadataPath);
  }

  const inCommands = (lba: number, blocks: number, each: (at: number, count: number) => void) => {
    for (let done = 0; done < blocks; done += BLOCKS_PER_COMMAND) {
      each(lba + done, Math.min(BLOCKS_PER_COMMAND, blocks - done));
    }
  };

  return {
    write(lba, data) {
      commanded((model) => {
        inCommands(lba, data.length / bytesPerBlock, (at, nlb) => {
          const { upper: lbtu, lower: lbtl } = tagsOf(image, at);
          const request = {
            nsid: NSID,
            slba: at,
            nlb,
            lbtu,
            lbtl,
            prinfo: prinfo({ pract: true }),
          };
          const from = (at - lba) * bytesPerBlock;
          send(
            model,
            writeCommand.encode(request),
            data.subarray(from, from + nlb * bytesPerBlock),
          );
        });
      });
    },
    read(lba, blocks) {
      const data = Buffer.alloc(blocks * bytesPerBlock);
      const checks = prinfo({ pract: true, grdchk: true, rtchk: true });
      commanded((model) => {
        inCommands(lba, blocks, (at, nlb) => {
          const { upper: elbtu, lower: elbtl } = tagsOf(image, at);
          const request = { nsid: NSID, slba: at, nlb, elbtu, elbtl, prinfo: checks };
          const from = (at - lba) * bytesPerBlock;
          const room = data.subarray(from, from + nlb * bytesPerBlock);
          send(model, readCommand.encode(request), undefined, room);
        });
      });
      return data;
    },
    copy(ranges, to) {
      const desfmt = image.guardBits === 16 ? 0 : 1;
      const sources = ranges.map(([slba, nlb]) => ({ slba, nlb }));
      commanded((model) => {
        const command = copyCommand.encode({ nsid: NSID, sdlba: to, nr: sources.length, desfmt });
        send(model, command, encodeSourceRanges(desfmt, sources));
      });
    },
  };
}

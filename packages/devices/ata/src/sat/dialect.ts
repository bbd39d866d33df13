import { passThroughProtocol as protocol } from "../codec/sat/pass-through-cdb.ts";

/** How a SCSI / ATA translator treats ATA PASS-THROUGH, as data. */
export interface SatDialect {
  readonly name: string;
  /** Values of PROTOCOL that it carries out. */
  readonly protocols: readonly number[];
  /** ATA PASS-THROUGH(32) returns registers like the others; otherwise an error has an INFORMATION field only. */
  readonly returnsRegistersOf32: boolean;
  /** Registers of a success come in descriptor format whatever format is asked for. */
  readonly successInDescriptors: boolean;
  /** STATUS that a PIO data-in command seems to end with; it is then taken for an error. */
  readonly pioInStatus: number | undefined;
  /** T_LENGTH is only looked at to tell data from no data. */
  readonly trustsTransportLength: boolean;
  /** ADDITIONAL SENSE LENGTH of fixed sense data with a field pointer. */
  readonly pointerSenseLength: number;
  /** Refuses SET FEATURES that sets a transfer mode, and the trusted computing commands. */
  readonly guardsItself: boolean;
  /** The signature in VPD page 89h: the first 13 bytes of a FIS. */
  readonly signature: readonly number[];
}

const all = Object.values(protocol).filter((one) => one !== protocol.dmaQueued);

const standard: SatDialect = {
  name: "standard",
  protocols: all,
  returnsRegistersOf32: true,
  successInDescriptors: false,
  pioInStatus: undefined,
  trustsTransportLength: false,
  pointerSenseLength: 0x0a,
  guardsItself: false,
  signature: [0x34, 0x00, 0x50, 0x01, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01],
};

/** Linux 6.12 in front of PATA, as measured. */
const libata: SatDialect = {
  name: "libata-6.12",
  protocols: [
    protocol.nonData,
    protocol.pioIn,
    protocol.pioOut,
    protocol.dma,
    protocol.udmaIn,
    protocol.udmaOut,
    protocol.fpdma,
  ],
  returnsRegistersOf32: false,
  successInDescriptors: true,
  pioInStatus: undefined,
  trustsTransportLength: true,
  pointerSenseLength: 0x12,
  guardsItself: true,
  signature: [0x34, 0x80, 0x40, 0x00, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01],
};

export type SatDialectName = "standard" | "libata-6.12" | "libata-6.12-ahci";

/** SAT-4 as it is written, and what Linux 6.12 was measured to do. */
export const satDialects: Readonly<Record<SatDialectName, SatDialect>> = {
  standard,
  "libata-6.12": libata,
  // The FIS of a PIO data-in command's end is not kept by AHCI: libata looks at the PIO Setup FIS, whose STATUS has DRQ.
  "libata-6.12-ahci": { ...libata, name: "libata-6.12-ahci", pioInStatus: 0x58 },
};

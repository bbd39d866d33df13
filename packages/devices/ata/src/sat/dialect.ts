import { passThroughProtocol as protocol } from "../codec/sat/pass-through-cdb.ts";

/** Parameters of the Control mode page (SPC-4 7.5.8) that a translator makes up; D_SENSE is not among them. */
export interface SatControlModePage {
  readonly gltsd: boolean;
  readonly queueAlgorithmModifier: number;
  /** In 100 ms; FFFFh: unlimited. */
  readonly busyTimeoutPeriod: number;
  /** Seconds. */
  readonly extendedSelfTestCompletionTime: number;
}

/** How a SCSI / ATA translator treats ATA PASS-THROUGH, as data. */
export interface SatDialect {
  readonly name: string;
  /** Values of PROTOCOL that it carries out. */
  readonly protocols: readonly number[];
  /** ATA PASS-THROUGH(32) returns registers like the others; otherwise an error has an INFORMATION field only. */
  readonly returnsRegistersOf32: boolean;
  /** Registers of a success come in descriptor format whatever format is asked for. */
  readonly successInDescriptors: boolean;
  /** First byte of the registers in fixed format: 3, or 8 by a mistake, which puts most of LBA behind the end. */
  readonly fixedRegistersAt: 3 | 8;
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
  readonly controlModePage: SatControlModePage;
}

const all = Object.values(protocol).filter((one) => one !== protocol.dmaQueued);

const standard: SatDialect = {
  name: "standard",
  protocols: all,
  returnsRegistersOf32: true,
  successInDescriptors: false,
  fixedRegistersAt: 3,
  pioInStatus: undefined,
  trustsTransportLength: false,
  pointerSenseLength: 0x0a,
  guardsItself: false,
  signature: [0x34, 0x00, 0x50, 0x01, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01],
  controlModePage: {
    gltsd: true,
    queueAlgorithmModifier: 1,
    busyTimeoutPeriod: 0,
    extendedSelfTestCompletionTime: 0,
  },
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
  fixedRegistersAt: 3,
  pioInStatus: undefined,
  trustsTransportLength: true,
  pointerSenseLength: 0x12,
  guardsItself: true,
  signature: [0x34, 0x80, 0x40, 0x00, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01],
  controlModePage: {
    gltsd: true,
    queueAlgorithmModifier: 0,
    busyTimeoutPeriod: 0xffff,
    extendedSelfTestCompletionTime: 30,
  },
};

// The FIS of a PIO data-in command's end is not kept by AHCI: libata looks at the PIO Setup FIS, whose STATUS has DRQ.
const ahci: SatDialect = { ...libata, name: "libata-6.12-ahci", pioInStatus: 0x58 };

export type SatDialectName = "standard" | "libata-6.12" | "libata-6.12-ahci" | "libata-6.1-ahci";

/** SAT-4 as it is written, and what Linux 6.12 and 6.1 were measured to do. */
export const satDialects: Readonly<Record<SatDialectName, SatDialect>> = {
  standard,
  "libata-6.12": libata,
  "libata-6.12-ahci": ahci,
  "libata-6.1-ahci": { ...ahci, name: "libata-6.1-ahci", fixedRegistersAt: 8 },
};

/** How a command moves data (ACS-4, 4.2.1; the names are those of SAT's PROTOCOL field). */
export type AtaProtocol =
  | "non-data"
  | "pio-in"
  | "pio-out"
  | "dma-in"
  | "dma-out"
  | "queued-in"
  | "queued-out"
  | "queued-non-data"
  | "diagnostic";

export interface AtaCommand {
  readonly opcode: number;
  readonly name: string;
  readonly protocol: AtaProtocol;
  /** Has 48-bit addresses and 16-bit counts. */
  readonly extended: boolean;
}

type Row = readonly [opcode: number, name: string, protocol: AtaProtocol, extended?: "ext"];

/** ACS-4, Table 206 and clause 7; the obsolete ones from ATA8-ACS. WRITE GATHERED EXT is in its profiles. */
const rows: readonly Row[] = [
  [0x00, "NOP", "non-data"],
  [0x06, "DATA SET MANAGEMENT", "dma-out", "ext"],
  [0x07, "DATA SET MANAGEMENT XL", "dma-out", "ext"],
  [0x08, "DEVICE RESET", "non-data"],
  [0x0b, "REQUEST SENSE DATA EXT", "non-data", "ext"],
  [0x20, "READ SECTOR(S)", "pio-in"],
  [0x24, "READ SECTOR(S) EXT", "pio-in", "ext"],
  [0x25, "READ DMA EXT", "dma-in", "ext"],
  [0x27, "READ NATIVE MAX ADDRESS EXT", "non-data", "ext"],
  [0x29, "READ MULTIPLE EXT", "pio-in", "ext"],
  [0x2f, "READ LOG EXT", "pio-in", "ext"],
  [0x30, "WRITE SECTOR(S)", "pio-out"],
  [0x34, "WRITE SECTOR(S) EXT", "pio-out", "ext"],
  [0x35, "WRITE DMA EXT", "dma-out", "ext"],
  [0x39, "WRITE MULTIPLE EXT", "pio-out", "ext"],
  [0x3d, "WRITE DMA FUA EXT", "dma-out", "ext"],
  [0x3f, "WRITE LOG EXT", "pio-out", "ext"],
  [0x40, "READ VERIFY SECTOR(S)", "non-data"],
  [0x42, "READ VERIFY SECTOR(S) EXT", "non-data", "ext"],
  [0x44, "ZERO EXT", "non-data", "ext"],
  [0x45, "WRITE UNCORRECTABLE EXT", "non-data", "ext"],
  [0x47, "READ LOG DMA EXT", "dma-in", "ext"],
  [0x4a, "ZAC MANAGEMENT IN", "dma-in", "ext"],
  [0x57, "WRITE LOG DMA EXT", "dma-out", "ext"],
  [0x60, "READ FPDMA QUEUED", "queued-in", "ext"],
  [0x61, "WRITE FPDMA QUEUED", "queued-out", "ext"],
  [0x63, "NCQ NON-DATA", "queued-non-data", "ext"],
  [0x64, "SEND FPDMA QUEUED", "queued-out", "ext"],
  [0x65, "RECEIVE FPDMA QUEUED", "queued-in", "ext"],
  [0x77, "SET DATE & TIME EXT", "non-data", "ext"],
  [0x78, "ACCESSIBLE MAX ADDRESS CONFIGURATION", "non-data", "ext"],
  [0x90, "EXECUTE DEVICE DIAGNOSTIC", "diagnostic"],
  [0x92, "DOWNLOAD MICROCODE", "pio-out"],
  [0x93, "DOWNLOAD MICROCODE DMA", "dma-out"],
  [0x96, "MUTATE EXT", "non-data", "ext"],
  [0x9f, "ZAC MANAGEMENT OUT", "non-data", "ext"],
  [0xb0, "SMART", "non-data"],
  [0xb2, "SET SECTOR CONFIGURATION EXT", "non-data", "ext"],
  [0xb4, "SANITIZE DEVICE", "non-data", "ext"],
  [0xc4, "READ MULTIPLE", "pio-in"],
  [0xc5, "WRITE MULTIPLE", "pio-out"],
  [0xc6, "SET MULTIPLE MODE", "non-data"],
  [0xc8, "READ DMA", "dma-in"],
  [0xca, "WRITE DMA", "dma-out"],
  [0xe0, "STANDBY IMMEDIATE", "non-data"],
  [0xe1, "IDLE IMMEDIATE", "non-data"],
  [0xe2, "STANDBY", "non-data"],
  [0xe3, "IDLE", "non-data"],
  [0xe4, "READ BUFFER", "pio-in"],
  [0xe5, "CHECK POWER MODE", "non-data"],
  [0xe6, "SLEEP", "non-data"],
  [0xe7, "FLUSH CACHE", "non-data"],
  [0xe8, "WRITE BUFFER", "pio-out"],
  [0xea, "FLUSH CACHE EXT", "non-data", "ext"],
  [0xec, "IDENTIFY DEVICE", "pio-in"],
  [0xef, "SET FEATURES", "non-data"],
];

/** The commands that this package knows by name. */
export const ataCommands: readonly AtaCommand[] = rows.map(
  ([opcode, name, protocol, extended]) => ({
    opcode,
    name,
    protocol,
    extended: extended === "ext",
  }),
);

/** Names of commands by operation code. */
export const commandNames: Readonly<Record<number, string>> = Object.fromEntries(
  ataCommands.map(({ opcode, name }) => [opcode, name]),
);

/** Operation codes that this package sends or carries out. */
export const opcode = {
  nop: 0x00,
  dataSetManagement: 0x06,
  dataSetManagementXl: 0x07,
  requestSenseDataExt: 0x0b,
  readSectors: 0x20,
  readSectorsExt: 0x24,
  readDmaExt: 0x25,
  readLogExt: 0x2f,
  writeSectors: 0x30,
  writeSectorsExt: 0x34,
  writeDmaExt: 0x35,
  writeDmaFuaExt: 0x3d,
  readVerify: 0x40,
  readVerifyExt: 0x42,
  zeroExt: 0x44,
  writeUncorrectableExt: 0x45,
  readLogDmaExt: 0x47,
  readFpdmaQueued: 0x60,
  writeFpdmaQueued: 0x61,
  ncqNonData: 0x63,
  sendFpdmaQueued: 0x64,
  receiveFpdmaQueued: 0x65,
  executeDeviceDiagnostic: 0x90,
  smart: 0xb0,
  readDma: 0xc8,
  writeDma: 0xca,
  standbyImmediate: 0xe0,
  idleImmediate: 0xe1,
  standby: 0xe2,
  idle: 0xe3,
  checkPowerMode: 0xe5,
  sleep: 0xe6,
  flushCache: 0xe7,
  flushCacheExt: 0xea,
  identifyDevice: 0xec,
  setFeatures: 0xef,
} as const;

/** The command of an operation code; `undefined` if it is none of these. */
export function ataCommand(code: number): AtaCommand | undefined {
  return ataCommands.find((command) => command.opcode === code);
}

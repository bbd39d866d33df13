import { FerryError } from "@blockferry/core";
import type { Annotation, Decoded } from "@blockferry/core/bytes";
import { knownNamesHint } from "./parse/nearest-name.ts";

/** What is known about bytes beside the bytes. */
export interface ExplainOptions {
  /** Source range format, for NVMe. */
  readonly format?: number;
  /** Name of a profile of WRITE GATHERED EXT, for ATA. */
  readonly profile?: string;
  readonly lenient?: boolean;
}

/** Bytes of one kind that can be explained. */
export interface Explainable {
  readonly title: string;
  readonly source: string;
  readonly size?: number | undefined;
  decode(bytes: Uint8Array, options: ExplainOptions): Decoded<object>;
  annotate(bytes: Uint8Array, options: ExplainOptions): readonly Annotation[];
}

type Structures = Readonly<Record<string, Explainable>>;

async function ataStructuresByProfileName(): Promise<Structures> {
  const { ataStructures, writeGatheredProfiles } = await import("@blockferry/device-ata/codec");
  const profileNamed = (name: string) => {
    if (Object.hasOwn(writeGatheredProfiles, name)) return writeGatheredProfiles[name];
    throw new FerryError("FERRY_OPTION_VALUE", `--profile: there is no ${name}`, {
      details: { profile: name },
      hint: knownNamesHint(name, Object.keys(writeGatheredProfiles)),
    });
  };
  const withProfile = ({ profile, lenient }: ExplainOptions) => ({
    ...(profile === undefined ? {} : { profile: profileNamed(profile) }),
    ...(lenient === undefined ? {} : { lenient }),
  });
  return Object.fromEntries(
    Object.entries(ataStructures).map(([name, { title, source, decode, annotate }]) => [
      name,
      {
        title,
        source,
        decode: (bytes: Uint8Array, options: ExplainOptions) => decode(bytes, withProfile(options)),
        annotate: (bytes: Uint8Array, options: ExplainOptions) =>
          annotate(bytes, withProfile(options)),
      },
    ]),
  );
}

interface Family {
  /** How the names of its structures begin. */
  readonly prefix: string;
  readonly load: () => Promise<Structures>;
}

/** Families of structures, each loaded only when one of its names is given. The last takes all other names. */
const families: readonly Family[] = [
  {
    prefix: "nvme-",
    load: async () => (await import("@blockferry/device-nvme/codec")).nvmeStructures,
  },
  { prefix: "ata-", load: ataStructuresByProfileName },
  { prefix: "", load: async () => (await import("@blockferry/device-scsi/codec")).scsiStructures },
];

/** Every structure, by name. */
export async function allStructures(): Promise<Structures> {
  const loaded = await Promise.all(families.map(({ load }) => load()));
  return Object.assign({}, ...loaded) as Structures;
}

/** The structure of that name. @throws FerryError `FERRY_DECODE_UNKNOWN` */
export async function formatNamed(name: string): Promise<Explainable> {
  const structures = await families.find(({ prefix }) => name.startsWith(prefix))?.load();
  if (structures !== undefined && Object.hasOwn(structures, name)) return structures[name];
  throw new FerryError("FERRY_DECODE_UNKNOWN", `there is no structure "${name}"`, {
    details: { structure: name },
    hint: knownNamesHint(name, Object.keys(await allStructures())),
  });
}

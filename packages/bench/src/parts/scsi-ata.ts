import type { ModelLoad } from "../cases/model-case.ts";
import { type CopyForm, copyForms, type RateFigures } from "../cases/segments-case.ts";
import { interleave } from "../measure/rounds.ts";
import { row } from "../report/document.ts";
import type { Part, PartContext } from "./part.ts";
import { runChild } from "./run-child.ts";

const PART = "scsi, ata";
const formNames: Readonly<Record<CopyForm, string>> = {
  lid1: "EXTENDED COPY(LID1)",
  lid4: "EXTENDED COPY(LID4)",
  token: "token copy",
};
const small: Readonly<Partial<Record<ModelLoad, string>>> = {
  lid1: "EXTENDED COPY(LID1)",
  lid4: "EXTENDED COPY(LID4)",
  "write using token": "WRITE USING TOKEN",
  "write gathered": "WRITE GATHERED EXT",
};
const large: Readonly<Partial<Record<ModelLoad, string>>> = {
  "large lid1": "EXTENDED COPY(LID1)",
  "large write using token": "WRITE USING TOKEN",
  "large write gathered": "WRITE GATHERED EXT",
};
/** Live tokens that are few, and those of the claim. */
const FEW = 100;
const MANY = 100_000;

const perCpuSecond = ({ operations, cpuSeconds }: RateFigures): number => operations / cpuSeconds;

async function planAndEncode({ quick, rounds, add, progress }: PartContext): Promise<void> {
  const seconds = quick ? 0.2 : 0.5;
  for (const form of copyForms) {
    for (const segments of [1, 8, 64]) {
      progress(`plan + encode, ${formNames[form]}, ${segments} segments`);
      const one = () => perCpuSecond(runChild({ kind: "segments", form, segments, seconds }));
      const { medians } = await interleave({ one }, rounds);
      add(
        row({
          part: PART,
          what: `plan + encode + complete, ${formNames[form]}, ${segments} in a copy`,
          unit: "segments/CPU s",
          ours: medians.one,
          goal: { atLeast: 1_000_000 },
        }),
      );
    }
  }
}

async function smallCommands({ quick, rounds, add, progress }: PartContext): Promise<void> {
  const seconds = quick ? 0.2 : 0.5;
  for (const [load, name] of Object.entries(small) as [ModelLoad, string][]) {
    progress(`model, small copies, ${name}`);
    const one = () => perCpuSecond(runChild({ kind: "model", load, seconds }));
    const { medians } = await interleave({ one }, rounds);
    add(
      row({
        part: PART,
        what: `model, ${name}, 4 KiB each`,
        unit: "commands/CPU s",
        ours: medians.one,
        goal: { atLeast: 200_000 },
      }),
    );
  }
}

async function largeCopies({ quick, rounds, add, progress }: PartContext): Promise<void> {
  const seconds = quick ? 0.5 : 1;
  const rate = (load: ModelLoad) => () => perCpuSecond(runChild({ kind: "model", load, seconds }));
  progress("model, large copies");
  const contestants: Record<string, () => number> = { peer: rate("buffer copy") };
  for (const load of Object.keys(large) as ModelLoad[]) contestants[load] = rate(load);
  const { medians, ratio } = await interleave(contestants, rounds);
  for (const [load, name] of Object.entries(large)) {
    add(
      row({
        part: PART,
        what: `model, ${name}, 64 MiB each`,
        unit: "B/CPU s",
        ours: medians[load] as number,
        peerName: "Buffer.copy",
        peer: medians.peer as number,
        ratio: ratio(load, "peer"),
        goal: { atLeast: 0.8 },
      }),
    );
  }
}

async function liveTokens({ quick, rounds, add, progress }: PartContext): Promise<void> {
  const seconds = quick ? 0.2 : 0.5;
  const lives = (live: number) => () =>
    perCpuSecond(runChild({ kind: "model", load: "tokens", live, seconds }));
  progress("model, live tokens");
  const { medians, ratio } = await interleave({ many: lives(MANY), few: lives(FEW) }, rounds);
  add(
    row({
      part: PART,
      what: `tokens made, spent and deleted while ${MANY.toLocaleString("en")} live`,
      unit: "tokens/CPU s",
      ours: medians.many,
      peerName: `${FEW} live`,
      peer: medians.few,
      ratio: ratio("many", "few"),
      goal: { atLeast: 0.5 },
    }),
  );
}

/** EXTENDED COPY, tokens and WRITE GATHERED EXT: the host's side, and the emulated devices. */
export const scsiAta: Part = {
  name: "scsi",
  title: "SCSI and ATA copies: planning, emulated devices, live tokens",
  async run(context) {
    await planAndEncode(context);
    await smallCommands(context);
    await largeCopies(context);
    await liveTokens(context);
  },
};

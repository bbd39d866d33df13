import { existsSync, readFileSync } from "node:fs";
import { FerryError, hazardNames, hazards, isFerryError } from "@blockferry/core";
import {
  checkScenario,
  type DocumentPath,
  hazardWorlds,
  findScenario as publishedScenario,
  type ScenarioFile,
  scenarios,
} from "@blockferry/explorer";
import { findNodeAtLocation, type Node, type ParseError, parseTree } from "jsonc-parser";
import { knownNamesHint, nearestName } from "../parse/nearest-name.ts";
import { strategyByName } from "../strategies.ts";
import { strategyNames } from "../strategy-names.ts";

/** A scenario, and what its user calls it: a published name or a path. */
export interface ScenarioSource {
  readonly called: string;
  readonly file: ScenarioFile;
  /** File and line of a place in it, where it is a user's. */
  readonly place?: (path: DocumentPath) => SourcePlace;
}

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

const strict = { disallowComments: true, allowTrailingComma: false };

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The place of a path in a document, or of the nearest thing around it that is there. */
function nodeAt(tree: Node, path: DocumentPath): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    // A value begins behind its key, which may stand on a line above.
    if (node !== undefined) return node.parent?.type === "property" ? node.parent : node;
  }
  return tree;
}

function refuseSyntax(path: string, line: number): never {
  throw new FerryError("FERRY_SCENARIO_SYNTAX", `${path}:${line}: this is not JSON`, {
    details: { file: path, line },
    hint: "scenario files are JSON without comments or trailing commas",
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FerryError("FERRY_FILE_READ", `cannot read the scenario ${path}: ${reason}`, {
      cause,
      details: { path },
    });
  }
}

/** An error about a place in a file, with file and line. */
export function placed(error: unknown, { file, line }: SourcePlace): unknown {
  if (!isFerryError(error)) return error;
  return new FerryError(error.code, `${file}:${line}: ${error.message}`, {
    cause: error,
    details: { ...error.details, file, line },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/**
 * Reads and checks a scenario file.
 *
 * @param path of the file; `-` is standard input
 * @throws FerryError `FERRY_FILE_READ`, `FERRY_SCENARIO_…` with file and line
 */
function readScenario(path: string): ScenarioSource {
  const text = readText(path).replace(/^\ufeff/, "");
  const file = path === "-" ? "standard input" : path;
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, strict);
  if (tree === undefined || errors.length > 0) {
    refuseSyntax(file, lineOf(text, errors[0]?.offset ?? text.length));
  }
  const place = (at: DocumentPath): SourcePlace => {
    return { file, line: lineOf(text, nodeAt(tree, at).offset) };
  };
  try {
    return { called: path, file: checkScenario(JSON.parse(text)), place };
  } catch (error) {
    const at = isFerryError(error) ? error.details.path : undefined;
    throw placed(error, place((at ?? []) as DocumentPath));
  }
}

/** How names of scenarios begin that are the worlds of hazards. */
const HAZARD_PREFIX = "hazard:";

/** The world of a hazard as a scenario: each strategy ends in it as it says of itself. */
async function hazardScenario(called: string): Promise<ScenarioSource> {
  const name = called.slice(HAZARD_PREFIX.length);
  const hazard = hazardNames.find((each) => each === name);
  if (hazard === undefined) {
    throw new FerryError("FERRY_SCENARIO_UNKNOWN", `there is no hazard "${name}"`, {
      details: { scenario: called },
      hint: knownNamesHint(name, hazardNames),
    });
  }
  const cases = await Promise.all(
    strategyNames.map(async (strategy) => {
      const { supports } = await strategyByName(strategy);
      const verdict = supports.under[hazard] === "breaks" ? "violation" : "clean";
      return { name: strategy, strategy, expect: { verdict } } as const;
    }),
  );
  const { world } = hazardWorlds[hazard];
  const file = { name: hazard, title: hazards[hazard], mails: [], story: "", world, cases };
  return { called, file };
}

/** What to tell who gave an unknown name: there are many, too many for a line, unless one is near. */
function knownScenariosHint(called: string): string {
  const nearest = nearestName(
    called,
    scenarios.map(({ name }) => name),
  );
  const meant = nearest === undefined ? "" : `did you mean ${nearest}? `;
  return `${meant}"blockferry explore --list" lists them; a file is given by its path`;
}

/**
 * The scenario that SCENARIO means: a published one by its name, the world of a hazard as `hazard:NAME`, else a file.
 *
 * @throws FerryError `FERRY_SCENARIO_UNKNOWN`, and those of `readScenario`
 */
export async function findScenario(called: string): Promise<ScenarioSource> {
  if (called.startsWith(HAZARD_PREFIX)) return hazardScenario(called);
  const published = publishedScenario(called);
  if (published !== undefined) return { called, file: published };
  const isName = /^[A-Za-z0-9-]+$/.test(called) && called !== "-" && !existsSync(called);
  if (isName) {
    throw new FerryError("FERRY_SCENARIO_UNKNOWN", `there is no scenario "${called}"`, {
      details: { scenario: called },
      hint: knownScenariosHint(called),
    });
  }
  return readScenario(called);
}

/** Every published scenario, in order of the names. */
export function allScenarios(): readonly ScenarioSource[] {
  return scenarios.map((file) => ({ called: file.name, file }));
}

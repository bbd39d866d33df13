import * as schemas from "../../src/schema/index.ts";

const byName = {
  "blockferry.compare": schemas.compareDocument,
  "blockferry.copy": schemas.copyDocument,
  "blockferry.decode": schemas.decodeDocument,
  "blockferry.error": schemas.errorDocument,
  "blockferry.explore": schemas.exploreDocument,
  "blockferry.explore-random": schemas.randomDocument,
  "blockferry.info": schemas.infoDocument,
  "blockferry.list": schemas.listDocument,
  "blockferry.plan": schemas.planDocument,
  "blockferry.replay": schemas.replayDocument,
  "blockferry.scenarios": schemas.scenariosDocument,
} as const;

type Documents = {
  "blockferry.compare": schemas.CompareDocument;
  "blockferry.copy": schemas.CopyDocument;
  "blockferry.decode": schemas.DecodeDocument;
  "blockferry.error": schemas.ErrorDocument;
  "blockferry.explore": schemas.ExploreDocument;
  "blockferry.explore-random": schemas.RandomDocument;
  "blockferry.info": schemas.InfoDocument;
  "blockferry.list": schemas.ListDocument;
  "blockferry.plan": schemas.PlanDocument;
  "blockferry.replay": schemas.ReplayDocument;
  "blockferry.scenarios": schemas.ScenariosDocument;
};

/** Parses what a command printed, by the published schema of that name. */
export function documentOf<Name extends keyof Documents>(
  name: Name,
  text: string,
): Documents[Name] {
  return byName[name].parse(JSON.parse(text)) as Documents[Name];
}

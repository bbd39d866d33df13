import * as schemas from "../../src/schema/index.ts";

const byName = {
  "blockferry.copy": schemas.copyDocument,
  "blockferry.decode": schemas.decodeDocument,
  "blockferry.error": schemas.errorDocument,
  "blockferry.info": schemas.infoDocument,
  "blockferry.list": schemas.listDocument,
  "blockferry.plan": schemas.planDocument,
} as const;

type Documents = {
  "blockferry.copy": schemas.CopyDocument;
  "blockferry.decode": schemas.DecodeDocument;
  "blockferry.error": schemas.ErrorDocument;
  "blockferry.info": schemas.InfoDocument;
  "blockferry.list": schemas.ListDocument;
  "blockferry.plan": schemas.PlanDocument;
};

/** Parses what a command printed, by the published schema of that name. */
export function documentOf<Name extends keyof Documents>(
  name: Name,
  text: string,
): Documents[Name] {
  return byName[name].parse(JSON.parse(text)) as Documents[Name];
}

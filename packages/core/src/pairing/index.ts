/**
 * What several ways of pairing have in common: where the source blocks of a chunk are at the top, and where they turned out
 * to be at the bottom.
 *
 * @packageDocumentation
 */
export {
  destinationPerRange,
  placeSource,
  submitSources,
  takeHome,
  toTop,
} from "./chunk-ends.ts";
export {
  type SourcePieceColumns,
  SourcePieces,
  type SourcePieceTable,
  sourcePieceTable,
} from "./source-pieces.ts";

/**
 * Opens devices by URI and reads what people write: ranges, sizes, strategies, stacks.
 *
 * @packageDocumentation
 */

export {
  deviceSchemes,
  type OpenDevice,
  type OpenDeviceOptions,
  openDevice,
} from "./open-device.ts";
export { type DeviceUri, parseDeviceUri } from "./parse/device-uri.ts";
export { knownNamesHint, nearestName } from "./parse/nearest-name.ts";
export { parseBlocks, parseQuantity, type Quantity } from "./parse/quantity.ts";
export { parseRange, parseRanges } from "./parse/range.ts";
export { parseSources } from "./parse/sources.ts";
export { parseStackSpec, type StackPart, type StackSpec } from "./parse/stack-spec.ts";
export { strategyByName } from "./strategies.ts";
export { type StrategyName, strategyNames } from "./strategy-names.ts";
export {
  startVerification,
  type Verification,
  type VerifyRequest,
} from "./verify/verify-copy.ts";

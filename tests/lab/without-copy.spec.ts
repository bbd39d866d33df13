import { describeGroup } from "./support/describe-group.ts";

describeGroup("without-copy");

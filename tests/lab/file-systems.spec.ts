import { describeGroup } from "./support/describe-group.ts";

describeGroup("file-systems", ["6.12"]);

import { describeGroup } from "./support/describe-group.ts";

describeGroup("disturbed", ["6.12"]);

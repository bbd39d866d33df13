import type { StatusRow } from "./row.ts";

/** Media and Data Integrity Errors, SCT 2h (NVM Express Base 2.2, Figure 106). */
export const mediaStatus: readonly StatusRow[] = [
  [0x80, "Write Fault", "the data could not be committed to the media", "later"],
  [0x81, "Unrecovered Read Error", "the data could not be read from the media", "later"],
  [0x82, "End-to-end Guard Check Error", "a guard does not match its data", "never"],
  [0x83, "End-to-end Application Tag Check Error", "an application tag differs", "never"],
  [0x84, "End-to-end Reference Tag Check Error", "a reference tag differs", "never"],
  [0x85, "Compare Failure", "the data differs", "never"],
  [0x86, "Access Denied", "access rights are missing", "never"],
  [0x87, "Deallocated or Unwritten Logical Block", "a block was never written", "never"],
  [0x88, "End-to-End Storage Tag Check Error", "a storage tag differs", "never"],
];

/** Path Related Status, SCT 3h (NVM Express Base 2.2, Figure 107). */
export const pathStatus: readonly StatusRow[] = [
  [0x00, "Internal Path Error", "this controller failed inside", "elsewhere"],
  [0x01, "Asymmetric Access Persistent Loss", "not through this controller any more", "elsewhere"],
  [0x02, "Asymmetric Access Inaccessible", "not through this controller now", "elsewhere"],
  [0x03, "Asymmetric Access Transition", "access is changing", "later"],
  [0x60, "Controller Pathing Error", "the controller saw a path error", "elsewhere"],
  [0x70, "Host Pathing Error", "the host saw a path error", "elsewhere"],
  [0x71, "Command Aborted By Host", "the host aborted it", "elsewhere"],
];

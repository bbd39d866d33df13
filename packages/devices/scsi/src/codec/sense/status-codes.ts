/** SCSI status codes (SAM-5 5.3.1). */
export const STATUS_GOOD = 0x00;
export const STATUS_CHECK_CONDITION = 0x02;
export const STATUS_CONDITION_MET = 0x04;
export const STATUS_BUSY = 0x08;
export const STATUS_RESERVATION_CONFLICT = 0x18;
export const STATUS_TASK_SET_FULL = 0x28;
export const STATUS_ACA_ACTIVE = 0x30;
export const STATUS_TASK_ABORTED = 0x40;

/** Names of the SCSI status codes (SAM-5 5.3.1). */
export const statusNames: Readonly<Record<number, string>> = {
  [STATUS_GOOD]: "GOOD",
  [STATUS_CHECK_CONDITION]: "CHECK CONDITION",
  [STATUS_CONDITION_MET]: "CONDITION MET",
  [STATUS_BUSY]: "BUSY",
  [STATUS_RESERVATION_CONFLICT]: "RESERVATION CONFLICT",
  [STATUS_TASK_SET_FULL]: "TASK SET FULL",
  [STATUS_ACA_ACTIVE]: "ACA ACTIVE",
  [STATUS_TASK_ABORTED]: "TASK ABORTED",
};

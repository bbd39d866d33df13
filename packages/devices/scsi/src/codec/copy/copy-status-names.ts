/** COPY OPERATION STATUS (SPC-4 table 249). */
export const copyOperationStatusNames: Readonly<Record<number, string>> = {
  1: "Operation completed without errors",
  2: "Operation completed with errors",
  3: "Operation completed without errors but with partial ROD token usage",
  4: "Operation completed without errors but with residual data",
  16: "Operation in progress, foreground or background unknown",
  17: "Operation in progress in foreground",
  18: "Operation in progress in background",
  96: "Operation terminated",
};

/** TRANSFER COUNT UNITS as bytes; F1h counts blocks of the destination (SPC-4 table 251). */
export const transferCountUnitBytes: Readonly<Record<number, number>> = {
  0: 1,
  1: 2 ** 10,
  2: 2 ** 20,
  3: 2 ** 30,
  4: 2 ** 40,
  5: 2 ** 50,
  6: 2 ** 60,
};

/** TRANSFER COUNT UNITS: blocks of the copy destination (SPC-4 table 251). */
export const TRANSFER_COUNT_IN_BLOCKS = 0xf1;

/** ESTIMATED STATUS UPDATE DELAY: the operation has ended (SPC-4 6.24). */
export const STATUS_UPDATE_DELAY_ENDED = 0xffff_fffe;
/** ESTIMATED STATUS UPDATE DELAY: the copy manager cannot say (SPC-4 6.24). */
export const STATUS_UPDATE_DELAY_UNKNOWN = 0xffff_ffff;

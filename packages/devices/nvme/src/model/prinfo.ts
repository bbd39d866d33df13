/** PRINFO: PRACT and the three PRCHK bits (NVM Command Set 1.2, Figure 12). */
export const prinfo = { action: 8, guard: 4, application: 2, reference: 1 } as const;

export const hasAction = (value: number): boolean => (value & prinfo.action) !== 0;
export const checksReference = (value: number): boolean => (value & prinfo.reference) !== 0;

/** True if any part of the protection information is to be checked. */
export const checksAnything = (value: number, storageTagCheck: boolean): boolean =>
  storageTagCheck || (value & (prinfo.guard | prinfo.application | prinfo.reference)) !== 0;

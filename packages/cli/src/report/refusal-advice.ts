import type { StatusName } from "@blockferry/core";

/** What to do about a refusal, by its core status; those that an option mends have their hint elsewhere. */
const advice: Readonly<Partial<Record<StatusName, string>>> = {
  invalid: "the device found a field of the command wrong; -vv shows every byte and field of it",
  limitExceeded:
    "the device takes less in one command than it says (blockferry info); give shorter ranges, fewer at a time",
  outOfRange: "an address lies behind the end of the device; blockferry info tells its size",
  unrecoveredRead:
    "the medium cannot be read there; what is told as copied is whole, the rest must come from elsewhere",
  writeFault: "the medium cannot be written there; replace the device, or copy to another place",
  protection:
    "protection information does not match the blocks; they were written past it, or are damaged",
  writeProtected:
    "the device is write-protected, or was opened with --readonly (blockdev --setrw, nvme set-feature -f 0x84)",
  reservationConflict:
    "another host holds a reservation; nvme resv-report or sg_persist --read-reservation tell whose",
  deallocated: "a source holds nothing; write it first, or leave it out",
  capacityExceeded: "there is no room left; free some in the pool or the file system behind",
  busy: "the device stayed busy; copy again later, or give --retries more",
  notReady: "the device is not ready; it may be starting, formatting, or lost (dmesg)",
  aborted: "the command was aborted, by a timeout or by somebody else; copy again, and see dmesg",
  timeout:
    "the device did not answer in time; what it did is not known; copy again, or give --timeout more",
  reset: "the device was reset meanwhile; copying again completes the copy",
  removed: "the device is gone; attach it again, and copying again completes the copy",
  deviceError:
    "the device failed in a way of its own; -vv shows all that it said, dmesg what the kernel saw",
};

/** One sentence on what to do about a copy that ended in this status; `undefined` where there is nothing to say. */
export function refusalAdvice(status: StatusName): string | undefined {
  return advice[status];
}

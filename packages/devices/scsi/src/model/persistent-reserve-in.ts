import { persistentReserveInCdb } from "../codec/cdb/reservation-cdb.ts";
import {
  reservationCapabilities,
  reservationFullStatus,
  reservationHeld,
  reservationKeys,
} from "../codec/parameter/reservation-data.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import { isAllRegistrants, isHolder, type Reservations } from "./reservations.ts";
import { type Refusal, refuseCdb } from "./sense.ts";
import type { Target } from "./target.ts";
import { transportIdOf } from "./transport-id.ts";

const field = {
  serviceAction: fieldReader(persistentReserveInCdb, "serviceAction"),
  allocationLength: fieldReader(persistentReserveInCdb, "allocationLength"),
};

/** Bits of the PERSISTENT RESERVATION TYPE MASK: every type (SPC-4 table 226). */
const ALL_TYPES = [0, 9, 11, 13, 14, 15];
const RELATIVE_TARGET_PORT = 1;

/** READ RESERVATION: of all registrants, key 0 (SPC-4 6.15.3.2). */
function heldData(reservations: Reservations): Uint8Array {
  const { type, holder, generation, keys } = reservations;
  if (type === 0) return reservationHeld.encode({ prGeneration: generation });
  const key = isAllRegistrants(type) ? 0n : (keys.get(holder ?? "") ?? 0n);
  return reservationHeld.encode({ prGeneration: generation, reservations: [{ key, type }] });
}

function fullStatus(reservations: Reservations): Uint8Array {
  const { keys, generation, type } = reservations;
  return reservationFullStatus.encode({
    prGeneration: generation,
    registrations: [...keys].map(([initiator, key]) => {
      const rHolder = isHolder(reservations, initiator);
      return {
        key,
        rHolder,
        type: rHolder ? type : 0,
        relativeTargetPortIdentifier: RELATIVE_TARGET_PORT,
        transportId: transportIdOf(initiator),
      };
    }),
  });
}

function dataOf(reservations: Reservations, action: number): Uint8Array | undefined {
  switch (action) {
    case 0x00:
      return reservationKeys.encode({
        prGeneration: reservations.generation,
        keys: [...reservations.keys.values()].map((key) => ({ key })),
      });
    case 0x01:
      return heldData(reservations);
    case 0x02:
      return reservationCapabilities.encode({ atpC: true, tmv: true, typeMask: ALL_TYPES });
    case 0x03:
      return fullStatus(reservations);
    default:
      return undefined;
  }
}

/** PERSISTENT RESERVE IN (SPC-4 6.15). */
export function persistentReserveIn(_target: Target, command: Command): Refusal | undefined {
  const { cdb, unit } = command;
  const data = dataOf(unit.reservations, field.serviceAction(cdb));
  if (data === undefined) return refuseCdb(1, 4);
  respond(command, data, field.allocationLength(cdb));
  return undefined;
}

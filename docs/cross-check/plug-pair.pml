/*
 * Two bios that meet in the plug of their submitter, as posted (v13 to v20): a destination becomes a request that waits, and a
 * source of the same length attaches to it. All lengths are equal here, so that any source attaches to any destination.
 *
 * TASKS    submitters, one copy each
 * WORKERS  of an asynchronous stacked device above the disk; 0: no such device
 * FLUSHES  how often a submitter may sleep between its halves, so that its plug is flushed
 * OWNER    1: a half attaches to one of its own task alone (as repaired)
 * REFUSALS 1: a half that is refused is an error too, to show that there is one
 *
 * What is looked for: a command made of two tasks' halves (assertion), a task that waits for ever (invalid end state).
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef WORKERS
#define WORKERS 0
#endif
#ifndef FLUSHES
#define FLUSHES 0
#endif
#ifndef OWNER
#define OWNER 0
#endif
#ifndef REFUSALS
#define REFUSALS 0
#endif

#define NOBODY 255
#define ROWS (2 * TASKS)

/* The software queue of the disk, oldest first: whose destination and whose source a request has. */
byte queuedDestination[ROWS];
byte queuedSource[ROWS];
byte queued = 0;
bool runs = false;

/* The plug of each task: 0 nothing, 1 a destination alone, 2 a source alone, 3 a pair. */
byte plug[TASKS];

byte halvesLeft[TASKS];
byte flushesLeft = FLUSHES;

#if WORKERS > 0
chan backlog = [ROWS] of { bool, byte };
#endif

inline put(destination, source) {
  queuedDestination[queued] = destination;
  queuedSource[queued] = source;
  queued++;
  runs = true
}

/* A half that is in no plug arrives at the disk: a source looks for a destination, from the newest on. */
inline arrive(isSource, task) {
  place = queued;
  found = NOBODY;
  do
  :: isSource && found == NOBODY && place > 0 ->
    place--;
    if
    :: queuedDestination[place] != NOBODY && queuedSource[place] == NOBODY &&
       (OWNER == 0 || queuedDestination[place] == task) -> found = place
    :: else
    fi
  :: else -> break
  od;
  if
  :: found != NOBODY -> queuedSource[found] = task; runs = true
  :: found == NOBODY && isSource -> put(NOBODY, task)
  :: found == NOBODY && !isSource -> put(task, NOBODY)
  fi;
  place = 0;
  found = 0
}

/* The plug of a task is flushed into the software queue. */
inline flush(task) {
  if
  :: plug[task] == 1 -> put(task, NOBODY)
  :: plug[task] == 2 -> put(NOBODY, task)
  :: plug[task] == 3 -> put(task, task)
  :: plug[task] == 0
  fi;
  plug[task] = 0
}

proctype Task(byte task) {
  byte place, found;
#if WORKERS > 0
  backlog ! false, task;
  backlog ! true, task;
#else
  atomic { plug[task] = 1 };
  if
  :: atomic { flushesLeft > 0 -> flushesLeft--; flush(task) }
  :: true
  fi;
  atomic {
    if
    :: plug[task] == 1 -> plug[task] = 3
    :: else ->
      place = queued;
      found = NOBODY;
      do
      :: found == NOBODY && place > 0 ->
        place--;
        if
        :: queuedDestination[place] != NOBODY && queuedSource[place] == NOBODY &&
           (OWNER == 0 || queuedDestination[place] == task) -> found = place
        :: else
        fi
      :: else -> break
      od;
      if
      :: found != NOBODY -> queuedSource[found] = task; runs = true
      :: else -> plug[task] = 2
      fi;
      place = 0;
      found = 0
    fi
  };
  if
  :: atomic { flushesLeft > 0 -> flushesLeft--; flush(task) }
  :: true
  fi;
  atomic { flush(task) };
#endif
  halvesLeft[task] == 0
}

#if WORKERS > 0
proctype Worker() {
  bool isSource;
  byte task, place, found;
end:
  do
  :: backlog ? isSource, task ->
    atomic { arrive(isSource, task); isSource = false; task = 0 }
  od
}
#endif

/* The queue of the disk runs: the driver takes requests of two bios and refuses the others. */
proctype Queue() {
  byte row;
end:
  do
  :: atomic {
      runs ->
      row = 0;
      do
      :: row < queued ->
        if
        :: queuedDestination[row] != NOBODY && queuedSource[row] != NOBODY ->
          assert(queuedDestination[row] == queuedSource[row])
        :: else -> assert(REFUSALS == 0)
        fi;
        if
        :: queuedDestination[row] != NOBODY -> halvesLeft[queuedDestination[row]]--
        :: else
        fi;
        if
        :: queuedSource[row] != NOBODY -> halvesLeft[queuedSource[row]]--
        :: else
        fi;
        queuedDestination[row] = 0;
        queuedSource[row] = 0;
        row++
      :: else -> break
      od;
      queued = 0;
      row = 0;
      runs = false
    }
  od
}

init {
  byte each;
  atomic {
    do
    :: each < TASKS -> halvesLeft[each] = 2; run Task(each); each++
    :: else -> break
    od;
#if WORKERS > 0
    each = 0;
    do
    :: each < WORKERS -> run Worker(); each++
    :: else -> break
    od;
#endif
    run Queue()
  }
}

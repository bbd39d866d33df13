/*
 * Halves that travel alone below an asynchronous stacked device and find each other by a token at the bottom. The token is
 * the number of the task here: nobody uses one again.
 *
 * TASKS    submitters, one copy each
 * WORKERS  of the asynchronous device
 * FAILURES how many halves a layer below the workers fails to map, at most
 * CANCEL   1: a half that fails ends the one that is parked under its token, and one that comes later fails at once
 * GIVEUPS  how many submitters cancel their copy, at most
 *
 * What is looked for: a command made of two tasks' halves (assertion), a task that waits for ever (invalid end state).
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef FAILURES
#define FAILURES 0
#endif
#ifndef CANCEL
#define CANCEL 1
#endif
#ifndef GIVEUPS
#define GIVEUPS 0
#endif

#define NOBODY 255

chan backlog = [2 * TASKS] of { bool, byte };

/* By token: 0 nothing has come, 1 a source is parked, 2 a destination is parked, 3 gone. */
byte token[TASKS];
/* Whose half is parked under a token. */
byte parked[TASKS];
/* Whose halves a command in flight was made of; by token, each is used once. */
byte source[TASKS];
byte destination[TASKS];
bool inFlight[TASKS];

byte halvesLeft[TASKS];
byte failuresLeft = FAILURES;
byte giveUpsLeft = GIVEUPS;

/* The token is given up: who is parked under it ends. */
inline giveUp(task) {
  if
  :: token[task] == 1 || token[task] == 2 -> halvesLeft[parked[task]]--; parked[task] = 0
  :: else
  fi;
  token[task] = 3
}

inline arrive(isSource, task) {
  if
  :: token[task] == 3 -> halvesLeft[task]--
  :: token[task] == 0 -> parked[task] = task; token[task] = (isSource -> 1 : 2)
  :: token[task] == 1 && !isSource ->
    source[task] = parked[task]; destination[task] = task; inFlight[task] = true; token[task] = 3
  :: token[task] == 2 && isSource ->
    source[task] = task; destination[task] = parked[task]; inFlight[task] = true; token[task] = 3
  fi
}

proctype Task(byte task) {
  backlog ! true, task;
  backlog ! false, task;
  if
  :: atomic { giveUpsLeft > 0 && halvesLeft[task] > 0 && !inFlight[task] ->
      giveUpsLeft--; giveUp(task) }
  :: halvesLeft[task] == 0
  fi;
  halvesLeft[task] == 0
}

proctype Worker() {
  bool isSource;
  byte task;
end:
  do
  :: backlog ? isSource, task ->
    if
    :: atomic {
        failuresLeft > 0 ->
        failuresLeft--;
        halvesLeft[task]--;
        if
        :: CANCEL == 1 -> giveUp(task)
        :: else
        fi;
        isSource = false; task = 0
      }
    :: atomic { arrive(isSource, task); isSource = false; task = 0 }
    fi
  od
}

/* The disk carries a command out, at any time. */
proctype Command(byte task) {
end:
  atomic {
    inFlight[task] ->
    assert(source[task] == destination[task]);
    halvesLeft[source[task]]--;
    halvesLeft[destination[task]]--;
    inFlight[task] = false
  }
}

init {
  byte each;
  atomic {
    do
    :: each < TASKS -> halvesLeft[each] = 2; run Task(each); run Command(each); each++
    :: else -> break
    od;
    each = 0;
    do
    :: each < WORKERS -> run Worker(); each++
    :: else -> break
    od
  }
}

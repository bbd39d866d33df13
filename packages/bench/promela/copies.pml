/*
 * COPIES copies of one block each at one time, paired by token at a disk, and up to FAULTS faults: an error, no answer in time
 * (carried out or not), an abort, a lost answer (the controller is reset), a second answer. Written by hand for the search by
 * spin; its world is that of the explorer's scenario `seven-copies-two-faults`.
 *
 * Block i is the source of copy i and holds label i + 1, block COPIES + i is its destination and holds its own.
 */
#ifndef COPIES
#define COPIES 7
#endif
#ifndef FAULTS
#define FAULTS 2
#endif

/* What a copy's token has: nothing, its source half, its destination half, both: then it is paired. */
#define NOTHING 0
#define SOURCE 1
#define DESTINATION 2
#define PAIRED 3
/* How far a copy's request is. */
#define NONE 0
#define PLUGGED 1
#define QUEUED 2
#define SENT 3
#define LATE 4
#define ECHO 5
#define ANSWERED 6

byte token[COPIES];
byte request[COPIES];
byte label[2 * COPIES];
/* What the submitter was told: 0 nothing yet, 1 copied, 2 failed. */
byte told[COPIES];
bool queueRuns = false;
byte faultsLeft = FAULTS;

inline arrive(copy, half) {
  assert((token[copy] & half) == 0);
  token[copy] = token[copy] | half;
  if
  :: token[copy] == PAIRED -> request[copy] = PLUGGED
  :: else
  fi
}

inline carryOut(copy) {
  label[COPIES + copy] = label[copy]
}

/* A command is answered: its copy ends, and was told the truth. */
inline answer(copy, fate, rest) {
  assert(told[copy] == 0);
  told[copy] = fate;
  assert(fate != 1 || label[COPIES + copy] == copy + 1);
  token[copy] = NOTHING;
  request[copy] = rest
}

proctype Queue() {
  byte each;
end:
  do
  :: atomic {
      queueRuns ->
      queueRuns = false;
      each = 0;
      do
      :: each < COPIES ->
        if
        :: request[each] == QUEUED -> request[each] = SENT
        :: else
        fi;
        each++
      :: else -> break
      od;
      each = 0
    }
  od
}

/* The submitter takes its plug out; then what the disk and the clock may do with the command. */
proctype Copy(byte copy) {
  byte each;
end:
  do
  :: atomic { request[copy] == PLUGGED -> request[copy] = QUEUED; queueRuns = true }
  :: atomic { request[copy] == SENT -> carryOut(copy); answer(copy, 1, ANSWERED) }
  :: atomic { request[copy] == SENT && faultsLeft > 0 -> faultsLeft--; answer(copy, 2, ANSWERED) }
  :: atomic {
      request[copy] == SENT && faultsLeft > 0 -> faultsLeft--; request[copy] = LATE
    }
  :: atomic {
      request[copy] == SENT && faultsLeft > 0 ->
      faultsLeft--; carryOut(copy); request[copy] = LATE
    }
  :: atomic {
      request[copy] == SENT && faultsLeft > 0 ->
      faultsLeft--; carryOut(copy); answer(copy, 1, ECHO)
    }
  :: atomic { request[copy] == ECHO -> request[copy] = ANSWERED }
  :: atomic { request[copy] == LATE -> answer(copy, 2, ANSWERED) }
  :: atomic { request[copy] == LATE -> carryOut(copy); answer(copy, 1, ANSWERED) }
  :: atomic {
      request[copy] == LATE ->
      each = 0;
      do
      :: each < COPIES ->
        if
        :: request[each] == SENT || request[each] == LATE -> answer(each, 2, ANSWERED)
        :: request[each] == ECHO -> request[each] = ANSWERED
        :: else
        fi;
        each++
      :: else -> break
      od;
      each = 0
    }
  od
}

/* When nothing can happen any more, every copy has ended. */
proctype Watch() {
  byte each;
end:
  atomic {
    timeout ->
    do
    :: each < COPIES -> assert(told[each] != 0 && request[each] == ANSWERED); each++
    :: else -> break
    od
  }
}

init {
  byte each;
  atomic {
    do
    :: each < COPIES ->
      label[each] = each + 1;
      label[COPIES + each] = COPIES + each + 1;
      /* Halves go to the bottom first: nobody else can tell the order, and the explorer's reduction does so as well. */
      arrive(each, SOURCE);
      arrive(each, DESTINATION);
      assert(request[each] == PLUGGED);
      run Copy(each);
      each++
    :: else -> break
    od;
    run Queue();
    run Watch()
  }
}

// Where a driver's threads run, for drivers that keep one for each processor and leave it to the system which runs where.
#pragma once

/// Where as many threads meet as there are processors, so that each can have one of its own.
typedef struct heddle_host_meeting heddle_host_meeting;

/// A meeting of `count` threads, each of which waits so many nanoseconds for the others; null without memory.
heddle_host_meeting *heddle_host_meeting_create(int count, long patience);

/// Frees a meeting that no thread is in.
void heddle_host_meeting_free(heddle_host_meeting *meeting);

/// A thread comes to the meeting that `argument`, a pointer to a pointer to it, says. When all have come within its patience,
/// the thread stays from then on on one processor of those it may run on, another than the others, if those are as many as
/// the threads; else nothing changes, also for who comes later.
void heddle_host_meet(void *argument);

/// How many threads have a processor of their own since.
int heddle_host_meeting_placed(heddle_host_meeting *meeting);

// Calls whose status is known beforehand. Every call is counted; a wrong status or answer is printed and counted; a
// signal or a hang ends the process with the name of the call that was under way.

#ifndef HEDDLE_TESTS_CHECK_H
#define HEDDLE_TESTS_CHECK_H

#include <heddle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

// EXPECT(HEDDLE_OK, heddle_release(handle));
#define EXPECT(status, call) (check_begin(__FILE__, __LINE__, #call), check_end((status), (call)))

// IS(count == 1);
#define IS(condition) check_is(__FILE__, __LINE__, #condition, (condition) ? 1 : 0)

// Handlers for signals, and the longest the whole process may take.
void check_start(unsigned seconds);

void check_begin(const char *file, int line, const char *call);

// Returns whether the status was the expected one.
int check_end(heddle_status expected, heddle_status got);

void check_is(const char *file, int line, const char *condition, int is_true);

// Words that tell one row of a table from the next in what is printed.
void check_row(const char *row);

// How many calls were made so far, and more that something else has judged.
int check_calls(void);
void check_add(long judged);

// Prints the counts; what main returns.
int check_finish(const char *name, int fewest_calls);

// Counts nothing: for set-up that has to work before anything can be judged.
#define NEED(call)                                            \
  do {                                                        \
    check_begin(__FILE__, __LINE__, #call);                   \
    heddle_status need_status = (call);                       \
    if (need_status != HEDDLE_OK) check_give_up(need_status); \
  } while (0)
void check_give_up(heddle_status status);

#ifdef __cplusplus
}
#endif

#endif

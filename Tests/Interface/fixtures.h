// One good object of each kind, for calls in which only one thing is wrong.

#ifndef HEDDLE_TESTS_FIXTURES_H
#define HEDDLE_TESTS_FIXTURES_H

#include "check.h"

#ifdef __cplusplus
extern "C" {
#endif

// x [tokens, 4] · W [3, 4] → y [tokens, 3]; the state cache [capacity, 4] receives x at row `past`.
enum { WIDTH = 4, ROWS = 3, MOST_TOKENS = 8, CAPACITY = 16, MODEL_CAPACITY = 64 };

typedef struct fixture {
  heddle_backend backend;
  heddle_constants constants;
  heddle_builder builder;
  heddle_value x, w, cache, y;  // of the builder
  heddle_graph graph;
  heddle_executable executable;
  heddle_session session;
  heddle_model model;                  // 0 without a path
  heddle_model_session model_session;  // likewise; of MODEL_CAPACITY tokens, it holds two
  const char *model_path;
} fixture;

// The demo model is opened if its path is given.
void make_fixture(fixture *fixture, const char *model_path);
void release_fixture(fixture *fixture);

heddle_session make_session(heddle_executable executable);

// `count` products one after the other, that take a while: a step that can be met while it runs.
heddle_executable make_slow_executable(heddle_backend backend, int count);

// Writes x and runs with these symbols, profiled.
heddle_status run_step(heddle_session session, int64_t past, int64_t tokens);

heddle_live_counts live_counts(void);

#ifdef __cplusplus
}
#endif

#endif

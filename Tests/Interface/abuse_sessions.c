// Sessions: symbols that are missing, unknown or outside their range; busy sessions; deadlines and cancelling.

#include "abuse.h"

static heddle_status create(const fixture *good, const heddle_symbol *symbols, size_t count) {
  heddle_session_options options = {.size = sizeof(options), .symbols = symbols, .symbol_count = count};
  heddle_session session = 0;
  heddle_status status = heddle_session_create(good->executable, &options, &session);
  if (session != 0) NEED(heddle_release(session));
  return status;
}

static heddle_status run(heddle_session session, const heddle_symbol *symbols, size_t count, int64_t timeout) {
  heddle_run_options options = {.size = sizeof(options), .symbols = symbols, .symbol_count = count, .timeout = timeout};
  return heddle_session_run(session, &options);
}

static void creation(const fixture *good) {
  EXPECT(HEDDLE_INVALID_BINDING, create(good, NULL, 0));
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_create(good->executable, NULL, &(heddle_session){0}));
  const int64_t outside[] = {0, -1, CAPACITY + 1, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
    EXPECT(HEDDLE_INVALID_BINDING, create(good, &(heddle_symbol){"capacity", outside[i]}, 1));
  const heddle_symbol twice[] = {{"capacity", 4}, {"capacity", 5}};
  EXPECT(HEDDLE_INVALID_BINDING, create(good, twice, 2));
  const heddle_symbol unknown[] = {{"capacity", 4}, {"nobody", 5}};
  EXPECT(HEDDLE_INVALID_BINDING, create(good, unknown, 2));
}

static void running(const fixture *good) {
  heddle_session session = make_session(good->executable);
  char text[64];
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_run(session, NULL));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_wait(session, 0));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_wait(session, -1));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_wait(session, INT64_MIN));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_wait(session, INT64_MAX));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_profile(session, text, sizeof(text), NULL));
  EXPECT(HEDDLE_OK, heddle_session_cancel(session));
  EXPECT(HEDDLE_OK, run_step(session, 0, 2));
  const heddle_symbol good_ones[] = {{"past", 0}, {"tokens", 2}};
  EXPECT(HEDDLE_OK, run(session, good_ones, 2, 0));
  EXPECT(HEDDLE_OK, heddle_session_run(session, NULL));
  EXPECT(HEDDLE_INVALID_ARGUMENT, run(session, good_ones, 2, -1));
  EXPECT(HEDDLE_INVALID_ARGUMENT, run(session, good_ones, 2, INT64_MIN));
  EXPECT(HEDDLE_OK, run(session, good_ones, 2, INT64_MAX));
  EXPECT(HEDDLE_INVALID_BINDING, run(session, good_ones, 1, 0));
  EXPECT(HEDDLE_INVALID_BINDING, run(session, NULL, 0, 0));
  const struct {
    const char *name;
    int64_t past, tokens;
  } outside[] = {
      {"no token", 0, 0},
      {"a token too many", 0, MOST_TOKENS + 1},
      {"negative tokens", 0, -1},
      {"negative past", -1, 2},
      {"past beyond its range", CAPACITY, 2},
      {"beyond the state", CAPACITY - 1, 2},
      {"greatest", INT64_MAX, INT64_MAX},
      {"least", INT64_MIN, INT64_MIN},
  };
  for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
    check_row(outside[i].name);
    const heddle_symbol symbols[] = {{"past", outside[i].past}, {"tokens", outside[i].tokens}};
    EXPECT(HEDDLE_INVALID_BINDING, run(session, symbols, 2, 0));
  }
  check_row("");
  const heddle_symbol other_capacity[] = {{"past", 0}, {"tokens", 2}, {"capacity", 4}};
  EXPECT(HEDDLE_INVALID_BINDING, run(session, other_capacity, 3, 0));
  const heddle_symbol twice[] = {{"past", 0}, {"tokens", 2}, {"tokens", 3}};
  EXPECT(HEDDLE_INVALID_BINDING, run(session, twice, 3, 0));
  // None of it spoiled the session.
  EXPECT(HEDDLE_OK, run_step(session, 0, 2));
  EXPECT(HEDDLE_OK, heddle_release(session));
}

static void transfers(const fixture *good) {
  heddle_session session = make_session(good->executable);
  float y[MOST_TOKENS * ROWS];
  static float more[1 << 18];
  NEED(run_step(session, 0, 2));
  EXPECT(HEDDLE_OK, heddle_session_read(session, HEDDLE_OUTPUT, "y", y, 2 * ROWS * sizeof(float)));
  // W takes the first two, and the sum of the others.
  IS(y[0] == 1 && y[1] == 2 && y[2] == 7 && y[3] == 5 && y[4] == 6 && y[5] == 15);
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_write(session, HEDDLE_OUTPUT, "y", y, 2 * ROWS * sizeof(float)));
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_read(session, HEDDLE_OUTPUT, "y", more, sizeof(more)));
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_write(session, HEDDLE_INPUT, "x", more, sizeof(more)));
  float cache[CAPACITY * WIDTH];
  EXPECT(HEDDLE_OK, heddle_session_read(session, HEDDLE_STATE, "cache", cache, sizeof(cache)));
  IS(cache[0] == 1 && cache[7] == 8 && cache[8] == 0);
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_write(session, HEDDLE_STATE, "cache", cache, sizeof(cache) + 4));
  EXPECT(HEDDLE_OK, heddle_session_reset(session));
  EXPECT(HEDDLE_OK, heddle_session_read(session, HEDDLE_STATE, "cache", cache, sizeof(cache)));
  IS(cache[0] == 0 && cache[7] == 0);
  EXPECT(HEDDLE_OK, heddle_release(session));
}

// A step that was started keeps its session busy until it is waited for, however fast it was.
static void busy(const fixture *good) {
  heddle_executable slow = make_slow_executable(good->backend, 64);
  heddle_session session = 0;
  static float x[512 * 512];
  char text[64];
  EXPECT(HEDDLE_OK, heddle_session_create(slow, NULL, &session));
  EXPECT(HEDDLE_OK, heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
  EXPECT(HEDDLE_OK, run(session, NULL, 0, 0));
  EXPECT(HEDDLE_OK, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_BUSY, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_BUSY, heddle_session_run(session, NULL));
  EXPECT(HEDDLE_BUSY, heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
  EXPECT(HEDDLE_BUSY, heddle_session_read(session, HEDDLE_OUTPUT, "y", x, sizeof(x)));
  EXPECT(HEDDLE_BUSY, heddle_session_bind(session, HEDDLE_INPUT, "x", NULL, NULL));
  EXPECT(HEDDLE_BUSY, heddle_session_reset(session));
  EXPECT(HEDDLE_BUSY, heddle_session_wait(session, 1));
  // Giving something else back does not wait for it.
  heddle_builder builder = 0;
  EXPECT(HEDDLE_OK, heddle_builder_create(&builder));
  EXPECT(HEDDLE_OK, heddle_release(builder));
  EXPECT(HEDDLE_BUSY, heddle_session_wait(session, 0));
  EXPECT(HEDDLE_OK, heddle_session_wait(session, -1));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_wait(session, -1));
  EXPECT(HEDDLE_DEADLINE, run(session, NULL, 0, 1));
  EXPECT(HEDDLE_OK, run(session, NULL, 0, 0));
  EXPECT(HEDDLE_OK, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_OK, heddle_session_cancel(session));
  EXPECT(HEDDLE_CANCELLED, heddle_session_wait(session, -1));
  // Cancelling what does not run holds for nothing that comes later.
  EXPECT(HEDDLE_OK, heddle_session_cancel(session));
  EXPECT(HEDDLE_OK, heddle_session_run(session, NULL));
  EXPECT(HEDDLE_OK, heddle_session_cancel(session));
  EXPECT(HEDDLE_OK, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_OK, heddle_session_wait(session, INT64_MAX));
  EXPECT(HEDDLE_NOT_STARTED, heddle_session_profile(session, text, sizeof(text), NULL));
  // A session and its executable are released while the step runs: it is stopped and waited for.
  EXPECT(HEDDLE_OK, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_OK, heddle_release(slow));
  EXPECT(HEDDLE_OK, heddle_release(session));
  EXPECT(HEDDLE_STALE_HANDLE, heddle_session_wait(session, -1));
}

void abuse_sessions(const fixture *good) {
  creation(good);
  running(good);
  transfers(good);
  busy(good);
}

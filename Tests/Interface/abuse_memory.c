// Memory that is bound: kinds, shapes, strides and counts of bytes that do not fit the tensor.

#include "abuse.h"

static float x[MOST_TOKENS * WIDTH], y[MOST_TOKENS * ROWS];

typedef struct binding {
  const char *name;
  heddle_status status;
  int32_t kind;
  void *data;
  uint64_t byte_count, byte_offset;
  int64_t shape[3], strides[3];
  size_t rank;
} binding;

static heddle_status bind(heddle_session session, int32_t place, const char *name, const binding *it) {
  heddle_memory memory = {.size = sizeof(memory),
                          .kind = it->kind,
                          .data = it->data,
                          .byte_count = it->byte_count,
                          .byte_offset = it->byte_offset,
                          .shape = it->shape[0] == 0 ? NULL : it->shape,
                          .strides = it->strides[0] == 0 ? NULL : it->strides,
                          .rank = it->rank};
  return heddle_session_bind(session, place, name, &memory, NULL);
}

// Wrong where it is bound, or where the next step finds out how much of it there should be.
static heddle_status bind_and_run(heddle_session session, const binding *it) {
  const heddle_symbol symbols[] = {{"past", 0}, {"tokens", 2}};
  heddle_run_options options = {.size = sizeof(options), .symbols = symbols, .symbol_count = it->shape[0] == 0 ? 2 : 1};
  heddle_status status = bind(session, HEDDLE_INPUT, "x", it);
  if (status != HEDDLE_OK) return status;
  status = heddle_session_run(session, &options);
  NEED(heddle_session_bind(session, HEDDLE_INPUT, "x", NULL, NULL));
  return status;
}

static void wrong(heddle_session session) {
  const uint64_t all = sizeof(x), half = UINT64_C(1) << 63;
  const int64_t most = INT64_MAX;
  const binding cases[] = {
      {"kind -1", HEDDLE_INVALID_ARGUMENT, -1, x, all, 0, {2, 4}, {0}, 2},
      {"kind 2", HEDDLE_INVALID_ARGUMENT, 2, x, all, 0, {2, 4}, {0}, 2},
      {"offset beyond the bytes", HEDDLE_INVALID_DATA, 0, x, 32, 33, {2, 4}, {0}, 2},
      {"offset leaves too little", HEDDLE_INVALID_DATA, 0, x, 32, 4, {2, 4}, {0}, 2},
      {"offset wraps", HEDDLE_INVALID_ARGUMENT, 0, x, all, UINT64_MAX, {2, 4}, {0}, 2},
      {"offset 2^63", HEDDLE_INVALID_ARGUMENT, 0, x, all, half, {2, 4}, {0}, 2},
      {"bytes 2^63", HEDDLE_INVALID_ARGUMENT, 0, x, half, 0, {2, 4}, {0}, 2},
      {"bytes wrap", HEDDLE_INVALID_ARGUMENT, 0, x, UINT64_MAX, 0, {2, 4}, {0}, 2},
      {"bytes pass the address space", HEDDLE_INVALID_DATA, 0, x, INT64_MAX, 0, {2, 4}, {0}, 2},
      {"a byte short", HEDDLE_INVALID_DATA, 0, x, 31, 0, {2, 4}, {0}, 2},
      {"rank 1", HEDDLE_INVALID_DATA, 0, x, all, 0, {8}, {0}, 1},
      {"rank 3", HEDDLE_INVALID_DATA, 0, x, all, 0, {1, 2, 4}, {0}, 3},
      {"rank without shape", HEDDLE_INVALID_ARGUMENT, 0, x, all, 0, {0}, {0}, 2},
      {"negative extent", HEDDLE_INVALID_DATA, 0, x, all, 0, {-2, 4}, {0}, 2},
      {"greatest extent", HEDDLE_INVALID_BINDING, 0, x, all, 0, {most, 4}, {0}, 2},
      {"another width", HEDDLE_INVALID_DATA, 0, x, all, 0, {2, 5}, {0}, 2},
      {"stride -1", HEDDLE_INVALID_DATA, 0, x, all, 0, {2, 4}, {4, -1}, 2},
      {"stride beyond the bytes", HEDDLE_INVALID_DATA, 0, x, all, 0, {2, 4}, {64, 1}, 2},
      {"greatest stride", HEDDLE_INVALID_DATA, 0, x, all, 0, {2, 4}, {most, 1}, 2},
      {"strides overflow", HEDDLE_INVALID_DATA, 0, x, all, 0, {2, 4}, {most / 2, most / 4}, 2},
      {"strides of rank 3", HEDDLE_INVALID_DATA, 0, x, all, 0, {0}, {4, 4, 1}, 3},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    check_row(cases[i].name);
    EXPECT(cases[i].status, bind_and_run(session, &cases[i]));
  }
  check_row("");
  const binding overlapping = {"rows of an output meet", HEDDLE_INVALID_DATA, 0, y, sizeof(y), 0, {2, 3}, {1, 1}, 2};
  EXPECT(HEDDLE_INVALID_DATA, bind(session, HEDDLE_OUTPUT, "y", &overlapping));
  heddle_memory read_only = {.size = sizeof(read_only), .is_read_only = 1, .data = y, .byte_count = sizeof(y)};
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind(session, HEDDLE_OUTPUT, "y", &read_only, NULL));
  static float cache[CAPACITY * WIDTH];
  read_only.data = cache;
  read_only.byte_count = sizeof(cache);
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind(session, HEDDLE_STATE, "cache", &read_only, NULL));
}

// Shapes tell symbols; two that say different things of one are told when it runs.
static void runs(heddle_session session) {
  const heddle_symbol past = {"past", 0};
  heddle_run_options options = {.size = sizeof(options), .symbols = &past, .symbol_count = 1};
  for (int i = 0; i < MOST_TOKENS * WIDTH; i++) x[i] = (float)i;
  const binding two = {"", 0, 0, x, sizeof(x), 0, {2, 4}, {0}, 2};
  const binding columns = {"", 0, 0, x, sizeof(x), 0, {2, 4}, {1, 2}, 2};
  const binding shifted = {"", 0, 0, x, sizeof(x), 4, {2, 4}, {0}, 2};
  const binding result = {"", 0, 0, y, sizeof(y), 0, {0}, {0}, 0};
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_INPUT, "x", &two));
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_OUTPUT, "y", &result));
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  IS(y[0] == 0 && y[1] == 1 && y[2] == 5 && y[3] == 4 && y[4] == 5 && y[5] == 13);
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_INPUT, "x", &columns));
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  IS(y[0] == 0 && y[1] == 2 && y[2] == 10 && y[3] == 1 && y[4] == 3 && y[5] == 12);
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_INPUT, "x", &shifted));
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  IS(y[0] == 1 && y[2] == 7 && y[3] == 5);
  const heddle_symbol other[] = {{"past", 0}, {"tokens", 3}};
  options.symbols = other;
  options.symbol_count = 2;
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_run(session, &options));
  // More tokens than the memory has room for.
  const binding small = {"", 0, 0, x, 32, 0, {0}, {0}, 0};
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_INPUT, "x", &small));
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_run(session, &options));
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_INPUT, "x", &two));
  const binding small_result = {"", 0, 0, y, 20, 0, {0}, {0}, 0};
  EXPECT(HEDDLE_OK, bind(session, HEDDLE_OUTPUT, "y", &small_result));
  options.symbol_count = 1;
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_run(session, &options));
  // Its own memory again.
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_OUTPUT, "y", NULL, NULL));
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", NULL, NULL));
  EXPECT(HEDDLE_OK, run_step(session, 0, 2));
}

void abuse_memory(const fixture *good) {
  heddle_session session = make_session(good->executable);
  wrong(session);
  runs(session);
  EXPECT(HEDDLE_OK, heddle_release(session));
}

// What strides mean when they are stated, left out, and differ from what an executable was compiled for; memory in a pool,
// shared memory, and states that lie in another tensor. y = x + x over x [2, 4].

#include "check.h"
#include "dlpack_tensor.h"
#include "fixtures.h"

static const char input[] = "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [2, 4]}}}";
static const char state[] = "{\"state\": {\"name\": \"s\", \"type\": {\"encoding\": \"f32\", \"shape\": [2, 4]}}}";

static heddle_executable compile(heddle_backend backend, const heddle_layout *layouts, size_t count) {
  heddle_builder builder = 0;
  heddle_value x = 0, s = 0, y = 0;
  heddle_graph graph = 0;
  heddle_executable executable = 0;
  NEED(heddle_builder_create(&builder));
  NEED(heddle_builder_apply(builder, input, NULL, 0, NULL, &x, 1, NULL));
  NEED(heddle_builder_apply(builder, state, NULL, 0, NULL, &s, 1, NULL));
  const heddle_value twice[] = {x, x}, next[] = {s, x};
  NEED(heddle_builder_apply(builder, "{\"binary\": {\"function\": \"add\"}}", twice, 2, NULL, &y, 1, NULL));
  NEED(heddle_builder_output(builder, "y", y));
  NEED(heddle_builder_apply(builder, "{\"binary\": {\"function\": \"add\"}}", next, 2, NULL, &y, 1, NULL));
  NEED(heddle_builder_update(builder, "s", y));
  NEED(heddle_builder_build(builder, &graph));
  const heddle_compile_options options = {.size = sizeof options, .layouts = layouts, .layout_count = count};
  NEED(heddle_compile(backend, graph, 0, &options, &executable));
  NEED(heddle_release(graph));
  NEED(heddle_release(builder));
  return executable;
}

// Binds, runs, and compares y with twice x, whose element [i, j] is at `strides`.
static void runs(heddle_session session, const float *x, const float *y, int64_t outer, int64_t inner) {
  const heddle_run_options options = {.size = sizeof options};
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 4; j++) IS(y[i * 4 + j] == 2 * x[i * outer + j * inner]);
}

static void strides(heddle_backend backend) {
  float x[8], y[8];
  for (int i = 0; i < 8; i++) x[i] = i + 1;
  const int64_t columns_first[] = {1, 2}, rows_first[] = {4, 1}, shape[] = {2, 4};
  const heddle_layout layout = {
      .size = sizeof layout, .place = HEDDLE_INPUT, .name = "x", .strides = columns_first, .rank = 2};
  heddle_executable executable = compile(backend, &layout, 1);
  heddle_session session = 0;
  NEED(heddle_session_create(executable, NULL, &session));
  heddle_memory memory = {.size = sizeof memory, .data = y, .byte_count = sizeof y};
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_OUTPUT, "y", &memory, NULL));
  memory.data = x;
  int32_t copied = 7;
  // Left out: as compiled. Stated: as stated, whether that is row-major or not.
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, &copied));
  IS(copied == 0);
  runs(session, x, y, 1, 2);
  memory.shape = shape;
  memory.rank = 2;
  memory.strides = rows_first;
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, &copied));
  IS(copied == 1);
  runs(session, x, y, 4, 1);
  memory.strides = columns_first;
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, &copied));
  IS(copied == 0);
  runs(session, x, y, 1, 2);
  // DLPack's missing strides are row-major.
  EXPECT(HEDDLE_OK, heddle_session_bind_dlpack(session, HEDDLE_INPUT, "x", dlpack_float_tensor(x, 2, 4), &copied));
  IS(copied == 1);
  runs(session, x, y, 4, 1);
  NEED(heddle_release(session));
  NEED(heddle_release(executable));
}

static void pools(heddle_backend backend) {
  heddle_executable executable = compile(backend, NULL, 0);
  heddle_session session = 0;
  NEED(heddle_session_create(executable, NULL, &session));
  static float pool[4096];
  for (int i = 0; i < 8; i++) pool[i] = i;
  // More bytes than any device takes at once: only the tensor's are used.
  heddle_memory memory = {.size = sizeof memory, .data = pool, .byte_count = (uint64_t)1 << 45};
  int32_t copied = 7;
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, &copied));
  IS(copied == 0);
  // An output that overlaps the input is not computed in place.
  memory.data = pool + 4;
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_OUTPUT, "y", &memory, &copied));
  IS(copied == 1);
  const heddle_run_options options = {.size = sizeof options};
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  for (int i = 0; i < 8; i++) IS(pool[4 + i] == 2 * i);
  // Too small is said when it is bound, if the shape is stated.
  const int64_t shape[] = {2, 4};
  memory.shape = shape;
  memory.rank = 2;
  memory.byte_count = 28;
  EXPECT(HEDDLE_INVALID_DATA, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, NULL));
  NEED(heddle_release(session));
  NEED(heddle_release(executable));
}

static void states(heddle_backend backend) {
  const int64_t strides[] = {10, 2};
  const heddle_layout layout = {
      .size = sizeof layout, .place = HEDDLE_STATE, .name = "s", .offset = 1, .strides = strides, .rank = 2};
  heddle_executable executable = compile(backend, &layout, 1);
  heddle_session session = 0;
  NEED(heddle_session_create(executable, NULL, &session));
  float x[8], other[24];
  for (int i = 0; i < 8; i++) x[i] = i + 1;
  for (int i = 0; i < 24; i++) other[i] = 9;
  heddle_memory memory = {.size = sizeof memory, .data = x, .byte_count = sizeof x};
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, NULL));
  memory.data = other;
  memory.byte_count = sizeof other;
  EXPECT(HEDDLE_OK, heddle_session_bind(session, HEDDLE_STATE, "s", &memory, NULL));
  EXPECT(HEDDLE_OK, heddle_session_reset(session));
  const heddle_run_options options = {.size = sizeof options};
  for (int run = 0; run < 3; run++) EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  for (int i = 0; i < 24; i++) {
    const int row = (i - 1) / 10, column = (i - 1) % 10 / 2;
    const int is_state = i >= 1 && (i - 1) % 2 == 0 && row < 2 && column < 4;
    IS(other[i] == (is_state ? 3 * x[row * 4 + column] : 9));
  }
  EXPECT(HEDDLE_OK, heddle_session_reset(session));
  for (int i = 0; i < 24; i++) {
    const int is_state = i >= 1 && (i - 1) % 2 == 0 && (i - 1) / 10 < 2 && (i - 1) % 10 / 2 < 4;
    IS(other[i] == (is_state ? 0 : 9));
  }
  NEED(heddle_release(session));
  NEED(heddle_release(executable));
}

int main(void) {
  check_start(300);
  heddle_backend backend = 0;
  NEED(heddle_backend_create(NULL, &backend));
  strides(backend);
  pools(backend);
  states(backend);
  NEED(heddle_release(backend));
  IS(dlpack_made == dlpack_deleted);
  const heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.buffers == 0 && left.contexts == 0);
  return check_finish("layouts", 15);
}

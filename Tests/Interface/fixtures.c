#include "fixtures.h"

static heddle_value apply(heddle_builder builder, const char *operation, const heddle_value *operands, size_t count) {
  heddle_value value = 0;
  NEED(heddle_builder_apply(builder, operation, operands, count, NULL, &value, 1, NULL));
  return value;
}

static void make_graph(fixture *it) {
  NEED(heddle_builder_create(&it->builder));
  NEED(heddle_builder_symbol(it->builder, "tokens", 1, MOST_TOKENS));
  NEED(heddle_builder_symbol(it->builder, "past", 0, CAPACITY - 1));
  NEED(heddle_builder_symbol(it->builder, "capacity", 1, CAPACITY));
  it->x =
      apply(it->builder,
            "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [\"tokens\", 4]}}}", NULL, 0);
  it->cache = apply(
      it->builder,
      "{\"state\": {\"name\": \"cache\", \"type\": {\"encoding\": \"f32\", \"shape\": [\"capacity\", 4]}}}", NULL, 0);
  NEED(heddle_builder_constant(it->builder, it->constants, "w", &it->w));
  const heddle_value appended[] = {it->cache, it->x}, factors[] = {it->x, it->w};
  NEED(heddle_builder_update(it->builder, "cache",
                             apply(it->builder, "{\"writeRows\": {\"position\": \"past\"}}", appended, 2)));
  it->y = apply(it->builder, "{\"matmul\": {}}", factors, 2);
  NEED(heddle_builder_output(it->builder, "y", it->y));
  NEED(heddle_builder_build(it->builder, &it->graph));
}

void make_fixture(fixture *it, const char *model_path) {
  memset(it, 0, sizeof(*it));
  it->model_path = model_path;
  NEED(heddle_backend_create(NULL, &it->backend));
  static const float weight[ROWS * WIDTH] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1};
  static const int64_t shape[] = {ROWS, WIDTH};
  NEED(heddle_constants_create(&it->constants));
  NEED(heddle_constants_add(it->constants, "w", "f32", shape, 2, weight, sizeof(weight), NULL, NULL));
  make_graph(it);
  NEED(heddle_compile(it->backend, it->graph, it->constants, NULL, &it->executable));
  it->session = make_session(it->executable);
  NEED(run_step(it->session, 0, 2));
  if (model_path != NULL) {
    heddle_model_options options = {.size = sizeof(options), .chunk = 16};
    NEED(heddle_model_open(it->backend, model_path, &options, &it->model));
    static const int32_t ids[] = {504, 3575};
    NEED(heddle_model_session_create(it->model, MODEL_CAPACITY, &it->model_session));
    NEED(heddle_model_session_extend(it->model_session, ids, 2, 0, NULL, 0));
  }
}

void release_fixture(fixture *it) {
  const heddle_handle made[] = {it->model_session, it->model,   it->session,   it->executable,
                                it->graph,         it->builder, it->constants, it->backend};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
    if (made[i] != 0) NEED(heddle_release(made[i]));
}

heddle_session make_session(heddle_executable executable) {
  const heddle_symbol capacity = {"capacity", CAPACITY};
  heddle_session_options options = {.size = sizeof(options), .symbols = &capacity, .symbol_count = 1};
  heddle_session session = 0;
  NEED(heddle_session_create(executable, &options, &session));
  return session;
}

heddle_status run_step(heddle_session session, int64_t past, int64_t tokens) {
  static const float x[MOST_TOKENS * WIDTH] = {1, 2, 3, 4, 5, 6, 7, 8};
  heddle_status written = heddle_session_write(session, HEDDLE_INPUT, "x", x, (size_t)tokens * WIDTH * sizeof(float));
  if (written != HEDDLE_OK) return written;
  const heddle_symbol symbols[] = {{"past", past}, {"tokens", tokens}};
  heddle_run_options options = {.size = sizeof(options), .symbols = symbols, .symbol_count = 2, .is_profiled = 1};
  return heddle_session_run(session, &options);
}

heddle_executable make_slow_executable(heddle_backend backend, int count) {
  enum { SIDE = 512 };
  static float weight[SIDE * SIDE];
  static const int64_t shape[] = {SIDE, SIDE};
  heddle_constants constants = 0;
  NEED(heddle_constants_create(&constants));
  NEED(heddle_constants_add(constants, "w", "f32", shape, 2, weight, sizeof(weight), NULL, NULL));
  heddle_builder builder = 0;
  NEED(heddle_builder_create(&builder));
  heddle_value operands[2] = {
      apply(builder, "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [512, 512]}}}", NULL,
            0),
      0};
  NEED(heddle_builder_constant(builder, constants, "w", &operands[1]));
  for (int i = 0; i < count; i++) operands[0] = apply(builder, "{\"matmul\": {}}", operands, 2);
  NEED(heddle_builder_output(builder, "y", operands[0]));
  heddle_graph graph = 0;
  NEED(heddle_builder_build(builder, &graph));
  heddle_executable executable = 0;
  NEED(heddle_compile(backend, graph, constants, NULL, &executable));
  NEED(heddle_release(graph));
  NEED(heddle_release(builder));
  NEED(heddle_release(constants));
  return executable;
}

heddle_live_counts live_counts(void) {
  heddle_live_counts counts;
  memset(&counts, 0, sizeof(counts));
  counts.size = sizeof(counts);
  NEED(heddle_live(&counts));
  return counts;
}

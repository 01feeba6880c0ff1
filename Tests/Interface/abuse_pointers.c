// NULL for every pointer argument, one at a time, with all else right.

#include "abuse.h"

static void returned(void *context) { (*(int *)context)++; }

static int32_t go_on(void *context, const heddle_token *token) {
  (void)context;
  (void)token;
  return 0;
}

static void making(const fixture *good) {
  const heddle_symbol capacity = {"capacity", CAPACITY};
  heddle_session_options options = {.size = sizeof(options), .symbols = &capacity, .symbol_count = 1};
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_device_count(NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_device_find(NULL, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_backend_create(NULL, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_create(NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_open("/nonexistent", NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_create(NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_build(good->builder, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_graph_from_json("{}", 2, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_compile(good->backend, good->graph, good->constants, NULL, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_create(good->executable, &options, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_open(good->backend, "/nonexistent", NULL, NULL));
}

static void texts_given(const fixture *good) {
  int32_t supported;
  // `needed` may be NULL, and with no capacity the buffer too.
  EXPECT(HEDDLE_OK, heddle_device_profile(0, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_device_profile(0, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_backend_state(good->backend, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_backend_state(good->backend, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_backend_supports(good->backend, good->graph, &supported, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_backend_supports(good->backend, good->graph, &supported, NULL, 4096, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_backend_supports(good->backend, good->graph, NULL, NULL, 0, NULL));
  EXPECT(HEDDLE_OK, heddle_constants_list(good->constants, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_list(good->constants, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_dimension("n", NULL, 0, NULL, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_dimension("n", NULL, 0, NULL, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_graph_json(good->graph, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_graph_json(good->graph, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_operations(NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_operations(NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_executable_plan(good->executable, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_executable_plan(good->executable, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_session_profile(good->session, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_profile(good->session, NULL, 4096, NULL));
  EXPECT(HEDDLE_OK, heddle_model_info(good->model, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_info(good->model, NULL, 4096, NULL));
}

static void constants(const fixture *good) {
  const int64_t shape[] = {2};
  const float data[] = {1, 2};
  int calls = 0;
  size_t count = 7;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_encoding_byte_count(NULL, shape, 1, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_encoding_byte_count("f32", NULL, 1, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_encoding_byte_count("f32", shape, 1, NULL));
  IS(count == 7);
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_open(NULL, &(heddle_constants){0}));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_save(good->constants, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_add(good->constants, NULL, "f32", shape, 1, data, 8, returned, &calls));
  IS(calls == 1);
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_add(good->constants, "n", NULL, shape, 1, data, 8, returned, &calls));
  IS(calls == 2);
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_add(good->constants, "n", "f32", NULL, 1, data, 8, returned, &calls));
  IS(calls == 3);
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_add(good->constants, "n", "f32", shape, 1, NULL, 8, returned, &calls));
  IS(calls == 4);
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_constants_add(good->constants, "n", "f32", shape, 1, NULL, 8, NULL, NULL));
}

static void building(const fixture *good) {
  heddle_value value = 7;
  size_t count = 7;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_dimension(NULL, NULL, 0, NULL, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_dimension("n", NULL, 1, NULL, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_dimension("n", &(heddle_symbol){NULL, 1}, 1, NULL, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_symbol(good->builder, NULL, 1, 2));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_constant(good->builder, good->constants, NULL, &value));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_constant(good->builder, good->constants, "w", NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_apply(good->builder, NULL, &good->x, 1, NULL, &value, 1, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT,
         heddle_builder_apply(good->builder, "{\"softmax\": {}}", NULL, 1, NULL, &value, 1, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT,
         heddle_builder_apply(good->builder, "{\"softmax\": {}}", &good->x, 1, NULL, NULL, 1, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_update(good->builder, NULL, good->cache));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_builder_output(good->builder, NULL, good->y));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_graph_from_json(NULL, 2, &(heddle_graph){0}));
  IS(value == 7 && count == 7);
  heddle_layout layout = {.size = sizeof(layout), .rank = 2};
  heddle_compile_options options = {.size = sizeof(options), .layout_count = 1};
  heddle_executable executable = 7;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_compile(good->backend, good->graph, good->constants, &options, &executable));
  options.layouts = &layout;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_compile(good->backend, good->graph, good->constants, &options, &executable));
  layout.name = "x";
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_compile(good->backend, good->graph, good->constants, &options, &executable));
  IS(executable == 7);
}

static void sessions(const fixture *good) {
  float numbers[2 * WIDTH] = {0};
  heddle_session session = 7;
  heddle_session_options options = {.size = sizeof(options), .symbol_count = 1};
  const heddle_symbol unnamed = {NULL, 1};
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_create(good->executable, &options, &session));
  options.symbols = &unnamed;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_create(good->executable, &options, &session));
  IS(session == 7);

  heddle_memory memory = {.size = sizeof(memory), .byte_count = sizeof(numbers)};
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_bind(good->session, HEDDLE_INPUT, "x", &memory, NULL));
  memory.kind = HEDDLE_MEMORY_OPENCL;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_bind(good->session, HEDDLE_INPUT, "x", &memory, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_bind(good->session, HEDDLE_INPUT, NULL, NULL, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_bind_dlpack(good->session, HEDDLE_INPUT, "x", NULL, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT,
         heddle_session_export_dlpack(good->session, HEDDLE_OUTPUT, "y", HEDDLE_MEMORY_HOST, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_export_dlpack(good->session, HEDDLE_OUTPUT, NULL, HEDDLE_MEMORY_HOST,
                                                            &(struct DLManagedTensorVersioned *){NULL}));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_write(good->session, HEDDLE_INPUT, NULL, numbers, sizeof(numbers)));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_write(good->session, HEDDLE_INPUT, "x", NULL, sizeof(numbers)));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_read(good->session, HEDDLE_OUTPUT, NULL, numbers, sizeof(numbers)));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_read(good->session, HEDDLE_OUTPUT, "y", NULL, 2 * ROWS * sizeof(float)));

  heddle_run_options run = {.size = sizeof(run), .symbol_count = 1};
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_run(good->session, &run));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_start(good->session, &run));
  run.symbols = &unnamed;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_run(good->session, &run));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_session_start(good->session, &run));
}

static void models(const fixture *good) {
  int32_t ids[8] = {1};
  size_t count;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_open(good->backend, NULL, NULL, &(heddle_model){0}));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize(good->model, NULL, ids, 8, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize(good->model, "Paris", NULL, 8, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize(good->model, "Paris", ids, 8, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize_messages(good->model, NULL, ids, 8, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize_messages(good->model, "[]", NULL, 8, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_tokenize_messages(good->model, "[]", ids, 8, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_detokenize(good->model, NULL, 1, NULL, 0, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_detokenize(good->model, ids, 0, NULL, 8, &count));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_session_create(good->model, 8, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_session_extend(good->model_session, NULL, 1, 0, NULL, 0));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_session_extend(good->model_session, ids, 1, 0, NULL, 8));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_session_position(good->model_session, NULL));
  EXPECT(HEDDLE_OK, heddle_model_session_experts(good->model_session, NULL, 0, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_session_experts(good->model_session, NULL, 64, NULL));
  heddle_generate_options stops = {.size = sizeof(stops), .stop_count = 1};
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_generate(good->model, "Paris", &stops, go_on, NULL));
  const char *nothing = NULL;
  stops.stop = &nothing;
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_generate(good->model, "Paris", &stops, go_on, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_generate(good->model, NULL, NULL, go_on, NULL));
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_model_generate(good->model, "Paris", NULL, NULL, NULL));
}

void abuse_pointers(const fixture *good) {
  making(good);
  texts_given(good);
  constants(good);
  building(good);
  sessions(good);
  models(good);
}

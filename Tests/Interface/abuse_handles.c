// Every function that takes a handle, with handles that are none, were one, or are of another kind.

#include "abuse.h"
#include "dlpack_tensor.h"

enum { BACKEND, CONSTANTS, BUILDER, GRAPH, EXECUTABLE, SESSION, MODEL, MODEL_SESSION, KINDS };

static const fixture *good;
static float numbers[MOST_TOKENS * WIDTH];
static char text[1 << 16];
static size_t needed;

static heddle_handle handle_of(const fixture *it, int kind) {
  const heddle_handle handles[] = {it->backend,    it->constants, it->builder, it->graph,
                                   it->executable, it->session,   it->model,   it->model_session};
  return handles[kind];
}

static heddle_status backend_state(heddle_handle it) { return heddle_backend_state(it, text, sizeof(text), NULL); }
static heddle_status supports_backend(heddle_handle it) {
  int32_t supported;
  return heddle_backend_supports(it, good->graph, &supported, text, sizeof(text), NULL);
}
static heddle_status supports_graph(heddle_handle it) {
  int32_t supported;
  return heddle_backend_supports(good->backend, it, &supported, text, sizeof(text), NULL);
}
static heddle_status constants_add(heddle_handle it) {
  const int64_t shape[] = {WIDTH};
  return heddle_constants_add(it, "another", "f32", shape, 1, numbers, WIDTH * sizeof(float), NULL, NULL);
}
static heddle_status constants_save(heddle_handle it) { return heddle_constants_save(it, "/nonexistent/file"); }
static heddle_status constants_list(heddle_handle it) { return heddle_constants_list(it, text, sizeof(text), NULL); }
static heddle_status builder_symbol(heddle_handle it) { return heddle_builder_symbol(it, "another", 1, 2); }
static heddle_status builder_constant(heddle_handle it) {
  heddle_value value;
  return heddle_builder_constant(it, good->constants, "w", &value);
}
static heddle_status builder_constant_from(heddle_handle it) {
  heddle_value value;
  return heddle_builder_constant(good->builder, it, "w", &value);
}
static heddle_status builder_apply(heddle_handle it) {
  heddle_value value;
  return heddle_builder_apply(it, "{\"softmax\": {}}", &good->x, 1, NULL, &value, 1, NULL);
}
static heddle_status builder_type(heddle_handle it) {
  return heddle_builder_type(it, good->x, text, sizeof(text), NULL);
}
static heddle_status builder_update(heddle_handle it) { return heddle_builder_update(it, "cache", good->cache); }
static heddle_status builder_output(heddle_handle it) { return heddle_builder_output(it, "another", good->y); }
static heddle_status builder_build(heddle_handle it) {
  heddle_graph graph;
  return heddle_builder_build(it, &graph);
}
static heddle_status graph_json(heddle_handle it) { return heddle_graph_json(it, text, sizeof(text), NULL); }
static heddle_status compile_on(heddle_handle it) {
  heddle_executable executable;
  return heddle_compile(it, good->graph, good->constants, NULL, &executable);
}
static heddle_status compile_graph(heddle_handle it) {
  heddle_executable executable;
  return heddle_compile(good->backend, it, good->constants, NULL, &executable);
}
static heddle_status compile_constants(heddle_handle it) {
  heddle_executable executable;
  return heddle_compile(good->backend, good->graph, it, NULL, &executable);
}
static heddle_status executable_plan(heddle_handle it) { return heddle_executable_plan(it, text, sizeof(text), NULL); }
static heddle_status session_create(heddle_handle it) {
  heddle_session session;
  const heddle_symbol capacity = {"capacity", CAPACITY};
  heddle_session_options options = {.size = sizeof(options), .symbols = &capacity, .symbol_count = 1};
  return heddle_session_create(it, &options, &session);
}
static heddle_status session_bind(heddle_handle it) { return heddle_session_bind(it, HEDDLE_INPUT, "x", NULL, NULL); }
static heddle_status session_bind_dlpack(heddle_handle it) {
  return heddle_session_bind_dlpack(it, HEDDLE_INPUT, "x", dlpack_float_tensor(numbers, 2, WIDTH), NULL);
}
static heddle_status session_export_dlpack(heddle_handle it) {
  DLManagedTensorVersioned *tensor;
  return heddle_session_export_dlpack(it, HEDDLE_OUTPUT, "y", HEDDLE_MEMORY_HOST, &tensor);
}
static heddle_status session_write(heddle_handle it) {
  return heddle_session_write(it, HEDDLE_INPUT, "x", numbers, 2 * WIDTH * sizeof(float));
}
static heddle_status session_read(heddle_handle it) {
  return heddle_session_read(it, HEDDLE_OUTPUT, "y", numbers, 2 * ROWS * sizeof(float));
}
static heddle_status session_reset(heddle_handle it) { return heddle_session_reset(it); }
static heddle_status session_run(heddle_handle it) { return heddle_session_run(it, NULL); }
static heddle_status session_start(heddle_handle it) { return heddle_session_start(it, NULL); }
static heddle_status session_wait(heddle_handle it) { return heddle_session_wait(it, 0); }
static heddle_status session_cancel(heddle_handle it) { return heddle_session_cancel(it); }
static heddle_status session_profile(heddle_handle it) { return heddle_session_profile(it, text, sizeof(text), NULL); }
static heddle_status model_open(heddle_handle it) {
  heddle_model model;
  return heddle_model_open(it, "/nonexistent", NULL, &model);
}
static heddle_status model_info(heddle_handle it) { return heddle_model_info(it, text, sizeof(text), NULL); }
static heddle_status model_tokenize(heddle_handle it) {
  int32_t ids[8];
  return heddle_model_tokenize(it, "Paris", ids, 8, &needed);
}
static heddle_status model_tokenize_messages(heddle_handle it) {
  int32_t ids[8];
  return heddle_model_tokenize_messages(it, "[]", ids, 8, &needed);
}
static heddle_status model_detokenize(heddle_handle it) {
  return heddle_model_detokenize(it, (int32_t[]){1}, 1, text, sizeof(text), NULL);
}
static heddle_status model_session_create(heddle_handle it) {
  heddle_model_session session;
  return heddle_model_session_create(it, 8, &session);
}
static heddle_status model_session_extend(heddle_handle it) {
  return heddle_model_session_extend(it, (int32_t[]){1}, 1, 0, NULL, 0);
}
static heddle_status model_session_rewind(heddle_handle it) { return heddle_model_session_rewind(it, 0); }
static heddle_status model_session_position(heddle_handle it) {
  int64_t position;
  return heddle_model_session_position(it, &position);
}
static heddle_status model_session_experts(heddle_handle it) {
  return heddle_model_session_experts(it, text, sizeof(text), NULL);
}
static int32_t go_on(void *context, const heddle_token *token) {
  (void)context;
  (void)token;
  return 0;
}
static heddle_status model_generate(heddle_handle it) {
  heddle_generate_options options = {.size = sizeof(options), .maximum_tokens = 1};
  return heddle_model_generate(it, "Paris", &options, go_on, NULL);
}
static heddle_status model_generate_session(heddle_handle it) {
  heddle_generate_options options = {.size = sizeof(options), .maximum_tokens = 1, .session = it};
  return heddle_model_generate(good->model, "Paris", &options, go_on, NULL);
}

static const struct {
  const char *name;
  int kind;
  int takes_zero;  // zero means that there is none
  heddle_status (*call)(heddle_handle);
} functions[] = {
    {"heddle_backend_state", BACKEND, 0, backend_state},
    {"heddle_backend_supports(backend)", BACKEND, 0, supports_backend},
    {"heddle_backend_supports(graph)", GRAPH, 0, supports_graph},
    {"heddle_constants_add", CONSTANTS, 0, constants_add},
    {"heddle_constants_save", CONSTANTS, 0, constants_save},
    {"heddle_constants_list", CONSTANTS, 0, constants_list},
    {"heddle_builder_symbol", BUILDER, 0, builder_symbol},
    {"heddle_builder_constant(builder)", BUILDER, 0, builder_constant},
    {"heddle_builder_constant(constants)", CONSTANTS, 0, builder_constant_from},
    {"heddle_builder_apply", BUILDER, 0, builder_apply},
    {"heddle_builder_type", BUILDER, 0, builder_type},
    {"heddle_builder_update", BUILDER, 0, builder_update},
    {"heddle_builder_output", BUILDER, 0, builder_output},
    {"heddle_builder_build", BUILDER, 0, builder_build},
    {"heddle_graph_json", GRAPH, 0, graph_json},
    {"heddle_compile(backend)", BACKEND, 0, compile_on},
    {"heddle_compile(graph)", GRAPH, 0, compile_graph},
    {"heddle_compile(constants)", CONSTANTS, 1, compile_constants},
    {"heddle_executable_plan", EXECUTABLE, 0, executable_plan},
    {"heddle_session_create", EXECUTABLE, 0, session_create},
    {"heddle_session_bind", SESSION, 0, session_bind},
    {"heddle_session_bind_dlpack", SESSION, 0, session_bind_dlpack},
    {"heddle_session_export_dlpack", SESSION, 0, session_export_dlpack},
    {"heddle_session_write", SESSION, 0, session_write},
    {"heddle_session_read", SESSION, 0, session_read},
    {"heddle_session_reset", SESSION, 0, session_reset},
    {"heddle_session_run", SESSION, 0, session_run},
    {"heddle_session_start", SESSION, 0, session_start},
    {"heddle_session_wait", SESSION, 0, session_wait},
    {"heddle_session_cancel", SESSION, 0, session_cancel},
    {"heddle_session_profile", SESSION, 0, session_profile},
    {"heddle_model_open", BACKEND, 0, model_open},
    {"heddle_model_info", MODEL, 0, model_info},
    {"heddle_model_tokenize", MODEL, 0, model_tokenize},
    {"heddle_model_tokenize_messages", MODEL, 0, model_tokenize_messages},
    {"heddle_model_detokenize", MODEL, 0, model_detokenize},
    {"heddle_model_session_create", MODEL, 0, model_session_create},
    {"heddle_model_session_extend", MODEL_SESSION, 0, model_session_extend},
    {"heddle_model_session_rewind", MODEL_SESSION, 0, model_session_rewind},
    {"heddle_model_session_position", MODEL_SESSION, 0, model_session_position},
    {"heddle_model_session_experts", MODEL_SESSION, 0, model_session_experts},
    {"heddle_model_generate(model)", MODEL, 0, model_generate},
    {"heddle_model_generate(session)", MODEL_SESSION, 1, model_generate_session},
    {"heddle_release", KINDS, 0, heddle_release},
};

static void try_handles(size_t index, heddle_handle stale) {
  heddle_status (*call)(heddle_handle) = functions[index].call;
  const heddle_handle live = good->session, index_bits = 0xFFFFFF, generation = UINT64_C(1) << 32;
  check_row(functions[index].name);
  if (!functions[index].takes_zero) EXPECT(HEDDLE_INVALID_HANDLE, call(0));
  EXPECT(HEDDLE_INVALID_HANDLE, call(1));
  EXPECT(HEDDLE_INVALID_HANDLE, call(UINT64_MAX));
  EXPECT(HEDDLE_INVALID_HANDLE, call(UINT64_C(1) << 63));
  EXPECT(HEDDLE_INVALID_HANDLE, call((heddle_handle)(uintptr_t)&stale));
  EXPECT(HEDDLE_INVALID_HANDLE, call(live | index_bits));
  EXPECT(HEDDLE_INVALID_HANDLE, call(live + 16 * generation));
  EXPECT(HEDDLE_INVALID_HANDLE, call(live ^ (UINT64_C(0xFF) << 24)));
  EXPECT(HEDDLE_STALE_HANDLE, call(stale));
  for (int kind = 0; kind < KINDS && functions[index].kind != KINDS; kind++)
    if (kind != functions[index].kind) EXPECT(HEDDLE_WRONG_HANDLE, call(handle_of(good, kind)));
  check_row("");
}

void abuse_handles(const fixture *fixture) {
  good = fixture;
  heddle_builder stale = 0;
  EXPECT(HEDDLE_OK, heddle_builder_create(&stale));
  EXPECT(HEDDLE_OK, heddle_release(stale));
  EXPECT(HEDDLE_STALE_HANDLE, heddle_release(stale));
  // Its place is taken by another, which the old handle must not reach.
  heddle_builder next = 0;
  EXPECT(HEDDLE_OK, heddle_builder_create(&next));
  EXPECT(HEDDLE_STALE_HANDLE, builder_symbol(stale));
  EXPECT(HEDDLE_OK, heddle_release(next));
  int made = 0;
  for (size_t index = 0; index < sizeof(functions) / sizeof(functions[0]); index++) {
    made = dlpack_made - dlpack_deleted;
    try_handles(index, stale);
    IS(made == dlpack_made - dlpack_deleted);
  }
}

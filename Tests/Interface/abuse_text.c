// Text that is not UTF-8, for every argument that is text; and names that nobody has.

#include "abuse.h"
#include "dlpack_tensor.h"

static int32_t go_on(void *context, const heddle_token *token) {
  (void)context;
  (void)token;
  return 0;
}

static void malformed(const fixture *good) {
  // A lone continuation, a cut sequence, an overlong slash, a surrogate, beyond Unicode, a byte that never occurs.
  const char *const bad[] = {"\x80", "caf\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xFF"};
  const int64_t shape[] = {1}, strides[] = {4, 1};
  float numbers[2 * WIDTH] = {0};
  heddle_value value;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    const char *it = bad[i];
    EXPECT(HEDDLE_INVALID_TEXT, heddle_device_find(it, &(size_t){0}));
    heddle_backend_options backend = {.size = sizeof(backend), .device = it};
    EXPECT(HEDDLE_INVALID_TEXT, heddle_backend_create(&backend, &(heddle_backend){0}));
    backend = (heddle_backend_options){.size = sizeof(backend), .cache_folder = it};
    EXPECT(HEDDLE_INVALID_TEXT, heddle_backend_create(&backend, &(heddle_backend){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_encoding_byte_count(it, shape, 1, &(size_t){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_constants_open(it, &(heddle_constants){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_constants_save(good->constants, it));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_constants_add(good->constants, it, "f32", shape, 1, numbers, 4, NULL, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_constants_add(good->constants, "n", it, shape, 1, numbers, 4, NULL, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_dimension(it, NULL, 0, NULL, NULL, 0, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_dimension("n", &(heddle_symbol){it, 1}, 1, NULL, NULL, 0, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_builder_symbol(good->builder, it, 1, 2));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_builder_constant(good->builder, good->constants, it, &value));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_builder_apply(good->builder, it, &good->x, 1, NULL, &value, 1, NULL));
    EXPECT(HEDDLE_INVALID_TEXT,
           heddle_builder_apply(good->builder, "{\"softmax\": {}}", &good->x, 1, it, &value, 1, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_builder_update(good->builder, it, good->cache));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_builder_output(good->builder, it, good->y));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_graph_from_json(it, strlen(it), &(heddle_graph){0}));
    heddle_layout layout = {.size = sizeof(layout), .name = it, .strides = strides, .rank = 2};
    heddle_compile_options compile = {.size = sizeof(compile), .layouts = &layout, .layout_count = 1};
    EXPECT(HEDDLE_INVALID_TEXT,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
    const heddle_symbol symbol = {it, 1};
    heddle_session_options session = {.size = sizeof(session), .symbols = &symbol, .symbol_count = 1};
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_create(good->executable, &session, &(heddle_session){0}));
    heddle_run_options run = {.size = sizeof(run), .symbols = &symbol, .symbol_count = 1};
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_run(good->session, &run));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_start(good->session, &run));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_bind(good->session, HEDDLE_INPUT, it, NULL, NULL));
    EXPECT(HEDDLE_INVALID_TEXT,
           heddle_session_bind_dlpack(good->session, HEDDLE_INPUT, it, dlpack_float_tensor(numbers, 2, WIDTH), NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_export_dlpack(good->session, HEDDLE_OUTPUT, it, HEDDLE_MEMORY_HOST,
                                                             &(DLManagedTensorVersioned *){NULL}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_write(good->session, HEDDLE_INPUT, it, numbers, sizeof(numbers)));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_session_read(good->session, HEDDLE_OUTPUT, it, numbers, sizeof(numbers)));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_open(good->backend, it, NULL, &(heddle_model){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_tokenize(good->model, it, (int32_t[8]){0}, 8, &(size_t){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_generate(good->model, it, NULL, go_on, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_tokenize_messages(good->model, it, (int32_t[8]){0}, 8, &(size_t){0}));
    const heddle_generate_options given[] = {
        {.size = sizeof(*given), .system = it, .is_chat = HEDDLE_PROMPT_MESSAGE},
        {.size = sizeof(*given), .stop = &it, .stop_count = 1},
    };
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_generate(good->model, "Paris", &given[0], go_on, NULL));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_generate(good->model, "Paris", &given[1], go_on, NULL));
    const heddle_model_options named[] = {{.size = sizeof(*named), .activations = it},
                                          {.size = sizeof(*named), .cache = it}};
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_open(good->backend, good->model_path, &named[0], &(heddle_model){0}));
    EXPECT(HEDDLE_INVALID_TEXT, heddle_model_open(good->backend, good->model_path, &named[1], &(heddle_model){0}));
  }
}

static void no_identifiers(const fixture *good) {
  const char *const names[] = {"", " ", "a b", "3x", "a.b", "a-b", "n\n", "\x1B[31m", "\xC3\xA9"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_symbol(good->builder, names[i], 1, 2));
  const char nul[] =
      "{\"version\": 1, \"symbols\": [], \"outputs\": [], \"stateUpdates\": [], \"nodes\": [{\"operands\": [], "
      "\"operation\": {\"input\": {\"name\": \"x\\u0000y\", \"type\": {\"encoding\": \"f32\", \"shape\": [2]}}}, "
      "\"results\": [{\"encoding\": \"f32\", \"shape\": [2]}]}]}";
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_graph_from_json(nul, sizeof(nul) - 1, &(heddle_graph){0}));
}

static void unknown(const fixture *good) {
  const char *const names[] = {"", "nobody", "X", "x ", "../x", "\xF0\x9F\x98\x80"};
  float numbers[2 * WIDTH] = {0};
  heddle_value value;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    const char *it = names[i];
    check_row(it);
    EXPECT(HEDDLE_INVALID_FILE, heddle_constants_open(it, &(heddle_constants){0}));
    EXPECT(HEDDLE_INVALID_DATA, heddle_encoding_byte_count(it, (int64_t[]){1}, 1, &(size_t){0}));
    EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_constant(good->builder, good->constants, it, &value));
    EXPECT(HEDDLE_INVALID_BINDING, heddle_session_bind(good->session, HEDDLE_INPUT, it, NULL, NULL));
    EXPECT(HEDDLE_INVALID_BINDING,
           heddle_session_bind_dlpack(good->session, HEDDLE_INPUT, it, dlpack_float_tensor(numbers, 2, WIDTH), NULL));
    EXPECT(HEDDLE_INVALID_BINDING, heddle_session_export_dlpack(good->session, HEDDLE_OUTPUT, it, HEDDLE_MEMORY_HOST,
                                                                &(DLManagedTensorVersioned *){NULL}));
    EXPECT(HEDDLE_INVALID_BINDING, heddle_session_write(good->session, HEDDLE_INPUT, it, numbers, sizeof(numbers)));
    EXPECT(HEDDLE_INVALID_BINDING, heddle_session_read(good->session, HEDDLE_OUTPUT, it, numbers, sizeof(numbers)));
    const heddle_symbol symbols[] = {{"past", 0}, {"tokens", 2}, {it, 1}};
    heddle_run_options run = {.size = sizeof(run), .symbols = symbols, .symbol_count = 3};
    EXPECT(HEDDLE_INVALID_BINDING, heddle_session_run(good->session, &run));
    EXPECT(HEDDLE_INVALID_FILE, heddle_model_open(good->backend, it, NULL, &(heddle_model){0}));
    const int64_t strides[] = {4, 1};
    heddle_layout layout = {.size = sizeof(layout), .name = it, .strides = strides, .rank = 2};
    heddle_compile_options compile = {.size = sizeof(compile), .layouts = &layout, .layout_count = 1};
    EXPECT(HEDDLE_INVALID_BINDING,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
  }
  check_row("");
  // A thing of another place than its own.
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_bind(good->session, HEDDLE_OUTPUT, "x", NULL, NULL));
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_bind(good->session, HEDDLE_INPUT, "y", NULL, NULL));
  EXPECT(HEDDLE_INVALID_BINDING, heddle_session_bind(good->session, HEDDLE_INPUT, "cache", NULL, NULL));
  const int32_t places[] = {-1, 3, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_bind(good->session, places[i], "x", NULL, NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_write(good->session, places[i], "x", numbers, sizeof(numbers)));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_read(good->session, places[i], "x", numbers, sizeof(numbers)));
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_session_bind_dlpack(good->session, places[i], "x", dlpack_float_tensor(numbers, 2, WIDTH), NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_export_dlpack(good->session, places[i], "x", HEDDLE_MEMORY_HOST,
                                                                 &(DLManagedTensorVersioned *){NULL}));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_export_dlpack(good->session, HEDDLE_OUTPUT, "y", places[i],
                                                                 &(DLManagedTensorVersioned *){NULL}));
  }
}

void abuse_text(const fixture *good) {
  int kept = dlpack_made - dlpack_deleted;
  malformed(good);
  no_identifiers(good);
  unknown(good);
  IS(dlpack_made - dlpack_deleted == kept);
}

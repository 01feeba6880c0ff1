// Every argument that counts something, with 0, 2⁶³ − 1, 2⁶³ and SIZE_MAX, which is −1 to who reads it signed.

#include "abuse.h"

static const size_t absurd[] = {SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX};
enum { ABSURD = sizeof(absurd) / sizeof(absurd[0]) };

static int32_t go_on(void *context, const heddle_token *token) {
  (void)context;
  (void)token;
  return 0;
}

typedef heddle_status (*giver)(const fixture *good, char *buffer, size_t capacity, size_t *needed);

static heddle_status profile_of_device(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  (void)good;
  return heddle_device_profile(0, buffer, capacity, needed);
}
static heddle_status backend_state(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_backend_state(good->backend, buffer, capacity, needed);
}
static heddle_status constants_list(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_constants_list(good->constants, buffer, capacity, needed);
}
static heddle_status builder_type(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_builder_type(good->builder, good->x, buffer, capacity, needed);
}
static heddle_status graph_json(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_graph_json(good->graph, buffer, capacity, needed);
}
static heddle_status operations(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  (void)good;
  return heddle_operations(buffer, capacity, needed);
}
static heddle_status executable_plan(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_executable_plan(good->executable, buffer, capacity, needed);
}
static heddle_status session_profile(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_session_profile(good->session, buffer, capacity, needed);
}
static heddle_status model_info(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_model_info(good->model, buffer, capacity, needed);
}
static heddle_status model_session_experts(const fixture *good, char *buffer, size_t capacity, size_t *needed) {
  return heddle_model_session_experts(good->model_session, buffer, capacity, needed);
}

static const struct {
  const char *name;
  giver call;
} givers[] = {
    {"heddle_device_profile", profile_of_device},
    {"heddle_backend_state", backend_state},
    {"heddle_constants_list", constants_list},
    {"heddle_builder_type", builder_type},
    {"heddle_graph_json", graph_json},
    {"heddle_operations", operations},
    {"heddle_executable_plan", executable_plan},
    {"heddle_session_profile", session_profile},
    {"heddle_model_info", model_info},
    {"heddle_model_session_experts", model_session_experts},
};

static int is_filled_with(const char *buffer, size_t count, char byte) {
  for (size_t i = 0; i < count; i++)
    if (buffer[i] != byte) return 0;
  return 1;
}

// Too small, a byte too small, exactly right; nothing is written beside or before it is right.
static void texts(const fixture *good) {
  for (size_t i = 0; i < sizeof(givers) / sizeof(givers[0]); i++) {
    check_row(givers[i].name);
    giver call = givers[i].call;
    size_t needed = 0, again = 0;
    EXPECT(HEDDLE_OK, call(good, NULL, 0, &needed));
    IS(needed > 2 && needed < 1 << 20);
    char *buffer = malloc(needed + 8);
    memset(buffer, 'Z', needed + 8);
    EXPECT(HEDDLE_BUFFER_TOO_SMALL, call(good, buffer, 1, &again));
    EXPECT(HEDDLE_BUFFER_TOO_SMALL, call(good, buffer, needed - 1, &again));
    for (size_t k = 0; k < 2; k++) EXPECT(HEDDLE_INVALID_ARGUMENT, call(good, buffer, absurd[k + 1], &again));
    IS(is_filled_with(buffer, needed + 8, 'Z'));
    EXPECT(HEDDLE_OK, call(good, buffer, needed, &again));
    IS(again == needed && strlen(buffer) == needed - 1 && is_filled_with(buffer + needed, 8, 'Z'));
    const int is_object = buffer[0] == '{' && buffer[needed - 2] == '}';
    const int is_list = buffer[0] == '[' && buffer[needed - 2] == ']';
    IS(is_object || is_list || strcmp(buffer, "null") == 0);
    free(buffer);
  }
  check_row("");
}

static void counts(const fixture *good) {
  const int64_t shape[] = {1};
  const float data[64] = {0};
  float numbers[64];
  heddle_value value = 0;
  int32_t ids[8];
  size_t count;
  for (int i = 0; i < ABSURD; i++) {
    size_t n = absurd[i];
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_encoding_byte_count("f32", shape, n, &count));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_constants_add(good->constants, "n", "f32", shape, n, data, 4, NULL, NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_dimension("n", &(heddle_symbol){"n", 1}, n, NULL, NULL, 0, NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_builder_apply(good->builder, "{\"softmax\": {}}", &good->x, n, NULL, &value, 1, NULL));
    heddle_session_options options = {
        .size = sizeof(options), .symbols = &(heddle_symbol){"capacity", CAPACITY}, .symbol_count = n};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_create(good->executable, &options, &(heddle_session){0}));
    heddle_run_options run = {.size = sizeof(run), .symbols = options.symbols, .symbol_count = n};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_run(good->session, &run));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_start(good->session, &run));
    heddle_layout layout = {.size = sizeof(layout), .name = "x", .strides = shape, .rank = n};
    heddle_compile_options compile = {.size = sizeof(compile), .layouts = &layout, .layout_count = 1};
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
    compile.layout_count = n;
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
    heddle_memory memory = {
        .size = sizeof(memory), .data = numbers, .byte_count = sizeof(numbers), .shape = shape, .rank = n};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_session_bind(good->session, HEDDLE_INPUT, "x", &memory, NULL));
    // Bytes: more than there can be, or not as many as the tensor has.
    heddle_status expected = i == 0 ? HEDDLE_INVALID_DATA : HEDDLE_INVALID_ARGUMENT;
    EXPECT(expected, heddle_constants_add(good->constants, "n", "f32", shape, 1, data, n, NULL, NULL));
    EXPECT(expected, heddle_session_write(good->session, HEDDLE_INPUT, "x", data, n));
    EXPECT(expected, heddle_session_read(good->session, HEDDLE_OUTPUT, "y", numbers, n));
  }
  for (int i = 1; i < ABSURD; i++) {
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_builder_apply(good->builder, "{\"softmax\": {}}", &good->x, 1, NULL, &value, absurd[i], NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_dimension("n", NULL, 0, NULL, (char[8]){0}, absurd[i], NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_tokenize(good->model, "Paris", ids, absurd[i], &count));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_tokenize_messages(good->model, "[]", ids, absurd[i], &count));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_detokenize(good->model, ids, absurd[i], NULL, 0, &count));
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_model_session_extend(good->model_session, ids, absurd[i], 0, NULL, 0));
    EXPECT(HEDDLE_INVALID_ARGUMENT,
           heddle_model_session_extend(good->model_session, ids, 1, 0, (float[8]){0}, absurd[i]));
    heddle_generate_options stops = {.size = sizeof(stops), .stop = (const char *[]){"a"}, .stop_count = absurd[i]};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_generate(good->model, "Paris", &stops, go_on, NULL));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_graph_from_json("{}", absurd[i], &(heddle_graph){0}));
  }
}

static void zeros(const fixture *good) {
  const int64_t shape[] = {1};
  const float data[] = {0};
  int32_t ids[8];
  size_t count = 0;
  // A single value.
  EXPECT(HEDDLE_OK, heddle_encoding_byte_count("f32", NULL, 0, &count));
  IS(count == 4);
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_graph_from_json("{}", 0, &(heddle_graph){0}));
  EXPECT(HEDDLE_INVALID_DATA, heddle_constants_add(good->constants, "n", "f32", shape, 1, data, 0, NULL, NULL));
  // Nothing is read or written, which is no error.
  EXPECT(HEDDLE_OK, heddle_session_write(good->session, HEDDLE_INPUT, "x", NULL, 0));
  EXPECT(HEDDLE_OK, heddle_session_read(good->session, HEDDLE_OUTPUT, "y", NULL, 0));
  EXPECT(HEDDLE_BUFFER_TOO_SMALL, heddle_model_tokenize(good->model, "The capital of France is", ids, 0, &count));
  IS(count == 5);
  EXPECT(HEDDLE_BUFFER_TOO_SMALL, heddle_model_tokenize(good->model, "The capital of France is", ids, 4, &count));
  EXPECT(HEDDLE_OK, heddle_model_tokenize(good->model, "The capital of France is", ids, 5, &count));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_apply(good->builder, "{\"softmax\": {}}", NULL, 0, NULL, NULL, 0, NULL));
}

void abuse_sizes(const fixture *good) {
  texts(good);
  counts(good);
  zeros(good);
}

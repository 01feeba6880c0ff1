// Structs of a size that no version of this library had, and members outside their range.

#include <limits.h>
#include <math.h>

#include "abuse.h"

static int32_t go_on(void *context, const heddle_token *token) {
  (void)context;
  (void)token;
  return 0;
}

static void sizes(const fixture *good) {
  const size_t wrong[] = {0, 1, sizeof(size_t) - 1, 4096, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    heddle_backend_options backend = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_backend_create(&backend, &(heddle_backend){0}));
    heddle_compile_options compile = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
    const int64_t strides[] = {4, 1};
    heddle_layout layout = {.size = wrong[i], .name = "x", .strides = strides, .rank = 2};
    compile = (heddle_compile_options){.size = sizeof(compile), .layouts = &layout, .layout_count = 1};
    EXPECT(HEDDLE_STRUCT_SIZE,
           heddle_compile(good->backend, good->graph, good->constants, &compile, &(heddle_executable){0}));
    heddle_session_options session = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_session_create(good->executable, &session, &(heddle_session){0}));
    heddle_memory memory = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_session_bind(good->session, HEDDLE_INPUT, "x", &memory, NULL));
    heddle_run_options run = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_session_run(good->session, &run));
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_session_start(good->session, &run));
    heddle_model_options model = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_model_open(good->backend, "/nonexistent", &model, &(heddle_model){0}));
    heddle_generate_options generate = {.size = wrong[i]};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_model_generate(good->model, "Paris", &generate, go_on, NULL));
  }
}

static void backends(void) {
  heddle_backend backend = 7;
  heddle_backend_options options = {.size = sizeof(options), .device = "no device has this name"};
  EXPECT(HEDDLE_NO_DEVICE, heddle_backend_create(&options, &backend));
  const int32_t wrong[] = {-1, 2, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    options = (heddle_backend_options){.size = sizeof(options), .tuning = wrong[i]};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_backend_create(&options, &backend));
    options = (heddle_backend_options){.size = sizeof(options), .numerics = wrong[i]};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_backend_create(&options, &backend));
  }
  // A device without the context it would be of.
  options = (heddle_backend_options){.size = sizeof(options), .opencl_device = &options};
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_backend_create(&options, &backend));
  options = (heddle_backend_options){.size = sizeof(options), .cache_folder = "/dev/null/no folder"};
  heddle_backend uncached = 0;
  EXPECT(HEDDLE_OK, heddle_backend_create(&options, &uncached));
  EXPECT(HEDDLE_OK, heddle_release(uncached));
  IS(backend == 7);
}

// No budget, however small or large, may trap; weights that do not fit it are refused.
static void budgets(const fixture *good) {
  heddle_backend none = 0;
  const uint64_t absurd[] = {UINT64_MAX, UINT64_C(1) << 63};
  for (size_t i = 0; i < sizeof(absurd) / sizeof(absurd[0]); i++) {
    heddle_backend_options options = {.size = sizeof(options), .memory_budget = absurd[i], .cache_folder = ""};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_backend_create(&options, &none));
  }
  IS(none == 0);
  const uint64_t budgets[] = {1, INT64_MAX};
  for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
    heddle_backend_options options = {.size = sizeof(options), .memory_budget = budgets[i], .cache_folder = ""};
    heddle_backend backend = 0;
    EXPECT(HEDDLE_OK, heddle_backend_create(&options, &backend));
    if (budgets[i] == 1) {
      heddle_executable executable = 0;
      EXPECT(HEDDLE_OUT_OF_MEMORY, heddle_compile(backend, good->graph, good->constants, NULL, &executable));
    }
    EXPECT(HEDDLE_OK, heddle_release(backend));
  }
}

static void generation(const fixture *good) {
  const struct {
    const char *name;
    heddle_generate_options options;
  } wrong[] = {
      {"maximum_tokens -1", {.maximum_tokens = -1}},
      {"maximum_tokens INT32_MIN", {.maximum_tokens = INT32_MIN}},
      {"temperature -1", {.temperature = -1}},
      {"temperature NaN", {.temperature = NAN}},
      {"temperature infinity", {.temperature = INFINITY}},
      {"top_k -1", {.temperature = 1, .top_k = -1}},
      {"top_p -0.5", {.temperature = 1, .top_p = -0.5f}},
      {"top_p 1.5", {.temperature = 1, .top_p = 1.5f}},
      {"top_p NaN", {.temperature = 1, .top_p = NAN}},
      {"timeout -1", {.timeout = -1}},
      {"min_p -0.5", {.temperature = 1, .min_p = -0.5f}},
      {"min_p NaN", {.temperature = 1, .min_p = NAN}},
      {"repetition_penalty -1", {.repetition_penalty = -1}},
      {"repetition_penalty NaN", {.repetition_penalty = NAN}},
      {"repetition_window INT32_MIN", {.repetition_window = INT32_MIN}},
      {"frequency_penalty infinity", {.frequency_penalty = INFINITY}},
      {"presence_penalty NaN", {.presence_penalty = NAN}},
      {"log_probabilities -2", {.log_probabilities = -2}},
      {"log_probabilities INT32_MAX", {.log_probabilities = INT32_MAX}},
      {"is_chat 3", {.is_chat = 3}},
      {"is_chat INT32_MIN", {.is_chat = INT32_MIN}},
      {"system without a message", {.system = "a"}},
      {"an empty stop text", {.stop = (const char *[]){""}, .stop_count = 1}},
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].name);
    heddle_generate_options options = wrong[i].options;
    options.size = sizeof(options);
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_generate(good->model, "Paris", &options, go_on, NULL));
  }
  check_row("");
  const int32_t chunks[] = {-1, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
    heddle_model_options options = {.size = sizeof(options), .chunk = chunks[i]};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_open(good->backend, good->model_path, &options, &(heddle_model){0}));
  }
  const heddle_model_options named[] = {{.size = sizeof(*named), .activations = "fp4"},
                                        {.size = sizeof(*named), .cache = ""}};
  for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_open(good->backend, good->model_path, &named[i], &(heddle_model){0}));
  const int64_t budgets[] = {-1, INT64_MIN};
  for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
    heddle_model_options options = {.size = sizeof(options), .expert_memory = budgets[i]};
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_open(good->backend, good->model_path, &options, &(heddle_model){0}));
  }
  const int64_t absurd[] = {-1, INT64_MIN, INT64_MAX};
  for (size_t i = 0; i < sizeof(absurd) / sizeof(absurd[0]); i++) {
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_session_create(good->model, absurd[i], &(heddle_model_session){0}));
    EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_session_rewind(good->model_session, absurd[i]));
  }
  EXPECT(HEDDLE_INVALID_ARGUMENT,
         heddle_model_session_extend(good->model_session, (int32_t[]){INT32_MIN}, 1, 0, NULL, 0));
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_session_extend(good->model_session, (int32_t[]){1}, 1, -1, NULL, 0));
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_session_extend(good->model_session, NULL, 0, 0, NULL, 0));
}

void abuse_structs(const fixture *good) {
  sizes(good);
  backends();
  budgets(good);
  generation(good);
}

// Models, and callbacks that call what they were called from.

#include <unistd.h>

#include "abuse.h"

static const char prompt[] = "The capital of France is";

typedef struct generation {
  const fixture *good;
  heddle_model model;
  int tokens;
  char text[256];
  heddle_status inner;
} generation;

static int32_t collect(void *context, const heddle_token *token) {
  generation *it = context;
  it->tokens++;
  IS(token->size == sizeof(*token));
  IS(token->length == strlen(token->text));
  strncat(it->text, token->text, sizeof(it->text) - strlen(it->text) - 1);
  return 0;
}

static int32_t stop(void *context, const heddle_token *token) {
  collect(context, token);
  return -1;
}

static heddle_status generate(heddle_model model, int32_t tokens, heddle_token_callback callback, generation *it) {
  heddle_generate_options options = {.size = sizeof(options), .maximum_tokens = tokens};
  it->tokens = 0;
  it->text[0] = 0;
  return heddle_model_generate(model, prompt, &options, callback, it);
}

// Another whole generation inside one token of the first.
static int32_t generate_inside(void *context, const heddle_token *token) {
  generation *it = context, inner = {.good = it->good, .model = it->model};
  it->inner = generate(it->model, 2, collect, &inner);
  IS(inner.tokens == 2);
  return collect(context, token);
}

// The model that generates is released by its own token.
static int32_t release_model(void *context, const heddle_token *token) {
  generation *it = context;
  it->inner = heddle_release(it->model);
  return collect(context, token);
}

static int32_t call_others(void *context, const heddle_token *token) {
  generation *it = context;
  int32_t ids[8];
  size_t count;
  char text[4096];
  EXPECT(HEDDLE_OK, heddle_model_tokenize(it->model, prompt, ids, 8, &count));
  EXPECT(HEDDLE_OK, heddle_backend_state(it->good->backend, text, sizeof(text), NULL));
  EXPECT(HEDDLE_OK, run_step(it->good->session, 0, 2));
  return collect(context, token);
}

static void models(const fixture *good) {
  generation it = {.good = good, .model = good->model};
  EXPECT(HEDDLE_OK, generate(good->model, 3, collect, &it));
  IS(it.tokens == 3 && strncmp(it.text, " Paris", 6) == 0);
  EXPECT(HEDDLE_CANCELLED, generate(good->model, 3, stop, &it));
  IS(it.tokens == 1);
  EXPECT(HEDDLE_OK, generate(good->model, 3, generate_inside, &it));
  IS(it.inner == HEDDLE_OK && it.tokens == 3 && strncmp(it.text, " Paris", 6) == 0);
  heddle_generate_options options = {.size = sizeof(options), .maximum_tokens = 3, .timeout = 1};
  EXPECT(HEDDLE_DEADLINE, heddle_model_generate(good->model, prompt, &options, collect, &it));
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_generate(good->model, "", NULL, collect, &it));

  heddle_model_options model_options = {.size = sizeof(model_options), .chunk = 16};
  EXPECT(HEDDLE_OK, heddle_model_open(good->backend, good->model_path, &model_options, &it.model));
  EXPECT(HEDDLE_CANCELLED, generate(it.model, 3, release_model, &it));
  IS(it.inner == HEDDLE_OK && it.tokens == 1);
  EXPECT(HEDDLE_STALE_HANDLE, generate(it.model, 3, collect, &it));
}

// Memory that is given back: its callback releases the very object, and uses others.
typedef struct owner {
  const fixture *good;
  heddle_constants constants;
  heddle_status released;
  int calls;
} owner;

static void release_owner(void *context) {
  owner *it = context;
  it->calls++;
  it->released = heddle_release(it->constants);
  size_t needed;
  EXPECT(HEDDLE_OK, heddle_graph_json(it->good->graph, NULL, 0, &needed));
  EXPECT(HEDDLE_OK, run_step(it->good->session, 0, 2));
  heddle_builder builder;
  EXPECT(HEDDLE_OK, heddle_builder_create(&builder));
  EXPECT(HEDDLE_OK, heddle_release(builder));
}

static void owners(const fixture *good) {
  static const float data[4] = {0};
  const int64_t shape[] = {4};
  owner it = {.good = good};
  EXPECT(HEDDLE_OK, heddle_constants_create(&it.constants));
  EXPECT(HEDDLE_OK, heddle_constants_add(it.constants, "n", "f32", shape, 1, data, sizeof(data), release_owner, &it));
  EXPECT(HEDDLE_OK, heddle_release(it.constants));
  IS(it.calls == 1 && it.released == HEDDLE_STALE_HANDLE);
  // By a call that fails: the constants it was to be added to go with it.
  EXPECT(HEDDLE_OK, heddle_constants_create(&it.constants));
  EXPECT(HEDDLE_INVALID_DATA, heddle_constants_add(it.constants, "n", "f32", shape, 1, data, 1, release_owner, &it));
  IS(it.calls == 2 && it.released == HEDDLE_OK);
  EXPECT(HEDDLE_STALE_HANDLE, heddle_release(it.constants));
}

// Asked while a call keeps the thread; says yes from one time on, and calls others meanwhile.
typedef struct interrupt {
  const fixture *good;
  int asked, from;
} interrupt;

static int32_t is_interrupted(void *context) {
  interrupt *it = context;
  it->asked++;
  size_t needed;
  EXPECT(HEDDLE_OK, heddle_graph_json(it->good->graph, NULL, 0, &needed));
  // Drivers that run one step at a time are inside this thread's.
  heddle_status status = run_step(it->good->session, 0, 2);
  IS(status == HEDDLE_OK || status == HEDDLE_BUSY);
  return it->asked >= it->from;
}

// The session that runs is released, and goes when it is done.
static int32_t release_session(void *context) {
  heddle_session *session = context;
  if (*session != 0) EXPECT(HEDDLE_OK, heddle_release(*session));
  *session = 0;
  return 0;
}

// A callback that was asked just now is not asked again by a run that is over within that time.
static void pass_interval(void) { usleep(20000); }

static void interrupts(const fixture *good) {
  static float x[512 * 512];
  interrupt it = {.good = good, .from = 2};
  heddle_executable slow = make_slow_executable(good->backend, 64);
  heddle_session session = 0;
  NEED(heddle_session_create(slow, NULL, &session));
  NEED(heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
  const heddle_run_options options = {.size = sizeof(options)};
  EXPECT(HEDDLE_OK, heddle_set_interrupt(is_interrupted, &it));
  EXPECT(HEDDLE_CANCELLED, heddle_session_run(session, &options));
  IS(it.asked == 2);
  // A step apart is none of this thread's business.
  EXPECT(HEDDLE_OK, heddle_session_start(session, NULL));
  EXPECT(HEDDLE_OK, heddle_session_wait(session, -1));
  it = (interrupt){.good = good, .from = 1};
  pass_interval();
  generation tokens = {.good = good};
  EXPECT(HEDDLE_CANCELLED, generate(good->model, 100, collect, &tokens));
  IS(it.asked == 1);
  pass_interval();
  EXPECT(HEDDLE_CANCELLED, heddle_model_open(good->backend, good->model_path, NULL, &(heddle_model){0}));
  it = (interrupt){.good = good, .from = 1 << 30};
  pass_interval();
  EXPECT(HEDDLE_OK, heddle_session_run(session, &options));
  IS(it.asked > 0);
  EXPECT(HEDDLE_OK, heddle_set_interrupt(NULL, NULL));
  it.asked = 0;
  EXPECT(HEDDLE_OK, heddle_session_run(session, NULL));
  IS(it.asked == 0);
  EXPECT(HEDDLE_OK, heddle_set_interrupt(NULL, &it));
  heddle_session other = 0;
  NEED(heddle_session_create(slow, NULL, &other));
  NEED(heddle_session_write(other, HEDDLE_INPUT, "x", x, sizeof(x)));
  const heddle_session released = other;
  EXPECT(HEDDLE_OK, heddle_set_interrupt(release_session, &other));
  pass_interval();
  EXPECT(HEDDLE_CANCELLED, heddle_session_run(released, &options));
  EXPECT(HEDDLE_OK, heddle_set_interrupt(NULL, NULL));
  IS(other == 0);
  EXPECT(HEDDLE_STALE_HANDLE, heddle_session_run(released, &options));
  const heddle_handle made[] = {session, slow};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) NEED(heddle_release(made[i]));
}

void abuse_callbacks(const fixture *good) {
  generation it = {.good = good, .model = good->model};
  EXPECT(HEDDLE_OK, generate(good->model, 1, call_others, &it));
  models(good);
  owners(good);
  interrupts(good);
}

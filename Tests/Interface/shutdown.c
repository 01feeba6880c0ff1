// What heddle_shutdown leaves: nothing alive, and functions that say so. Each way to call it in a process of its own.
//
//   shutdown plain|twice|callback|running

#include "abuse.h"

static const char *way;
static fixture good;

static void shut_down(void *context) { *(heddle_status *)context = heddle_shutdown(); }

static void after(void) {
  heddle_handle handle = 7;
  size_t size = 0;
  int32_t number = 0;
  char text[64];
  heddle_value value = 0;
  const int64_t shape[] = {1};
  const float data[] = {0};
  static float values[4];
  EXPECT(HEDDLE_SHUT_DOWN, heddle_device_count(&size));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_device_find(NULL, &size));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_device_profile(0, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_backend_create(NULL, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_backend_state(good.backend, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_backend_supports(good.backend, good.graph, &number, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_constants_create(&handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_constants_open("/nonexistent", &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_constants_add(good.constants, "n", "f32", shape, 1, data, 4, NULL, NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_constants_list(good.constants, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_create(&handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_symbol(good.builder, "n", 1, 2));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_constant(good.builder, good.constants, "w", &value));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_apply(good.builder, "{\"softmax\": {}}", &good.x, 1, NULL, &value, 1, NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_update(good.builder, "cache", good.cache));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_output(good.builder, "z", good.y));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_builder_build(good.builder, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_graph_from_json("{}", 2, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_graph_json(good.graph, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_compile(good.backend, good.graph, good.constants, NULL, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_executable_plan(good.executable, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_create(good.executable, NULL, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_bind(good.session, HEDDLE_INPUT, "x", NULL, NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_write(good.session, HEDDLE_INPUT, "x", data, 4));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_read(good.session, HEDDLE_OUTPUT, "y", text, 4));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_reset(good.session));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_run(good.session, NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_start(good.session, NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_wait(good.session, -1));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_cancel(good.session));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_session_profile(good.session, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_model_open(good.backend, "/nonexistent", NULL, &handle));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_model_info(good.session, text, sizeof(text), NULL));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_model_tokenize(good.session, "a", &number, 1, &size));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_model_generate(good.session, "a", NULL, NULL, NULL));
  EXPECT(HEDDLE_SHUT_DOWN,
         heddle_session_bind_dlpack(good.session, HEDDLE_INPUT, "x", dlpack_float_tensor(values, 1, 4), NULL));
  IS(dlpack_deleted == 1);
  EXPECT(HEDDLE_SHUT_DOWN, heddle_release(good.session));
  EXPECT(HEDDLE_SHUT_DOWN, heddle_release(0));
  IS(handle == 7);
  heddle_error error = {.size = sizeof(error)};
  EXPECT(HEDDLE_OK, heddle_last_error(&error));
  IS(error.code == HEDDLE_SHUT_DOWN && strlen(heddle_version()) > 0);
  EXPECT(HEDDLE_OK, heddle_shutdown());
  heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.contexts == 0 && left.queues == 0 && left.buffers == 0);
  IS(left.programs == 0 && left.kernels == 0 && left.events == 0 && left.threads == 0);
}

int main(int count, char **arguments) {
  way = count > 1 ? arguments[1] : "plain";
  check_start(300);
  make_fixture(&good, NULL);
  static const float data[4] = {0};
  const int64_t shape[] = {4};
  heddle_status inner = HEDDLE_INTERNAL;
  if (strcmp(way, "callback") == 0) {
    heddle_constants constants = 0;
    NEED(heddle_constants_create(&constants));
    NEED(heddle_constants_add(constants, "n", "f32", shape, 1, data, sizeof(data), shut_down, &inner));
    EXPECT(HEDDLE_OK, heddle_release(constants));
    IS(inner == HEDDLE_OK);
  } else if (strcmp(way, "running") == 0) {
    heddle_executable slow = make_slow_executable(good.backend, 64);
    heddle_session session = 0;
    static float x[512 * 512];
    NEED(heddle_session_create(slow, NULL, &session));
    NEED(heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
    NEED(heddle_session_run(session, &(heddle_run_options){.size = sizeof(heddle_run_options)}));
    NEED(heddle_session_start(session, NULL));
    EXPECT(HEDDLE_OK, heddle_shutdown());
  } else {
    EXPECT(HEDDLE_OK, heddle_shutdown());
    if (strcmp(way, "twice") == 0) EXPECT(HEDDLE_OK, heddle_shutdown());
  }
  after();
  char name[64];
  snprintf(name, sizeof(name), "shutdown, %s", way);
  return check_finish(name, 38);
}

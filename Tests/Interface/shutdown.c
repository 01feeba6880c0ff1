// What heddle_shutdown leaves: nothing alive, and functions that say so. Each way to call it in a process of its own. And a
// forked child, in which no function waits for threads that stayed with the parent.
//
//   shutdown plain|twice|callback|running|forked

#include <sys/wait.h>
#include <unistd.h>

#include "abuse.h"
#include "dlpack_tensor.h"

static const char *way;
static fixture good;
static heddle_status refused = HEDDLE_SHUT_DOWN;

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
  EXPECT(refused, heddle_set_interrupt(NULL, NULL));
  EXPECT(refused, heddle_device_count(&size));
  EXPECT(refused, heddle_device_find(NULL, &size));
  EXPECT(refused, heddle_device_profile(0, text, sizeof(text), NULL));
  EXPECT(refused, heddle_backend_create(NULL, &handle));
  EXPECT(refused, heddle_backend_state(good.backend, text, sizeof(text), NULL));
  EXPECT(refused, heddle_backend_supports(good.backend, good.graph, &number, text, sizeof(text), NULL));
  EXPECT(refused, heddle_encoding_byte_count("f32", shape, 1, &size));
  EXPECT(refused, heddle_constants_create(&handle));
  EXPECT(refused, heddle_constants_open("/nonexistent", &handle));
  EXPECT(refused, heddle_constants_add(good.constants, "n", "f32", shape, 1, data, 4, NULL, NULL));
  EXPECT(refused, heddle_constants_save(good.constants, "/nonexistent/file"));
  EXPECT(refused, heddle_constants_list(good.constants, text, sizeof(text), NULL));
  EXPECT(refused, heddle_dimension("n", NULL, 0, NULL, text, sizeof(text), NULL));
  EXPECT(refused, heddle_builder_create(&handle));
  EXPECT(refused, heddle_builder_symbol(good.builder, "n", 1, 2));
  EXPECT(refused, heddle_builder_constant(good.builder, good.constants, "w", &value));
  EXPECT(refused, heddle_builder_apply(good.builder, "{\"softmax\": {}}", &good.x, 1, NULL, &value, 1, NULL));
  EXPECT(refused, heddle_builder_type(good.builder, good.x, text, sizeof(text), NULL));
  EXPECT(refused, heddle_builder_update(good.builder, "cache", good.cache));
  EXPECT(refused, heddle_builder_output(good.builder, "z", good.y));
  EXPECT(refused, heddle_builder_build(good.builder, &handle));
  EXPECT(refused, heddle_graph_from_json("{}", 2, &handle));
  EXPECT(refused, heddle_graph_json(good.graph, text, sizeof(text), NULL));
  EXPECT(refused, heddle_operations(text, sizeof(text), NULL));
  EXPECT(refused, heddle_compile(good.backend, good.graph, good.constants, NULL, &handle));
  EXPECT(refused, heddle_executable_plan(good.executable, text, sizeof(text), NULL));
  EXPECT(refused, heddle_session_create(good.executable, NULL, &handle));
  EXPECT(refused, heddle_session_bind(good.session, HEDDLE_INPUT, "x", NULL, NULL));
  EXPECT(refused, heddle_session_write(good.session, HEDDLE_INPUT, "x", data, 4));
  EXPECT(refused, heddle_session_read(good.session, HEDDLE_OUTPUT, "y", text, 4));
  EXPECT(refused, heddle_session_reset(good.session));
  EXPECT(refused, heddle_session_run(good.session, NULL));
  EXPECT(refused, heddle_session_start(good.session, NULL));
  EXPECT(refused, heddle_session_wait(good.session, -1));
  EXPECT(refused, heddle_session_cancel(good.session));
  EXPECT(refused, heddle_session_profile(good.session, text, sizeof(text), NULL));
  EXPECT(refused, heddle_model_open(good.backend, "/nonexistent", NULL, &handle));
  EXPECT(refused, heddle_model_info(good.session, text, sizeof(text), NULL));
  EXPECT(refused, heddle_model_tokenize(good.session, "a", &number, 1, &size));
  EXPECT(refused, heddle_model_tokenize_messages(good.session, "[]", &number, 1, &size));
  EXPECT(refused, heddle_model_detokenize(good.session, &number, 1, text, sizeof(text), NULL));
  EXPECT(refused, heddle_model_session_create(good.session, 1, &handle));
  EXPECT(refused, heddle_model_session_extend(good.session, &number, 1, 0, NULL, 0));
  EXPECT(refused, heddle_model_session_rewind(good.session, 0));
  EXPECT(refused, heddle_model_session_position(good.session, &(int64_t){0}));
  EXPECT(refused, heddle_model_session_experts(good.session, text, sizeof(text), NULL));
  EXPECT(refused, heddle_model_generate(good.session, "a", NULL, NULL, NULL));
  EXPECT(refused,
         heddle_session_bind_dlpack(good.session, HEDDLE_INPUT, "x", dlpack_float_tensor(values, 1, 4), NULL));
  IS(dlpack_deleted == 1);
  EXPECT(refused, heddle_release(good.session));
  EXPECT(refused, heddle_release(0));
  IS(handle == 7);
  heddle_error error = {.size = sizeof(error)};
  EXPECT(HEDDLE_OK, heddle_last_error(&error));
  IS(error.code == refused && strlen(heddle_version()) > 0);
  if (refused == HEDDLE_FORKED) {
    EXPECT(refused, heddle_shutdown());
    EXPECT(refused, heddle_live(&(heddle_live_counts){.size = sizeof(heddle_live_counts)}));
    return;
  }
  EXPECT(HEDDLE_OK, heddle_shutdown());
  heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.contexts == 0 && left.queues == 0 && left.buffers == 0);
  IS(left.programs == 0 && left.kernels == 0 && left.events == 0 && left.threads == 0);
}

// A child's answer, while the parent's session runs; then the parent goes on.
static int forked(void) {
  heddle_executable slow = make_slow_executable(good.backend, 64);
  heddle_session session = 0;
  static float x[512 * 512];
  NEED(heddle_session_create(slow, NULL, &session));
  NEED(heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
  NEED(heddle_session_run(session, &(heddle_run_options){.size = sizeof(heddle_run_options)}));
  NEED(heddle_session_start(session, NULL));
  pid_t child = fork();
  if (child == 0) {
    check_start(60);
    refused = HEDDLE_FORKED;
    after();
    exit(check_finish("shutdown, forked", 41));
  }
  int status = -1;
  IS(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT(HEDDLE_OK, heddle_session_wait(session, -1));
  EXPECT(HEDDLE_OK, run_step(good.session, 0, 2));
  EXPECT(HEDDLE_OK, heddle_release(session));
  EXPECT(HEDDLE_OK, heddle_release(slow));
  release_fixture(&good);
  return check_finish("shutdown, forked, the parent", 4);
}

int main(int count, char **arguments) {
  way = count > 1 ? arguments[1] : "plain";
  check_start(300);
  make_fixture(&good, NULL);
  if (strcmp(way, "forked") == 0) return forked();
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
  return check_finish(name, 41);
}

// What a use of the library leaves in the process: nothing but what drivers keep from their first use on.
//
//   leaves                 everything, then ends with handles alive
//   leaves exit|quick      only ends, through exit() or quick_exit(), with handles alive and a step running

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "fixtures.h"

extern char **environ;

static int entries(const char *folder) {
  DIR *directory = opendir(folder);
  int count = 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

// A thread that was joined leaves the folder a moment later.
static int settled(const char *folder, int expected) {
  for (int i = 0; i < 200 && entries(folder) != expected; i++) usleep(10000);
  return entries(folder);
}

static long resident_bytes(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  long pages = 0;
  if (fscanf(file, "%*s %ld", &pages) != 1) pages = -1;
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

static struct sigaction actions[NSIG];
static int handlers_differ(int is_first) {
  int differing = 0;
  for (int signal = 1; signal < NSIG; signal++) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    if (sigaction(signal, NULL, &action) != 0) continue;
    if (is_first) actions[signal] = action;
    if (action.sa_handler == actions[signal].sa_handler && action.sa_flags == actions[signal].sa_flags) continue;
    printf("the handler of signal %d is another\n", signal);
    differing++;
  }
  return differing;
}

static int environment_differs(int is_first) {
  static char *copies[1024];
  static char **before;
  size_t count = 0;
  if (is_first) before = environ;
  while (environ[count] != NULL && count < 1023) {
    if (is_first) copies[count] = strdup(environ[count]);
    if (copies[count] == NULL || strcmp(copies[count], environ[count]) != 0) return 1;
    count++;
  }
  return copies[count] != NULL || environ != before;
}

// Drivers do what they do to a process when they are loaded: PoCL sets an environment variable for hwloc.
static void load_drivers(void) {
  cl_platform_id platforms[16];
  cl_uint count = 0;
  clGetPlatformIDs(16, platforms, &count);
  for (cl_uint i = 0; i < count && i < 16; i++) {
    cl_device_id device;
    clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_ALL, 1, &device, NULL);
  }
}

static void use(void) {
  fixture it;
  make_fixture(&it, NULL);
  heddle_error error = {.size = sizeof(error)};
  EXPECT(HEDDLE_INVALID_HANDLE, heddle_release(0));
  EXPECT(HEDDLE_OK, heddle_last_error(&error));
  EXPECT(HEDDLE_OK, heddle_session_start(it.session, NULL));
  EXPECT(HEDDLE_OK, heddle_session_wait(it.session, -1));
  release_fixture(&it);
  heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.contexts == 0 && left.queues == 0 && left.buffers == 0);
  IS(left.programs == 0 && left.kernels == 0 && left.events == 0 && left.threads == 0);
}

// y = x + x, one launch, a hundred thousand times.
static void run_often(void) {
  heddle_backend backend = 0;
  heddle_builder builder = 0;
  heddle_graph graph = 0;
  heddle_executable executable = 0;
  heddle_session session = 0;
  heddle_value x = 0, y = 0;
  NEED(heddle_backend_create(NULL, &backend));
  NEED(heddle_builder_create(&builder));
  NEED(heddle_builder_apply(builder,
                            "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [8]}}}", NULL,
                            0, NULL, &x, 1, NULL));
  const heddle_value twice[] = {x, x};
  NEED(heddle_builder_apply(builder, "{\"binary\": {\"function\": \"add\"}}", twice, 2, NULL, &y, 1, NULL));
  NEED(heddle_builder_output(builder, "y", y));
  NEED(heddle_builder_build(builder, &graph));
  NEED(heddle_compile(backend, graph, 0, NULL, &executable));
  NEED(heddle_session_create(executable, NULL, &session));
  static float in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[8];
  heddle_memory memory = {.size = sizeof(memory), .data = in, .byte_count = sizeof(in)};
  NEED(heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, NULL));
  memory.data = out;
  NEED(heddle_session_bind(session, HEDDLE_OUTPUT, "y", &memory, NULL));
  heddle_run_options options = {.size = sizeof(options)};
  NEED(heddle_session_run(session, &options));
  long early = 0;
  for (int i = 1; i <= 100000; i++) {
    NEED(heddle_session_run(session, i % 2 == 0 ? NULL : &options));
    if (i == 10000) early = resident_bytes();
  }
  long grown = resident_bytes() - early;
  printf("leaves: %ld bytes more after 100,000 runs than after 10,000\n", grown);
  IS(grown < 1 << 20);
  IS(out[0] == 2 && out[7] == 16);
  const heddle_handle made[] = {session, executable, graph, builder, backend};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) NEED(heddle_release(made[i]));
}

static void make_and_start(void) {
  fixture it;
  make_fixture(&it, NULL);
  heddle_executable slow = make_slow_executable(it.backend, 64);
  heddle_session session = 0;
  static float x[512 * 512];
  NEED(heddle_session_create(slow, NULL, &session));
  NEED(heddle_session_write(session, HEDDLE_INPUT, "x", x, sizeof(x)));
  NEED(heddle_session_run(session, &(heddle_run_options){.size = sizeof(heddle_run_options)}));
  NEED(heddle_session_start(session, NULL));
}

int main(int count, char **arguments) {
  if (count > 1) {
    check_start(300);
    make_and_start();
    if (strcmp(arguments[1], "quick") == 0) quick_exit(0);
    exit(0);
  }
  load_drivers();
  handlers_differ(1);
  environment_differs(1);
  use();
  IS(handlers_differ(0) == 0);
  IS(environment_differs(0) == 0);
  int files = entries("/proc/self/fd"), threads = entries("/proc/self/task");
  for (int i = 0; i < 5; i++) use();
  printf("leaves: %d files and %d threads more after five uses than after one\n",
         settled("/proc/self/fd", files) - files, settled("/proc/self/task", threads) - threads);
  IS(settled("/proc/self/fd", files) <= files);
  IS(settled("/proc/self/task", threads) <= threads);
  IS(handlers_differ(0) == 0);
  check_start(900);
  run_often();
  return check_finish("leaves", 24);
}

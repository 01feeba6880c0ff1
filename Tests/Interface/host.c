// A program with an OpenCL context of its own that comes to use Heddle: its work gives what it gave before, beside
// Heddle and in the same context and queue.
//
//   host libheddle.so.0

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <dlfcn.h>
#include <heddle.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNT = 4096, WIDTH = 4, ROWS = 3 };

static const char source[] =
    "kernel void work(global const float *x, global float *y) {\n"
    "  size_t i = get_global_id(0);\n"
    "  float sum = 0.0f;\n"
    "  for (int k = 0; k < 100; k++) sum = sum * 0.5f + native_exp(x[i]) * (float)k;\n"
    "  y[i] = sum;\n"
    "}\n";

static int failures = 0;
static void is(const char *what, int is_true) {
  if (!is_true) failures++;
  printf("host: %s: %s\n", what, is_true ? "so" : "NOT SO");
}

static void need(const char *what, cl_int status) {
  if (status == CL_SUCCESS) return;
  fprintf(stderr, "host: %s: OpenCL error %d\n", what, status);
  exit(1);
}

typedef struct program {
  cl_context context;
  cl_device_id device;
  cl_command_queue queue;
  cl_kernel kernel;
  cl_program program;
  cl_mem x, y;
} program;

static void make(program *it) {
  cl_platform_id platform;
  cl_int status;
  need("clGetPlatformIDs", clGetPlatformIDs(1, &platform, NULL));
  need("clGetDeviceIDs", clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &it->device, NULL));
  it->context = clCreateContext(NULL, 1, &it->device, NULL, NULL, &status);
  need("clCreateContext", status);
  it->queue = clCreateCommandQueue(it->context, it->device, 0, &status);
  need("clCreateCommandQueue", status);
  const char *text = source;
  it->program = clCreateProgramWithSource(it->context, 1, &text, NULL, &status);
  need("clCreateProgramWithSource", status);
  need("clBuildProgram", clBuildProgram(it->program, 1, &it->device, "", NULL, NULL));
  it->kernel = clCreateKernel(it->program, "work", &status);
  need("clCreateKernel", status);
  static float x[COUNT];
  for (int i = 0; i < COUNT; i++) x[i] = (float)(i % 64) / 64;
  it->x = clCreateBuffer(it->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, sizeof(x), x, &status);
  need("clCreateBuffer", status);
  it->y = clCreateBuffer(it->context, CL_MEM_READ_WRITE, sizeof(x), NULL, &status);
  need("clCreateBuffer", status);
}

static void work(program *it, float *results) {
  need("clSetKernelArg", clSetKernelArg(it->kernel, 0, sizeof(cl_mem), &it->x));
  need("clSetKernelArg", clSetKernelArg(it->kernel, 1, sizeof(cl_mem), &it->y));
  const size_t count = COUNT;
  need("clEnqueueNDRangeKernel", clEnqueueNDRangeKernel(it->queue, it->kernel, 1, NULL, &count, NULL, 0, NULL, NULL));
  need("clEnqueueReadBuffer",
       clEnqueueReadBuffer(it->queue, it->y, CL_TRUE, 0, COUNT * sizeof(float), results, 0, NULL, NULL));
}

static cl_uint references_now(const program *it) {
  cl_uint context = 0, queue = 0, x = 0;
  clGetContextInfo(it->context, CL_CONTEXT_REFERENCE_COUNT, sizeof(context), &context, NULL);
  clGetCommandQueueInfo(it->queue, CL_QUEUE_REFERENCE_COUNT, sizeof(queue), &queue, NULL);
  clGetMemObjectInfo(it->x, CL_MEM_REFERENCE_COUNT, sizeof(x), &x, NULL);
  return context * 10000 + queue * 100 + x;
}

// The least count of a quarter of a second: a driver's thread gives up what a finished command held a moment after the
// wait for it has ended, while a reference that was forgotten stays.
static cl_uint references(const program *it) {
  cl_uint least = references_now(it);
  for (int i = 0; i < 50; i++) {
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    const cl_uint now = references_now(it);
    if (now < least) least = now;
  }
  return least;
}

// Heddle's functions, looked up in the library that is opened while the program runs.
static struct {
  __typeof__(&heddle_backend_create) backend_create;
  __typeof__(&heddle_builder_create) builder_create;
  __typeof__(&heddle_builder_apply) builder_apply;
  __typeof__(&heddle_builder_output) builder_output;
  __typeof__(&heddle_builder_build) builder_build;
  __typeof__(&heddle_compile) compile;
  __typeof__(&heddle_session_create) session_create;
  __typeof__(&heddle_session_bind) session_bind;
  __typeof__(&heddle_session_run) session_run;
  __typeof__(&heddle_release) release;
  __typeof__(&heddle_live) live;
  __typeof__(&heddle_last_error) last_error;
} api;

static void *look_up(void *library, const char *name) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) {
    fprintf(stderr, "host: %s\n", dlerror());
    exit(1);
  }
  return symbol;
}

#define LOOK_UP(name)                                 \
  do {                                                \
    void *symbol = look_up(library, "heddle_" #name); \
    memcpy(&api.name, &symbol, sizeof(symbol));       \
  } while (0)

static void open_library(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "host: %s\n", dlerror());
    exit(1);
  }
  LOOK_UP(backend_create);
  LOOK_UP(builder_create);
  LOOK_UP(builder_apply);
  LOOK_UP(builder_output);
  LOOK_UP(builder_build);
  LOOK_UP(compile);
  LOOK_UP(session_create);
  LOOK_UP(session_bind);
  LOOK_UP(session_run);
  LOOK_UP(release);
  LOOK_UP(live);
  LOOK_UP(last_error);
}

static void check(heddle_status status) {
  if (status == HEDDLE_OK) return;
  heddle_error error = {.size = sizeof(error)};
  api.last_error(&error);
  fprintf(stderr, "host: %s: %s\n", error.operation, error.text);
  exit(1);
}

// y = x + x on memory of the program; `shared` gives Heddle its context, queue and buffers.
static void use_heddle(program *it, int shared) {
  heddle_backend_options backend_options = {.size = sizeof(backend_options)};
  heddle_session_options session_options = {.size = sizeof(session_options)};
  if (shared) {
    backend_options.opencl_context = it->context;
    session_options.opencl_queue = it->queue;
  }
  heddle_backend backend;
  heddle_builder builder;
  heddle_graph graph;
  heddle_executable executable;
  heddle_session session;
  heddle_value x, y;
  check(api.backend_create(&backend_options, &backend));
  check(api.builder_create(&builder));
  check(api.builder_apply(builder,
                          "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [4096]}}}", NULL,
                          0, NULL, &x, 1, NULL));
  const heddle_value twice[] = {x, x};
  check(api.builder_apply(builder, "{\"binary\": {\"function\": \"add\"}}", twice, 2, NULL, &y, 1, NULL));
  check(api.builder_output(builder, "y", y));
  check(api.builder_build(builder, &graph));
  check(api.compile(backend, graph, 0, NULL, &executable));
  check(api.session_create(executable, &session_options, &session));

  static float in[COUNT], out[COUNT];
  for (int i = 0; i < COUNT; i++) in[i] = (float)(i % 64) / 64;
  heddle_memory memory = {.size = sizeof(memory), .data = in, .byte_count = sizeof(in)};
  int32_t copied = -1;
  cl_int status;
  cl_mem results = clCreateBuffer(it->context, CL_MEM_READ_WRITE, sizeof(out), NULL, &status);
  need("clCreateBuffer", status);
  if (shared) {
    memory.kind = HEDDLE_MEMORY_OPENCL;
    memory.data = it->x;
    check(api.session_bind(session, HEDDLE_INPUT, "x", &memory, &copied));
    is("a cl_mem of the program is used in place", copied == 0);
    memory.data = results;
  } else {
    check(api.session_bind(session, HEDDLE_INPUT, "x", &memory, NULL));
    memory.data = out;
  }
  check(api.session_bind(session, HEDDLE_OUTPUT, "y", &memory, NULL));
  check(api.session_run(session, &(heddle_run_options){.size = sizeof(heddle_run_options)}));
  if (shared)
    need("clEnqueueReadBuffer", clEnqueueReadBuffer(it->queue, results, CL_TRUE, 0, sizeof(out), out, 0, NULL, NULL));
  int is_right = 1;
  for (int i = 0; i < COUNT; i++) is_right = is_right && out[i] == 2 * in[i];
  is(shared ? "Heddle computes in the program's context and queue" : "Heddle computes beside the program", is_right);

  float beside[COUNT];
  work(it, beside);
  const heddle_handle made[] = {session, executable, graph, builder, backend};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) check(api.release(made[i]));
  clReleaseMemObject(results);
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  static float before[COUNT], after[COUNT];
  program it;
  make(&it);
  work(&it, before);
  cl_uint counted = references(&it);
  open_library(arguments[1]);
  for (int shared = 0; shared < 2; shared++) {
    use_heddle(&it, shared);
    memset(after, 0, sizeof(after));
    work(&it, after);
    is("the program's own work gives the same bits", memcmp(before, after, sizeof(before)) == 0);
    is("nothing of the program is held any more", references(&it) == counted);
  }
  heddle_live_counts live = {.size = sizeof(live)};
  check(api.live(&live));
  is("nothing of Heddle is alive", live.handles == 0 && live.buffers == 0 && live.contexts == 0 && live.queues == 0);
  clReleaseMemObject(it.x);
  clReleaseMemObject(it.y);
  clReleaseKernel(it.kernel);
  clReleaseProgram(it.program);
  clReleaseCommandQueue(it.queue);
  clReleaseContext(it.context);
  return failures == 0 ? 0 : 1;
}

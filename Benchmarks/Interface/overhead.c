// What a call of libheddle costs above the launch it makes, and how fast a graph that is brought again is found.
//
//   overhead [MODEL.gguf GRAPH.json]     with a model file and its graph also these
//
// Per turn, one after the other on the same device: a kernel launched and waited for with plain OpenCL
// (clEnqueueNDRangeKernel, clFinish), and heddle_session_run of a compiled graph of one node over as many elements, on a
// cl_mem and on the host's memory. Both are one work-group: the device has the same to do. Figures are medians of all
// turns, in microseconds.

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <heddle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ELEMENTS = 64, WARM_UP = 2000, TURNS = 20000, SEARCHES = 200 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec * 1e-3;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, int count) {
  qsort(values, count, sizeof(double), compare);
  return values[count / 2];
}

static void check(heddle_status status) {
  if (status == HEDDLE_OK) return;
  heddle_error error = {.size = sizeof error};
  heddle_last_error(&error);
  fprintf(stderr, "%s: %s: %s\n", error.operation, heddle_status_name(status), error.text);
  exit(1);
}

static void check_opencl(cl_int status, const char *what) {
  if (status == CL_SUCCESS) return;
  fprintf(stderr, "%s: OpenCL error %d\n", what, status);
  exit(1);
}

// A host that already uses OpenCL.
typedef struct {
  cl_context context;
  cl_command_queue queue;
  cl_kernel kernel;
  cl_mem x, y;
} Host;

static Host make_host(cl_device_id device) {
  const char *source =
      "__kernel void negate(__global const float *x, __global float *y) {"
      "  const size_t i = get_global_id(0); y[i] = -x[i]; }";
  cl_int status;
  Host host;
  host.context = clCreateContext(NULL, 1, &device, NULL, NULL, &status);
  check_opencl(status, "clCreateContext");
  host.queue = clCreateCommandQueue(host.context, device, 0, &status);
  check_opencl(status, "clCreateCommandQueue");
  cl_program program = clCreateProgramWithSource(host.context, 1, &source, NULL, &status);
  check_opencl(clBuildProgram(program, 1, &device, "", NULL, NULL), "clBuildProgram");
  host.kernel = clCreateKernel(program, "negate", &status);
  host.x = clCreateBuffer(host.context, CL_MEM_READ_WRITE, 4 * ELEMENTS, NULL, &status);
  host.y = clCreateBuffer(host.context, CL_MEM_READ_WRITE, 4 * ELEMENTS, NULL, &status);
  check_opencl(status, "clCreateBuffer");
  clSetKernelArg(host.kernel, 0, sizeof host.x, &host.x);
  clSetKernelArg(host.kernel, 1, sizeof host.y, &host.y);
  return host;
}

// y = −x, built again at each call.
static heddle_graph make_graph(void) {
  char input[128];
  snprintf(input, sizeof input, "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [%d]}}}",
           ELEMENTS);
  heddle_builder builder;
  heddle_value x, y;
  heddle_graph graph;
  check(heddle_builder_create(&builder));
  check(heddle_builder_apply(builder, input, NULL, 0, NULL, &x, 1, NULL));
  check(heddle_builder_apply(builder, "{\"unary\": {\"function\": \"negate\"}}", &x, 1, NULL, &y, 1, NULL));
  check(heddle_builder_output(builder, "y", y));
  check(heddle_builder_build(builder, &graph));
  check(heddle_release(builder));
  return graph;
}

static heddle_session make_session(heddle_executable executable, int32_t kind, void *x, void *y) {
  heddle_session session;
  const heddle_memory input = {.size = sizeof input, .kind = kind, .data = x, .byte_count = 4 * ELEMENTS};
  const heddle_memory output = {.size = sizeof output, .kind = kind, .data = y, .byte_count = 4 * ELEMENTS};
  check(heddle_session_create(executable, NULL, &session));
  check(heddle_session_bind(session, HEDDLE_INPUT, "x", &input, NULL));
  check(heddle_session_bind(session, HEDDLE_OUTPUT, "y", &output, NULL));
  return session;
}

static void measure_runs(const Host *host, heddle_session device_memory, heddle_session host_memory) {
  static double launch[TURNS], run[TURNS], run_on_host[TURNS];
  const size_t global = ELEMENTS;
  for (int turn = -WARM_UP; turn < TURNS; turn++) {
    const double start = now();
    clEnqueueNDRangeKernel(host->queue, host->kernel, 1, NULL, &global, &global, 0, NULL, NULL);
    clFinish(host->queue);
    const double launched = now();
    check(heddle_session_run(device_memory, NULL));
    const double ran = now();
    check(heddle_session_run(host_memory, NULL));
    const double ended = now();
    if (turn < 0) continue;
    launch[turn] = launched - start;
    run[turn] = ran - launched;
    run_on_host[turn] = ended - ran;
  }
  const double bare = median(launch, TURNS), device = median(run, TURNS), shared = median(run_on_host, TURNS);
  printf("launch and wait, plain OpenCL        %8.2f us\n", bare);
  printf("heddle_session_run, bound to cl_mem  %8.2f us   %+.2f\n", device, device - bare);
  printf("heddle_session_run, host memory      %8.2f us   %+.2f\n", shared, shared - bare);
}

static void measure_searches(heddle_backend backend) {
  static double built[SEARCHES], found[SEARCHES];
  for (int i = 0; i < SEARCHES; i++) {
    heddle_executable executable;
    const double start = now();
    const heddle_graph graph = make_graph();
    const double made = now();
    check(heddle_compile(backend, graph, 0, NULL, &executable));
    const double end = now();
    built[i] = made - start;
    found[i] = end - made;
    check(heddle_release(graph));
    check(heddle_release(executable));
  }
  printf("one node brought again: found in     %8.2f us   (building it takes %.2f)\n", median(found, SEARCHES),
         median(built, SEARCHES));
}

// The graph of a model's file, from its JSON, with the constants of the file.
static void measure_model(heddle_backend backend, const char *path, const char *json_path) {
  FILE *file = fopen(json_path, "rb");
  if (!file) {
    perror(json_path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  const long length = ftell(file);
  rewind(file);
  char *json = malloc(length);
  if (!json || fread(json, 1, length, file) != (size_t)length) exit(1);
  fclose(file);

  heddle_constants constants;
  heddle_graph first;
  heddle_executable kept;
  check(heddle_constants_open(path, &constants));
  check(heddle_graph_from_json(json, length, &first));
  const double start = now();
  check(heddle_compile(backend, first, constants, NULL, &kept));
  printf("a model's graph: compiled in       %10.0f us\n", now() - start);
  static double found[SEARCHES];
  for (int i = 0; i < SEARCHES; i++) {
    heddle_graph graph;
    heddle_executable executable;
    check(heddle_graph_from_json(json, length, &graph));
    const double begin = now();
    check(heddle_compile(backend, graph, constants, NULL, &executable));
    found[i] = now() - begin;
    check(heddle_release(graph));
    check(heddle_release(executable));
  }
  printf("a model's graph brought again: found in %5.0f us\n", median(found, SEARCHES));
  check(heddle_release(kept));
  check(heddle_release(first));
  check(heddle_release(constants));
  free(json);
}

int main(int count, char **arguments) {
  cl_platform_id platform;
  cl_device_id device;
  char name[256];
  check_opencl(clGetPlatformIDs(1, &platform, NULL), "clGetPlatformIDs");
  check_opencl(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, NULL), "clGetDeviceIDs");
  clGetDeviceInfo(device, CL_DEVICE_NAME, sizeof name, name, NULL);
  printf("%s\n", name);

  Host host = make_host(device);
  const heddle_backend_options options = {.size = sizeof options, .opencl_context = host.context};
  heddle_backend backend;
  heddle_executable executable;
  check(heddle_backend_create(&options, &backend));
  const heddle_graph graph = make_graph();
  check(heddle_compile(backend, graph, 0, NULL, &executable));

  float *x = aligned_alloc(4096, 4 * ELEMENTS), *y = aligned_alloc(4096, 4 * ELEMENTS);
  const heddle_session device_memory = make_session(executable, HEDDLE_MEMORY_OPENCL, host.x, host.y);
  const heddle_session host_memory = make_session(executable, HEDDLE_MEMORY_HOST, x, y);
  measure_runs(&host, device_memory, host_memory);
  measure_searches(backend);
  if (count > 2) measure_model(backend, arguments[1], arguments[2]);
  return heddle_shutdown() == HEDDLE_OK ? 0 : 1;
}

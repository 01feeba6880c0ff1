// A weight pruned to 2:4, stored in a file, loaded and multiplied.
//
//   y = x · Wᵀ      x [TOKENS, WIDTH] f32, W [ROWS, WIDTH] f32, of which the two greatest of each four stay
//
// The encoded weight comes out of one graph as bytes and goes into the next one as a constant: weights that are sparse or
// in blocks are constants, always.
//
//   cc pruned.c $(pkg-config --cflags --libs heddle) -o pruned && ./pruned pruned.safetensors

#include <heddle.h>
#include <stdio.h>
#include <stdlib.h>

enum { TOKENS = 3, ROWS = 48, WIDTH = 64 };

static const char encoding[] = "2:4-f32";
static const int64_t shape[] = {ROWS, WIDTH};
static float weight[ROWS][WIDTH], x[TOKENS][WIDTH], y[TOKENS][ROWS];

// Every call goes through this: a failure is told and ends the program.
static void check(heddle_status status) {
  if (status == HEDDLE_OK) return;
  heddle_error error = {.size = sizeof(error)};
  heddle_last_error(&error);
  fprintf(stderr, "%s: %s: %s\n", heddle_status_name(status), error.operation, error.text);
  exit(1);
}

static heddle_value apply(heddle_builder builder, const char *operation, const heddle_value *operands, size_t count) {
  heddle_value result;
  check(heddle_builder_apply(builder, operation, operands, count, NULL, &result, 1, NULL));
  return result;
}

// The graph of one value, compiled, with memory of the host for its input x; the session runs once.
static heddle_session run(
    heddle_backend backend, heddle_builder builder, heddle_value result, heddle_constants constants, void *data,
    size_t byte_count) {
  heddle_graph graph;
  heddle_executable executable;
  heddle_session session;
  check(heddle_builder_output(builder, "y", result));
  check(heddle_builder_build(builder, &graph));
  check(heddle_compile(backend, graph, constants, NULL, &executable));
  check(heddle_session_create(executable, NULL, &session));
  heddle_memory memory = {.size = sizeof(memory), .data = data, .byte_count = byte_count, .is_read_only = 1};
  check(heddle_session_bind(session, HEDDLE_INPUT, "x", &memory, NULL));
  check(heddle_session_run(session, NULL));
  check(heddle_release(executable));
  check(heddle_release(graph));
  check(heddle_release(builder));
  return session;
}

// Prunes the weight and stores it.
static void store(heddle_backend backend, const char *path) {
  heddle_builder builder;
  check(heddle_builder_create(&builder));
  heddle_value dense = apply(
      builder, "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [48, 64]}}}", NULL, 0);
  heddle_value pruned = apply(builder, "{\"encode\": {\"encoding\": \"2:4-f32\"}}", &dense, 1);
  heddle_session session = run(backend, builder, pruned, 0, weight, sizeof(weight));

  size_t byte_count;
  check(heddle_encoding_byte_count(encoding, shape, 2, &byte_count));
  void *bytes = malloc(byte_count);
  if (bytes == NULL) exit(1);
  check(heddle_session_read(session, HEDDLE_OUTPUT, "y", bytes, byte_count));
  heddle_constants constants;
  check(heddle_constants_create(&constants));
  check(heddle_constants_add(constants, "w", encoding, shape, 2, bytes, byte_count, NULL, NULL));
  check(heddle_constants_save(constants, path));
  free(bytes);
  check(heddle_release(constants));
  check(heddle_release(session));
}

// Loads the weight and multiplies with it.
static void multiply(heddle_backend backend, const char *path) {
  heddle_constants constants;
  check(heddle_constants_open(path, &constants));
  heddle_builder builder;
  check(heddle_builder_create(&builder));
  heddle_value factors[2];
  factors[0] = apply(
      builder, "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [3, 64]}}}", NULL, 0);
  check(heddle_builder_constant(builder, constants, "w", &factors[1]));
  heddle_session session =
      run(backend, builder, apply(builder, "{\"matmul\": {}}", factors, 2), constants, x, sizeof(x));
  check(heddle_session_read(session, HEDDLE_OUTPUT, "y", y, sizeof(y)));
  check(heddle_release(session));
  check(heddle_release(constants));
}

static float magnitude(float value) { return value < 0 ? -value : value; }

// Whether a value is one of the two greatest of its four: among equals the first are.
static int stays(const float *row, int k) {
  int greater = 0;
  for (int other = k / 4 * 4; other < k / 4 * 4 + 4; other++)
    greater += magnitude(row[other]) > magnitude(row[k]) || (magnitude(row[other]) == magnitude(row[k]) && other < k);
  return greater < 2;
}

// The same by a plain loop, of small integers: float32 adds them up exactly in any order.
static int is_right(void) {
  for (int t = 0; t < TOKENS; t++)
    for (int m = 0; m < ROWS; m++) {
      float sum = 0;
      for (int k = 0; k < WIDTH; k++) sum += stays(weight[m], k) ? x[t][k] * weight[m][k] : 0;
      if (sum != y[t][m]) return 0;
    }
  return 1;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: pruned FILE\n");
    return 2;
  }
  for (int m = 0; m < ROWS; m++)
    for (int k = 0; k < WIDTH; k++) weight[m][k] = (float)((7 * m + 11 * k + m * k) % 17 - 8);
  for (int t = 0; t < TOKENS; t++)
    for (int k = 0; k < WIDTH; k++) x[t][k] = (float)((5 * t + 3 * k) % 9 - 4);
  heddle_backend backend;
  check(heddle_backend_create(NULL, &backend));
  store(backend, arguments[1]);
  multiply(backend, arguments[1]);
  check(heddle_release(backend));
  printf("y = %g %g %g …, %s\n", y[0][0], y[0][1], y[0][2], is_right() ? "as the plain loop has it" : "WRONG");
  return is_right() ? 0 : 1;
}

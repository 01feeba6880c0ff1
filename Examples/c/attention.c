// Attention over a few tokens: a product with a 4-bit weight, split into queries, keys and values.
//
//   y = attention(q, k, v)      [q k v] = x · Wᵀ      x [tokens, 64] f32, W [192, 64] q4_0, y [tokens, 4, 16]
//
// The same stands beside this file in C++, Swift and Python, and prints the same bits.
//
//   cc attention.c $(pkg-config --cflags --libs heddle) -o attention

#include <heddle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKENS = 5, WIDTH = 64, HEADS = 4, HEAD_WIDTH = 16, ROWS = 3 * HEADS * HEAD_WIDTH };
enum { BLOCK_BYTES = 18, WEIGHT_BYTES = ROWS * WIDTH / 32 * BLOCK_BYTES, RESULTS = TOKENS * HEADS * HEAD_WIDTH };

// Every call goes through this: a failure is told and ends the program.
static void check(heddle_status status) {
  if (status == HEDDLE_OK) return;
  heddle_error error = {.size = sizeof(error)};
  heddle_last_error(&error);
  fprintf(stderr, "%s: %s: %s\n", heddle_status_name(status), error.operation, error.text);
  exit(1);
}

// Numbers that are the same in every language: s ← 1664525·s + 1013904223 mod 2³², and of s the upper eight bits.
static uint32_t state = 2026;
static uint8_t next_byte(void) {
  state = state * 1664525u + 1013904223u;
  return (uint8_t)(state >> 24);
}

// q4_0: blocks of 32 values, each a float16 scale and 16 bytes with two values' nibbles. The scales are 2⁻⁴ … 2⁻⁷.
static void fill_weight(uint8_t *bytes) {
  for (int at = 0; at < WEIGHT_BYTES; at += BLOCK_BYTES) {
    uint16_t scale = (uint16_t)(0x2C00 - 0x400 * (next_byte() & 3));
    bytes[at] = (uint8_t)(scale & 0xFF);
    bytes[at + 1] = (uint8_t)(scale >> 8);
    for (int i = 2; i < BLOCK_BYTES; i++) bytes[at + i] = next_byte();
  }
}

static heddle_value apply(heddle_builder builder, const char *operation, const heddle_value *operands, size_t count) {
  heddle_value result;
  check(heddle_builder_apply(builder, operation, operands, count, NULL, &result, 1, NULL));
  return result;
}

// A third of the product's columns, as heads.
static heddle_value heads(heddle_builder builder, heddle_value product, int third) {
  char slice[80];
  snprintf(slice, sizeof(slice), "{\"slice\": {\"axis\": 1, \"start\": %d, \"count\": 64}}", 64 * third);
  heddle_value part = apply(builder, slice, &product, 1);
  return apply(builder, "{\"reshape\": {\"shape\": [\"tokens\", 4, 16]}}", &part, 1);
}

static heddle_graph attention(heddle_constants constants) {
  heddle_builder builder;
  check(heddle_builder_create(&builder));
  check(heddle_builder_symbol(builder, "tokens", 1, 64));
  heddle_value factors[2];
  factors[0] =
      apply(builder, "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [\"tokens\", 64]}}}",
            NULL, 0);
  check(heddle_builder_constant(builder, constants, "w", &factors[1]));
  heddle_value product = apply(builder, "{\"matmul\": {}}", factors, 2);
  heddle_value parts[3];
  for (int third = 0; third < 3; third++) parts[third] = heads(builder, product, third);
  heddle_value y = apply(builder, "{\"attention\": {\"scale\": 0.25, \"past\": 0}}", parts, 3);
  check(heddle_builder_output(builder, "y", y));
  heddle_graph graph;
  check(heddle_builder_build(builder, &graph));
  check(heddle_release(builder));
  return graph;
}

// Each head of each token as the bits of its floats, and the FNV-1a sum of all their bytes.
static void print_bits(const float *values) {
  uint64_t sum = 0xcbf29ce484222325u;
  for (int i = 0; i < RESULTS; i++) {
    uint32_t bits;
    memcpy(&bits, &values[i], sizeof(bits));
    for (int shift = 0; shift < 32; shift += 8) sum = (sum ^ ((bits >> shift) & 0xFF)) * 0x100000001b3u;
    printf("%08x%c", bits, (i + 1) % HEAD_WIDTH == 0 ? '\n' : ' ');
  }
  printf("checksum %016llx\n", (unsigned long long)sum);
}

int main(void) {
  heddle_backend_options backend_options = {.size = sizeof(backend_options)};
  heddle_backend backend;
  check(heddle_backend_create(&backend_options, &backend));

  static uint8_t weight[WEIGHT_BYTES];
  fill_weight(weight);
  heddle_constants constants;
  check(heddle_constants_create(&constants));
  const int64_t weight_shape[] = {ROWS, WIDTH};
  check(heddle_constants_add(constants, "w", "q4_0", weight_shape, 2, weight, sizeof(weight), NULL, NULL));

  heddle_graph graph = attention(constants);
  heddle_executable executable;
  check(heddle_compile(backend, graph, constants, NULL, &executable));
  heddle_session session;
  check(heddle_session_create(executable, NULL, &session));

  // The session reads and writes memory of ours. The shape of x tells it how many tokens there are.
  static float x[TOKENS * WIDTH], y[RESULTS];
  for (int i = 0; i < TOKENS * WIDTH; i++) x[i] = (float)(next_byte() - 128) / 64;
  const int64_t x_shape[] = {TOKENS, WIDTH};
  heddle_memory x_memory = {.size = sizeof(x_memory), .data = x, .byte_count = sizeof(x), .shape = x_shape, .rank = 2};
  x_memory.is_read_only = 1;
  heddle_memory y_memory = {.size = sizeof(y_memory), .data = y, .byte_count = sizeof(y)};
  check(heddle_session_bind(session, HEDDLE_INPUT, "x", &x_memory, NULL));
  check(heddle_session_bind(session, HEDDLE_OUTPUT, "y", &y_memory, NULL));
  check(heddle_session_run(session, NULL));
  print_bits(y);

  const heddle_handle made[] = {session, executable, graph, constants, backend};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) check(heddle_release(made[i]));
  return 0;
}

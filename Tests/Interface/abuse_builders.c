// Builders: values of others, symbols out of order, names used twice, operands that do not fit.

#include "abuse.h"

static const char *input(const char *shape) {
  static char text[512];
  snprintf(text, sizeof(text), "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": %s}}}",
           shape);
  return text;
}

static heddle_builder make(heddle_value *x) {
  heddle_builder builder = 0;
  NEED(heddle_builder_create(&builder));
  NEED(heddle_builder_symbol(builder, "tokens", 1, 8));
  NEED(heddle_builder_apply(builder, input("[\"tokens\", 4]"), NULL, 0, NULL, x, 1, NULL));
  return builder;
}

static void symbols(void) {
  const struct {
    const char *name;
    int64_t minimum, maximum;
    heddle_status status;
  } wrong[] = {
      {"n", 2, 1, HEDDLE_INVALID_ARGUMENT},
      {"n", -1, 1, HEDDLE_INVALID_ARGUMENT},
      {"n", INT64_MIN, INT64_MAX, HEDDLE_INVALID_ARGUMENT},
      {"n", INT64_MAX, INT64_MIN, HEDDLE_INVALID_ARGUMENT},
      {"n", INT64_MAX, 0, HEDDLE_INVALID_ARGUMENT},
      {"tokens", 1, 8, HEDDLE_INVALID_GRAPH},
      {"tokens", 1, 9, HEDDLE_INVALID_GRAPH},
  };
  heddle_value x;
  heddle_builder builder = make(&x);
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].name);
    EXPECT(wrong[i].status, heddle_builder_symbol(builder, wrong[i].name, wrong[i].minimum, wrong[i].maximum));
  }
  check_row("");
  EXPECT(HEDDLE_OK, heddle_builder_symbol(builder, "most", 0, INT64_MAX));
  // Two such extents are more elements than there are numbers: an error, now or when it is compiled, not a trap.
  heddle_value y;
  EXPECT(HEDDLE_OK, heddle_release(builder));
  builder = make(&x);
  EXPECT(HEDDLE_OK, heddle_builder_symbol(builder, "most", 0, INT64_MAX));
  EXPECT(HEDDLE_INVALID_GRAPH,
         heddle_builder_apply(builder,
                              "{\"input\": {\"name\": \"z\", \"type\": {\"encoding\": \"f32\", \"shape\": "
                              "[\"9223372036854775807*most + most\"]}}}",
                              NULL, 0, NULL, &y, 1, NULL));
  EXPECT(HEDDLE_OK, heddle_release(builder));
}

static void foreign_values(const fixture *good) {
  heddle_value x, y = 0;
  heddle_builder builder = make(&x);
  const struct {
    const char *name;
    heddle_status status;
    heddle_value value;
  } wrong[] = {
      {"none", HEDDLE_INVALID_ARGUMENT, 0},
      {"another builder's first", HEDDLE_INVALID_GRAPH, good->x},
      {"another builder's last", HEDDLE_INVALID_GRAPH, good->y},
      {"one that does not exist yet", HEDDLE_INVALID_ARGUMENT, x + 1},
      {"greatest", HEDDLE_INVALID_ARGUMENT, UINT64_MAX},
      {"2^63", HEDDLE_INVALID_ARGUMENT, UINT64_C(1) << 63},
      {"a handle", HEDDLE_INVALID_ARGUMENT, good->session},
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].name);
    const heddle_value operands[] = {x, wrong[i].value};
    EXPECT(wrong[i].status, heddle_builder_apply(builder, "{\"softmax\": {}}", &wrong[i].value, 1, NULL, &y, 1, NULL));
    EXPECT(wrong[i].status,
           heddle_builder_apply(builder, "{\"binary\": {\"function\": \"add\"}}", operands, 2, NULL, &y, 1, NULL));
    EXPECT(wrong[i].status, heddle_builder_output(builder, "y", wrong[i].value));
    EXPECT(wrong[i].status, heddle_builder_update(builder, "s", wrong[i].value));
  }
  check_row("");
  IS(y == 0);
  EXPECT(HEDDLE_OK, heddle_release(builder));
}

static void operands(void) {
  heddle_value x, y = 0;
  size_t count = 0;
  heddle_builder builder = make(&x);
  const heddle_value twice[] = {x, x, x};
  const struct {
    const char *operation;
    size_t count;
  } wrong[] = {
      {"{\"softmax\": {}}", 2},
      {"{\"matmul\": {}}", 1},
      {"{\"matmul\": {}}", 3},
      {"{\"input\": {\"name\": \"z\", \"type\": {\"encoding\": \"f32\", \"shape\": []}}}", 1},
      {"{\"rmsNorm\": {\"epsilon\": 1e-5}}", 1},
      {"{\"rmsNorm\": {\"epsilon\": -1}}", 2},
      {"{\"attention\": {\"scale\": 1, \"past\": 0}}", 3},
      {"{\"writeRows\": {\"position\": -1}}", 2},
      {"{\"writeRows\": {\"position\": \"unknown\"}}", 2},
      {"{\"reshape\": {\"shape\": [\"tokens\", 5]}}", 1},
      {"{\"reshape\": {\"shape\": [-1, -4]}}", 1},
      {"{\"slice\": {\"axis\": 2, \"start\": 0, \"count\": 1}}", 1},
      {"{\"slice\": {\"axis\": -1, \"start\": 0, \"count\": 1}}", 1},
      {"{\"slice\": {\"axis\": 9223372036854775807, \"start\": 0, \"count\": 1}}", 1},
      {"{\"slice\": {\"axis\": 1, \"start\": 3, \"count\": 2}}", 1},
      {"{\"slice\": {\"axis\": 1, \"start\": -1, \"count\": 2}}", 1},
      {"{\"slice\": {\"axis\": 1, \"start\": 9223372036854775807, \"count\": 9223372036854775807}}", 1},
      {"{\"transpose\": {\"permutation\": [0, 0]}}", 1},
      {"{\"transpose\": {\"permutation\": [1]}}", 1},
      {"{\"transpose\": {\"permutation\": [0, 9223372036854775807]}}", 1},
      {"{\"transpose\": {\"permutation\": [-9223372036854775808, 0]}}", 1},
      {"{\"concatenate\": {\"axis\": 7}}", 2},
      {"{\"concatenate\": {\"axis\": -7}}", 2},
      {"{\"encode\": {\"encoding\": \"q4_0\"}}", 1},
      {"{\"encode\": {\"encoding\": \"0:4-f32\"}}", 1},
      {"{\"custom\": {\"name\": \"nobody\"}}", 1},
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].operation);
    EXPECT(HEDDLE_INVALID_GRAPH,
           heddle_builder_apply(builder, wrong[i].operation, twice, wrong[i].count, "here", &y, 1, &count));
  }
  check_row("");
  IS(y == 0 && count == 0);
  // Room for fewer results than there are is no error: the count says how many there were.
  EXPECT(HEDDLE_OK, heddle_builder_apply(builder, "{\"softmax\": {}}", &x, 1, NULL, NULL, 0, &count));
  IS(count == 1);
  EXPECT(HEDDLE_OK, heddle_release(builder));
}

static void names(void) {
  heddle_value x, y = 0;
  heddle_graph graph = 7;
  heddle_builder builder = make(&x);
  EXPECT(HEDDLE_OK, heddle_builder_output(builder, "y", x));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_output(builder, "y", x));
  EXPECT(HEDDLE_OK, heddle_builder_build(builder, &graph));
  EXPECT(HEDDLE_OK, heddle_release(graph));
  graph = 7;
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_apply(builder, input("[4]"), NULL, 0, NULL, &y, 1, NULL));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_update(builder, "nobody", x));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_builder_update(builder, "x", x));
  EXPECT(HEDDLE_OK, heddle_release(builder));
  IS(graph == 7);
}

void abuse_builders(const fixture *good) {
  symbols();
  foreign_values(good);
  operands();
  names();
}

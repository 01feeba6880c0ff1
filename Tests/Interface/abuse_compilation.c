// Compiling: layouts that no memory can have, and constants that are not those the graph was built with.

#include "abuse.h"

static heddle_status compile(const fixture *good, const heddle_layout *layouts, size_t count) {
  heddle_compile_options options = {.size = sizeof(options), .layouts = layouts, .layout_count = count};
  heddle_executable executable = 0;
  heddle_status status = heddle_compile(good->backend, good->graph, good->constants, &options, &executable);
  IS((status == HEDDLE_OK) == (executable != 0));
  if (executable != 0) NEED(heddle_release(executable));
  return status;
}

static void layouts(const fixture *good) {
  const int64_t most = INT64_MAX;
  const struct {
    const char *name;
    heddle_status status;
    int32_t place;
    const char *tensor;
    int64_t offset, strides[3];
    size_t rank;
  } cases[] = {
      {"row-major", HEDDLE_OK, HEDDLE_INPUT, "x", 0, {4, 1}, 2},
      {"column-major", HEDDLE_OK, HEDDLE_INPUT, "x", 0, {1, 8}, 2},
      {"each row the same", HEDDLE_OK, HEDDLE_INPUT, "x", 0, {0, 1}, 2},
      {"place -1", HEDDLE_INVALID_ARGUMENT, -1, "x", 0, {4, 1}, 2},
      {"place 3", HEDDLE_INVALID_ARGUMENT, 3, "x", 0, {4, 1}, 2},
      {"another place's name", HEDDLE_INVALID_BINDING, HEDDLE_OUTPUT, "x", 0, {4, 1}, 2},
      {"rank 1", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {4}, 1},
      {"rank 3", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {4, 4, 1}, 3},
      {"rank 0", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {0}, 0},
      {"a negative stride", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {-4, 1}, 2},
      {"the least stride", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {INT64_MIN, 1}, 2},
      {"a negative offset", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", -1, {4, 1}, 2},
      {"the least offset", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", INT64_MIN, {4, 1}, 2},
      {"the greatest offset", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", most, {4, 1}, 2},
      {"the greatest stride", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {most, 1}, 2},
      {"two great strides", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", 0, {most / 8, most / 4}, 2},
      {"bytes overflow", HEDDLE_INVALID_DATA, HEDDLE_INPUT, "x", most / 4, {4, 1}, 2},
      {"an output's rows meet", HEDDLE_INVALID_DATA, HEDDLE_OUTPUT, "y", 0, {1, 1}, 2},
      {"an output's rows are one", HEDDLE_INVALID_DATA, HEDDLE_OUTPUT, "y", 0, {0, 1}, 2},
      {"an output's rows overlap", HEDDLE_INVALID_DATA, HEDDLE_OUTPUT, "y", 0, {2, 1}, 2},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    check_row(cases[i].name);
    const heddle_layout layout = {.size = sizeof(layout),
                                  .place = cases[i].place,
                                  .name = cases[i].tensor,
                                  .offset = cases[i].offset,
                                  .strides = cases[i].strides,
                                  .rank = cases[i].rank};
    EXPECT(cases[i].status, compile(good, &layout, 1));
  }
  check_row("");
  const int64_t strides[] = {4, 1};
  const heddle_layout layout = {.size = sizeof(layout), .name = "x", .strides = strides, .rank = 2};
  const heddle_layout twice[] = {layout, layout};
  EXPECT(HEDDLE_INVALID_ARGUMENT, compile(good, twice, 2));
}

static void constants(const fixture *good) {
  heddle_executable executable = 0;
  EXPECT(HEDDLE_INVALID_DATA, heddle_compile(good->backend, good->graph, 0, NULL, &executable));
  heddle_constants other = 0;
  EXPECT(HEDDLE_OK, heddle_constants_create(&other));
  EXPECT(HEDDLE_INVALID_DATA, heddle_compile(good->backend, good->graph, other, NULL, &executable));
  const float data[8] = {0};
  const int64_t shape[] = {2, WIDTH};
  EXPECT(HEDDLE_OK, heddle_constants_add(other, "w", "f32", shape, 2, data, sizeof(data), NULL, NULL));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_compile(good->backend, good->graph, other, NULL, &executable));
  EXPECT(HEDDLE_OK, heddle_release(other));
  IS(executable == 0);
}

void abuse_compilation(const fixture *good) {
  layouts(good);
  constants(good);
}

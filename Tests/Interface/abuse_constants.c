// Constants: encodings, shapes and counts of bytes that do not go together; files that are none.

#include <unistd.h>

#include "abuse.h"

static int returns = 0;
static void returned(void *context) {
  (void)context;
  returns++;
}

static void shapes(const fixture *good) {
  static const float data[64];
  const int64_t most = INT64_MAX, least = INT64_MIN;
  const struct {
    const char *name, *encoding;
    int64_t shape[3];
    size_t rank, bytes;
    int is_count;  // only the count of bytes is wrong
  } wrong[] = {
      {"negative extent", "f32", {-1}, 1, 4, 0},
      {"least extent", "f32", {least}, 1, 4, 0},
      {"most extent", "f32", {most}, 1, 4, 0},
      {"elements overflow", "f32", {most, 2}, 2, 4, 0},
      {"elements overflow to little", "f32", {INT64_C(1) << 32, INT64_C(1) << 32}, 2, 0, 0},
      {"bytes overflow", "f32", {INT64_C(1) << 61, 2}, 2, 0, 0},
      {"three overflow", "f32", {INT64_C(1) << 22, INT64_C(1) << 21, INT64_C(1) << 21}, 3, 0, 0},
      {"two negatives", "f32", {-2, -2}, 2, 16, 0},
      {"zero beside negative", "f32", {0, -1}, 2, 0, 0},
      {"zero beside most", "f32", {0, most}, 2, 4, 1},
      {"a byte less", "f32", {4}, 1, 15, 1},
      {"a byte more", "f32", {4}, 1, 17, 1},
      {"no bytes", "f32", {4}, 1, 0, 1},
      {"row not whole blocks", "q4_0", {2, 31}, 2, 36, 0},
      {"blocks a byte short", "q4_0", {2, 32}, 2, 35, 1},
      {"blocks as floats", "q4_0", {2, 32}, 2, 256, 1},
      {"block of a negative", "q4_0", {-1, 32}, 2, 18, 0},
      {"blocks overflow", "q8_0", {INT64_C(1) << 58, 32}, 2, 18, 0},
      {"sparse of rank 1", "2:4-int4", {64}, 1, 48, 1},
      {"sparse row not whole", "2:4-f32", {1, 6}, 2, 24, 0},
  };
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    check_row(wrong[i].name);
    size_t count = 7;
    heddle_status expected = wrong[i].is_count ? HEDDLE_OK : HEDDLE_INVALID_DATA;
    EXPECT(expected, heddle_encoding_byte_count(wrong[i].encoding, wrong[i].shape, wrong[i].rank, &count));
    IS(wrong[i].is_count ? count != wrong[i].bytes : count == 7);
    returns = 0;
    EXPECT(HEDDLE_INVALID_DATA, heddle_constants_add(good->constants, "n", wrong[i].encoding, wrong[i].shape,
                                                     wrong[i].rank, data, wrong[i].bytes, returned, NULL));
    IS(returns == 1);
  }
  check_row("");
}

static void names(const fixture *good) {
  static const float data[12];
  const int64_t shape[] = {ROWS, WIDTH};
  const char *const encodings[] = {
      "",     "F32",  "f64",        "q4_9",      "f32 ", "2:4", "4:2-f32", "0:0-int4", "99999999999:4-f32",
      "2:4-", "-f32", "vw16:0-f32", "block0-f32"};
  for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
    check_row(encodings[i]);
    returns = 0;
    EXPECT(HEDDLE_INVALID_DATA,
           heddle_constants_add(good->constants, "n", encodings[i], shape, 2, data, sizeof(data), returned, NULL));
    EXPECT(HEDDLE_INVALID_DATA, heddle_encoding_byte_count(encodings[i], shape, 2, &(size_t){0}));
    IS(returns == 1);
  }
  check_row("");
  returns = 0;
  // Twice by one name: the first stays, the second is given back.
  EXPECT(HEDDLE_INVALID_DATA,
         heddle_constants_add(good->constants, "w", "f32", shape, 2, data, sizeof(data), returned, NULL));
  EXPECT(HEDDLE_INVALID_DATA,
         heddle_constants_add(good->constants, "w", "f32", shape, 2, data, sizeof(data), NULL, NULL));
  IS(returns == 1);
  const int64_t axes[65] = {1};
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_constants_add(good->constants, "n", "f32", axes, 65, data, 4, returned, NULL));
  IS(returns == 2);
}

// Borrowed memory comes back once, when the last who needs it is gone.
static void borrowing(const fixture *good) {
  static const float data[ROWS * WIDTH] = {1};
  const int64_t shape[] = {ROWS, WIDTH};
  heddle_constants constants = 0;
  returns = 0;
  EXPECT(HEDDLE_OK, heddle_constants_create(&constants));
  EXPECT(HEDDLE_OK, heddle_constants_add(constants, "w", "f32", shape, 2, data, sizeof(data), returned, NULL));
  heddle_executable executable = 0;
  EXPECT(HEDDLE_OK, heddle_compile(good->backend, good->graph, constants, NULL, &executable));
  IS(returns == 0);
  EXPECT(HEDDLE_OK, heddle_release(constants));
  EXPECT(HEDDLE_OK, heddle_release(executable));
  IS(returns == 1);
  // A scalar, and tensors without elements.
  const int64_t empty[] = {0, 4};
  EXPECT(HEDDLE_OK, heddle_constants_create(&constants));
  EXPECT(HEDDLE_OK, heddle_constants_add(constants, "scalar", "f32", NULL, 0, data, 4, NULL, NULL));
  EXPECT(HEDDLE_OK, heddle_constants_add(constants, "empty", "f32", empty, 2, NULL, 0, NULL, NULL));
  EXPECT(HEDDLE_OK, heddle_constants_add(constants, "empty too", "f32", empty, 2, data, 0, returned, NULL));
  EXPECT(HEDDLE_OK, heddle_release(constants));
  IS(returns == 2);
}

// What is saved is what is opened; what cannot be saved leaves no file, and the old one as it was.
static void saving(const fixture *good) {
  char path[] = "/tmp/heddle-abuse-XXXXXX", listed[256], again[256];
  int descriptor = mkstemp(path);
  IS(descriptor >= 0);
  close(descriptor);
  EXPECT(HEDDLE_OK, heddle_constants_save(good->constants, path));
  heddle_constants opened = 0;
  EXPECT(HEDDLE_OK, heddle_constants_open(path, &opened));
  EXPECT(HEDDLE_OK, heddle_constants_list(good->constants, listed, sizeof(listed), NULL));
  EXPECT(HEDDLE_OK, heddle_constants_list(opened, again, sizeof(again), NULL));
  IS(strcmp(listed, again) == 0);
  const char *const paths[] = {"", "/", "/tmp", "/nonexistent/file", "/proc/heddle"};
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    check_row(paths[i]);
    EXPECT(HEDDLE_INVALID_FILE, heddle_constants_save(good->constants, paths[i]));
  }
  check_row("");
  // In the place of the file that it is mapped from.
  EXPECT(HEDDLE_OK, heddle_constants_save(opened, path));
  const int64_t axes[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  const float one = 1;
  EXPECT(HEDDLE_OK, heddle_constants_add(opened, "nine axes", "f32", axes, 9, &one, sizeof(one), NULL, NULL));
  EXPECT(HEDDLE_INVALID_DATA, heddle_constants_save(opened, path));
  EXPECT(HEDDLE_OK, heddle_release(opened));
  EXPECT(HEDDLE_OK, heddle_constants_create(&opened));
  EXPECT(HEDDLE_OK, heddle_constants_add(opened, "__metadata__", "f32", axes, 1, &one, sizeof(one), NULL, NULL));
  EXPECT(HEDDLE_INVALID_DATA, heddle_constants_save(opened, path));
  EXPECT(HEDDLE_OK, heddle_release(opened));
  EXPECT(HEDDLE_OK, heddle_constants_open(path, &opened));
  EXPECT(HEDDLE_OK, heddle_release(opened));
  IS(remove(path) == 0);
}

static void files(void) {
  const char *const paths[] = {"/", "/dev/null", "/proc/self/mem", "/nonexistent/file", "/etc/passwd"};
  heddle_constants constants = 7;
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    check_row(paths[i]);
    EXPECT(HEDDLE_INVALID_FILE, heddle_constants_open(paths[i], &constants));
  }
  check_row("");
  IS(constants == 7);
}

void abuse_constants(const fixture *good) {
  shapes(good);
  names(good);
  borrowing(good);
  saving(good);
  files();
}

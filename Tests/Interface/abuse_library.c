// Version, names of statuses, the last error, counts, devices: with everything wrong that can be.

#include "abuse.h"

static void status_names(void) {
  static const struct {
    heddle_status status;
    const char *name;
  } names[] = {
      {HEDDLE_OK, "HEDDLE_OK"},
      {HEDDLE_NULL_ARGUMENT, "HEDDLE_NULL_ARGUMENT"},
      {HEDDLE_INVALID_ARGUMENT, "HEDDLE_INVALID_ARGUMENT"},
      {HEDDLE_INVALID_TEXT, "HEDDLE_INVALID_TEXT"},
      {HEDDLE_STRUCT_SIZE, "HEDDLE_STRUCT_SIZE"},
      {HEDDLE_INVALID_HANDLE, "HEDDLE_INVALID_HANDLE"},
      {HEDDLE_STALE_HANDLE, "HEDDLE_STALE_HANDLE"},
      {HEDDLE_WRONG_HANDLE, "HEDDLE_WRONG_HANDLE"},
      {HEDDLE_BUFFER_TOO_SMALL, "HEDDLE_BUFFER_TOO_SMALL"},
      {HEDDLE_SHUT_DOWN, "HEDDLE_SHUT_DOWN"},
      {HEDDLE_NO_DEVICE, "HEDDLE_NO_DEVICE"},
      {HEDDLE_INVALID_GRAPH, "HEDDLE_INVALID_GRAPH"},
      {HEDDLE_INVALID_DATA, "HEDDLE_INVALID_DATA"},
      {HEDDLE_INVALID_FILE, "HEDDLE_INVALID_FILE"},
      {HEDDLE_UNSUPPORTED, "HEDDLE_UNSUPPORTED"},
      {HEDDLE_INVALID_BINDING, "HEDDLE_INVALID_BINDING"},
      {HEDDLE_BUSY, "HEDDLE_BUSY"},
      {HEDDLE_DEADLINE, "HEDDLE_DEADLINE"},
      {HEDDLE_CANCELLED, "HEDDLE_CANCELLED"},
      {HEDDLE_UNUSABLE, "HEDDLE_UNUSABLE"},
      {HEDDLE_OUT_OF_MEMORY, "HEDDLE_OUT_OF_MEMORY"},
      {HEDDLE_DEVICE_FAILED, "HEDDLE_DEVICE_FAILED"},
      {HEDDLE_DEVICE_LOST, "HEDDLE_DEVICE_LOST"},
      {HEDDLE_NOT_STARTED, "HEDDLE_NOT_STARTED"},
      {HEDDLE_INTERNAL, "HEDDLE_INTERNAL"},
      {-1, "HEDDLE_UNKNOWN"},
      {10, "HEDDLE_UNKNOWN"},
      {INT32_MIN, "HEDDLE_UNKNOWN"},
      {INT32_MAX, "HEDDLE_UNKNOWN"},
  };
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    check_row(names[i].name);
    IS(strcmp(heddle_status_name(names[i].status), names[i].name) == 0);
  }
  check_row("");
}

static void last_error(void) {
  heddle_error error = {.size = sizeof(error)};
  EXPECT(HEDDLE_INVALID_HANDLE, heddle_release(0));
  EXPECT(HEDDLE_OK, heddle_last_error(&error));
  IS(error.code == HEDDLE_INVALID_HANDLE);
  IS(strstr(error.operation, "heddle_release") == error.operation);
  IS(strlen(error.text) > 0);
  // Asking wrongly does not replace what was to be told, and a success leaves it.
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_last_error(NULL));
  const size_t wrong[] = {0, 1, sizeof(size_t) - 1, sizeof(error) + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    memset(&error, 0, sizeof(error));
    error.size = wrong[i];
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_last_error(&error));
    IS(error.code == HEDDLE_OK && error.text[0] == 0);
  }
  size_t count = 0;
  EXPECT(HEDDLE_OK, heddle_device_count(&count));
  error.size = sizeof(error);
  EXPECT(HEDDLE_OK, heddle_last_error(&error));
  IS(error.code == HEDDLE_INVALID_HANDLE);
}

static void counts(void) {
  EXPECT(HEDDLE_NULL_ARGUMENT, heddle_live(NULL));
  const size_t wrong[] = {0, 1, sizeof(size_t) - 1, sizeof(heddle_live_counts) + 1, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    heddle_live_counts counts = {.size = wrong[i], .handles = -7};
    EXPECT(HEDDLE_STRUCT_SIZE, heddle_live(&counts));
    IS(counts.handles == -7);
  }
}

static void devices(void) {
  size_t count = 0, index = 77, needed = 0;
  EXPECT(HEDDLE_OK, heddle_device_count(&count));
  IS(count > 0);
  EXPECT(HEDDLE_NO_DEVICE, heddle_device_find("no device has this name", &index));
  EXPECT(HEDDLE_NO_DEVICE, heddle_device_find("99999999999999999999999999", &index));
  EXPECT(HEDDLE_NO_DEVICE, heddle_device_find("-1", &index));
  IS(index == 77);
  EXPECT(HEDDLE_OK, heddle_device_find(NULL, &index));
  IS(index < count);
  EXPECT(HEDDLE_OK, heddle_device_profile(0, NULL, 0, &needed));
  IS(needed > 2);
  const size_t wrong[] = {count, count + 1, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    EXPECT(HEDDLE_NO_DEVICE, heddle_device_profile(wrong[i], NULL, 0, &needed));
}

void abuse_library(const fixture *good) {
  (void)good;
  char version[32];
  snprintf(version, sizeof(version), "%d.%d.%d", HEDDLE_VERSION_MAJOR, HEDDLE_VERSION_MINOR, HEDDLE_VERSION_PATCH);
  IS(strcmp(heddle_version(), version) == 0);
  status_names();
  last_error();
  counts();
  devices();
}

// Every function of the C interface with every wrong argument: exact statuses, and never a signal.
//
//   abuse MODEL

#include "abuse.h"

#include "dlpack_tensor.h"

static const struct {
  const char *name;
  void (*run)(const fixture *good);
} parts[] = {
    {"library", abuse_library},     {"handles", abuse_handles},
    {"pointers", abuse_pointers},   {"sizes", abuse_sizes},
    {"structs", abuse_structs},     {"text", abuse_text},
    {"constants", abuse_constants}, {"dimensions", abuse_dimensions},
    {"builders", abuse_builders},   {"json", abuse_json},
    {"compilation", abuse_compilation}, {"sessions", abuse_sessions},
    {"memory", abuse_memory},       {"dlpack", abuse_dlpack},
    {"callbacks", abuse_callbacks},
};

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: abuse MODEL [PART]\n");
    return 2;
  }
  check_start(900);
  heddle_live_counts before = live_counts();
  fixture good;
  make_fixture(&good, arguments[1]);
  for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
    if (count > 2 && strcmp(arguments[2], parts[i].name) != 0) continue;
    heddle_live_counts live = live_counts();
    int made = check_calls();
    parts[i].run(&good);
    printf("abuse: %s: %d calls\n", parts[i].name, check_calls() - made);
    check_row(parts[i].name);
    IS(live_counts().handles == live.handles);
    IS(live_counts().buffers == live.buffers);
    check_row("");
  }
  // The objects that everything was done to still work.
  EXPECT(HEDDLE_OK, run_step(good.session, 0, 2));
  release_fixture(&good);
  heddle_live_counts after = live_counts();
  IS(memcmp(&before, &after, sizeof(before)) == 0);
  IS(after.handles == 0 && after.contexts == 0 && after.buffers == 0 && after.programs == 0 && after.kernels == 0);
  IS(after.events == 0 && after.queues == 0 && after.threads == 0);
  return check_finish("abuse", count > 2 ? 1 : 1000);
}

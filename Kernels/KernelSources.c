#include "KernelSources.h"

// Each .cl file is embedded at compile time; the compiler's dependency file names it, so an edit rebuilds this file.
#define KERNEL(identifier, file)       \
  static const char identifier[] = {   \
      file##_EMBED};
static const char common_numerics[] = {
#embed "Common/numerics.cl"
    , 0};

#define ENTRY(path, text) {path, text, sizeof(text) - 1}
static const heddle_kernel_source sources[] = {
    ENTRY("Common/numerics.cl", common_numerics),
};

size_t heddle_kernel_source_count(void) { return sizeof(sources) / sizeof(sources[0]); }

heddle_kernel_source heddle_kernel_source_at(size_t index) {
  if (index >= heddle_kernel_source_count()) return (heddle_kernel_source){0};
  return sources[index];
}

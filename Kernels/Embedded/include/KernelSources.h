// The text of Heddle's OpenCL C kernels, for Swift and for C.
#pragma once
#include <stddef.h>

/// One embedded file: its path below Kernels/, and its text. Both end in a NUL.
typedef struct {
  const char *path;
  const char *text;
} heddle_kernel_source;

/// The number of embedded files.
size_t heddle_kernel_source_count(void);

/// The embedded file at `index`, or a zeroed struct if there is none.
heddle_kernel_source heddle_kernel_source_at(size_t index);

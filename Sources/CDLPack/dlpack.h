// The memory layout of DLPack 1.x, as far as Heddle reads and writes it. Tools that exchange tensors use DLPack's own
// header; this one is Heddle's description of the same structs and is not installed.
//
// Source: DLPack's specification, version 1.1 (https://dmlc.github.io/dlpack).

#ifndef HEDDLE_DLPACK_LAYOUT_H
#define HEDDLE_DLPACK_LAYOUT_H

#include <stdint.h>

// A major version other than this has another layout: nothing but version, manager_ctx and deleter may be touched.
enum { DLPACK_MAJOR = 1, DLPACK_MINOR = 1 };

enum { DLPACK_CPU = 1, DLPACK_OPENCL = 4 };

enum {
  DLPACK_INT = 0,
  DLPACK_UINT = 1,
  DLPACK_FLOAT = 2,
  DLPACK_BFLOAT = 4,
  DLPACK_COMPLEX = 5,
  DLPACK_BOOL = 6,
};

// DLManagedTensorVersioned.flags
enum { DLPACK_READ_ONLY = 1, DLPACK_IS_COPIED = 2 };

typedef struct {
  int32_t device_type;
  int32_t device_id;
} DLDevice;

typedef struct {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} DLDataType;

typedef struct {
  void *data;  // kDLOpenCL: a cl_mem
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape;
  int64_t *strides;  // in elements; NULL: row-major
  uint64_t byte_offset;
} DLTensor;

typedef struct {
  uint32_t major;
  uint32_t minor;
} DLPackVersion;

typedef struct DLManagedTensorVersioned {
  DLPackVersion version;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned *self);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;

#endif

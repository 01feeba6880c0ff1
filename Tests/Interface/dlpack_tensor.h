// DLPack tensors whose deletions are counted.

#ifndef HEDDLE_TESTS_DLPACK_TENSOR_H
#define HEDDLE_TESTS_DLPACK_TENSOR_H

#include <dlpack.h>

#ifdef __cplusplus
extern "C" {
#endif

extern int dlpack_made, dlpack_deleted;

// A float32 CPU tensor [rows, columns] on the caller's memory; its deleter counts and frees it.
DLManagedTensorVersioned *dlpack_float_tensor(float *data, int64_t rows, int64_t columns);

#ifdef __cplusplus
}
#endif

#endif

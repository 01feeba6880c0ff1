#include "dlpack_tensor.h"

#include <stdlib.h>
#include <string.h>

int dlpack_made = 0, dlpack_deleted = 0;

static void delete_tensor(DLManagedTensorVersioned *tensor) {
  __atomic_fetch_add(&dlpack_deleted, 1, __ATOMIC_SEQ_CST);
  free(tensor->manager_ctx);
  free(tensor);
}

DLManagedTensorVersioned *dlpack_float_tensor(float *data, int64_t rows, int64_t columns) {
  DLManagedTensorVersioned *tensor = calloc(1, sizeof(*tensor));
  // 64 extents, as some tests claim more axes than there are.
  int64_t *extents = calloc(2 * 65, sizeof(int64_t));
  for (int i = 0; i < 2 * 65; i++) extents[i] = 1;
  extents[0] = rows;
  extents[1] = columns;
  tensor->version.major = DLPACK_MAJOR;
  tensor->version.minor = DLPACK_MINOR;
  tensor->manager_ctx = extents;
  tensor->deleter = delete_tensor;
  tensor->dl_tensor.data = data;
  tensor->dl_tensor.device.device_type = DLPACK_CPU;
  tensor->dl_tensor.ndim = 2;
  tensor->dl_tensor.dtype.code = DLPACK_FLOAT;
  tensor->dl_tensor.dtype.bits = 32;
  tensor->dl_tensor.dtype.lanes = 1;
  tensor->dl_tensor.shape = extents;
  __atomic_fetch_add(&dlpack_made, 1, __ATOMIC_SEQ_CST);
  return tensor;
}

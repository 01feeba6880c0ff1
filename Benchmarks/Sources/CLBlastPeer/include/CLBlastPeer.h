#ifndef HEDDLE_CLBLAST_PEER_H
#define HEDDLE_CLBLAST_PEER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// OpenCL handles are passed as opaque pointers. A status of 0 is success, else CLBlast's or OpenCL's code.

/// Y [rows, columns] = X [rows, inner] · Wᵀ, W [columns, inner], float32 and row-major; waits until it is done.
int clblast_peer_gemm(void *queue, size_t rows, size_t columns, size_t inner, void *x, void *w, void *y);

/// y [columns] = W · x, W [columns, inner] row-major; waits until it is done.
int clblast_peer_gemv(void *queue, size_t columns, size_t inner, void *x, void *w, void *y);

/// Runs CLBlast's own tuner of one kernel for float32: `Xgemm` (and `XgemmDirect`, `Copy`, `Pad`, `Transpose`,
/// `Padtranspose`, `Xgemv`) at a size of `size`. Tries that `fraction` of the configurations, picked at random.
/// Calls `found` with every parameter of the best one.
int clblast_peer_tune(void *queue, const char *kernel, size_t size, double fraction,
                      void (*found)(void *context, const char *name, size_t value), void *context);

/// Gives a kernel other parameters on a device, from now on.
int clblast_peer_override(void *device, const char *kernel, size_t count, const char *const *names,
                          const size_t *values);

#ifdef __cplusplus
}
#endif

#endif

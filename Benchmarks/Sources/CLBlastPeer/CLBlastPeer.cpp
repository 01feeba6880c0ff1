#include "CLBlastPeer.h"

#include <clblast.h>

#include <string>
#include <unordered_map>

namespace {

int finish(clblast::StatusCode status, cl_event event) {
  if (status != clblast::StatusCode::kSuccess) return static_cast<int>(status);
  const cl_int waited = clWaitForEvents(1, &event);
  clReleaseEvent(event);
  return waited;
}

}  // namespace

extern "C" int clblast_peer_gemm(void *queue, size_t rows, size_t columns, size_t inner, void *x, void *w, void *y) {
  auto commands = static_cast<cl_command_queue>(queue);
  cl_event event = nullptr;
  const auto status = clblast::Gemm<float>(
      clblast::Layout::kRowMajor, clblast::Transpose::kNo, clblast::Transpose::kYes, rows, columns, inner, 1.0f,
      static_cast<cl_mem>(x), 0, inner, static_cast<cl_mem>(w), 0, inner, 0.0f, static_cast<cl_mem>(y), 0, columns,
      &commands, &event);
  return finish(status, event);
}

extern "C" int clblast_peer_gemv(void *queue, size_t columns, size_t inner, void *x, void *w, void *y) {
  auto commands = static_cast<cl_command_queue>(queue);
  cl_event event = nullptr;
  const auto status = clblast::Gemv<float>(clblast::Layout::kRowMajor, clblast::Transpose::kNo, columns, inner, 1.0f,
                                           static_cast<cl_mem>(w), 0, inner, static_cast<cl_mem>(x), 0, 1, 0.0f,
                                           static_cast<cl_mem>(y), 0, 1, &commands, &event);
  return finish(status, event);
}

extern "C" int clblast_peer_tune(void *queue, const char *kernel, size_t size, double fraction,
                                 void (*found)(void *, const char *, size_t), void *context) {
  auto commands = static_cast<cl_command_queue>(queue);
  const std::string name(kernel);
  std::unordered_map<std::string, size_t> best;
  auto status = clblast::StatusCode::kInvalidOverrideKernel;
  try {
    if (name == "Xgemm") status = clblast::TuneXgemm<float>(&commands, size, size, size, fraction, best);
    if (name == "XgemmDirect") status = clblast::TuneXgemmDirect<float>(&commands, size, size, size, fraction, best);
    if (name == "Copy") status = clblast::TuneCopy<float>(&commands, size, size, fraction, best);
    if (name == "Pad") status = clblast::TunePad<float>(&commands, size, size, fraction, best);
    if (name == "Transpose") status = clblast::TuneTranspose<float>(&commands, size, size, fraction, best);
    if (name == "Padtranspose") status = clblast::TunePadtranspose<float>(&commands, size, size, fraction, best);
    if (name == "Xgemv") status = clblast::TuneXgemv<float>(&commands, size, size, fraction, best);
  } catch (...) {
    return static_cast<int>(clblast::StatusCode::kUnexpectedError);
  }
  if (status == clblast::StatusCode::kSuccess)
    for (const auto &parameter : best) found(context, parameter.first.c_str(), parameter.second);
  return static_cast<int>(status);
}

extern "C" int clblast_peer_override(void *device, const char *kernel, size_t count, const char *const *names,
                                     const size_t *values) {
  std::unordered_map<std::string, size_t> parameters;
  for (size_t index = 0; index < count; ++index) parameters[names[index]] = values[index];
  try {
    return static_cast<int>(clblast::OverrideParameters(static_cast<cl_device_id>(device), kernel,
                                                        clblast::Precision::kSingle, parameters));
  } catch (...) {
    return static_cast<int>(clblast::StatusCode::kUnexpectedError);
  }
}

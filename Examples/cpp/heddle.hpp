// Heddle for C++17: handles that give themselves back, statuses that become exceptions. Take what you need of it.

#pragma once

#include <heddle.h>

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace heddle {

struct Error : std::runtime_error {
  heddle_status status;
  Error(heddle_status status, const std::string &text) : std::runtime_error(text), status(status) {}
};

inline void check(heddle_status status) {
  if (status == HEDDLE_OK) return;
  heddle_error error{};
  error.size = sizeof(error);
  heddle_last_error(&error);
  throw Error(status, std::string(heddle_status_name(status)) + ": " + error.operation + ": " + error.text);
}

// Owns one handle; moves, does not copy.
class Handle {
 public:
  Handle() = default;
  explicit Handle(heddle_handle handle) : handle_(handle) {}
  Handle(Handle &&other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (handle_ != 0) heddle_release(handle_);
  }
  operator heddle_handle() const { return handle_; }

 private:
  heddle_handle handle_ = 0;
};

// What a function makes: `make(heddle_compile, backend, graph, constants, nullptr)`.
template <typename Function, typename... Arguments>
Handle make(Function function, Arguments... arguments) {
  heddle_handle handle = 0;
  check(function(arguments..., &handle));
  return Handle(handle);
}

// A function's text: `text(heddle_graph_json, graph)`.
template <typename Function, typename... Arguments>
std::string text(Function function, Arguments... arguments) {
  size_t needed = 0;
  check(function(arguments..., nullptr, 0, &needed));
  std::string result(needed, '\0');
  check(function(arguments..., result.data(), result.size(), nullptr));
  result.pop_back();
  return result;
}

class Builder {
 public:
  Builder() : handle_(make(heddle_builder_create)) {}

  void symbol(const std::string &name, int64_t minimum, int64_t maximum) {
    check(heddle_builder_symbol(handle_, name.c_str(), minimum, maximum));
  }
  heddle_value constant(const Handle &constants, const std::string &name) {
    heddle_value value;
    check(heddle_builder_constant(handle_, constants, name.c_str(), &value));
    return value;
  }
  // An operation of one result.
  heddle_value apply(const std::string &operation, std::initializer_list<heddle_value> operands = {}) {
    heddle_value value;
    check(heddle_builder_apply(handle_, operation.c_str(), operands.begin(), operands.size(), nullptr, &value, 1,
                               nullptr));
    return value;
  }
  void output(const std::string &name, heddle_value value) {
    check(heddle_builder_output(handle_, name.c_str(), value));
  }
  Handle build() { return make(heddle_builder_build, static_cast<heddle_handle>(handle_)); }

 private:
  Handle handle_;
};

// A session on vectors of the caller, which must outlive it.
class Session {
 public:
  explicit Session(const Handle &executable)
      : handle_(make(heddle_session_create, static_cast<heddle_handle>(executable), nullptr)) {}

  void bind_input(const std::string &name, const std::vector<float> &values, const std::vector<int64_t> &shape) {
    heddle_memory memory{};
    memory.is_read_only = 1;
    memory.data = const_cast<float *>(values.data());
    memory.byte_count = values.size() * sizeof(float);
    memory.shape = shape.data();
    memory.rank = shape.size();
    bind(HEDDLE_INPUT, name, memory);
  }
  void bind_output(const std::string &name, std::vector<float> &values) {
    heddle_memory memory{};
    memory.data = values.data();
    memory.byte_count = values.size() * sizeof(float);
    bind(HEDDLE_OUTPUT, name, memory);
  }
  void run() { check(heddle_session_run(handle_, nullptr)); }

 private:
  void bind(int32_t place, const std::string &name, heddle_memory memory) {
    memory.size = sizeof(memory);
    check(heddle_session_bind(handle_, place, name.c_str(), &memory, nullptr));
  }
  Handle handle_;
};

}  // namespace heddle

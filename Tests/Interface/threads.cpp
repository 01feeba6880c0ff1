// Eight threads do anything to the same objects for some seconds: they make, use, start, cancel and release them. Each
// status must be one that the call can have, the process lives, and nothing is left.
//
//   threads [SECONDS [SEED]]

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "fixtures.h"

namespace {

constexpr int slots = 6;
std::atomic<bool> is_over{false};
std::atomic<long> calls{0};
std::atomic<long> counts[100];
std::mutex printing;
fixture good;

// Handles that every thread takes from and puts to. A handle is used while another thread releases it.
std::atomic<heddle_handle> builders[slots], stores[slots], graphs[slots], executables[slots], sessions[slots];

void allow(const char *call, heddle_status status, std::initializer_list<heddle_status> allowed) {
  calls++;
  if (status >= 0 && status < 100) counts[status]++;
  // What every call may meet: a handle that was released meanwhile, or was not made yet.
  if (status == HEDDLE_OK || status == HEDDLE_STALE_HANDLE || status == HEDDLE_INVALID_HANDLE) return;
  for (const auto it : allowed)
    if (it == status) return;
  const std::lock_guard<std::mutex> lock(printing);
  heddle_error error{};
  error.size = sizeof(error);
  heddle_last_error(&error);
  std::printf("%s gave %s: %s\n", call, heddle_status_name(status), error.text);
  check_is(__FILE__, __LINE__, "the status is one that the call can have", 0);
}

#define ALLOW(call, ...) (check_begin(__FILE__, __LINE__, #call), allow(#call, (call), {__VA_ARGS__}))

class Actor {
 public:
  explicit Actor(unsigned seed) : random_(seed) {}

  void act() {
    switch (random_() % 14) {
      case 0:
        return put(builders, heddle_builder_create);
      case 1:
        return build();
      case 2:
        return put(stores, heddle_constants_create);
      case 3:
        return add();
      case 4:
        return compile();
      case 5:
        return make();
      case 6:
        return release();
      case 7:
        return confuse();
      case 8:
        return describe();
      case 9:
        return start();
      case 10:
        return wait();
      case 11:
        return run();
      case 12:
        return bind();
      default:
        return transfer();
    }
  }

 private:
  std::mt19937 random_;

  heddle_handle any(std::atomic<heddle_handle> *place) { return place[random_() % slots].load(); }

  void replace(std::atomic<heddle_handle> *place, heddle_handle handle) {
    const heddle_handle former = place[random_() % slots].exchange(handle);
    ALLOW(heddle_release(former));
  }

  template <typename Function>
  void put(std::atomic<heddle_handle> *place, Function function) {
    heddle_handle handle = 0;
    ALLOW(function(&handle));
    replace(place, handle);
  }

  void build() {
    const heddle_builder builder = any(builders);
    heddle_value x = 0, y = 0;
    ALLOW(heddle_builder_apply(builder, R"({"input": {"name": "x", "type": {"encoding": "f32", "shape": [2, 4]}}})",
                               nullptr, 0, nullptr, &x, 1, nullptr),
          HEDDLE_BUSY, HEDDLE_INVALID_GRAPH);
    ALLOW(heddle_builder_apply(builder, R"({"softmax": {}})", &x, 1, "label", &y, 1, nullptr), HEDDLE_BUSY,
          HEDDLE_INVALID_GRAPH, HEDDLE_INVALID_ARGUMENT);
    ALLOW(heddle_builder_output(builder, "y", y), HEDDLE_BUSY, HEDDLE_INVALID_GRAPH, HEDDLE_INVALID_ARGUMENT);
    heddle_graph graph = 0;
    ALLOW(heddle_builder_build(builder, &graph), HEDDLE_BUSY, HEDDLE_INVALID_GRAPH);
    if (graph != 0) replace(graphs, graph);
  }

  void add() {
    static const float data[ROWS * WIDTH] = {1};
    const int64_t shape[] = {ROWS, WIDTH};
    const auto nothing = [](void *) {};
    const bool is_borrowed = random_() % 2 == 0;
    ALLOW(heddle_constants_add(any(stores), random_() % 4 == 0 ? "v" : "w", "f32", shape, 2, data, sizeof(data),
                               is_borrowed ? static_cast<heddle_release_callback>(nothing) : nullptr, nullptr),
          HEDDLE_INVALID_DATA);
  }

  void compile() {
    heddle_executable executable = 0;
    const heddle_graph graph = random_() % 2 == 0 ? good.graph : any(graphs);
    const heddle_constants store = random_() % 2 == 0 ? good.constants : any(stores);
    ALLOW(heddle_compile(good.backend, graph, store, nullptr, &executable), HEDDLE_INVALID_DATA, HEDDLE_INVALID_GRAPH);
    if (executable != 0) replace(executables, executable);
  }

  void make() {
    const heddle_symbol capacity = {"capacity", CAPACITY};
    heddle_session_options options{};
    options.size = sizeof(options);
    options.symbols = &capacity;
    options.symbol_count = 1;
    heddle_session session = 0;
    ALLOW(heddle_session_create(any(executables), &options, &session), HEDDLE_INVALID_BINDING);
    if (session != 0) replace(sessions, session);
  }

  void release() {
    std::atomic<heddle_handle> *const places[] = {builders, stores, graphs, executables, sessions};
    const int kind = static_cast<int>(random_() % 5);
    // Half of them stay where others find them.
    const heddle_handle handle = random_() % 2 == 0 ? places[kind][random_() % slots].exchange(0) : any(places[kind]);
    ALLOW(heddle_release(handle));
  }

  void confuse() {
    std::atomic<heddle_handle> *const places[] = {builders, stores, graphs, executables};
    const heddle_handle handle = any(places[random_() % 4]);
    ALLOW(heddle_session_run(handle, nullptr), HEDDLE_WRONG_HANDLE);
    ALLOW(heddle_release(random_() % 2 == 0 ? random_() : UINT64_C(0x100000000) * random_()));
  }

  void describe() {
    char text[256];
    size_t needed = 0;
    ALLOW(heddle_graph_json(any(graphs), text, sizeof(text), &needed), HEDDLE_BUFFER_TOO_SMALL);
    ALLOW(heddle_constants_list(any(stores), text, sizeof(text), &needed), HEDDLE_BUFFER_TOO_SMALL);
    ALLOW(heddle_executable_plan(any(executables), text, sizeof(text), &needed), HEDDLE_BUFFER_TOO_SMALL);
    ALLOW(heddle_backend_state(good.backend, text, sizeof(text), &needed));
    live_counts();
  }

  void start() {
    ALLOW(heddle_session_start(any(sessions), nullptr), HEDDLE_BUSY, HEDDLE_INVALID_BINDING);
    if (random_() % 2 == 0) ALLOW(heddle_session_cancel(any(sessions)));
    // Waited for and released at the same moment.
    if (random_() % 4 == 0) wait();
  }

  void wait() {
    const int64_t timeouts[] = {0, 1, 100000, -1};
    ALLOW(heddle_session_wait(any(sessions), timeouts[random_() % 4]), HEDDLE_BUSY, HEDDLE_NOT_STARTED,
          HEDDLE_CANCELLED, HEDDLE_INVALID_BINDING, HEDDLE_UNUSABLE, HEDDLE_INVALID_DATA);
  }

  void run() {
    ALLOW(run_step(any(sessions), static_cast<int64_t>(random_() % 4), 2), HEDDLE_BUSY, HEDDLE_CANCELLED,
          HEDDLE_INVALID_BINDING, HEDDLE_UNUSABLE, HEDDLE_UNSUPPORTED);
  }

  void bind() {
    static float memory[MOST_TOKENS * WIDTH];
    heddle_memory it{};
    it.size = sizeof(it);
    it.data = memory;
    it.byte_count = sizeof(memory);
    ALLOW(heddle_session_bind(any(sessions), HEDDLE_INPUT, "x", random_() % 2 == 0 ? &it : nullptr, nullptr),
          HEDDLE_BUSY);
    if (random_() % 2 == 0) ALLOW(heddle_session_reset(any(sessions)), HEDDLE_BUSY);
  }

  void transfer() {
    float values[2 * WIDTH];
    ALLOW(heddle_session_read(any(sessions), HEDDLE_STATE, "cache", values, sizeof(values)), HEDDLE_BUSY,
          HEDDLE_INVALID_BINDING);
  }
};

}  // namespace

int main(int count, char **arguments) {
  const int seconds = count > 1 ? std::atoi(arguments[1]) : 5;
  const unsigned seed = count > 2 ? static_cast<unsigned>(std::atoi(arguments[2])) : 1;
  check_start(static_cast<unsigned>(seconds) + 120);
  make_fixture(&good, nullptr);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 8; i++)
    threads.emplace_back([i, seed] {
      Actor actor(seed * 8 + i);
      while (!is_over) actor.act();
    });
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
  is_over = true;
  for (auto &thread : threads) thread.join();

  for (auto place : {builders, stores, graphs, executables, sessions})
    for (int i = 0; i < slots; i++) {
      const heddle_handle handle = place[i].exchange(0);
      if (handle != 0) heddle_release(handle);
    }
  EXPECT(HEDDLE_OK, run_step(good.session, 0, 2));
  release_fixture(&good);
  const heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.contexts == 0 && left.queues == 0 && left.buffers == 0);
  IS(left.programs == 0 && left.kernels == 0 && left.events == 0 && left.threads == 0);
  check_add(calls);
  std::printf("threads:");
  for (int status = 0; status < 100; status++)
    if (counts[status] > 0) std::printf(" %s %ld", heddle_status_name(status) + 7, counts[status].load());
  std::printf("\n");
  // A mix in which a kind of outcome never came says nothing about it.
  for (const int status : {HEDDLE_OK, HEDDLE_STALE_HANDLE, HEDDLE_WRONG_HANDLE, HEDDLE_BUSY, HEDDLE_CANCELLED})
    IS(counts[status] > 0);
  return check_finish("threads", 1000);
}

// Attention over a few tokens: a product with a 4-bit weight, split into queries, keys and values.
//
//   y = attention(q, k, v)      [q k v] = x · Wᵀ      x [tokens, 64] f32, W [192, 64] q4_0, y [tokens, 4, 16]
//
// The data are those of Examples/c/attention.c, and so are the bits that come out.
//
//   c++ -std=c++17 attention.cpp $(pkg-config --cflags --libs heddle) -o attention

#include <cstdio>
#include <cstring>
#include <exception>

#include "heddle.hpp"

namespace {

constexpr int tokens = 5, width = 64, heads = 4, head_width = 16, rows = 3 * heads * head_width;

// Numbers that are the same in every language: s ← 1664525·s + 1013904223 mod 2³², and of s the upper eight bits.
class Numbers {
 public:
  uint8_t next() {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<uint8_t>(state_ >> 24);
  }

 private:
  uint32_t state_ = 2026;
};

// q4_0: blocks of 32 values, each a float16 scale and 16 bytes with two values' nibbles. The scales are 2⁻⁴ … 2⁻⁷.
std::vector<uint8_t> weight(Numbers &numbers) {
  std::vector<uint8_t> bytes;
  for (int block = 0; block < rows * width / 32; block++) {
    const int scale = 0x2C00 - 0x400 * (numbers.next() & 3);
    bytes.push_back(static_cast<uint8_t>(scale & 0xFF));
    bytes.push_back(static_cast<uint8_t>(scale >> 8));
    for (int i = 0; i < 16; i++) bytes.push_back(numbers.next());
  }
  return bytes;
}

heddle::Handle attention(const heddle::Handle &constants) {
  heddle::Builder builder;
  builder.symbol("tokens", 1, 64);
  const auto x = builder.apply(R"({"input": {"name": "x", "type": {"encoding": "f32", "shape": ["tokens", 64]}}})");
  const auto product = builder.apply(R"({"matmul": {}})", {x, builder.constant(constants, "w")});
  // A third of the product's columns, as heads.
  const auto third = [&](int start) {
    const auto part =
        builder.apply(R"({"slice": {"axis": 1, "start": )" + std::to_string(start) + R"(, "count": 64}})", {product});
    return builder.apply(R"({"reshape": {"shape": ["tokens", 4, 16]}})", {part});
  };
  const auto queries = third(0), keys = third(64), values = third(128);
  builder.output("y", builder.apply(R"({"attention": {"scale": 0.25, "past": 0}})", {queries, keys, values}));
  return builder.build();
}

// Each head of each token as the bits of its floats, and the FNV-1a sum of all their bytes.
void print_bits(const std::vector<float> &values) {
  uint64_t sum = 0xcbf29ce484222325u;
  for (size_t i = 0; i < values.size(); i++) {
    uint32_t bits;
    std::memcpy(&bits, &values[i], sizeof(bits));
    for (int shift = 0; shift < 32; shift += 8) sum = (sum ^ ((bits >> shift) & 0xFF)) * 0x100000001b3u;
    std::printf("%08x%c", bits, (i + 1) % head_width == 0 ? '\n' : ' ');
  }
  std::printf("checksum %016llx\n", static_cast<unsigned long long>(sum));
}

void run() {
  heddle_backend_options options{};
  options.size = sizeof(options);
  const auto backend = heddle::make(heddle_backend_create, &options);

  Numbers numbers;
  const auto w = weight(numbers);
  const int64_t w_shape[] = {rows, width};
  const auto constants = heddle::make(heddle_constants_create);
  heddle::check(heddle_constants_add(constants, "w", "q4_0", w_shape, 2, w.data(), w.size(), nullptr, nullptr));

  const auto graph = attention(constants);
  const auto executable =
      heddle::make(heddle_compile, heddle_handle(backend), heddle_handle(graph), heddle_handle(constants), nullptr);

  std::vector<float> x(tokens * width), y(tokens * heads * head_width);
  for (auto &value : x) value = static_cast<float>(numbers.next() - 128) / 64;
  heddle::Session session(executable);
  session.bind_input("x", x, {tokens, width});
  session.bind_output("y", y);
  session.run();
  print_bits(y);
}

}  // namespace

int main() {
  try {
    run();
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

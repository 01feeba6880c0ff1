import Heddle
import _KernelCases

/// What a graph costs apart from time: the same on every run of one device, so that a test may hold on to it.
struct Counters {
  struct Range {
    var range: String
    var launches: Int
    var distinctKernels: Int
    var arenaByteCount: Int
    /// During the second of two equal runs.
    var allocations: Int
    var builds: Int
  }

  var suite: String
  var name: String
  var formatByteCount: Int
  var deviceByteCount: Int
  var ranges: [Range]

  init(_ counted: CountedGraph, suite: String, on backend: OpenCLBackend) async throws {
    self.suite = suite
    name = counted.name
    formatByteCount = counted.problem.size.weightsByteCount
    let opCase = try counted.problem.size.opCase(tokens: 1...(counted.runs.max() ?? counted.problem.tokens))
    let executable = try await backend.compile(opCase.graph, constants: opCase.constants, options: nil)
    deviceByteCount = executable.constantByteCount
    let session = try executable.makeDeviceSession()
    ranges = []
    guard let x = opCase.request.inputs["x"] else { throw BenchmarkError("\(opCase) has no input x") }
    for tokens in counted.runs {
      let length = try x.encoding.byteCount(shape: [tokens, counted.problem.inputs])
      let input = try Tensor(
        encoding: x.encoding, shape: [tokens, counted.problem.inputs], bytes: Array(x.bytes.prefix(length)))
      let request = RunRequest(inputs: ["x": input])
      _ = try await session.run(request)
      let before = (backend.allocationCount, backend.buildCount)
      _ = try await session.run(request)
      guard let index = executable.plan.listIndex(for: ["tokens": tokens]) else {
        throw BenchmarkError("\(counted.name) has no command list for \(tokens) tokens")
      }
      let list = executable.plan.lists[index]
      ranges.append(
        Range(
          range: list.range.description, launches: list.launches.count, distinctKernels: list.kernels.count,
          arenaByteCount: list.arenaByteCount, allocations: backend.allocationCount - before.0,
          builds: backend.buildCount - before.1))
    }
  }

  var json: JSONText {
    .object([
      ("suite", .string(suite)), ("case", .string(name)), ("format_bytes", .integer(formatByteCount)),
      ("device_bytes", .integer(deviceByteCount)),
      (
        "ranges",
        .array(
          ranges.map { range in
            .object([
              ("range", .string(range.range)), ("launches", .integer(range.launches)),
              ("distinct_kernels", .integer(range.distinctKernels)), ("arena_bytes", .integer(range.arenaByteCount)),
              ("second_run_allocations", .integer(range.allocations)), ("second_run_builds", .integer(range.builds)),
            ])
          })
      ),
    ])
  }
}

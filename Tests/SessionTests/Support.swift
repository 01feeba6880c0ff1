import Heddle
import TestSupport
import Testing

/// A backend of its own: its counters belong to one test.
func backend(
  _ device: Device, kernels: [String: CustomKernel] = [:], budgetBytes: Int? = nil
) throws -> OpenCLBackend {
  try OpenCLBackend(device: device, customKernels: kernels, cache: nil, budgetBytes: budgetBytes)
}

func options(_ change: (inout PlanOptions) -> Void) -> PlanOptions {
  var options = PlanOptions()
  change(&options)
  return options
}

extension Session {
  /// Runs a step that may take this long from now.
  func run(_ request: RunRequest, within duration: Duration) async throws -> NameTable<Tensor> {
    var request = request
    request.deadline = .now + duration
    return try await run(request)
  }
}

/// Objects that were dropped may be released a moment later, on a session's own thread.
func expectNothingLeft(on backend: OpenCLBackend, location: SourceLocation = #_sourceLocation) async {
  for _ in 0..<600 where backend.deviceByteCount > 0 { try? await Task.sleep(for: .milliseconds(50)) }
  #expect(backend.deviceByteCount == 0, sourceLocation: location)
}

extension Tensor {
  /// Float32 values that count up from `first` in steps of one, and start again after 13.
  static func counting(_ shape: [Int], from first: Int = -3) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map { Float(($0 + first + 130) % 13 - 6) }, shape: shape)
  }
}

/// `y = x · wᵀ + x`, and a cache of `x`: `n` rows of 8 at `past`.
struct StepGraph {
  let graph: Graph
  let constants = ConstantStore()
  let weights: [Float]

  init(weightRows: Int = 8) throws {
    weights = (0..<weightRows * 8).map { Float($0 % 7 - 3) }
    try constants.add("w", Tensor(weights, shape: [weightRows, 8]))
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 0...20)
    let past = try builder.symbol("past", in: 0...40)
    let capacity = try builder.symbol("capacity", in: 1...40)
    let x = try builder.input("x", .float32, [n, 8])
    let cache = try builder.state("cache", .float32, [capacity, 8])
    let next = try builder.writeRows(x, to: cache, at: past)
    try builder.update(state: "cache", to: next)
    let y = try builder.matmul(x, builder.constant("w", in: constants))
    graph = try builder.build(outputs: ["y": weightRows == 8 ? builder.add(y, x) : y, "next": next])
  }

  func request(rows: Int, past: Int, from first: Int = -3) throws -> RunRequest {
    RunRequest(inputs: ["x": try .counting([rows, 8], from: first)], bindings: ["past": past])
  }

  /// What `y` must be.
  func expected(rows: Int, from first: Int = -3) throws -> [Float] {
    let x = try Tensor.counting([rows, 8], from: first).floats()
    return (0..<rows * 8).map { index in
      let (row, column) = (index / 8, index % 8)
      return (0..<8).reduce(x[index]) { $0 + x[row * 8 + $1] * weights[column * 8 + $1] }
    }
  }
}

/// A chain of matmuls that takes seconds: something to interrupt. With `replaces`, a state is overwritten as a whole.
struct LongGraph {
  let graph: Graph
  let constants = ConstantStore()
  static let side = 256

  init(length: Int, replaces: Bool = false) throws {
    let side = Self.side
    // A permutation: numbers stay small whatever the length.
    let weights = (0..<side * side).map { Float(($0 / side + 1) % side == $0 % side ? 1 : 0) }
    try constants.add("w", Tensor(weights, shape: [side, side]))
    let builder = GraphBuilder()
    let rows = try builder.symbol("rows", in: 0...4096)
    let x = try builder.input("x", .float32, [rows, Dimension(side)])
    let w = try builder.constant("w", in: constants)
    var y = x
    for _ in 0..<length { y = try builder.matmul(y, w) }
    if replaces {
      let state = try builder.state("count", .float32, [1])
      let one = try builder.input("one", .float32, [1])
      try builder.update(state: "count", to: builder.add(state, one))
    }
    graph = try builder.build(outputs: ["y": y])
  }

  func request(rows: Int) throws -> RunRequest {
    var inputs: NameTable = ["x": try Tensor.counting([rows, Self.side])]
    if !graph.states.isEmpty { inputs["one"] = try Tensor([1 as Float], shape: [1]) }
    return RunRequest(inputs: inputs)
  }
}

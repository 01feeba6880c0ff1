import Heddle

/// A feed-forward layer of a few kernels: what a process does first, for tests that start many at once.
struct ColdStart {
  private static let (tokens, width, inner) = (3, 64, 96)

  /// Compiles the layer and runs it once.
  ///
  /// - Returns: whether the values are the oracle's, to 10⁻⁵ of the greatest.
  static func isRight(on backend: OpenCLBackend) async throws -> Bool {
    let constants = ConstantStore()
    func constant(_ name: String, _ shape: [Int]) throws { try constants.add(ConstantID(name), values(shape)) }
    try constant("norm", [width])
    try constant("up", [inner, width])
    try constant("down", [width, inner])
    let graph = try layer(constants)
    let request = RunRequest(inputs: ["x": try values([tokens, width])])
    let expected = try await run(ReferenceBackend().compile(graph, constants: constants), request)
    let got = try await run(backend.compile(graph, constants: constants), request)
    for (name, ideal) in expected {
      let (ideal, values) = (try ideal.floats(), try got[name]?.floats() ?? [])
      let bound = 1e-5 * (ideal.map(abs).max() ?? 0)
      guard ideal.count == values.count, zip(ideal, values).allSatisfy({ abs($0 - $1) <= bound }) else { return false }
    }
    return !expected.isEmpty
  }

  /// Values of both signs below 1.
  private static func values(_ shape: [Int]) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor((0..<count).map { Float($0 * 7919 % 257) / 128 - 1 }, shape: shape)
  }

  private static func run(_ executable: any Executable, _ request: RunRequest) async throws -> NameTable<Tensor> {
    try await executable.makeSession([:]).run(request)
  }

  private static func layer(_ constants: ConstantStore) throws -> Graph {
    let builder = GraphBuilder()
    let rows = try builder.symbol("tokens", in: 1...64)
    let x = try builder.input("x", .float32, [rows, Dimension(width)])
    let norm = try builder.rmsNorm(x, weight: builder.constant("norm", in: constants), epsilon: 1e-5)
    let up = try builder.matmul(norm, builder.constant("up", in: constants))
    let gate = try builder.unary(.tanh, up)
    let down = try builder.matmul(gate, builder.constant("down", in: constants))
    return try builder.build(outputs: ["y": try builder.softmax(try builder.add(down, x)), "sum": down])
  }
}

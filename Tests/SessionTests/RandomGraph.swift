import Heddle

/// A random graph of operations that are exact on small whole numbers, so any two right ways to run it agree in every
/// bit. Values are tracked by their greatest magnitude and kept below 2²⁰.
struct RandomGraph {
  private(set) var graph: Graph
  let constants = ConstantStore()
  private let builder = GraphBuilder()
  private var random: SplitMix64
  private var pool: [(value: Value, shape: [Int], limit: Double)] = []
  private let n: Dimension
  private let rows: Int
  private var weights = 0
  private static let limit = Double(1 << 20)
  static let capacity = 24

  init(seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    rows = Int.random(in: 1...6, using: &random)
    n = try builder.symbol("n", in: 1...6)
    let past = try builder.symbol("past", in: 0...18)
    graph = try GraphBuilder().build(outputs: [:])
    for index in 0..<Int.random(in: 1...2, using: &random) {
      let width = Int.random(in: 1...4, using: &random)
      add(try builder.input("x\(index)", .float32, [n, Dimension(width)]), [rows, width], 4)
    }
    for index in 0..<Int.random(in: 1...2, using: &random) {
      let width = Int.random(in: 1...3, using: &random)
      add(try builder.input("z\(index)", .float32, [2, Dimension(width)]), [2, width], 4)
    }
    let state = try builder.state("state", .float32, [Dimension(Self.capacity), 3])
    for _ in 0..<Int.random(in: 3...25, using: &random) { try step() }
    if let source = pool.last(where: { $0.value.type.elementCount == n }) ?? pool.first {
      // Rows for the state come from the graph where the shape allows, else from an input of their own.
      let column = source.value.type.elementCount == n ? try builder.reshape(source.value, to: [n, 1]) : nil
      let fresh = try builder.input("fresh", .float32, [n, 3])
      let rows = try column.map { try builder.multiply(fresh, $0) } ?? fresh
      let next = try builder.writeRows(rows, to: state, at: past)
      try builder.update(state: "state", to: next)
      add(try builder.slice(next, axis: 0, start: past, count: n), [self.rows, 3], Self.limit)
      pool.append((try builder.transpose(next, [1, 0]), [3, Self.capacity], Self.limit))
    }
    var outputs: NameTable<Value> = [:]
    for (index, item) in pool.suffix(6).enumerated() { outputs["y\(index)"] = item.value }
    for index in 0..<3 {
      if let item = pool.randomElement(using: &random) { outputs["any\(index)"] = item.value }
    }
    graph = try builder.build(outputs: outputs)
  }

  /// The inputs of one of three steps.
  func request(step: Int) throws -> RunRequest {
    var inputs: NameTable<Tensor> = [:]
    var random = SplitMix64(seed: UInt64(step) &+ 99)
    for input in graph.inputs {
      let shape = try input.type.concreteShape(["n": rows])
      let values = (0..<shape.reduce(1, *)).map { _ in Float(Int.random(in: -4...4, using: &random)) }
      inputs[input.name] = try Tensor(values, shape: shape)
    }
    return RunRequest(inputs: inputs, bindings: ["n": rows, "past": step * rows])
  }

  private mutating func add(_ value: Value, _ shape: [Int], _ limit: Double) { pool.append((value, shape, limit)) }

  private mutating func step() throws {
    guard let a = pool.randomElement(using: &random) else { return }
    let rank = a.shape.count
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      guard let b = pool.filter({ $0.value.shape == a.value.shape }).randomElement(using: &random) else { return }
      let isSum = Bool.random(using: &random)
      let limit = isSum ? a.limit + b.limit : a.limit * b.limit
      guard limit <= Self.limit else { return }
      add(try isSum ? builder.add(a.value, b.value) : builder.multiply(a.value, b.value), a.shape, limit)
    case 2:
      // Stretched along one axis.
      guard rank > 0, a.limit * 2 <= Self.limit else { return }
      let row = try builder.slice(a.value, axis: 0, start: 0, count: 1)
      add(try builder.add(row, a.value), a.shape, a.limit * 2)
    case 3:
      add(try builder.reshape(a.value, to: [a.value.type.elementCount]), [a.shape.reduce(1, *)], a.limit)
    case 4:
      let last = a.value.shape[rank - 1]
      guard rank >= 2, rank < 4 else { return }
      add(try builder.reshape(a.value, to: [1] + a.value.shape.dropLast() + [last]), [1] + a.shape, a.limit)
    case 5:
      let order = Array(0..<rank).shuffled(using: &random)
      add(try builder.transpose(a.value, order), order.map { a.shape[$0] }, a.limit)
    case 6:
      let axis = Int.random(in: 0..<rank, using: &random)
      guard let extent = a.value.shape[axis].constant, extent > 0 else { return }
      let start = Int.random(in: 0..<extent, using: &random)
      let count = Int.random(in: 0...extent - start, using: &random)
      guard count > 0 else { return }
      var shape = a.shape
      shape[axis] = count
      let part = try builder.slice(a.value, axis: axis, start: Dimension(start), count: Dimension(count))
      add(part, shape, a.limit)
    case 7:
      let axis = Int.random(in: 0..<rank, using: &random)
      guard let b = pool.filter({ $0.value.shape == a.value.shape }).randomElement(using: &random),
        a.shape.reduce(1, *) < 500
      else { return }
      var shape = a.shape
      shape[axis] *= 2
      add(try builder.concatenate([a.value, b.value], axis: axis), shape, max(a.limit, b.limit))
    case 8:
      // Two activations.
      guard rank >= 2, let inputs = a.value.shape[rank - 1].constant else { return }
      let partners = pool.filter { $0.shape.count == 2 && $0.value.shape[1].constant == inputs }
      guard let b = partners.randomElement(using: &random), a.limit * b.limit * Double(inputs) <= Self.limit
      else { return }
      let isTransposed = Bool.random(using: &random)
      let right = try isTransposed ? b.value : builder.transpose(b.value, [1, 0])
      add(
        try builder.matmul(a.value, right, rightIsTransposed: isTransposed), a.shape.dropLast() + [b.shape[0]],
        a.limit * b.limit * Double(inputs))
    default:
      // A packed constant, sometimes one used before, sometimes two of one input with the sum of both.
      guard rank >= 2, let inputs = a.value.shape[rank - 1].constant, a.limit * 3 * Double(inputs) <= Self.limit / 2
      else { return }
      let outputs = Int.random(in: 1...20, using: &random)
      let shape = a.shape.dropLast() + [outputs]
      let limit = a.limit * 3 * Double(inputs)
      let first = try builder.matmul(a.value, weight(outputs, inputs))
      if Bool.random(using: &random) {
        let second = try builder.matmul(a.value, weight(outputs, inputs))
        add(try builder.add(first, second), Array(shape), limit * 2)
      } else {
        add(first, Array(shape), limit)
      }
    }
  }

  private mutating func weight(_ outputs: Int, _ inputs: Int) throws -> Value {
    let id = ConstantID("w\(weights)")
    weights += 1
    let values = (0..<outputs * inputs).map { _ in Float(Int.random(in: -3...3, using: &random)) }
    try constants.add(id, Tensor(values, shape: [outputs, inputs]))
    return try builder.constant(id, in: constants)
  }
}

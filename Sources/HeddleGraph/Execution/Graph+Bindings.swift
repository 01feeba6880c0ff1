import HeddleText

extension Graph {
  /// All symbols' values for one run: those given, those a session fixed, and those an input's shape tells; every
  /// one checked against its range, every input against its type, and every operation's rows against the capacity that they
  /// must fit.
  ///
  /// - Parameters:
  ///   - fixed: what a session was made with.
  ///   - elsewhere: inputs whose values come from elsewhere, with their shapes where they are known: else their symbols
  ///     must be bound.
  public func resolveBindings(
    _ request: RunRequest, fixed: Bindings = [:], elsewhere: NameTable<[Int]?> = [:]
  ) throws(ExecutionError) -> Bindings {
    var bindings = request.bindings.merging(fixed) { given, _ in given }
    let ranges = ranges
    for symbol in request.bindings.keys where ranges[symbol] == nil {
      throw .unknownSymbol(symbol, known: Array(ranges.keys))
    }
    for (symbol, value) in fixed {
      if let bindings = request.bindings[symbol], bindings != value {
        throw .sessionBinding(symbol, session: value, run: bindings)
      }
    }
    let inputs = inputs
    for name in request.inputs.keys where !inputs.contains(where: { $0.name.hasSameBytes(as: name) }) {
      throw .unknownInput(name, known: inputs.map(\.name))
    }
    var given: [(input: Input, tensor: TensorSummary)] = []
    for input in inputs {
      let tensor: TensorSummary
      if let value = request.inputs[input.name] {
        tensor = TensorSummary(value.encoding, value.shape)
      } else if let shape = elsewhere[input.name] {
        guard let shape else { continue }
        tensor = TensorSummary(input.type.encoding, shape)
      } else {
        throw .missingInput(input.name, input.type)
      }
      given.append((input, tensor))
      let mismatch = ExecutionError.inputType(input.name, expected: input.type, got: tensor)
      guard tensor.encoding == input.type.encoding, tensor.shape.count == input.type.rank else { throw mismatch }
      for (dimension, extent) in zip(input.type.shape, tensor.shape) {
        for symbol in dimension.symbols where dimension == Dimension(symbol) {
          let known = bindings.updateValue(extent, forKey: symbol)
          if let known, known != extent { throw .conflictingBinding(symbol, known, extent, input: input.name) }
        }
      }
    }
    var mismatch: (input: Input, tensor: TensorSummary)?
    var excess: ExecutionError?
    do throws(TypeError) {
      for (symbol, range) in ranges {
        guard let value = bindings[symbol] else { throw .unboundSymbol(symbol) }
        guard range.contains(value) else { throw .outOfRange(symbol, value: value, range: range) }
      }
      let shapes = try given.map { input, _ throws(TypeError) in try input.type.concreteShape(bindings) }
      mismatch = zip(given, shapes).first { $0.tensor.shape != $1 }?.0
      if mismatch == nil { excess = try firstExcess(bindings) }
    } catch {
      throw .binding(error)
    }
    if let (input, tensor) = mismatch { throw .inputType(input.name, expected: input.type, got: tensor) }
    if let excess { throw excess }
    return bindings
  }

  /// The first operation that would write beyond its capacity.
  private func firstExcess(_ bindings: Bindings) throws(TypeError) -> ExecutionError? {
    for (index, rows) in capacities {
      let capacity = try rows.capacity.extent(bindings)
      let needed = Graph.rows(try rows.first.extent(bindings), try rows.count.extent(bindings))
      if needed > capacity { return .capacityExceeded(name(of: index), needed: needed, capacity: capacity) }
    }
    return nil
  }

  /// `first + count`, at most `Int.max`.
  private static func rows(_ first: Int, _ count: Int) -> Int {
    let (sum, overflow) = first.addingReportingOverflow(count)
    return overflow ? .max : sum
  }

  private func name(of index: Int) -> String {
    let operation = producer(of: ValueID(node: index)).operation.name
    return origin(of: index).label.map { "\(operation) '\($0)'" } ?? operation
  }
}

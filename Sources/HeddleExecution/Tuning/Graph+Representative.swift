import HeddlePlanning
import HeddleText

extension Graph {
  /// One run that stands for a range of bindings: what a session is made with, and a request with inputs made up.
  struct Representative {
    var fixed: Bindings
    var request: RunRequest
  }

  /// Values of the other symbols, such as the tokens before a step: a usual one, a small one, the least.
  private static let othersTried = [128, 16, 0]
  /// Rows of caches, as few as do.
  private static let capacitiesTried = [64, 128, 256, 512, 1024, 4096, Int.max]

  /// Integers are zeros, but for those that say where something is: rows and pages follow each other, tokens too, a count is all there
  /// is, and all is selected. float32 values are small and differ; other encodings are zeros.
  func representative(of range: BindingRange) throws -> Representative {
    let ranges = ranges.merging(range.ranges) { $1 }
    let capacities = Set(states.flatMap(\.type.shape).flatMap(\.symbols))
    let counted = Set(inputs.flatMap(\.type.shape).flatMap(\.symbols)).subtracting(capacities)
    var reason = ""
    for other in Self.othersTried {
      for capacity in Self.capacitiesTried {
        var bindings: Bindings = [:]
        for (symbol, range) in ranges {
          let wanted =
            capacities.contains(symbol) ? capacity : counted.contains(symbol) ? Self.middle(of: range) : other
          bindings[symbol] = min(max(wanted, range.lowerBound), range.upperBound)
        }
        do {
          let request = RunRequest(inputs: try inputTensors(bindings), bindings: bindings, outputs: [])
          let fixed = bindings.filter { capacities.contains($0.key) }
          _ = try resolveBindings(request, fixed: fixed)
          return Representative(fixed: fixed, request: request)
        } catch {
          reason = "\(error)"
        }
        if capacities.isEmpty { break }
      }
    }
    throw TuningError.noBindings(range, reason: reason)
  }

  /// 1 of 1...1, 8 of 2...16, 256 of 17...512; 0 only of 0...0, since nothing runs then.
  static func middle(of range: ClosedRange<Int>) -> Int {
    let wanted = range.upperBound <= 16 ? max(1, range.upperBound / 2) : 256
    return min(max(wanted, range.lowerBound), range.upperBound)
  }

  // Traps: never (tuning-input-bounded).
  private func inputTensors(_ bindings: Bindings) throws -> NameTable<Tensor> {
    var left = TuningError.greatestInputByteCount
    for input in inputs {
      let shape = try input.type.concreteShape(bindings)
      let byteCount = try input.type.encoding.byteCount(shape: shape)
      guard byteCount <= left else { throw TuningError.inputsTooLarge(input.name, shape: shape) }
      left &-= byteCount
    }
    var tensors: NameTable<Tensor> = [:]
    let roles = inputRoles
    for input in inputs {
      let shape = try input.type.concreteShape(bindings)
      let byteCount = try input.type.encoding.byteCount(shape: shape)
      if input.type.encoding == .int32, let role = roles[input.name] {
        let count = Int32(clamping: byteCount / 4)
        let integers: [Int32] =
          switch role {
          case "positions", "rows", "pages": Array(0..<max(0, count))
          case "counts": [Int32](repeating: .max, count: Int(max(0, count)))
          case "selection": [Int32](repeating: -1, count: Int(max(0, count)))
          default: [Int32](repeating: 0, count: Int(max(0, count)))
          }
        tensors[input.name] = try Tensor(integers, shape: shape)
        continue
      }
      tensors[input.name] =
        input.type.encoding == .float32
        ? try Tensor((0..<max(0, byteCount / 4)).map { Float($0 &* 37 % 101 - 50) / 64 }, shape: shape)
        : try Tensor(encoding: input.type.encoding, shape: shape, bytes: [UInt8](repeating: 0, count: byteCount))
    }
    return tensors
  }

  /// The role in which an operation takes an input, of those that are taken.
  private var inputRoles: NameTable<String> {
    var roles: NameTable<String> = [:]
    for node in nodes {
      for (role, operand) in zip(node.operation.roles, node.operands) {
        if let input = producer(of: operand).operation as? Input { roles[input.name] = role.name }
      }
    }
    return roles
  }
}

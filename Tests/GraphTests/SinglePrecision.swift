import Foundation
import HeddleGraph
import HeddleText
import _KernelCases

@testable import HeddleReference

/// The operations that have a bound, once more and in float32 throughout, as a plain kernel would do them: a second
/// opinion on the bounds, which must hold for it.
enum SinglePrecision {
  /// Runs a case of one step; what has no bound comes from the oracle.
  static func run(_ opCase: OpCase) throws -> NameTable<Tensor> {
    let graph = opCase.graph
    let bindings = try graph.resolveBindings(opCase.request, fixed: opCase.sessionBindings)
    var values: [[Tensor]] = []
    for (node, origin) in zip(graph.nodes, graph.origins) {
      let operands = node.operands.map { values[$0.node][$0.result] }
      switch node.operation {
      case let input as Input: values.append([opCase.request.inputs[input.name]].compactMap { $0 })
      case let constant as Constant: values.append([try opCase.constants.tensor(constant.id)])
      default:
        let oracle = try ReferenceBackend().evaluate(
          node.operation, operands, results: node.results, bindings: bindings, origin: origin)
        let y = try evaluate(node.operation, operands, bindings, oracle[0].shape) ?? []
        values.append(try zip(y, oracle).map { try Tensor($0, shape: $1.shape) } + oracle.dropFirst(y.count))
      }
    }
    return NameTable(graph.outputs.map { ($0.name, values[$0.value.node][$0.value.result]) })
  }

  /// The first results of an operation; none of what has no bound.
  private static func evaluate(
    _ operation: any GraphOperation, _ operands: [Tensor], _ bindings: Bindings, _ shape: [Int]
  ) throws -> [[Float]]? {
    if shape.contains(0) { return nil }
    switch operation {
    case let attention as Attention:
      return try attended(attention, operands, past: attention.past.extent(bindings))
    case is MergeAttention: return try merged(operands)
    default: return try single(operation, operands, bindings, shape).map { [$0] }
    }
  }

  private static func single(
    _ operation: any GraphOperation, _ operands: [Tensor], _ bindings: Bindings, _ shape: [Int]
  ) throws -> [Float]? {
    switch operation {
    case let matmul as MatMul: return try product(matmul, operands, bindings, shape)
    case is Softmax:
      let width = shape[shape.count - 1]
      let x = try operands[0].floats()
      return stride(from: 0, to: x.count, by: width).flatMap { softmax(Array(x[$0..<$0 + width])) }
    case let norm as RMSNorm:
      let (x, weight) = (try operands[0].floats(), try operands[1].floats())
      return stride(from: 0, to: x.count, by: weight.count).flatMap { start in
        let row = x[start..<start + weight.count]
        let scale = 1 / (row.reduce(Float(0)) { $0 + $1 * $1 } / Float(weight.count) + norm.epsilon).squareRoot()
        return zip(row, weight).map { $0 * scale * $1 }
      }
    case let norm as LayerNorm: return try normalized(norm, operands)
    case let product as MatMulByExpert: return try byExpert(product, operands)
    case is WeightedSum:
      let (x, weights) = (try operands[0].floats(), try operands[1].floats())
      let (parts, width) = (operands[0].shape[1], operands[0].shape[2])
      return (0..<operands[0].shape[0] * width).map { place in
        (0..<parts).reduce(Float(0)) { sum, j in
          let row = place / width * parts + j
          return sum + weights[row] * x[row * width + place % width]
        }
      }
    case let loss as BalanceLoss: return [try balance(loss, operands)]
    case is OrthonormalRows: return try orthonormal(operands[0])
    case let unary as Unary:
      guard let activation = unary.function.activation else { return nil }
      return try operands[0].floats().map { activated($0, activation) }
    case let rotary as RotaryEmbedding: return try turned(rotary, operands)
    default: return nil
    }
  }

  private static func balance(_ loss: BalanceLoss, _ operands: [Tensor]) throws -> Float {
    let (scores, counts) = (try operands[0].floats(), try operands[1].integers())
    let (tokens, experts) = (operands[0].shape[0], counts.count)
    let total = counts.reduce(0) { $0 + Int($1) }
    guard tokens > 0, total > 0 else { return 0 }
    let sum = (0..<experts).reduce(Float(0)) { sum, e in
      let mean = (0..<tokens).reduce(Float(0)) { $0 + scores[$1 * experts + e] } / Float(tokens)
      return sum + Float(counts[e]) / Float(total) * mean
    }
    return loss.weight * Float(experts) * sum
  }

  private static func orthonormal(_ x: Tensor) throws -> [Float] {
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (values, columns) = (try x.floats(), x.shape[1])
    var rows: [[Float]] = []
    for start in stride(from: 0, to: values.count, by: columns) {
      var row = Array(values[start..<start + columns])
      let square = dot(row, row)
      for other in rows + rows {
        let part = dot(row, other)
        row = zip(row, other).map { $0 - part * $1 }
      }
      let remainder = dot(row, row)
      rows.append(remainder <= 0x1p-36 * square ? row.map { _ in 0 } : row.map { $0 / remainder.squareRoot() })
    }
    return Array(rows.joined())
  }

  private static func byExpert(_ product: MatMulByExpert, _ operands: [Tensor]) throws -> [Float] {
    let (x, w) = (try operands[0].decoded(), try operands[1].decoded())
    let bias = product.bias ? try operands[3].floats() : nil
    let (experts, rows, inputs) = (operands[1].shape[0], operands[1].shape[1], operands[1].shape[2])
    let sharing = operands[0].shape.count == 2 ? operands[2].shape[1] : 1
    return try operands[2].integers().enumerated().flatMap { pair, index in
      let (outputs, expert) = (product.isGated ? rows / 2 : rows, Int(index))
      guard (0..<experts).contains(expert) else { return [Float](repeating: 0, count: outputs) }
      let sums = (expert * rows..<(expert + 1) * rows).map { row in
        (0..<inputs).reduce(Float(0)) { $0 + x[pair / sharing * inputs + $1] * w[row * inputs + $1] }
          + (bias?[row] ?? 0)
      }
      return (0..<outputs).map { m in
        activated(sums[m], product.activation) * (product.isGated ? sums[outputs + m] : 1)
      }
    }
  }

  private static func normalized(_ norm: LayerNorm, _ operands: [Tensor]) throws -> [Float] {
    let (x, weight) = (try operands[0].floats(), try operands[1].floats())
    let bias = operands.count > 2 ? try operands[2].floats() : weight.map { _ in 0 }
    let width = Float(weight.count)
    return stride(from: 0, to: x.count, by: weight.count).flatMap { start in
      let row = x[start..<start + weight.count]
      let mean = row.reduce(Float(0), +) / width
      let squares = row.reduce(Float(0)) { $0 + ($1 - mean) * ($1 - mean) }
      let scale = 1 / (squares / width + norm.epsilon).squareRoot()
      return zip(row, zip(weight, bias)).map { ($0 - mean) * scale * $1.0 + $1.1 }
    }
  }

  private static func softmax(_ x: [Float]) -> [Float] {
    let maximum = x.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    let exponentials = x.map { exp($0 - maximum) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// Which values of a sparse weight are kept; nil for any other.
  private static func keptPlaces(_ w: Tensor, limit: Int) throws -> [Bool]? {
    guard let format = w.encoding.sparse else { return nil }
    let layout = try SparseLayout(format, shape: w.shape)
    return try w.bytes.withUnsafeBytes { try layout.keptPlaces($0, limit: limit) }
  }

  private static func product(
    _ matmul: MatMul, _ operands: [Tensor], _ bindings: Bindings, _ shape: [Int]
  ) throws -> [Float] {
    let (x, w) = (try operands[0].decoded(), try operands[1].decoded())
    let tokens = shape[shape.count - 2]
    let outputs = shape[shape.count - 1] * (matmul.epilogue.isGated ? 2 : 1)
    let inputs = operands[0].shape.last ?? 0
    let isKept = try keptPlaces(operands[1], limit: matmul.kept?.extent(bindings) ?? .max)
    let batches = Array(shape.dropLast(2))
    let starts = zip(
      broadcastOffsets(Array(operands[0].shape.dropLast(2)), to: batches),
      broadcastOffsets(Array(operands[1].shape.dropLast(2)), to: batches))
    var y: [Float] = []
    for (a, b) in starts {
      for t in 0..<tokens {
        for m in 0..<outputs {
          var sum: Float = 0
          for k in 0..<inputs where isKept?[m * inputs + k] ?? true {
            let place = matmul.rightIsTransposed ? m * inputs + k : k * outputs + m
            sum += x[(a * tokens + t) * inputs + k] * w[b * inputs * outputs + place]
          }
          y.append(sum)
        }
      }
    }
    let epilogue = matmul.epilogue
    if let bias = try epilogue.biasOperand.map({ try operands[$0].floats() }) {
      y = y.enumerated().map { $0.element + bias[$0.offset % outputs] }
    }
    if epilogue.isGated {
      y = stride(from: 0, to: y.count, by: outputs).flatMap { row in
        (row..<row + outputs / 2).map { activated(y[$0], epilogue.activation) * y[$0 + outputs / 2] }
      }
    } else {
      y = y.map { activated($0, epilogue.activation) }
    }
    guard let residual = try epilogue.residualOperand.map({ try operands[$0].floats() }) else { return y }
    return zip(y, residual).map { $0 + $1 }
  }

  /// At −∞ a large number's value: that of the limit.
  private static func activated(_ x: Float, _ activation: Activation?) -> Float {
    let bounded = x < -.greatestFiniteMagnitude ? -.greatestFiniteMagnitude : x
    switch activation {
    case nil: return x
    case .relu: return x < 0 ? 0 : x
    case .silu: return bounded / (1 + exp(-x))
    case .gelu: return 0.5 * bounded * erfc(-x * Float(0.5).squareRoot())
    case .geluTanh: return bounded / (1 + exp(-1.5957691216 * (x + 0.044715 * x * x * x)))
    }
  }

  private static func turned(_ rotary: RotaryEmbedding, _ operands: [Tensor]) throws -> [Float] {
    let (x, positions) = (try operands[0].floats(), try operands[1].integers())
    let factors = operands.count == 3 ? try operands[2].floats() : []
    let (heads, width) = (operands[0].shape[1], operands[0].shape[2])
    var y = x
    for row in 0..<positions.count * heads {
      for (i, frequency) in rotary.frequencies.enumerated() {
        let angle = Float(positions[row / heads]) * frequency / (factors.isEmpty ? 1 : factors[i])
        let isInterleaved = rotary.pairing == .interleaved
        let a = row * width + (isInterleaved ? 2 * i : i)
        let b = isInterleaved ? a + 1 : a + rotary.rotatedDimensions / 2
        let (cosine, sine) = (rotary.magnitude * cos(angle), rotary.magnitude * sin(angle))
        y[a] = x[a] * cosine - x[b] * sine
        y[b] = x[a] * sine + x[b] * cosine
      }
    }
    return y
  }

  private static func attended(_ attention: Attention, _ operands: [Tensor], past: Int) throws -> [[Float]] {
    let (q, k) = (try operands[0].floats(), try operands[1].decoded())
    let source = operands[attention.valueLength == nil ? 2 : 1]
    let v = attention.valueLength == nil ? try source.decoded() : k
    let (tokens, heads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let axes = source.shape.count
    let (groups, valueRow) = (source.shape[axes - 2], source.shape[axes - 1])
    let valueWidth = attention.valueLength ?? valueRow
    let places = try AttentionPlaces(attention, operands, past: past)
    var (y, sums): ([Float], [Float]) = ([], [])
    for row in 0..<tokens * heads {
      let (head, token) = (row % heads, row / heads)
      let group = head / (heads / groups)
      // Online: one key after the other, rescaled whenever the maximum grows.
      var (maximum, sum) = (-Float.infinity, Float(0))
      if let sink = places.sink(head) { (maximum, sum) = (Float(sink), sink == -.infinity ? 0 : 1) }
      var mean = Array(repeating: Float(0), count: valueWidth)
      for (key, j) in places.seen(by: token, group: group) {
        var score: Float = 0
        for d in 0..<width { score += q[row * width + d] * k[(j * groups + group) * width + d] }
        score *= attention.scale
        if let cap = attention.softCap { score = tanh(score / cap) * cap }
        for term in places.terms(token: token, head: head, key: key) { score += Float(term) }
        if score == -.infinity { continue }
        let next = score > maximum || score.isNaN ? score : maximum
        let (old, new) = (exp(maximum - next), exp(score - next))
        sum = sum * old + new
        for e in 0..<valueWidth { mean[e] = mean[e] * old + new * v[(j * groups + group) * valueRow + e] }
        maximum = next
      }
      y += mean.map { sum == 0 ? 0 : $0 / sum }
      sums.append(sum == 0 ? -.infinity : maximum + log(sum))
    }
    return attention.logSumExp ? [y, sums] : [y]
  }

  private static func merged(_ operands: [Tensor]) throws -> [[Float]] {
    let parts = try operands.map { try $0.floats() }
    let width = operands[0].shape[2]
    var (y, sums): ([Float], [Float]) = ([], [])
    for (row, (one, other)) in zip(parts[1], parts[3]).enumerated() {
      let greatest = max(one, other, -Float.greatestFiniteMagnitude)
      let (a, b) = (exp(one - greatest), exp(other - greatest))
      sums.append(greatest + log(a + b))
      for place in row * width..<(row + 1) * width {
        y.append(((a == 0 ? 0 : a * parts[0][place]) + (b == 0 ? 0 : b * parts[2][place])) / (a + b == 0 ? 1 : a + b))
      }
    }
    return [y, sums]
  }
}

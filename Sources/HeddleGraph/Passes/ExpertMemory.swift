import HeddleText
import HeddleTypes

/// What the weights of a graph's experts need on a device, and the graph with fewer of them there at a time.
///
/// Products by expert that share their indices are a group: an expert is there with all its weights or with none. Bytes are
/// those of weights as they are packed, rows filled up to 16.
public struct ExpertMemory: Sendable {
  /// Bytes of all experts.
  public let byteCount: Int
  /// Bytes of the experts of one token.
  public let leastByteCount: Int
  private let graph: Graph
  private let groups: [Group]

  private struct GroupKey: Hashable {
    var indices: ValueID
    var experts: Int
  }

  private struct Group {
    var nodes: [Int]
    var experts: Int
    /// Of one token, or of all if there are no more.
    var least: Int
    /// Each once, with rows of an expert and bytes of a row.
    var weights: [(value: ValueID, rows: Int, rowByteCount: Int)]

    /// At most `Int.max`.
    func byteCount(_ resident: Int) -> Int {
      weights.reduce(0) { sum, weight in
        let (rows, tooMany) = resident.multipliedReportingOverflow(by: weight.rows)
        let padded = tooMany || rows > Int.max - 15 ? Int.max : rows.roundedUp(toMultipleOf: 16)
        let (bytes, overflow) = padded.multipliedReportingOverflow(by: weight.rowByteCount)
        return overflow ? .max : ExpertMemory.sum(sum, bytes)
      }
    }
  }

  public init(_ graph: Graph) {
    self.graph = graph
    var keys: [GroupKey: Int] = [:]
    var groups: [Group] = []
    for (index, node) in graph.nodes.enumerated() {
      guard node.operation is MatMulByExpert else { continue }
      let (weight, indices) = (node.operand(1), node.operand(2))
      let type = graph.type(of: weight)
      guard let experts = type.extent(0).constant, let rows = type.extent(1).constant,
        let inputs = type.extent(2).constant, let rowByteCount = try? type.encoding.byteCount(shape: [inputs])
      else { continue }
      let key = GroupKey(indices: indices, experts: experts)
      let place = keys[key] ?? groups.count
      if keys.updateValue(place, forKey: key) == nil {
        let most = (try? graph.type(of: indices).extent(1).bounds(graph.ranges).upperBound) ?? experts
        groups.append(Group(nodes: [], experts: experts, least: max(1, min(most, experts)), weights: []))
      }
      groups.update(at: place) { group in
        group.nodes.append(index)
        if group.weights.contains(where: { $0.value == weight }) { return }
        group.weights.append((weight, rows, rowByteCount))
      }
    }
    self.groups = groups
    byteCount = groups.reduce(0) { Self.sum($0, $1.byteCount($1.experts)) }
    leastByteCount = groups.reduce(0) { Self.sum($0, $1.byteCount(min($1.least, $1.experts))) }
  }

  /// The graph with as many experts of each group on the device as go into so many bytes, about the same part of each group; the
  /// graph itself if all do. Nil below ``leastByteCount``.
  public func graph(within budget: Int) -> Graph? {
    if budget >= byteCount { return graph }
    guard budget >= leastByteCount else { return nil }
    var resident = groups.map { min($0.least, $0.experts) }
    var spent = leastByteCount
    var open = Set(groups.indices)
    // One more where the smallest part is there.
    func part(_ group: Int) -> Double { Double(resident[at: group] ?? 0) / Double(groups[at: group]?.experts ?? 1) }
    while let next = open.min(by: { (part($0), $0) < (part($1), $1) }), let group = groups[at: next] {
      let count = resident[at: next] ?? 0
      let more = group.byteCount(count &+ 1) &- group.byteCount(count)
      guard count < group.experts, more <= budget &- spent else {
        open.remove(next)
        continue
      }
      resident.update(at: next) { $0 = count &+ 1 }
      spent &+= more
    }
    var residentOf: [Int: Int] = [:]
    for (group, count) in zip(groups, resident) where count < group.experts {
      for node in group.nodes { residentOf[node] = count }
    }
    let nodes = graph.nodes.enumerated().map { index, node in
      guard let count = residentOf[index], var product = node.operation as? MatMulByExpert else { return node }
      product.resident = count
      return node.replacing(product, node.operands)
    }
    return graph.rewritten(nodes, graph.origins, [:])
  }

  /// At most `Int.max`.
  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}

extension Graph {
  /// The most tokens of a run whatever experts they choose; nil if all are on the device.
  public var mostTokensOfResidentExperts: Int? {
    nodes.compactMap { node -> Int? in
      guard let product = node.operation as? MatMulByExpert, let resident = product.resident,
        resident < type(of: node.operand(1)).extent(0).constant ?? 0
      else { return nil }
      let most = (try? type(of: node.operand(2)).extent(1).bounds(ranges).upperBound) ?? .max
      return most == 0 ? nil : resident.divided(by: most)
    }.min()
  }
}

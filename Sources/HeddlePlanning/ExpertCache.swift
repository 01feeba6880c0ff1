/// Weights of experts of which only some are on the device at a time, each in a pool: the packed weight of so many experts. They
/// share their indices, so an expert has the same slot in every pool, or none.
public struct ExpertCache: Hashable, Codable, Sendable {
  /// How many there are.
  public var experts: Int
  /// The slots of each pool.
  public var resident: Int
  /// Of all experts; the rows of each are the rows of all, divided by ``experts``.
  public var weights: [PackedConstant]

  /// Bytes of a pool, without an end if they do not fit `Int`.
  package func poolByteCount(_ weight: PackedConstant) throws(TypeError) -> Int {
    let rows = weight.totalRows.divided(by: experts)
    let (wanted, overflow) = rows.multipliedReportingOverflow(by: resident)
    guard !overflow, wanted <= Int.max - 15 else { throw .sizeOverflow([resident, rows]) }
    return try weight.encoding.byteCount(shape: [wanted.roundedUp(toMultipleOf: 16), weight.rowLength])
  }
}

/// Brings the experts that indices name to the device, and says in which slots they are.
///
/// Buffers: indices (read), the slot of each index, −1 for no expert, and the expert of each slot, then the pools (all written).
/// Parameters: `pairs`, how many indices there are, and the buffers' offsets.
public struct ExpertFetch: Hashable, Codable, Sendable {
  /// Of ``Plan/expertCaches``.
  public var cache: Int
  /// Names of the parameters, in the order of the launch's block.
  public var parameters: [String]
}

/// Where a command list has said which experts are needed.
struct FetchedExperts {
  var cache: Int
  /// The slot of each index.
  var slots: TensorView
  /// The expert of each slot.
  var owners: TensorView
}

extension Graph {
  /// The products of which only some experts are on the device.
  var expertCaches: (caches: [ExpertCache], places: [ExpertPlace: Int]) {
    var caches: [ExpertCache] = []
    var places: [ExpertPlace: Int] = [:]
    for node in nodes {
      guard let place = expertPlace(node), let weight = packedWeight(node.operand(1)) else { continue }
      let number = places[place] ?? caches.count
      places[place] = number
      if number == caches.count {
        caches.append(ExpertCache(experts: place.experts, resident: place.resident, weights: []))
      }
      caches.update(at: number) { if !$0.weights.contains(weight) { $0.weights.append(weight) } }
    }
    return (caches, places)
  }

  /// What products share a cache by; nil if all experts are on the device.
  func expertPlace(_ node: Node) -> ExpertPlace? {
    guard let product = node.operation as? MatMulByExpert, let resident = product.resident,
      let experts = type(of: node.operand(1)).extent(0).constant, resident < experts
    else { return nil }
    return ExpertPlace(indices: node.operand(2), experts: experts, resident: resident)
  }
}

/// Products of the same indices, of as many experts.
struct ExpertPlace: Hashable {
  var indices: ValueID
  var experts: Int
  var resident: Int
}

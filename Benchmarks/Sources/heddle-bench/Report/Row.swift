/// One line of the table: a case, a variant of ours, and the peers beside it.
struct Row {
  struct PeerValue {
    var name: String
    /// In the row's unit; nil if the peer has none.
    var rate: Double?
    /// The function or kernel that was measured.
    var way: String = ""
    var identity: String = ""
    var spread = 0.0
    var samples = 0
    /// Every way that was tried, with its rate in a few calls.
    var tried: [(way: String, rate: Double)] = []
    var absence: String?
  }

  /// The dense product that a sparse one's time is compared with.
  struct Reference {
    var name: String
    var byteCount: Int
    /// The median.
    var seconds: Double
  }

  var suite: String
  var benchmark: any BenchmarkCase
  var device: String
  var variant: String
  var isChosen: Bool
  /// Seconds of a call: the median.
  var seconds: Double
  var spread: Double
  var samples: Int
  var copies: Int
  var peers: [PeerValue]
  var reference: Reference?
  /// The least seconds the limits allow; known when the run is over.
  var leastSeconds: Double?

  var ours: Double { benchmark.work / seconds }
  var limitFraction: Double? { leastSeconds.map { $0 / seconds } }
  /// In the row's unit.
  var limit: Double? { leastSeconds.map { benchmark.work / $0 } }
  /// Operations a byte.
  var intensity: Double { benchmark.floatingPointOperations / Double(benchmark.byteCount) }

  /// GFLOP/s of what must be done, where the row counts more.
  var keptRate: Double? {
    guard !benchmark.isBandwidthRow, benchmark.floatingPointOperations != benchmark.denseOperations else { return nil }
    return benchmark.operations(at: ours)
  }
  var timePart: Double? { reference.map { seconds / $0.seconds } }
  var bytesPart: Double? { reference.map { Double(benchmark.byteCount) / Double($0.byteCount) } }
  var timeToBytes: Double? {
    guard let timePart, let bytesPart else { return nil }
    return timePart / bytesPart
  }

  func rate(of peer: String) -> Double? { peers.first { $0.name == peer }?.rate }
  func ratio(to peer: String) -> Double? { rate(of: peer).map { ours / $0 } }

  var json: JSONText {
    let values = peers.compactMap { peer in peer.rate.map { (peer.name, JSONText.number($0)) } }
    return .object(
      [
        ("suite", .string(suite)), ("case", .string(benchmark.name)), ("device", .string(device)),
        ("variant", .string(variant)), ("chosen", .bool(isChosen)), ("ours", .number(ours)),
        ("unit", .string(benchmark.unit)), ("limit_fraction", .number(limitFraction ?? .nan)),
        ("peers", .object(values)), ("limit", .number(limit ?? .nan)), ("seconds", .number(seconds)),
        ("spread", .number(spread)), ("samples", .integer(samples)), ("copies", .integer(copies)),
        ("peer_details", .object(peers.map { ($0.name, $0.json) })),
      ] + comparisons)
  }

  /// What only rows of sparse weights have.
  private var comparisons: [(String, JSONText)] {
    var members: [(String, JSONText)] = []
    if let keptRate { members.append(("kept", .number(keptRate))) }
    if let reference, let timePart, let bytesPart, let timeToBytes {
      members.append(
        (
          "reference",
          .object([
            ("case", .string(reference.name)), ("seconds", .number(reference.seconds)),
            ("time_part", .number(timePart)), ("bytes_part", .number(bytesPart)),
            ("time_to_bytes", .number(timeToBytes)),
          ])
        ))
    }
    return members
  }
}

extension Row.PeerValue {
  var json: JSONText {
    if let absence { return .object([("absent", .string(absence))]) }
    return .object([
      ("way", .string(way)), ("identity", .string(identity)), ("spread", .number(spread)),
      ("samples", .integer(samples)),
      ("tried", .object(tried.map { ($0.way, .number($0.rate)) })),
    ])
  }
}

/// The operands that an ``Attention`` takes beside queries, keys and values, in this order.
///
/// What says where queries and keys are, so that one graph serves any batch:
///
/// - positions `[T]` int32: the place of each query among its keys, in place of `past + t`. A query before place 0 sees nothing.
///   Several sequences need them if the mask, or slopes, ask where a query is.
/// - sequences `[T]` int32: the sequence that a query belongs to; of another than 0 ..< S it sees nothing. Keys and values are
///   `[S, C, Hkv, D]` then, each sequence's own rows.
/// - counts `[S]` int32: how many keys a sequence has; none if negative, all there is room for if more.
/// - pages `[S, P]` int32: keys and values are `[N, C, Hkv, D]`, N pages of C rows in any order, and sequence s has its key j in
///   row `j mod C` of page `pages[s, ⌊j / C⌋]`. Nobody sees the keys of a page outside 0 ..< N. C is fixed and a multiple of 64.
///
/// S is 1 without sequences. What says how keys count:
///
/// - selection `[T, Hkv or 1, ⌈K / 32⌉]` int32, for K keys of a sequence: bit `j mod 32` of word `⌊j / 32⌋` is what the rule
///   ``AttentionMask/selected`` says of key j. ``SelectKeys`` makes one of a list.
/// - sinks `[Hq]` float32: one more score of each head, whose weight goes to no value. It counts in the log-sum-exp.
/// - slopes `[Hq]` float32: `−slope · ∣position − j∣` is added to a score, after the cap.
/// - bias `[T, Hq or 1, K]` float32, added to a score after the cap.
///
/// Source: Kwon et al., *PagedAttention*, 2023; Xiao et al., *Attention sinks*, 2023; Press et al., *ALiBi*, 2021.
public struct AttentionRoles: Hashable, Codable, Sendable {
  public var positions = false
  public var sequences = false
  public var counts = false
  public var pages = false
  public var selection = false
  public var sinks = false
  public var slopes = false
  public var bias = false

  public init() {}

  /// Whether keys and values are of several sequences or pages.
  package var isPlural: Bool { sequences || pages }

  private static let all: [(name: String, type: String, flag: KeyPath<AttentionRoles, Bool> & Sendable)] = [
    ("positions", "[T] i32", \.positions), ("sequences", "[T] i32", \.sequences), ("counts", "[S] i32", \.counts),
    ("pages", "[S, P] i32", \.pages), ("selection", "[T, Hkv or 1, ⌈K / 32⌉] i32", \.selection),
    ("sinks", "[Hq] f32", \.sinks), ("slopes", "[Hq] f32", \.slopes), ("bias", "[T, Hq or 1, K] f32", \.bias),
  ]

  static let descriptions = all.map {
    OperandRole($0.name, $0.type, isOptional: true, flag: "takes.\($0.name)")
  }
  static let members = all.map { OperationMember($0.name, .flag, default: "false") }

  /// The names of the roles that are taken, in order.
  package var names: [String] { AttentionRoles.all.filter { self[keyPath: $0.flag] }.map(\.name) }

  func contains(_ name: String) -> Bool { names.contains(name) }
}

extension AttentionRoles {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case positions, sequences, counts, pages, selection, sinks, slopes, bias
  }

  /// What is not taken may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    func flag(_ key: CodingKeys) throws -> Bool { try members.decodeIfPresent(Bool.self, forKey: key) ?? false }
    positions = try flag(.positions)
    sequences = try flag(.sequences)
    counts = try flag(.counts)
    pages = try flag(.pages)
    selection = try flag(.selection)
    sinks = try flag(.sinks)
    slopes = try flag(.slopes)
    bias = try flag(.bias)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for name in names {
      if let key = CodingKeys(rawValue: name) { try container.encode(true, forKey: key) }
    }
  }
}

/// The values of the ``AttentionRoles`` of one attention.
public struct AttentionOperands: Sendable {
  public var positions: Value?
  public var sequences: Value?
  public var counts: Value?
  public var pages: Value?
  public var selection: Value?
  public var sinks: Value?
  public var slopes: Value?
  public var bias: Value?

  public init(
    positions: Value? = nil, sequences: Value? = nil, counts: Value? = nil, pages: Value? = nil,
    selection: Value? = nil, sinks: Value? = nil, slopes: Value? = nil, bias: Value? = nil
  ) {
    self.positions = positions
    self.sequences = sequences
    self.counts = counts
    self.pages = pages
    self.selection = selection
    self.sinks = sinks
    self.slopes = slopes
    self.bias = bias
  }

  /// Which of them there are.
  public var roles: AttentionRoles {
    var roles = AttentionRoles()
    roles.positions = positions != nil
    roles.sequences = sequences != nil
    roles.counts = counts != nil
    roles.pages = pages != nil
    roles.selection = selection != nil
    roles.sinks = sinks != nil
    roles.slopes = slopes != nil
    roles.bias = bias != nil
    return roles
  }

  /// In the order of roles.
  var values: [Value] { [positions, sequences, counts, pages, selection, sinks, slopes, bias].compactMap { $0 } }
}

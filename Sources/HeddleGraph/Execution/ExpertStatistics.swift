/// How often a session found experts on the device: see ``MatMulByExpert/resident``.
///
/// In each step, and of each choice of experts in it (a layer makes one), an expert counts once.
public struct ExpertStatistics: Hashable, Codable, Sendable {
  /// Experts that were on the device.
  public var hits = 0
  /// Experts that had to be fetched.
  public var misses = 0
  /// Bytes that were fetched.
  public var fetchedByteCount = 0
  /// Bytes of the memory in which experts are on the device.
  public var residentByteCount = 0

  public init() {}

  /// Hits among all uses; nil without any.
  public var hitRate: Double? {
    let uses = Double(hits) + Double(misses)
    return uses > 0 ? Double(hits) / uses : nil
  }
}

/// The scale of a block as a float, value = d · level: `d = max∣x∣ / greatest`, rounded once, or with importance what the search
/// finds.
struct FloatScaleSearch {
  let search: ScaleSearch
  /// The level of the greatest magnitude.
  let greatest: Float

  func best(_ block: SearchedBlock, _ group: SearchedGroup) -> Float {
    block.isWeighted ? search.best(group) : group.greatest.magnitude / greatest
  }
}

extension FloatScaleSearch {
  /// Floats of eight bits: of scales that differ by a factor of two at most all are tried.
  static func float8(mantissaBits: Int, leastExponent: Int, greatest: Float) -> FloatScaleSearch {
    FloatScaleSearch(
      search: ScaleSearch(
        levels: .float8(mantissaBits: mantissaBits, leastExponent: leastExponent, greatest: greatest),
        first: 0.5 * greatest, step: greatest / 28, steps: 15),
      greatest: greatest)
  }

  /// A block of floats of eight bits: what is nearest to `x / d`, rounded once.
  func encode(_ block: SearchedBlock) -> [UInt8] {
    let group = block.group(0, of: block.values.count)
    let scale = best(block, group)
    let codes = group.values.map { scale == 0 ? 0 : search.levels.code($0 / scale) }
    return block.written(scale) + codes.map { UInt8($0) }
  }
}

import HeddlePlanning
import HeddleTypes

/// Which variants of kernels show something that none before them did. Tiles, value formats, patterns and epilogues compose:
/// a kernel's programs are most of their products, and several hundred of them differ in a word.
///
/// New is a kernel with a value format and a kind of pattern; and where tiles count, a tile with a pattern, value formats that
/// are walked alike (``ValueFormat/representative``) with a kind of pattern in a tile, and an epilogue with a kind of pattern.
/// Where tiles do not count, one format is enough. Each format in each tile is the campaign's.
public struct KernelCoverage {
  private enum Aspect: Hashable {
    case pattern([String: String], tile: [String: String], workGroup: [Int], entry: String)
    case values(String?, kind: String?, entry: String)
    case walk(String?, kind: String?, tile: [String: String], workGroup: [Int], entry: String)
    case epilogue([String: String], kind: String?, entry: String)
  }

  private let countsTiles: Bool
  private var shown: Set<Aspect> = []

  public init(countsTiles: Bool = true) { self.countsTiles = countsTiles }

  /// Whether a kernel in a work-group shows something new; from now on it does not.
  public mutating func insert(_ kernel: KernelReference, in workGroup: [Int]) -> Bool {
    var (epilogue, pattern, tile) = ([String: String](), [String: String](), [String: String]())
    for (name, value) in kernel.defines {
      switch name {
      // A gated product has two sums.
      case "EPILOGUE_GATED": (epilogue[name], tile[name]) = (value, value)
      case _ where name.hasPrefix("EPILOGUE_"): epilogue[name] = value
      case "SPAN", "KEPT", "GROUP_SIZE", "NESTED": pattern[name] = value
      case _ where name.hasPrefix("PATTERN_"): pattern[name] = value
      // Formats are aspects of their own; a scale only multiplies.
      case "WEIGHT", "SCALE_BITS": break
      default: tile[name] = value
      }
    }
    let kind = pattern.keys.first { $0.hasPrefix("PATTERN_") }
    let (values, entry) = (kernel.defines["WEIGHT"], kernel.entry)
    let walk = values.flatMap { ValueFormat(name: $0)?.representative.name }
    let aspects: [Aspect] =
      countsTiles
      ? [
        .pattern(pattern, tile: tile, workGroup: workGroup, entry: entry),
        .values(values, kind: kind, entry: entry),
        .walk(walk, kind: kind, tile: tile, workGroup: workGroup, entry: entry),
        .epilogue(epilogue, kind: kind, entry: entry),
      ] : [.walk(nil, kind: kind, tile: [:], workGroup: [], entry: entry)]
    let isNew = !shown.isSuperset(of: aspects)
    shown.formUnion(aspects)
    return isNew
  }

  /// Whether launches are of a kernel that shows something new.
  public mutating func insert(_ launches: [Launch]) -> Bool {
    // A launch of no work-items is never made, and its work-group means nothing.
    launches.filter { !$0.global.contains(0) }.reduce(false) { isNew, launch in
      guard let kernel = launch.kernel else { return isNew }
      return insert(kernel, in: launch.local) || isNew
    }
  }
}

extension KernelReference {
  /// Whether the kernel is a program of one pattern of sparse weights.
  public var isOfPattern: Bool { defines.keys.contains { $0.hasPrefix("PATTERN_") } }
}

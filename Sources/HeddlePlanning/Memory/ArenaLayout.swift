import HeddleText
import HeddleTypes

/// Where the intermediates of a command list lie for bindings up to some, and the uniforms that tell kernels so.
package struct ArenaLayout: Sendable {
  /// Bytes that all intermediates need.
  package let byteCount: Int
  /// Distinct parameter blocks; launches share equal ones.
  package let parameterValues: [Dimension]
  /// Where each launch's block starts in ``parameterValues``.
  package let blockOfLaunch: [Int]

  /// - Parameter ranges: the values that symbols may have: room is made for the greatest.
  /// - Throws: ``TypeError`` if a size does not fit `Int`.
  init(_ launches: [Launch], _ temporaries: [Temporary], for ranges: SymbolRanges) throws(TypeError) {
    var sizes: [Int] = []
    for temporary in temporaries { sizes.append(try temporary.byteCount.bounds(ranges).upperBound) }
    let arena = try Arena(sizes: sizes, lives: temporaries.map(\.life))
    var values: [Dimension] = []
    var blocks: [[Dimension]: Int] = [:]
    var starts: [Int] = []
    for launch in launches {
      let block = launch.parameters.map { parameter -> Dimension in
        guard let base = parameter.base, let id = parameter.temporary, let offset = arena.offsets[at: id] else {
          return parameter.value
        }
        return parameter.value + Dimension(offset.divided(by: base.elementByteCount))
      }
      if let start = blocks[block] {
        starts.append(start)
      } else {
        blocks[block] = values.count
        starts.append(values.count)
        values += block
      }
    }
    byteCount = arena.byteCount
    parameterValues = values
    blockOfLaunch = starts
  }
}

/// An intermediate that has no place yet.
struct Temporary: Sendable {
  var byteCount: Dimension
  /// The first and the last launch that uses it; nil if none does.
  var life: ClosedRange<Int>?
}

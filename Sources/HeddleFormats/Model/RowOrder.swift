import HeddleText
import HeddleTypes

/// The rows of a matrix in another order.
///
/// A row is moved as the bytes it is, so the order is for every encoding whose rows lie one after the other.
struct RowOrder: Hashable, Sendable {
  /// Of each new row the row that it was.
  private let sources: [Int]

  private init(_ sources: [Int]) { self.sources = sources }

  var rowCount: Int { sources.count }

  /// From the halves of a head's pairs to pairs that are neighbours: new row `h·D + 2j + i` was `h·D + i·D/2 + j`.
  ///
  /// Nil if the rows are not whole heads of an even length.
  static func neighbours(rows: Int, heads: Int) -> RowOrder? {
    let length = rows.divided(by: heads)
    guard heads > 0, length > 0, length.isMultiple(of: 2), length &* heads == rows else { return nil }
    return RowOrder(
      (0..<max(0, rows)).map { row in
        let (head, place) = (row.divided(by: length), row % max(1, length))
        return head &* length &+ (place & 1) &* (length / 2) &+ place / 2
      })
  }

  /// From a group's queries, its key and its value, group after group, to all queries, all keys, all values.
  ///
  /// With one query a group, as GPT-NeoX has it, and several, as Falcon has it. Nil if the rows are not whole heads.
  static func separated(rows: Int, heads: Int, groups: Int) -> RowOrder? {
    let perGroup = heads.divided(by: groups)
    guard groups > 0, perGroup > 0, perGroup &* groups == heads else { return nil }
    let blocks = heads &+ 2 &* groups
    let length = rows.divided(by: blocks)
    guard length > 0, length &* blocks == rows else { return nil }
    let span = perGroup &+ 2
    func block(_ new: Int) -> Int {
      guard new >= heads else { return new.divided(by: perGroup) &* span &+ new % max(1, perGroup) }
      let isValue = new >= heads &+ groups
      let group = new &- heads &- (isValue ? groups : 0)
      return group &* span &+ perGroup &+ (isValue ? 1 : 0)
    }
    return RowOrder(
      (0..<max(0, rows)).map { block($0.divided(by: length)) &* length &+ $0 % max(1, length) })
  }

  /// The bytes of a matrix of so many rows in this order.
  func applied(to bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let size = bytes.count.divided(by: sources.count)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for source in sources { result.append(contentsOf: bytes.part(from: source &* size, to: (source &+ 1) &* size)) }
    return result
  }
}

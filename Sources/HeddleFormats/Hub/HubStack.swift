import HeddleText
import HeddleTypes

/// Vectors or matrices that become one tensor, a part each.
struct HubStack {
  let name: String
  let order: [Int]
  /// Of each its number, the folder's name of it, and what it is by itself.
  fileprivate(set) var rows: [(number: Int, source: String, part: ModelPart)] = []

  func part() throws(HubTensorDefect) -> ModelPart {
    let rows = rows.sorted { $0.number < $1.number }
    guard let first = rows.first?.part.tensor, [1, 2].contains(first.shape.count), let encoding = first.encoding else {
      throw .missing(name)
    }
    for (place, row) in rows.enumerated() {
      guard row.number == place else { throw .missing("\(name), part \(place)") }
      guard row.part.tensor.shape == first.shape else {
        throw .wrongShape(tensor: row.source, shape: row.part.tensor.shape, reason: "\(first.shape) is needed")
      }
      guard row.part.tensor.encoding == encoding else {
        throw .otherType(tensor: row.source, row.part.tensor.typeName, than: first.typeName)
      }
    }
    let shape = [rows.count] + first.shape
    let count: Int
    do { count = try encoding.byteCount(shape: shape) } catch {
      throw .wrongShape(tensor: name, shape: shape, reason: "\(error)")
    }
    let stacked = StackedBytes(parts: rows.map(\.part.provider), partByteCount: first.byteCount)
    return ModelPart(
      tensor: ModelTensor(
        name: name, typeName: encoding.typeName, encoding: encoding, shape: shape, offset: 0, byteCount: count),
      provider: stacked)
  }
}

/// What is being stacked, by the model's names.
struct HubStacks {
  private var stacks: NameTable<HubStack> = [:]

  mutating func add(_ part: ModelPart, of source: String, number: Int, to name: String, order: [Int]) {
    stacks[name, default: HubStack(name: name, order: order)].rows.append((number, source, part))
  }

  /// In the order of names.
  var all: [HubStack] { stacks.sorted { Name($0.key) < Name($1.key) }.map(\.value) }
}

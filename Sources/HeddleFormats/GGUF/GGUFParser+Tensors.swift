import HeddleText

extension GGUFParser {
  /// A tensor of the list, with its offset as the file has it: from the beginning of the data section.
  struct Declaration {
    var name: String
    var type: GGUFTensorType
    var shape: [Int]
    var byteCount: Int
    var offset: UInt64
    /// Where the declaration stands, for messages.
    var position: Int
  }

  mutating func parseTensorList(count: Int) throws(GGUFError) -> [Declaration] {
    try require(count, of: 24, "the list of \(count) tensors")
    return try (0..<max(0, count)).map { index throws(GGUFError) in try parseTensor(index) }
  }

  private mutating func parseTensor(_ index: Int) throws(GGUFError) -> Declaration {
    let position = reader.offset
    let name = try readString(limit: options.maximumTensorNameByteCount, "the name of tensor \(index)")
    guard !name.isEmpty else { throw defect(.emptyTensorName(tensor: index), at: position) }
    guard !name.utf8.contains(0) else { throw defect(.nulInName(name), at: position) }
    var what: String { "the description of tensor \(quoted(name))" }

    let rank = try read(UInt32.self, what)
    guard rank <= GGUFTensorType.maximumRank else {
      throw defect(.invalidRank(tensor: name, rank: Int(clamping: rank)), at: position)
    }
    var shape: [Int] = []
    for axis in 0..<rank {
      let extent = try read(UInt64.self, what)
      guard let value = Int(exactly: extent) else {
        throw defect(.extentTooLarge(tensor: name, axis: Int(clamping: axis), extent: extent), at: position)
      }
      shape.append(value)
    }
    shape.reverse()

    let id = try read(UInt32.self, what)
    guard let type = GGUFTensorType(number: id) else {
      if let removed = GGUFTensorType.removedName(of: id) {
        throw defect(.removedTensorType(tensor: name, id: id, name: removed), at: position)
      }
      throw defect(.unknownTensorType(tensor: name, id: id), at: position)
    }
    let offset = try read(UInt64.self, what)
    do {
      let byteCount = try type.byteCount(tensor: name, shape: shape)
      return Declaration(
        name: name, type: type, shape: shape, byteCount: byteCount, offset: offset, position: position)
    } catch { throw defect(error, at: position) }
  }

  /// Gives every tensor its place in the file: aligned, inside, and its own. Gaps and any order are allowed, as are
  /// bytes after the last tensor.
  func place(
    _ list: [Declaration], alignment: Int, dataOffset: Int
  ) throws(GGUFError) -> (tensors: [GGUFTensor], positions: NameTable<Int>) {
    let dataByteCount = max(0, fileByteCount &- dataOffset)
    var tensors: [GGUFTensor] = []
    var positions: NameTable<Int> = [:]
    tensors.reserveCapacity(list.count)
    positions.makeRoom(forAll: list)
    for (index, item) in list.enumerated() {
      guard positions.updateValue(index, forKey: item.name) == nil else {
        throw defect(.duplicateTensor(item.name), at: item.position)
      }
      guard item.offset.isMultiple(of: UInt64(clamping: alignment)) else {
        throw defect(
          .unalignedOffset(tensor: item.name, offset: item.offset, alignment: alignment), at: item.position)
      }
      guard let offset = Int(exactly: item.offset), offset <= dataByteCount, item.byteCount <= dataByteCount &- offset
      else {
        throw defect(
          .tensorOutsideFile(
            tensor: item.name, offset: item.offset, byteCount: item.byteCount, dataByteCount: dataByteCount),
          at: item.position)
      }
      tensors.append(
        GGUFTensor(
          name: item.name, type: item.type, shape: item.shape,
          // Both lie in the file, unless it ends before the data; then the tensor is empty.
          offset: min(dataOffset &+ offset, fileByteCount), byteCount: item.byteCount))
    }
    // Places only: copies of a hundred thousand descriptions would cost several times what the file has of them.
    var places: [(begin: Int, end: Int, index: Int)] = []
    for (index, tensor) in tensors.enumerated() where tensor.byteCount > 0 {
      places.append((tensor.offset, tensor.offset &+ tensor.byteCount, index))
    }
    places.sort { $0.begin < $1.begin }
    for (first, second) in zip(places, places.dropFirst()) where first.end > second.begin {
      guard let one = list[at: first.index], let other = list[at: second.index] else { continue }
      throw defect(.overlappingTensors(one.name, other.name), at: other.position)
    }
    return (tensors, positions)
  }
}

import Heddle
import HeddleText

/// What `inspect` prints for people.
struct InspectText {
  private(set) var text = ""

  init(_ file: InspectedFile, _ tensors: [InspectedFile.Tensor]) {
    text += "\(file.path): \(Self.format(of: file)), \(Bytes.text(file.fileByteCount))\n"
    let metadata = Self.metadata(of: file)
    text += "\nmetadata (\(metadata.count))\n"
    for line in metadata { text += "  \(line)\n" }
    if !file.shards.isEmpty {
      text += "\nshards (\(file.shards.count))\n"
      for shard in file.shards {
        text += "  \(Printable.text(shard.name)): \(shard.file.tensors.count) tensors, "
        text += "\(Bytes.text(shard.file.fileByteCount))\n"
        for line in Self.entries(shard.file.metadata) { text += "    \(line)\n" }
      }
    }
    text += "\ntensors (\(tensors.count))\n"
    for entry in tensors {
      let tensor = entry.tensor
      let shape = tensor.shape.map(String.init).joined(separator: ", ")
      let place = entry.shard.map { " in \(Printable.text($0))" } ?? ""
      let note = tensor.encoding == nil ? "  (type not supported)" : ""
      text += "  \(Printable.text(tensor.name)) \(tensor.typeName)[\(shape)] \(tensor.byteCount) bytes\(place)\(note)\n"
    }
    text += "\ntypes\n"
    for sum in TypeSum.all(of: tensors) {
      text += "  \(sum.type): \(sum.tensors) tensors, \(sum.bytes) bytes\(sum.isSupported ? "" : " (not supported)")\n"
    }
    let layers = file.quantizedLayers
    guard !layers.isEmpty else { return }
    text += "\nquantized weights (\(layers.count))\n"
    for layer in layers { text += "  \(Printable.text(layer.name)): \(layer.scheme)\n" }
  }

  private static func format(of file: InspectedFile) -> String {
    switch file {
    case .model(let file): "\(file.format)"
    case .checkpoint(let checkpoint, _): checkpoint.index == nil ? "safetensors" : "safetensors in shards"
    }
  }

  private static func metadata(of file: InspectedFile) -> [String] {
    switch file {
    case .model(let file):
      file.metadata.keys.compactMap { key in
        file.metadata[key].map { "\(Printable.text(key)) = \($0) (\($0.typeName))" }
      }
    case .checkpoint(let checkpoint, _):
      if let index = checkpoint.index {
        entries(index.metadata)
      } else {
        checkpoint.shards.first.map { entries($0.file.metadata) } ?? []
      }
    }
  }

  /// In the order of the keys' bytes.
  private static func entries(_ table: NameTable<some CustomStringConvertible>) -> [String] {
    table.sorted { Name($0.key) < Name($1.key) }.map {
      "\(Printable.text($0.key)) = \(Printable.text($0.value.description))"
    }
  }
}

import Heddle
import HeddleText

/// What `inspect --json` prints; keys sorted but those of the file's own parts.
enum InspectJSON {
  static func json(of file: InspectedFile, _ tensors: [InspectedFile.Tensor]) -> JSONText {
    var text = JSONText()
    text.object { text in
      let format: ModelFile.Format = if case .model(let model) = file { model.format } else { .safetensors }
      if case .gguf(_, let alignment) = format {
        text.key("alignment")
        text.integer(alignment)
      }
      text.key("file_byte_count")
      text.integer(file.fileByteCount)
      text.key("format")
      text.string(name(of: format))
      text.key("metadata")
      writeMetadata(of: file, to: &text)
      text.key("path")
      text.string(file.path)
      let layers = file.quantizedLayers
      if !layers.isEmpty {
        text.key("quantized_weights")
        text.array { for layer in layers { write(layer, to: &$0) } }
      }
      if !file.shards.isEmpty {
        text.key("shards")
        text.array { for shard in file.shards { write(shard, to: &$0) } }
      }
      text.key("tensors")
      text.array { for tensor in tensors { write(tensor, to: &$0) } }
      text.key("types")
      text.array { for sum in TypeSum.all(of: tensors) { write(sum, to: &$0) } }
      if case .gguf(let version, _) = format {
        text.key("version")
        text.integer(version)
      }
    }
    return text
  }

  private static func name(of format: ModelFile.Format) -> String {
    switch format {
    case .gguf: "gguf"
    case .safetensors: "safetensors"
    case .folder: "folder"
    }
  }

  private static func writeMetadata(of file: InspectedFile, to text: inout JSONText) {
    switch file {
    case .model(let file): MetadataList(file.metadata).write(to: &text)
    case .checkpoint(let checkpoint, _):
      if let index = checkpoint.index {
        write(index.metadata, to: &text) { write($0, to: &$1) }
      } else {
        write(checkpoint.shards.first?.file.metadata ?? [:], to: &text) { $1.string($0) }
      }
    }
  }

  private static func write<Value>(
    _ table: NameTable<Value>, to text: inout JSONText, _ value: (Value, inout JSONText) -> Void
  ) {
    text.object { text in
      for entry in table.sorted(by: { Name($0.key) < Name($1.key) }) {
        text.key(entry.key)
        value(entry.value, &text)
      }
    }
  }

  private static func write(_ value: SafetensorsIndexValue, to text: inout JSONText) {
    switch value {
    case .string(let value): text.string(value)
    case .integer(let value): text.integer(value)
    case .number(let value): text.number(value)
    case .bool(let value): text.bool(value)
    case .null: text.null()
    }
  }

  private static func write(_ shard: SafetensorsCheckpoint.Shard, to text: inout JSONText) {
    text.object {
      $0.key("file_byte_count")
      $0.integer(shard.file.fileByteCount)
      $0.key("metadata")
      write(shard.file.metadata, to: &$0) { $1.string($0) }
      $0.key("name")
      $0.string(shard.name)
      $0.key("tensors")
      $0.integer(shard.file.tensors.count)
    }
  }

  private static func write(_ layer: QuantizedLayer, to text: inout JSONText) {
    text.object {
      $0.key("layer")
      $0.string(layer.name)
      $0.key("scheme")
      $0.string(layer.scheme)
    }
  }

  private static func write(_ entry: InspectedFile.Tensor, to text: inout JSONText) {
    text.object {
      $0.key("byte_count")
      $0.integer(entry.tensor.byteCount)
      $0.key("is_supported")
      $0.bool(entry.tensor.encoding != nil)
      $0.key("name")
      $0.string(entry.tensor.name)
      $0.key("shape")
      $0.array { for extent in entry.tensor.shape { $0.integer(extent) } }
      if let shard = entry.shard {
        $0.key("shard")
        $0.string(shard)
      }
      $0.key("type")
      $0.string(entry.tensor.typeName)
    }
  }

  private static func write(_ sum: TypeSum, to text: inout JSONText) {
    text.object {
      $0.key("bytes")
      $0.integer(sum.bytes)
      $0.key("is_supported")
      $0.bool(sum.isSupported)
      $0.key("tensors")
      $0.integer(sum.tensors)
      $0.key("type")
      $0.string(sum.type)
    }
  }
}

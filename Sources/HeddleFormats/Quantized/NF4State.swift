import HeddleText

/// What bitsandbytes writes down of a weight as JSON.
struct NF4State {
  /// How `absmax` itself is quantized.
  struct Nested {
    var blockSize: Int
    var offset: Float
  }

  let rows: Int
  let columns: Int
  /// Values of the weight that share a scale.
  let blockSize: Int
  let nested: Nested?

  /// Values of the weight.
  var count: Int { rows &* columns }

  init(_ stored: StoredTensor) throws(QuantizedWeightDefect) {
    let name = stored.info.name
    let parsed = stored.withBytes { bytes in
      Result { () throws(JSONError) in
        var scanner = JSONScanner(bytes)
        let fields = try Fields(&scanner)
        try scanner.end()
        return fields
      }
    }
    let fields: Fields
    do { fields = try parsed.get() } catch {
      throw .malformedState(tensor: name, offset: error.offset, error.defect)
    }
    guard fields.type == "nf4" else {
      throw .unsupportedState(tensor: name, key: "quant_type", expected: "'nf4'", got: quoted(fields.type))
    }
    guard fields.nestedDtype ?? "float32" == "float32" else {
      throw .unsupportedState(
        tensor: name, key: "nested_dtype", expected: "'float32'", got: quoted(fields.nestedDtype ?? ""))
    }
    guard fields.shape.count == 2, let rows = fields.shape.first, let columns = fields.shape.last, rows > 0,
      columns > 0,
      !rows.multipliedReportingOverflow(by: columns).overflow
    else { throw .invalidStateShape(tensor: name, fields.shape) }
    self.rows = rows
    self.columns = columns
    // More than all values is all.
    let count = rows &* columns
    blockSize = min(fields.blockSize, count)
    nested = fields.nestedBlockSize.map { Nested(blockSize: min($0, count), offset: fields.nestedOffset) }
  }

  private struct Fields {
    var type = ""
    var shape: [Int] = []
    var blockSize = 0
    var nestedBlockSize: Int?
    var nestedDtype: String?
    var nestedOffset: Float = 0

    init(_ scanner: inout JSONScanner) throws(JSONError) {
      var members = JSONScanner.Members()
      var missing = ["quant_type", "blocksize", "shape"]
      var (hasNested, hasOffset) = (false, false)
      while let (key, start) = try scanner.nextKey(&members) {
        missing.removeAll { $0 == key }
        switch key {
        case "quant_type": type = try scanner.string()
        case "shape":
          shape = try scanner.array("extents", limit: 8) { scanner throws(JSONError) in try scanner.integer(atLeast: 0)
          }
        case "blocksize": blockSize = try scanner.integer(atLeast: 1)
        // What values are decoded to there: here to float32.
        case "dtype": _ = try scanner.string()
        case "nested_blocksize":
          nestedBlockSize = try scanner.integer(atLeast: 1)
          hasNested = true
        case "nested_dtype": nestedDtype = try scanner.string()
        case "nested_offset":
          nestedOffset = Float(try scanner.number().value)
          hasOffset = true
        default: throw scanner.error(.unknownField(key, of: "quant_state"), at: start)
        }
      }
      if hasNested != hasOffset { missing.append(hasNested ? "nested_offset" : "nested_blocksize") }
      if let first = missing.first { throw scanner.error(.missingField(first, of: "quant_state")) }
    }
  }
}

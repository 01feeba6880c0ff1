import HeddleFormats
import HeddleTypes
import Testing

/// As `QuantizedMalformedTests`, of floats of few bits and of whole numbers of a byte.
@Suite struct QuantizedMalformedFloatTests {
  typealias Case = (name: String, change: (inout LayerFile) -> Void, defect: QuantizedWeightDefect)

  private func check(_ sound: LayerFile, _ scheme: QuantizationScheme, _ cases: [Case]) throws {
    #expect(throws: Never.self) { try sound.file().quantizedWeight("l", scheme) }
    for (name, change, defect) in cases {
      var file = sound
      change(&file)
      let expected = QuantizedWeightError(path: "f", layer: "l", defect: defect)
      #expect(throws: expected, "\(name)") { try file.file().quantizedWeight("l", scheme) }
    }
  }

  @Test func fp8() throws {
    let shapes = [[], [1], [3], [3, 1], [1, 1]]
    try check(
      .fp8, .fp8(block: nil),
      [
        ("no scales", { $0.remove("weight_scale") }, .missingTensor("l.weight_scale")),
        (
          "bytes", { $0.set("weight", .u8, [3, 64]) },
          .wrongDtype(tensor: "l.weight", expected: [.f8_e4m3, .f8_e5m2], got: .u8)
        ),
        (
          "another float of eight bits", { $0.set("weight", .f8_e4m3fnuz, [3, 64]) },
          .wrongDtype(tensor: "l.weight", expected: [.f8_e4m3, .f8_e5m2], got: .f8_e4m3fnuz)
        ),
        (
          "scales of another type", { $0.set("weight_scale", .f64, [3, 1]) },
          .wrongDtype(tensor: "l.weight_scale", expected: [.f32, .bf16, .f16, .f8_e8m0], got: .f64)
        ),
        (
          "a column too many", { $0.set("weight_scale", .f32, [3, 2]) },
          .wrongShape(tensor: "l.weight_scale", expected: shapes, got: [3, 2])
        ),
        (
          "a name that goes before, of the wrong shape", { $0.set("weight_scale_inv", .f32, [2]) },
          .wrongShape(tensor: "l.weight_scale_inv", expected: shapes, got: [2])
        ),
        ("three axes", { $0.set("weight", .f8_e5m2, [3, 8, 8]) }, .notAMatrix(tensor: "l.weight", shape: [3, 8, 8])),
        ("rows of 33", { $0.set("weight", .f8_e4m3, [3, 33]) }, .groupNotInBlocks(columns: 33, block: 32)),
        (
          "a scale that is no number", { $0.set("weight_scale", .f32, [3], words: [0, 0, 0x7FC0_0000]) },
          .notFinite(tensor: "l.weight_scale", index: 2)
        ),
        (
          "a power of two that is no number", { $0.set("weight_scale", .f8_e8m0, [3, 1], [254, 255, 0]) },
          .notFinite(tensor: "l.weight_scale", index: 1)
        ),
      ])
    let file = try LayerFile.fp8.file()
    for block in [(0, 128), (128, -1), (.min, .min)].map(QuantizationScheme.ScaleBlock.init) {
      #expect(throws: QuantizedWeightError(path: "f", layer: "l", defect: .invalidScaleBlock(block))) {
        try file.quantizedWeight("l", .fp8(block: block))
      }
    }
    #expect(throws: Never.self) { try file.quantizedWeight("l", .fp8(block: .init(rows: .max, columns: .max))) }
    var halves = LayerFile.fp8
    halves.set("weight_scale", .f32, [3, 4])
    #expect(throws: QuantizedWeightError(path: "f", layer: "l", defect: .groupNotInBlocks(columns: 16, block: 32))) {
      try halves.file().quantizedWeight("l", .fp8(block: .init(rows: 1, columns: 16)))
    }
  }

  @Test func int8() throws {
    try check(
      .int8, .int8,
      [
        (
          "bytes", { $0.set("weight", .u8, [3, 64]) }, .wrongDtype(tensor: "l.weight", expected: [.i8], got: .u8)
        ),
        (
          "groups that do not divide the inputs", { $0.set("weight_scale", .f32, [3, 7]) },
          .wrongShape(tensor: "l.weight_scale", expected: [[], [1], [3], [3, 1]], got: [3, 7])
        ),
        (
          "scales of no group", { $0.set("weight_scale", .f32, [3, 0]) },
          .wrongShape(tensor: "l.weight_scale", expected: [[], [1], [3], [3, 1]], got: [3, 0])
        ),
        (
          "scales of other rows", { $0.set("weight_scale", .f32, [4, 1]) },
          .wrongShape(tensor: "l.weight_scale", expected: [[], [1], [3], [3, 1]], got: [4, 1])
        ),
        (
          "zero-points of another shape", { $0.set("weight_zero_point", .i8, [3]) },
          .wrongShape(tensor: "l.weight_zero_point", expected: [[3, 1]], got: [3])
        ),
        (
          "groups smaller than a block",
          {
            $0.set("weight_scale", .f32, [3, 4])
            $0.remove("weight_zero_point")
          }, .groupNotInBlocks(columns: 16, block: 32)
        ),
      ])
  }

  @Test func nf4() throws {
    let state = "l.weight.quant_state.bitsandbytes__nf4"
    func replaced(_ old: String, _ new: String) -> (inout LayerFile) -> Void {
      { $0.setState(LayerFile.state.replacing(old, with: new)) }
    }
    func malformed(_ offset: Int, _ defect: JSONDefect) -> QuantizedWeightDefect {
      .malformedState(tensor: state, offset: offset, defect)
    }
    let length = LayerFile.state.utf8.count
    try check(
      .nf4, .nf4,
      [
        ("no state", { $0.remove("weight.quant_state.bitsandbytes__nf4") }, .missingTensor(state)),
        ("no levels", { $0.remove("weight.quant_map") }, .missingTensor("l.weight.quant_map")),
        ("no nested levels", { $0.remove("weight.nested_quant_map") }, .missingTensor("l.weight.nested_quant_map")),
        (
          "bytes of another type", { $0.set("weight", .bf16, [32, 1]) },
          .wrongDtype(tensor: "l.weight", expected: [.u8], got: .bf16)
        ),
        (
          "a byte too few", { $0.set("weight", .u8, [63, 1]) },
          .wrongShape(tensor: "l.weight", expected: [[64, 1]], got: [63, 1])
        ),
        (
          "FP4", replaced("nf4", "fp4"),
          .unsupportedState(tensor: state, key: "quant_type", expected: "'nf4'", got: "'fp4'")
        ),
        (
          "nested floats of 16 bits", replaced("float32", "float16"),
          .unsupportedState(tensor: state, key: "nested_dtype", expected: "'float32'", got: "'float16'")
        ),
        ("three axes", replaced("[2, 64]", "[2, 8, 8]"), .invalidStateShape(tensor: state, [2, 8, 8])),
        ("nothing", replaced("[2, 64]", "[0, 64]"), .invalidStateShape(tensor: state, [0, 64])),
        (
          "more than fits", replaced("[2, 64]", "[4611686018427387904, 64]"),
          .invalidStateShape(tensor: state, [1 << 62, 64])
        ),
        (
          "other rows", replaced("[2, 64]", "[3, 64]"),
          .wrongShape(tensor: "l.weight", expected: [[96, 1]], got: [64, 1])
        ),
        ("rows of 32", replaced("[2, 64]", "[4, 32]"), .groupNotInBlocks(columns: 32, block: 64)),
        ("blocks of 32", replaced("\"blocksize\": 64", "\"blocksize\": 32"), .groupNotInBlocks(columns: 32, block: 64)),
        (
          "blocks of none", replaced("\"blocksize\": 64", "\"blocksize\": 0"),
          malformed(35, .invalidNumber("0", expected: "an integer in 1...9223372036854775807"))
        ),
        (
          "blocks of all", replaced("\"blocksize\": 64", "\"blocksize\": 9223372036854775744"),
          .wrongShape(tensor: "l.weight.absmax", expected: [[1]], got: [2])
        ),
        ("a field of nobody", replaced("dtype\"", "d\""), malformed(39, .unknownField("d", of: "quant_state"))),
        (
          "no offset", replaced(#", "nested_offset": 0.5"#, ""),
          malformed(length - 22, .missingField("nested_offset", of: "quant_state"))
        ),
        (
          "no shape", replaced(#" "shape": [2, 64],"#, ""),
          malformed(length - 18, .missingField("shape", of: "quant_state"))
        ),
        (
          "text after it", replaced("}", "}}"),
          malformed(length, .unexpected(found: "'}'", expected: "nothing but spaces"))
        ),
        ("an offset that is no float32", replaced("0.5", "1e300"), .notFinite(tensor: "l.weight.absmax", index: 0)),
        (
          "scales that are not quantized",
          { $0.setState(#"{"quant_type": "nf4", "blocksize": 64, "shape": [2, 64]}"#) },
          .wrongDtype(tensor: "l.weight.absmax", expected: [.f32], got: .u8)
        ),
        (
          "a scale too few", { $0.set("weight.absmax", .u8, [1]) },
          .wrongShape(tensor: "l.weight.absmax", expected: [[2]], got: [1])
        ),
        (
          "a level that is no number",
          { $0.set("weight.quant_map", .f32, [16], words: (0..<16).map { $0 == 3 ? 0x7FC0_0000 : 0 }) },
          .notFinite(tensor: "l.weight.quant_map", index: 3)
        ),
        (
          "other levels", { $0.set("weight.quant_map", .f32, [16]) },
          .wrongLevel(tensor: "l.weight.quant_map", index: 0, expected: -1, got: 0)
        ),
      ])
  }
}

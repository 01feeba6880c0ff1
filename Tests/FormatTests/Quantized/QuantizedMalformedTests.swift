import HeddleFormats
import HeddleTypes
import Testing

/// Tensors of layers that do not fit each other, or hold what cannot be: each with its exact error.
@Suite struct QuantizedMalformedTests {
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

  private static let scales: [SafetensorsDtype] = [.f32, .bf16, .f16]

  @Test func gptq() throws {
    try check(
      .gptq, .gptq(bits: 4, groupSize: 32, .version1),
      [
        ("no levels", { $0.remove("qweight") }, .missingTensor("l.qweight")),
        ("no zero-points", { $0.remove("qzeros") }, .missingTensor("l.qzeros")),
        ("no scales", { $0.remove("scales") }, .missingTensor("l.scales")),
        (
          "levels of another type", { $0.set("qweight", .u32, [8, 8]) },
          .wrongDtype(tensor: "l.qweight", expected: [.i32], got: .u32)
        ),
        (
          "scales of another type", { $0.set("scales", .i16, [2, 8]) },
          .wrongDtype(tensor: "l.scales", expected: Self.scales, got: .i16)
        ),
        (
          "groups of another type", { $0.set("g_idx", .i64, [64]) },
          .wrongDtype(tensor: "l.g_idx", expected: [.i32], got: .i64)
        ),
        ("levels of one axis", { $0.set("qweight", .i32, [64]) }, .notAMatrix(tensor: "l.qweight", shape: [64])),
        ("no inputs", { $0.set("qweight", .i32, [0, 8]) }, .notAMatrix(tensor: "l.qweight", shape: [0, 8])),
        (
          "no outputs, and inputs without end", { $0.set("qweight", .i32, [1 << 57, 0], []) },
          .notAMatrix(tensor: "l.qweight", shape: [1 << 57, 0])
        ),
        (
          "a group too few", { $0.set("scales", .f16, [1, 8]) },
          .wrongShape(tensor: "l.scales", expected: [[2, 8]], got: [1, 8])
        ),
        (
          "scales by row", { $0.set("scales", .f16, [8, 2]) },
          .wrongShape(tensor: "l.scales", expected: [[2, 8]], got: [8, 2])
        ),
        (
          "a zero-point a word", { $0.set("qzeros", .i32, [2, 8]) },
          .wrongShape(tensor: "l.qzeros", expected: [[2, 1]], got: [2, 8])
        ),
        (
          "outputs that fill no word",
          {
            $0.set("qweight", .i32, [8, 7])
            $0.set("scales", .f16, [2, 7])
          }, .wrongShape(tensor: "l.qweight", expected: [[8, 8]], got: [8, 7])
        ),
        (
          "groups of other inputs", { $0.set("g_idx", .i32, [32]) },
          .wrongShape(tensor: "l.g_idx", expected: [[64]], got: [32])
        ),
        (
          "a group that is not there", { $0.set("g_idx", .i32, [64], words: (0..<64).map { $0 == 33 ? 2 : 0 }) },
          .groupOutOfRange(tensor: "l.g_idx", index: 33, group: 2, groups: 2)
        ),
        (
          "a group below 0", { $0.set("g_idx", .i32, [64], words: (0..<64).map { $0 == 63 ? 0xFFFF_FFFF : 0 }) },
          .groupOutOfRange(tensor: "l.g_idx", index: 63, group: -1, groups: 2)
        ),
        (
          "groups of odd sizes", { $0.set("g_idx", .i32, [64], words: (0..<64).map { $0 < 20 ? 0 : 1 }) },
          .groupNotInBlocks(columns: 20, block: 32)
        ),
        (
          "a scale that is infinite", { $0.set("scales", .f16, [2, 8], (0..<32).map { $0 == 7 ? 0x7C : 0 }) },
          .notFinite(tensor: "l.scales", index: 3)
        ),
      ])
  }

  @Test func `what GPTQ can be asked for`() throws {
    let file = try LayerFile.gptq.file()
    for (scheme, defect) in [
      (.gptq(bits: 3, groupSize: 32, .version1), .unsupportedBits(3)),
      (.gptq(bits: 0, groupSize: 32, .version1), .unsupportedBits(0)),
      (.gptq(bits: .min, groupSize: 32, .version2), .unsupportedBits(.min)),
      (.gptq(bits: 4, groupSize: 0, .version1), .invalidGroupSize(0)),
      (.gptq(bits: 4, groupSize: -1, .version1), .invalidGroupSize(-1)),
      (.gptq(bits: 4, groupSize: .min, .version1), .invalidGroupSize(.min)),
      (
        .gptq(bits: 4, groupSize: .max, .version1),
        .wrongShape(tensor: "l.scales", expected: [[1, 8]], got: [2, 8])
      ),
      (.gptq(bits: 8, groupSize: 16, .version1), .wrongShape(tensor: "l.qzeros", expected: [[2, 2]], got: [2, 1])),
    ] as [(QuantizationScheme, QuantizedWeightDefect)] {
      #expect(throws: QuantizedWeightError(path: "f", layer: "l", defect: defect)) {
        try file.quantizedWeight("l", scheme)
      }
    }
  }

  @Test func `groups smaller than a block`() throws {
    var file = LayerFile.gptq
    file.remove("g_idx")
    file.set("qzeros", .i32, [4, 1])
    file.set("scales", .f16, [4, 8])
    let defect = QuantizedWeightDefect.groupNotInBlocks(columns: 16, block: 32)
    #expect(throws: QuantizedWeightError(path: "f", layer: "l", defect: defect)) {
      try file.file().quantizedWeight("l", .gptq(bits: 4, groupSize: 16, .version1))
    }
  }

  @Test func awq() throws {
    try check(
      .awq, .awq(groupSize: 32),
      [
        ("no zero-points", { $0.remove("qzeros") }, .missingTensor("l.qzeros")),
        ("no outputs", { $0.set("qweight", .i32, [64, 0]) }, .notAMatrix(tensor: "l.qweight", shape: [64, 0])),
        (
          "zero-points by output", { $0.set("qzeros", .i32, [2, 8]) },
          .wrongShape(tensor: "l.qzeros", expected: [[2, 1]], got: [2, 8])
        ),
        (
          "a scale a word", { $0.set("scales", .f16, [2, 1]) },
          .wrongShape(tensor: "l.scales", expected: [[2, 8]], got: [2, 1])
        ),
        (
          "inputs that fill no block",
          {
            $0.set("qweight", .i32, [48, 1])
          }, .groupNotInBlocks(columns: 48, block: 32)
        ),
      ])
    let file = try LayerFile.awq.file()
    #expect(throws: QuantizedWeightError(path: "f", layer: "l", defect: .invalidGroupSize(-1))) {
      try file.quantizedWeight("l", .awq(groupSize: -1))
    }
    #expect(throws: QuantizedWeightError(path: "f", layer: "m", defect: .missingTensor("m.qweight"))) {
      try file.quantizedWeight("m", .awq(groupSize: 32))
    }
  }
}

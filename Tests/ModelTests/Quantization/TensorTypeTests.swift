import Heddle
import Testing

/// Each preset gives each tensor the type that llama.cpp's quantizer gives it; `make_quantize_types.py` says how that was found.
@Suite struct TensorTypeTests {
  struct Fixture: Decodable {
    struct Model: Decodable {
      var layers: Int
      var heads: Int
      var groups: Int
      var experts: Int
      /// A layer's once, as `blk.*`.
      var tensors: [String: [Int]]
    }

    struct Run: Decodable {
      var model: String
      var preset: String
      var importance: [Bool]
      /// By kind of tensor the types of its layers, as runs: `3 Q4_K, 1 Q6_K`.
      var types: [String: String]
    }

    var models: [String: Model]
    var runs: [Run]
  }

  @Test func agreeWithLlamaCpp() throws {
    let fixture: Fixture = try resource("quantize-types")
    let presets = QuantizationPreset.all.filter { $0.fileType != nil }
    #expect(Set(fixture.runs.map(\.preset)) == Set(presets.map(\.name)))
    for (name, model) in fixture.models {
      let file = try file(model)
      for run in fixture.runs where run.model == name {
        let preset = try #require(QuantizationPreset(name: run.preset))
        for hasImportance in run.importance {
          let matrix = hasImportance ? try Self.matrix(model) : nil
          let steps = try ModelQuantization(of: file, to: preset, importance: matrix).steps
          let types = Dictionary(uniqueKeysWithValues: steps.map { ($0.name, $0.after) })
          for (kind, runs) in run.types {
            let names = kind.contains("*") ? (0..<model.layers).map { layer(kind, $0) } : [kind]
            #expect(names.compactMap { types[$0] } == Self.expanded(runs), "\(name) \(run.preset) \(kind)")
          }
        }
      }
    }
  }

  private static func expanded(_ runs: String) -> [String] {
    runs.split(separator: ",").flatMap { run in
      let parts = run.split(separator: " ")
      return [String](repeating: String(parts[1]), count: Int(parts[0]) ?? 0)
    }
  }

  private func layer(_ name: String, _ number: Int) -> String {
    "blk.\(number)" + name.dropFirst("blk.*".count)
  }

  private func file(_ model: Fixture.Model) throws -> ModelFile {
    var writer = GGUFWriter()
    try writer.set("general.architecture", .string("llama"))
    try writer.set("llama.block_count", .uint32(UInt32(model.layers)))
    try writer.set("llama.attention.head_count", .uint32(UInt32(model.heads)))
    try writer.set("llama.attention.head_count_kv", .uint32(UInt32(model.groups)))
    if model.experts > 0 { try writer.set("llama.expert_count", .uint32(UInt32(model.experts))) }
    for (kind, shape) in model.tensors.sorted(by: { $0.key < $1.key }) {
      let values = [Float](repeating: 1, count: shape.reduce(1, *))
      for name in kind.contains("*") ? (0..<model.layers).map({ layer(kind, $0) }) : [kind] {
        try writer.add(name, Tensor(values, shape: shape))
      }
    }
    return try ModelFile(bytes: writer.serialized(), name: "types.gguf")
  }

  private static func matrix(_ model: Fixture.Model) throws -> ImportanceMatrix {
    var matrix = ImportanceMatrix()
    try matrix.add("blk.0.attn_q.weight", .init(sums: [Float](repeating: 1, count: width(model)), counts: [1]))
    return matrix
  }

  private static func width(_ model: Fixture.Model) -> Int { model.tensors["blk.*.attn_q.weight"]?.last ?? 0 }

  /// Of rows of 576, 96 and 80 values, the output apart or tied to the embedding.
  @Test func `Heddle's own presets`() throws {
    let expected: [String: (wide: String, narrow: String, output: String)] = [
      "int8-g128": ("int8_g64", "Q8_0", "int8_g64"), "fp8": ("fp8_e4m3_g32", "fp8_e4m3_g32", "int8_g64"),
      "nf4": ("nf4", "IQ4_NL", "int8_g64"), "int4-g64": ("int4_g64", "Q4_0", "int8_g64"),
      "int4-g128": ("int4_g64", "Q4_0", "int8_g64"),
    ]
    #expect(Set(expected.keys) == Set(QuantizationPreset.all.filter { $0.fileType == nil }.map(\.name)))
    for (name, types) in expected {
      let preset = try #require(QuantizationPreset(name: name.uppercased()))
      for isTied in [false, true] {
        let tensors = [
          "token_embd.weight": [4, 576], "blk.*.attn_v.weight": [4, 96], "blk.*.attn_q.weight": [4, 256],
          "blk.*.ffn_down.weight": [4, 80], "blk.*.attn_norm.weight": [576],
        ].merging(isTied ? [:] : ["output.weight": [4, 576]]) { $1 }
        let file = try file(.init(layers: 2, heads: 4, groups: 1, experts: 0, tensors: tensors))
        let steps = try ModelQuantization(of: file, to: preset).steps
        let after = Dictionary(uniqueKeysWithValues: steps.map { ($0.name, $0.after) })
        #expect(after["token_embd.weight"] == (isTied ? types.output : types.wide), "\(name)")
        #expect(after["output.weight"] == (isTied ? nil : types.output), "\(name)")
        #expect(after["blk.1.attn_v.weight"] == types.narrow, "\(name)")
        #expect(after["blk.0.attn_q.weight"] == preset.encoding.name, "\(name)")
        #expect(after["blk.1.ffn_down.weight"] == "F16" && after["blk.0.attn_norm.weight"] == "F32", "\(name)")
        let embedding = try #require(steps.first { $0.name == "token_embd.weight" })
        let wanted = isTied ? Encoding.int8_g128 : preset.encoding
        #expect(embedding.reason == (wanted.blockSize == 64 ? nil : .rows(inputs: 576, wanted: wanted)), "\(name)")
      }
    }
  }

  @Test func namesOfPresets() {
    #expect(QuantizationPreset(name: "int4_G64")?.name == "int4-g64" && QuantizationPreset(name: "FP8")?.name == "fp8")
    #expect(QuantizationPreset(name: "q4_k")?.name == "Q4_K_M" && QuantizationPreset(name: "Q5_K")?.name == "Q5_K_M")
    #expect(QuantizationPreset(name: "Q4_K_X") == nil && QuantizationPreset(name: "") == nil)
    for preset in QuantizationPreset.all where preset.name != "F32" { #expect(preset.encoding != .float32) }
  }
}

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
    #expect(Set(fixture.runs.map(\.preset)) == Set(QuantizationPreset.all.map(\.name)))
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

  @Test func namesOfPresets() {
    #expect(QuantizationPreset(name: "q4_k")?.name == "Q4_K_M" && QuantizationPreset(name: "Q5_K")?.name == "Q5_K_M")
    #expect(QuantizationPreset(name: "Q4_K_X") == nil && QuantizationPreset(name: "") == nil)
    for preset in QuantizationPreset.all where preset.name != "F32" { #expect(preset.encoding != .float32) }
  }
}

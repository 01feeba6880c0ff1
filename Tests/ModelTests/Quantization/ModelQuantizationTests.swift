import Foundation
import Heddle
import Testing

/// Small models of a few tensors, quantized by the reference.
@Suite struct ModelQuantizationTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "heddle-quantization-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func preset(_ name: String) throws -> QuantizationPreset { try #require(QuantizationPreset(name: name)) }

  private func values(_ count: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  private func file(_ tensors: [(String, Tensor)], _ metadata: [(String, GGUFValue)] = []) throws -> ModelFile {
    var writer = GGUFWriter()
    for (key, value) in metadata { try writer.set(key, value) }
    for (name, tensor) in tensors { try writer.add(name, tensor) }
    return try ModelFile(bytes: writer.serialized(), name: "model.gguf")
  }

  private func written(_ quantization: ModelQuantization) async throws -> (ModelFile, QuantizationReport) {
    let path = folder.appendingPathComponent("\(UUID().uuidString).gguf").path
    let report = try await quantization.write(to: OutputFile(path: path), on: ReferenceBackend())
    return (try ModelFile(path: path), report)
  }

  private func encoded(_ x: Tensor, as encoding: Encoding, importance: [Float]? = nil) throws -> [UInt8] {
    let weights = try importance.map { [try Tensor($0, shape: [$0.count])] } ?? []
    return try ReferenceBackend().evaluate(Encode(encoding: encoding), [x] + weights)[0].bytes
  }

  @Test func writesGGUF() async throws {
    let x = try Tensor(values(3 * 512, seed: 1), shape: [3, 512])
    let half = try Tensor(values(2 * 64, seed: 2), as: .float16, shape: [2, 64])
    let blocks = try Tensor(values(2 * 256, seed: 3), as: .q8_0, shape: [2, 256])
    let norm = try Tensor(values(64, seed: 4), shape: [64])
    let source = try file(
      [
        ("blk.0.attn_q.weight", x), ("blk.0.attn_k.weight", half), ("blk.0.ffn_up.weight", blocks),
        ("blk.0.attn_norm.weight", norm), ("blk.0.attn_q.bias", norm), ("output_norm.weight", norm),
        ("blk.0.ffn_gate.weight", try Tensor(values(512, seed: 5), as: .q4_1, shape: [2, 256])),
      ],
      [
        ("general.name", .string("a model")), ("general.file_type", .uint32(1)), ("general.alignment", .uint32(64)),
        ("tokenizer.ggml.tokens", .array(.string(["a", "Ġb"]))),
      ])
    let rules: [ModelQuantization.Rule] = [
      .init(NamePattern("*.ffn_up.*"), .q8_0), .init(NamePattern("*.ffn_gate.*"), nil),
    ]
    let (file, report) = try await written(ModelQuantization(of: source, to: preset("Q4_K_S"), rules: rules))
    #expect(file.format == .gguf(version: 3, alignment: 64))
    #expect(file.metadata.keys == source.metadata.keys + ["general.quantization_version"])
    #expect(file.metadata["general.file_type"] == .uint32(14))
    #expect(file.metadata["general.quantization_version"] == .uint32(2))
    #expect(file.metadata["tokenizer.ggml.tokens"] == .array(.string(["a", "Ġb"])))
    #expect(file.tensors.map(\.name) == source.tensors.map(\.name))
    let types = file.tensors.map(\.typeName)
    #expect(types == ["Q4_K", "Q5_0", "Q8_0", "F32", "F32", "F32", "Q4_1"] && report.steps.map(\.after) == types)
    #expect(try file.tensor(named: "blk.0.attn_q.weight").bytes == encoded(x, as: Encoding(named: "q4_k")))
    let floats = try Tensor(half.decoded(), shape: half.shape)
    #expect(try file.tensor(named: "blk.0.attn_k.weight").bytes == encoded(floats, as: .q5_0))
    for name in ["blk.0.ffn_up.weight", "blk.0.ffn_gate.weight", "blk.0.attn_norm.weight", "blk.0.attn_q.bias"] {
      #expect(try file.tensor(named: name) == source.tensor(named: name), "\(name)")
    }
    #expect(report.steps[1].reason == .rows(inputs: 64, wanted: try Encoding(named: "q4_k")))
    #expect(report.byteCountAfter == file.tensors.map(\.byteCount).reduce(0, +))
    #expect(report.types.map(\.byteCount).reduce(0, +) == report.byteCountAfter)
    #expect(report.valueCount == 3 * 512 + 2 * 64 + 2 * 256 + 3 * 64 + 512)
    // What is quantized once can be again, from blocks.
    let (again, _) = try await written(ModelQuantization(of: file, to: preset("F16")))
    #expect(again.tensors.map(\.typeName) == ["F16", "F16", "F16", "F32", "F32", "F32", "F16"])
    let decoded = try file.tensor(named: "blk.0.attn_q.weight").decoded()
    #expect(
      try again.tensor(named: "blk.0.attn_q.weight") == Tensor(decoded, as: .float16, shape: [3, 512]))
  }

  /// Each matrix of a tensor has an importance of its own, one of them none.
  @Test func importanceOfMatrices() async throws {
    let x = try Tensor(values(3 * 2 * 32, seed: 6), shape: [3, 2, 32])
    let flat = try Tensor(values(2 * 32, seed: 7), shape: [2, 32])
    let weights = values(32, seed: 8).map(abs)
    var matrix = ImportanceMatrix()
    try matrix.add(
      "blk.0.ffn_up_exps.weight",
      .init(sums: weights.map { 4 * $0 } + weights + weights.reversed().map { 2 * $0 }, counts: [4, 0, 2]))
    let source = try file([("blk.0.ffn_up_exps.weight", x), ("blk.0.attn_q.weight", flat)])
    let quantization = try ModelQuantization(of: source, to: preset("Q5_1"), importance: matrix)
    #expect(quantization.steps.map(\.isWeighted) == [true, false])
    let (file, _) = try await written(quantization)
    let floats = try x.floats()
    let parts = try (0..<3).map { try Tensor(Array(floats[64 * $0..<64 * $0 + 64]), shape: [2, 32]) }
    let expected =
      try encoded(parts[0], as: .q5_1, importance: weights) + encoded(parts[1], as: .q5_1)
      + encoded(parts[2], as: .q5_1, importance: weights.reversed())
    #expect(try file.tensor(named: "blk.0.ffn_up_exps.weight").bytes == expected)
    #expect(try file.tensor(named: "blk.0.attn_q.weight").bytes == encoded(flat, as: .q5_1))
  }

  /// GGUF unless the file is called safetensors or holds what GGUF has no type for.
  @Test func formsOfFiles() async throws {
    let x = try Tensor(values(2 * 128, seed: 10), shape: [2, 128])
    let source = try file(
      [("blk.0.attn_q.weight", x), ("blk.0.attn_k.weight", x)],
      [("general.name", .string("a model")), ("general.file_type", .uint32(1)), ("general.alignment", .uint32(64))])
    let (known, own) = (try preset("Q8_0"), try preset("int4-g128"))
    let rule = ModelQuantization.Rule(NamePattern("*attn_k*"), .nf4)
    let form = { (preset: QuantizationPreset, rules: [ModelQuantization.Rule], path: String) in
      try ModelQuantization(of: source, to: preset, rules: rules).format(at: path)
    }
    for (path, ofKnown) in [
      ("a.gguf", ModelConversion.Format.gguf), ("a", .gguf), ("-", .gguf), ("a.SafeTensors", .safetensors),
    ] {
      #expect(try form(known, [], path) == ofKnown)
      guard path != "a.gguf" else { continue }
      #expect(try form(own, [], path) == .safetensors && form(known, [rule], path) == .safetensors)
    }
    #expect(throws: QuantizationError.notInGGUF(path: "A.GGUF", tensor: "blk.0.attn_q.weight", .int4_g128)) {
      try form(own, [], "A.GGUF")
    }
    let path = folder.appendingPathComponent("never.gguf").path
    await #expect(throws: QuantizationError.notInGGUF(path: path, tensor: "blk.0.attn_k.weight", .nf4)) {
      try await ModelQuantization(of: source, to: known, rules: [rule]).write(
        to: OutputFile(path: path), on: ReferenceBackend())
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    let output = folder.appendingPathComponent("own.safetensors").path
    let report = try await ModelQuantization(of: source, to: own, rules: [rule]).write(
      to: OutputFile(path: output), on: ReferenceBackend())
    let written = try ModelFile(path: output)
    #expect(written.format == .safetensors && written.metadata.keys == ["general.name", "general.alignment"])
    #expect(try written.tensor(named: "blk.0.attn_q.weight").bytes == encoded(x, as: .int4_g128))
    #expect(try written.tensor(named: "blk.0.attn_k.weight").bytes == encoded(x, as: .nf4))
    #expect(report.types.map(\.type) == ["nf4", "int4_g128"] && report.byteCountAfter == 2 * 66 + 4 * 36)
    // What is so kept can be made GGUF's, but not if it stays.
    let again = try ModelQuantization(of: written, to: known, rules: [.init(NamePattern("*attn_k*"), nil)])
    #expect(throws: QuantizationError.notInGGUF(path: path, tensor: "blk.0.attn_k.weight", .nf4)) {
      try again.format(at: path)
    }
    #expect(try ModelQuantization(of: written, to: known).format(at: path) == .gguf)
  }

  /// A whole model in types that GGUF does not have: it opens, with its tokenizer, and its weights are those that were there, less
  /// their rounding.
  @Test func ownTypes() async throws {
    let name = "nf4"
    let source = try SyntheticLlama().file()
    let path = folder.appendingPathComponent("\(name).bin").path
    let report = try await ModelQuantization(of: source, to: preset(name)).write(
      to: OutputFile(path: path), on: ReferenceBackend())
    let file = try ModelFile(path: path)
    #expect(file.format == .safetensors && file.metadata.keys == source.metadata.keys)
    for step in report.steps {
      let (info, before) = (try file.info(step.name), try source.tensor(named: step.name).decoded())
      #expect(info.typeName == (step.encoding?.name ?? info.typeName) && info.byteCount == step.byteCountAfter)
      #expect(step.reason != .notQuantized || info.encoding == .float32)
      let after = try file.tensor(named: step.name).decoded()
      let error = zip(before, after).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(error <= before.reduce(0) { $0 + $1 * $1 } / 50 && (error > 0) == (step.encoding != nil), "\(step.name)")
    }
    let reasons = ["token_embd.weight", "blk.1.ffn_down.weight"].map { name in
      report.steps.first { $0.name == name }?.reason
    }
    // Rows of 64 and 96 values.
    #expect(reasons[0] == .rows(inputs: 64, wanted: .int8_g128))
    #expect(reasons[1] == .rows(inputs: 96, wanted: try preset(name).encoding))
    let model = try await LanguageModel.open(file: file, backend: ReferenceBackend())
    #expect(model.tokenizer.count == Synthetic.description.tokens.count)
  }

  @Test func refusesWhatDoesNotFit() async throws {
    var wrong = values(64, seed: 9)
    wrong[37] = .nan
    let source = try file([("blk.0.attn_q.weight", Tensor(wrong, shape: [2, 32]))])
    await #expect(throws: QuantizationError.notFinite(tensor: "blk.0.attn_q.weight", index: [1, 5])) {
      try await written(ModelQuantization(of: source, to: preset("Q8_0")))
    }
    let great = try file([("blk.0.attn_q.weight", Tensor([Float](repeating: 3e38, count: 64), shape: [2, 32]))])
    await #expect(throws: ModelFileError.self) {
      try await written(ModelQuantization(of: great, to: preset("Q8_0")))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    func quantization(_ rule: ModelQuantization.Rule) throws -> ModelQuantization {
      try ModelQuantization(of: great, to: preset("Q8_0"), rules: [rule])
    }
    #expect(throws: QuantizationError.matchesNothing(NamePattern("x*"))) {
      try quantization(.init(NamePattern("x*"), nil))
    }
    let wide = try Encoding(named: "q6_k")
    #expect(throws: QuantizationError.rowNotInBlocks(tensor: "blk.0.attn_q.weight", wide, row: 32)) {
      try quantization(.init(NamePattern("*"), wide))
    }
    let unmade = try Encoding(named: "iq2_s")
    #expect(throws: QuantizationError.notMade(unmade)) { try quantization(.init(NamePattern("*"), unmade)) }
    var matrix = ImportanceMatrix()
    try matrix.add("blk.0.attn_q.weight", .init(sums: [1, 2, 3], counts: [1]))
    #expect(throws: QuantizationError.importanceCount(tensor: "blk.0.attn_q.weight", expected: 32, got: 3)) {
      try ModelQuantization(of: great, to: preset("Q8_0"), importance: matrix)
    }
  }
}

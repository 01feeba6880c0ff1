import Foundation
import Heddle
import TestSupport
import Testing

/// Folders that are run: the logits are those of transformers, the ids those of tokenizers.
@Suite struct FolderModelTests {
  @Test(arguments: TestDevices.distinct, FolderFixture.all)
  func equalsTransformers(_ device: Device, _ family: String) async throws {
    try await compare(FolderFixture.file(family), family, on: TestBackends.backend(device))
  }

  /// The GGUF file that is written has the order of rows that all its readers expect.
  @Test(arguments: FolderFixture.all) func convertedEqualsTransformers(_ family: String) async throws {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await ModelConversion(of: FolderFixture.file(family)).write(to: OutputFile(path: path), as: .gguf)
    try await compare(ModelFile(path: path), family, on: ReferenceBackend())
  }

  private func compare(_ file: ModelFile, _ family: String, on backend: any Backend) async throws {
    let fixture = try FolderFixture.named(family)
    let model = try await LanguageModel.open(
      file: file, backend: backend, options: ModelOptions(chunk: 16, allLogits: true))
    let session = try model.makeSession(capacity: 32)
    let got = try #require(try await session.step(fixture.prompt, outputs: ["all_logits"])["all_logits"]).floats()
    let expected = fixture.logits.prefix(fixture.prompt.count).flatMap { $0 }
    let greatest = expected.map(abs).max() ?? 0
    #expect(got.count == expected.count && greatest > 1)
    #expect((zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity) < 1e-3 * greatest)
  }

  @Test(arguments: FolderFixture.all) func idsEqualTokenizers(_ family: String) throws {
    let tokenizer = try Tokenizer(TokenizerDescription(FolderFixture.file(family).metadata))
    for text in try FolderFixture.named(family).texts {
      #expect(tokenizer.encode(text.text, parseSpecial: true) == text.ids, "\(text.text)")
    }
  }
}

/// Folders whose weights another tool quantized (`Resources/folders/make_quantized.py`).
@Suite struct QuantizedFolderTests {
  struct Fixture: Decodable {
    var prompt: [Int]
    /// Of each position, with the values that the weights stand for.
    var logits: [[Float]]
  }

  static let methods = [
    "gptq": "uint4_g32", "awq": "uint4_g32", "fp8": "fp8_e4m3_g32", "int8": "uint8_g32", "nf4": "nf4",
    "gptq-order": "F32", "packed": "uint4_g32", "int8-rows": "uint8_g32",
  ]

  /// Models with experts, whose matrices become one tensor; with latents, of which other matrices are made.
  static let experts = [
    "gptq-experts": "uint4_g32[3, 32, 64]", "fp8-latents": "fp8_e4m3_g32[4, 32, 64]", "mxfp4": "MXFP4[3, 64, 64]",
  ]

  @Test(arguments: methods.keys.sorted() + experts.keys.sorted())
  func equalsTransformers(_ method: String) async throws {
    let file = try FolderFixture.file("quantized-\(method)")
    if let expected = Self.experts[method] {
      let found = try file.info("blk.\(method == "fp8-latents" ? 1 : 0).ffn_up_exps.weight")
      #expect("\(found.typeName)\(found.shape)" == expected)
    } else {
      let found = try file.info("blk.0.ffn_up.weight")
      #expect(
        found.shape == [64, 64] && (Self.methods[method].map { found.typeName.contains($0) } ?? false), "\(found)")
    }
    let fixture: Fixture = try resource("folders/quantized-\(method)")
    let model = try await LanguageModel.open(
      file: file, backend: ReferenceBackend(), options: ModelOptions(chunk: 16, allLogits: true))
    let session = try model.makeSession(capacity: 32)
    let got = try #require(try await session.step(fixture.prompt, outputs: ["all_logits"])["all_logits"]).floats()
    let expected = fixture.logits.flatMap { $0 }
    let greatest = expected.map(abs).max() ?? 0
    #expect(got.count == expected.count && greatest > 1)
    #expect((zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity) < 1e-3 * greatest)
  }

  /// Files of other types of weights cannot be had as GGUF without a word which.
  @Test func ownTypesAreNoGGUF() async throws {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    await #expect(throws: GGUFError.self) {
      try await ModelConversion(of: FolderFixture.file("quantized-nf4")).write(to: OutputFile(path: path), as: .gguf)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// What the tools write beside what is read.
  private static let harmless: [String: [String: any Sendable]] = [
    "gptq": [
      "format": "gptq", "damp_percent": 0.01, "true_sequential": true, "lm_head": false, "pack_dtype": "int32",
      "dynamic": [:] as [String: Int],
    ],
    "awq": [
      "format": "gemm", "act_group_aware": true, "modules_to_not_convert": ["lm_head"], "backend": "autoawq",
      "do_fuse": false,
    ],
    "fp8": ["modules_to_not_convert": ["lm_head"], "dequantize": false, "scale_fmt": "float", "expert_dtype": "fp8"],
    "int8": [
      "version": "0.9.0", "ignore": ["lm_head"], "quantization_status": "compressed",
      "transform_config": [:] as [String: Int],
      "sparsity_config": ["format": "dense"], "config_groups": ["group_0": ["targets": ["Linear"]]],
    ],
    "gptq-order": ["static_groups": false], "packed": ["quantization_status": "compressed"],
    "int8-rows": ["llm_int8_skip_modules": ["lm_head"], "bnb_4bit_quant_type": "fp4"],
    "nf4": ["bnb_4bit_compute_dtype": "bfloat16", "bnb_4bit_use_double_quant": false, "llm_int8_threshold": 6.0],
  ]

  @Test(arguments: methods.keys.sorted()) func keysThatNobodyReads(_ method: String) throws {
    func error(_ keys: [String: any Sendable]) throws -> ModelFolderError? {
      let folder = try FolderCopy("quantized-\(method)")
      try folder.edit("config.json") {
        let settings = $0["quantization_config"] as? [String: Any] ?? [:]
        $0["quantization_config"] = settings.merging(keys) { $1 }
      }
      return folder.error()
    }
    #expect(try error(#require(Self.harmless[method])) == nil)
    guard
      case .config(_, .unsupported("quantization_config.something_new", "0.5", _))? = try error(["something_new": 0.5])
    else {
      Issue.record("a key that is not known")
      return
    }
    guard method == "int8" else { return }
    for (key, value) in [
      ("transform_config", ["R1": 1] as any Sendable), ("sparsity_config", ["format": "sparse-24-bitmask"]),
    ] {
      guard case .config(_, .unsupported(let found, _, _))? = try error([key: value]), found.contains(key) else {
        Issue.record("\(key)")
        continue
      }
    }
  }

  /// A folder's own names, of the layers that the model's tensors were made from.
  @Test(arguments: methods.keys.sorted()) func inspectNamesSchemes(_ method: String) async throws {
    let listed = try await HeddleTool.run("inspect", FolderFixture.url("quantized-\(method)").path)
    #expect(listed.status == 0 && listed.text.contains(": model folder, "), "\(listed.error)")
    let scheme = [
      "gptq": "GPTQ, 4 bits", "awq": "AWQ, 4 bits", "fp8": "FP8 (e4m3)", "int8": "int8", "nf4": "NF4",
      "gptq-order": "GPTQ, 4 bits, groups of 32, g_idx", "packed": "packed, scales [64, 2]",
      "int8-rows": "int8, scales [64]",
    ]
    let line = "  model.layers.0.mlp.up_proj: \(try #require(scheme[method]))"
    #expect(
      listed.text.contains("\nquantized weights (7)\n") && listed.text.contains(line), "\(listed.text.suffix(600))")
  }

  @Test func otherBitsAreRefused() throws {
    let folder = try FolderCopy("quantized-gptq")
    try folder.edit("config.json") {
      $0["quantization_config"] = ["quant_method": "gptq", "bits": 3, "group_size": 32]
    }
    guard case .quantized(let error)? = folder.error() else {
      Issue.record("\(String(describing: folder.error()))")
      return
    }
    #expect(error.defect == .unsupportedBits(3))
  }
}

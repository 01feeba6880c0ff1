import Foundation
import Heddle
import TestSupport
import Testing

@testable import HeddleModels

/// A small llama pruned on a device, read again, against the reference.
@Suite(.serialized) struct PrunedModelTests {
  /// `body` gets the path of a file that is not there yet.
  private func temporary<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try TestDevices.temporaryDirectory("pruned")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.appendingPathComponent("model.safetensors").path)
  }

  private func pruned(_ pruning: ModelPruning, on device: Device) async throws -> (ModelFile, PruningReport) {
    try await temporary { path in
      let report = try await pruning.write(to: path, on: TestBackends.backend(device))
      return (try ModelFile(path: path), report)
    }
  }

  private func target(_ format: SparseFormat) -> PruningTarget { .pattern(format.pattern) }

  @Test(arguments: [
    (0, "2:4-int4", SyntheticLlama.Variant.tiedBlocks), (1, "vw16:32-f16", .untiedWithBiases),
    (0, "nvw12:32-int8", .ownLengths), (2, "block16@50-f32", .tiedBlocks),
  ])
  func `equals the reference`(_ number: Int, _ name: String, _ variant: SyntheticLlama.Variant) async throws {
    let format = try #require(SparseFormat(name: name))
    let source = try SyntheticLlama(variant).file()
    // The kernels have tests of their own on every device: here each format has one.
    let devices = TestDevices.distinct
    let device = try #require(devices.isEmpty ? nil : devices[number % devices.count])
    let pruning = try ModelPruning(of: source, to: target(format), values: format.values)
    let (file, report) = try await pruned(pruning, on: device)
    // What was written is what the reference would have written.
    for row in report.rows {
      let stored = try source.tensor(named: row.name)
      let isMatrix = row.name.hasPrefix("blk.") && stored.shape.count == 2
      #expect((row.reason == nil) == isMatrix && (row.magnitude == nil) == !isMatrix, "\(row.name)")
      let expected = isMatrix ? try Tensor(stored.decoded(), as: .sparse(format), shape: stored.shape) : stored
      #expect(try file.tensor(named: row.name) == expected, "\(row.name)")
      #expect(row.byteCountBefore == stored.bytes.count && row.byteCountAfter == expected.bytes.count)
    }
    #expect((0.3..<1).contains(report.magnitude.share))
    let counts: [Int?] = format.pattern.isNested ? [nil, 1, 7, 12, 5] : [nil, nil, nil]
    let expected = try await steps(
      LanguageModel.open(file: file, backend: ReferenceBackend(), options: options), counts)
    let model = try await LanguageModel.open(file: file, backend: TestBackends.backend(device), options: options)
    #expect(model.stepOptions.map(\.range) == (format.pattern.isNested ? [1...12] : []))
    for (step, (got, expected)) in zip(try await steps(model, counts), expected).enumerated() {
      for (name, values) in expected where name != "next_token" {
        let reference = try values.floats()
        let scale = reference.map(abs).max() ?? 0
        #expect(scale > 0.01, "\(name) says nothing")
        let error = zip(try #require(got[name]).floats(), reference).map { abs($0 - $1) }.max() ?? .infinity
        #expect(error <= 2e-5 * scale, "\(name) of step \(step) on \(device)")
      }
    }
    if format.pattern.isNested { try await adaptive(model, file) }
  }

  private var options: ModelOptions { ModelOptions(chunk: 12, hiddenStates: true) }

  /// A prompt, a token, a few and a whole step, each at a density of its own.
  private func steps(_ model: LanguageModel, _ counts: [Int?]) async throws -> [NameTable<Tensor>] {
    let session = try model.makeSession(capacity: 64)
    var results: [NameTable<Tensor>] = []
    for (step, kept) in counts.enumerated() {
      let ids = (0..<[5, 1, 12, 3, 1][step]).map { (step * 53 + $0 * 17) % model.configuration.vocabularySize }
      results.append(
        try await session.step(
          ids, outputs: Set(model.graph.outputs.map(\.name)), options: kept.map { [.kept: $0] } ?? [:]))
    }
    return results
  }

  /// Densities chosen from token to token give the text that the reference gives.
  private func adaptive(_ model: LanguageModel, _ file: ModelFile) async throws {
    let reference = try await LanguageModel.open(file: file, backend: ReferenceBackend())
    let policy = DensityPolicy(easy: 3, hard: 12, entropies: 3...6)
    func ids(_ model: LanguageModel) async throws -> [Int] {
      let options = GenerationOptions(maximumTokens: 6, density: .adaptive(policy))
      var ids: [Int] = []
      for try await event in try TextGeneration(model, prompt: [40, 41, 42], options: options).events() {
        if case .token(let token) = event { ids.append(token.id) }
      }
      return ids
    }
    #expect(try await ids(model) == ids(reference))
  }

  @Test func `channels in another order keep more`() async throws {
    let device = try #require(TestDevices.all.first)
    let source = try SyntheticLlama(.untiedWithBiases).file()
    let format = try #require(SparseFormat(name: "vw8:32-f32"))
    let pruning = try ModelPruning(
      of: source, to: target(format), values: .float32, keeping: [NamePattern("blk.1.ffn_up.*")], ordersRows: true)
    let (file, report) = try await pruned(pruning, on: device)
    func floats(_ name: String) throws -> Tensor {
      let stored = try source.tensor(named: name)
      return try Tensor(decodeFloats(stored), shape: stored.shape)
    }
    let weights = try FeedForwardWeights(
      gate: floats("blk.0.ffn_gate.weight"), up: floats("blk.0.ffn_up.weight"), down: floats("blk.0.ffn_down.weight"),
      gateBias: floats("blk.0.ffn_gate.bias"), upBias: floats("blk.0.ffn_up.bias"))
    let order = try ChannelOrder(of: weights, for: format.pattern)
    #expect(!order.isIdentity)
    let ordered = try weights.selecting(order.channels)
    for (name, tensor) in [("gate", ordered.gate), ("up", ordered.up), ("down", ordered.down)] {
      let got = try file.tensor(named: "blk.0.ffn_\(name).weight")
      #expect(got == (try Tensor(tensor.floats(), as: .sparse(format), shape: tensor.shape)), "\(name)")
    }
    #expect(try file.tensor(named: "blk.0.ffn_gate.bias") == ordered.gateBias)
    #expect(try file.tensor(named: "blk.0.ffn_up.bias") == ordered.upBias)
    // A block with a matrix that stays keeps its order.
    #expect(Set(report.orders.keys) == [0] && report.orders[0]?.after == order.after)
    for name in ["ffn_up.weight", "ffn_gate.bias", "ffn_up.bias"] {
      #expect(try file.tensor(named: "blk.1.\(name)") == source.tensor(named: "blk.1.\(name)"))
    }
    let gate = try floats("blk.1.ffn_gate.weight")
    #expect(
      try file.tensor(named: "blk.1.ffn_gate.weight")
        == Tensor(gate.floats(), as: .sparse(format), shape: gate.shape))
    #expect(report.rows.first { $0.name == "blk.1.ffn_up.weight" }?.reason == .asked(NamePattern("blk.1.ffn_up.*")))
  }

  private func decodeFloats(_ tensor: Tensor) throws -> [Float] { try tensor.decoded() }

  /// A model without channels computes what one computes whose channels are zeros.
  @Test(arguments: [SyntheticLlama.Variant.tiedBlocks, .untiedWithBiases])
  func `channels left out are channels of zeros`(_ variant: SyntheticLlama.Variant) async throws {
    let device = try #require(TestDevices.all.first)
    var llama = try SyntheticLlama(variant)
    let pruning = try ModelPruning(of: llama.file(), to: .channels(percent: 50), values: .float32)
    let (file, report) = try await pruned(pruning, on: device)
    let layers = try DecoderDescription(file.metadata).layers
    #expect(layers.map(\.feedForward) == [.gated(.init(width: 64, activation: .silu, bias: .optional))])
    #expect(
      try file.info("blk.0.ffn_up.weight").typeName.lowercased() == llama.tensors["blk.0.ffn_up.weight"]?.encoding.name)
    #expect(report.byteCountAfter < report.byteCountBefore + 2 * 64 * 64 * 4)
    for block in 0..<2 {
      func floats(_ name: String) throws -> [Float] {
        try #require(llama.tensors["blk.\(block).ffn_\(name)"]).decoded()
      }
      var (gate, up, down) = (try floats("gate.weight"), try floats("up.weight"), try floats("down.weight"))
      let magnitudes = (0..<96).map { channel in
        (0..<64).reduce(0.0) { sum, place in
          let values = [gate[channel * 64 + place], up[channel * 64 + place], down[place * 96 + channel]]
          return sum + values.reduce(0) { $0 + Double($1) * Double($1) }
        }
      }
      for channel in magnitudes.indices.sorted(by: { magnitudes[$0] < magnitudes[$1] }).prefix(32) {
        for place in 0..<64 {
          gate[channel * 64 + place] = 0
          up[channel * 64 + place] = 0
          down[place * 96 + channel] = 0
        }
      }
      for (name, values, shape) in [("gate", gate, [96, 64]), ("up", up, [96, 64]), ("down", down, [64, 96])] {
        llama.tensors["blk.\(block).ffn_\(name).weight"] = try Tensor(values, shape: shape)
      }
    }
    func logits(_ file: ModelFile) async throws -> [Float] {
      let model = try await LanguageModel.open(file: file, backend: ReferenceBackend())
      return try await model.makeSession(capacity: 4).logits(after: [1, 2, 3])
    }
    let expected = try await logits(llama.file())
    let scale = expected.map(abs).max() ?? 0
    for (got, expected) in zip(try await logits(file), expected) { #expect(abs(got - expected) <= 1e-5 * scale) }
  }
}

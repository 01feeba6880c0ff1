import Foundation
import Heddle
import TestSupport
import Testing

@testable import HeddleModels

/// What cannot be pruned, and pruned files that are damaged: typed errors, no file.
@Suite struct PruningErrorTests {
  private func pattern(_ name: String) throws -> PruningTarget { try #require(PruningTarget(name: name)) }

  @Test func names() throws {
    for (name, expected) in [
      ("2:4", "2:4"), ("2:8", "2:8"), ("16:32", "vw16:32"), ("3:8", "vw3:8"), ("vw2:4", "vw2:4"), ("nvw4:8", "nvw4:8"),
      ("block32@75", "block32@75"), ("channels@25", "channels@25"),
    ] {
      #expect(PruningTarget(name: name)?.description == expected)
    }
    for name in [
      "", "16", "33:32", "0:4", "1:65", "block20@50", "channels@0", "channels@100", "channels@05", "vwvw1:2",
    ] {
      #expect(PruningTarget(name: name) == nil, "\(name)")
    }
    for (pattern, name, matches) in [
      ("*", "", true), ("", "", true), ("", "a", false), ("a?c", "abc", true), ("a?c", "ac", false),
      ("*ffn_*.weight", "blk.0.ffn_up.weight", true), ("*ffn_*.weight", "blk.0.ffn_up.bias", false),
      ("blk.1*", "blk.10.x", true), ("blk.1.*", "blk.10.x", false), ("a*b*c", "aXbXbXc", true), ("a*b", "a", false),
    ] {
      #expect(NamePattern(pattern).matches(name) == matches, "\(pattern) \(name)")
    }
  }

  @Test func `wishes that cannot be are errors`() throws {
    let file = try SyntheticLlama().file()
    func expect(
      _ error: PruningError, _ target: String, values: ValueFormat? = nil, keeping: String? = nil,
      ordersRows: Bool = false
    ) throws {
      let target = try pattern(target)
      #expect(throws: error) {
        try ModelPruning(
          of: file, to: target, values: values, keeping: keeping.map { [NamePattern($0)] } ?? [],
          ordersRows: ordersRows)
      }
    }
    try expect(.matchesNothing(NamePattern("attn_q")), "2:4", keeping: "attn_q")
    try expect(.nothingToPrune(pattern("5:7")), "5:7")
    try expect(.nothingToPrune(pattern("2:4")), "2:4", keeping: "*")
    try expect(.nothingToPrune(pattern("channels@1")), "channels@1")
    try expect(.orderOfChannels, "channels@50", ordersRows: true)
    let perRow = try #require(SparsityPattern(name: "2:4"))
    try expect(.notVectorWise(perRow), "2:4", ordersRows: true)
    try expect(.notDense(.int8), "channels@50", values: .int8)
    let name = try #require(
      file.tensors.map(\.name).first { $0.hasPrefix("blk.1.ffn_") && $0 != "blk.1.ffn_norm.weight" })
    try expect(.allChannels(name, NamePattern("blk.1.*")), "channels@50", keeping: "blk.1.*")
  }

  /// The model with one tensor in place of another, and its bytes changed in the file: no writer writes damaged ones.
  private func file(_ name: String, _ tensor: Tensor, damaged: [UInt8]? = nil) async throws -> ModelFile {
    let folder = try TestDevices.temporaryDirectory("damaged")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.safetensors").path
    var conversion = ModelConversion(of: try SyntheticLlama().file())
    try conversion.replace(name, with: tensor.encoding) { _ in tensor }
    try await conversion.write(to: path)
    guard let damaged else { return try ModelFile(path: path) }
    let place = try ModelFile(path: path).info(name).offset
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes.replaceSubrange(place..<place + damaged.count, with: damaged)
    return try ModelFile(bytes: bytes)
  }

  private func sparse(_ name: String, _ shape: [Int]) throws -> (Tensor, SparseLayout) {
    let format = try #require(SparseFormat(name: name))
    let values = (0..<shape.reduce(1, *)).map { Float($0 &* 7919 % 101 - 50) }
    return (try Tensor(values, as: .sparse(format), shape: shape), try SparseLayout(format, shape: shape))
  }

  @Test func `rows that no span divides stay, and so do sparse weights`() async throws {
    // K is 64 but for down, 96.
    let pruning = try ModelPruning(of: SyntheticLlama().file(), to: pattern("block64@50"))
    let down = pruning.steps.filter { $0.reason == .spans(inputs: 96, span: 64) }
    #expect(down.map(\.name).sorted() == ["blk.0.ffn_down.weight", "blk.1.ffn_down.weight"])
    let (tensor, _) = try sparse("2:4-int4", [64, 64])
    let file = try await file("blk.0.attn_q.weight", tensor)
    let again = try ModelPruning(of: file, to: pattern("1:4"))
    #expect(again.steps.first { $0.name == "blk.0.attn_q.weight" }?.reason == .sparse)
    #expect(ModelPruning.values(for: .q4_1) == .int4 && ModelPruning.values(for: .q5_0) == .int8)
    let (up, _) = try sparse("2:4-int4", [96, 64])
    let sparseUp = try await self.file("blk.0.ffn_up.weight", up)
    #expect(throws: PruningError.sparseChannels("blk.0.ffn_up.weight", up.encoding)) {
      try ModelPruning(of: sparseUp, to: .channels(percent: 50))
    }
  }

  @Test func `an embedding or a norm cannot be sparse`() async throws {
    let rows = try SyntheticLlama().file().info("token_embd.weight").shape
    let (table, _) = try sparse("2:4-f16", rows)
    let file = try await file("token_embd.weight", table)
    let expected = ModelError.tensorType(
      "token_embd.weight", "2:4-f16", supported: Encoding.weights.map { $0.name.uppercased() })
    await #expect(throws: expected) { try await LanguageModel.open(file: file, backend: ReferenceBackend()) }
  }

  @Test(arguments: ["vw16:32-f16", "nvw12:32-int8", "2:4-int4", "1:8-int8", "block16@50-f32"])
  func `a damaged sparse tensor is an error when the model opens`(_ name: String) async throws {
    let (tensor, layout) = try sparse(name, [64, 64])
    var bytes = tensor.bytes
    switch name {
    case "vw16:32-f16": bytes[layout.indices.lowerBound + 3] = 32
    case "nvw12:32-int8": bytes[layout.indices.lowerBound + 1] = bytes[layout.indices.lowerBound]
    case "2:4-int4": bytes[2] = 0  // the first four places are all 0
    case "1:8-int8": bytes.replaceSubrange(layout.scales.prefix(4), with: [0, 0, 0xC0, 0x7F])
    default: bytes[layout.indices.lowerBound] = 1
    }
    let file = try await file("blk.1.attn_output.weight", tensor, damaged: bytes)
    let error = await #expect(throws: ModelError.self) {
      try await LanguageModel.open(file: file, backend: ReferenceBackend())
    }
    guard case .file(.notStorable(_, "blk.1.attn_output.weight", .invalidSparseData(layout.format, _)))? = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test func `a cancelled run leaves no file`() async throws {
    let folder = try TestDevices.temporaryDirectory("cancelled")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.safetensors").path
    let pruning = try ModelPruning(of: SyntheticLlama().file(), to: pattern("2:4"))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await pruning.write(to: path, on: ReferenceBackend())
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}

import Foundation
import Heddle
import TestSupport
import Testing

@testable import HeddleModels

/// What is no number is named with its tensor and its place, and nothing is written.
@Suite struct FiniteTests {
  private static let name = "blk.1.ffn_up.weight"
  private static let index = 70 * 64 + 11

  /// The synthetic model with one value of a float32 matrix changed.
  private func file(_ value: Float, at index: Int = Self.index, others: Float = 0.25) throws -> ModelFile {
    var model = try SyntheticLlama()
    var values = (0..<96 * 64).map { others * Float(1 + $0 % 7) }
    values[index] = value
    model.tensors[Self.name] = try Tensor(values, shape: [96, 64])
    return try model.file()
  }

  private func write(_ file: ModelFile, _ target: String, _ values: ValueFormat?) async throws {
    let folder = try TestDevices.temporaryDirectory("finite")
    defer { try? FileManager.default.removeItem(at: folder) }
    let pruning = try ModelPruning(of: file, to: try #require(PruningTarget(name: target)), values: values)
    defer { #expect((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) == []) }
    _ = try await pruning.write(to: folder.appendingPathComponent("out").path, on: ReferenceBackend()) { _ in
      Issue.record("writing had begun")
    }
  }

  @Test(arguments: ["2:4", "vw16:32", "nvw8:32", "block16@50", "channels@50"], [Float.nan, .infinity, -.infinity])
  func `a matrix with a value that is no number is not pruned`(_ target: String, _ value: Float) async throws {
    let file = try file(value)
    let all =
      target.hasPrefix("channels") ? [nil] : ValueFormats.ofPatterns.map { $0 as ValueFormat? } + [nil]
    for values in all {
      await #expect(throws: PruningError.notFinite(tensor: Self.name, index: [70, 11]), "\(target) \(values as Any)") {
        try await write(file, target, values)
      }
    }
  }

  @Test func `a block with a scale that is no number is found without decoding it`() async throws {
    for (format, place) in [(Encoding.q4_0, 1), (.q4_1, 3), (.q5_0, 1), (.q5_1, 3), (.q8_0, 1)] {
      var model = try SyntheticLlama()
      var bytes = try Tensor([Float](repeating: 1, count: 96 * 64), as: format, shape: [96, 64]).bytes
      bytes[5 * format.blockByteCount + place] = 0x7C
      model.tensors[Self.name] = try Tensor(encoding: format, shape: [96, 64], bytes: bytes)
      let file = try model.file()
      await #expect(throws: PruningError.notFinite(tensor: Self.name, index: [2, 32]), "\(format)") {
        try await write(file, "2:4", .float32)
      }
    }
  }

  @Test func `what a format cannot hold is an error with the tensor's name`() async throws {
    let pruner = Pruner(backend: ReferenceBackend())
    var values = [Float](repeating: 1, count: 64 * 64)
    values[3 * 64 + 5] = 3e38
    let dense = try Tensor(values, shape: [64, 64])
    for pattern in ["2:4", "vw16:32", "block16@50"] {
      let half = try #require(SparseFormat(name: "\(pattern)-f16"))
      let error = PruningError.notRepresentable(tensor: "w", .sparse(half), index: [3, 5])
      await #expect(throws: error) { try await pruner.prune(dense, as: half, name: "w") }
      let coarse = try #require(SparseFormat(name: "\(pattern)-int4"))
      let scale = await #expect(throws: PruningError.self) { try await pruner.prune(dense, as: coarse, name: "w") }
      #expect("\(try #require(scale))".contains("'w'"), "\(String(describing: scale))")
    }
    values[3 * 64 + 5] = .nan
    let store = ConstantStore()
    try store.add("blk.w", Tensor(values, shape: [64, 64]))
    let format = try #require(SparseFormat(name: "2:4-f32"))
    await #expect(throws: PruningError.notFinite(tensor: "blk.w", index: [3, 5])) {
      try await pruner.prune("blk.w", in: store, as: format)
    }
  }

  @Test func `a conversion looks at what it is given`() async throws {
    let folder = try TestDevices.temporaryDirectory("converted")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = try file(1)
    for encoding in [Encoding.float32, .float16, .bfloat16, .q4_1, .q8_0] {
      var values = [Float](repeating: 1, count: 96 * 64)
      values[2 * 64 + 32] = .infinity
      let made = try Tensor(values, as: encoding, shape: [96, 64])
      var conversion = ModelConversion(of: source)
      try conversion.replace(Self.name, with: encoding) { _ in made }
      let error = ModelFileError.notFinite(path: source.path, tensor: Self.name, encoding, index: [2, 32])
      await #expect(throws: error) { try await conversion.write(to: folder.appendingPathComponent("x").path) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }
}

import Heddle
import TestSupport
import Testing

@Suite struct PrunerTests {
  private static func values(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 &* 7919 + 13) % 1009) / 1009 - 0.5 }
  }

  private func format(_ name: String) throws -> SparseFormat { try #require(SparseFormat(name: name)) }

  @Test(arguments: TestDevices.all)
  func `a pruner keeps what the reference keeps, and compiles a shape once`(device: Device) async throws {
    let backend = try OpenCLBackend(device: device, cache: nil)
    let pruner = Pruner(backend: backend)
    let format = try format("vw16:32-int4")
    let dense = try Tensor(Self.values(70 * 96), shape: [70, 96])
    let first = try await pruner.prune(dense, as: format)
    #expect(first.tensor == (try Tensor(dense.floats(), as: .sparse(format), shape: dense.shape)))
    #expect((0.5..<0.8).contains(first.magnitude.share))
    let counts = (backend.buildCount, backend.allocationCount)
    let negative = try Tensor(dense.floats().map { -$0 }, shape: dense.shape)
    let second = try await pruner.prune(negative, as: format)
    #expect(second.tensor == (try Tensor(negative.floats(), as: .sparse(format), shape: dense.shape)))
    #expect(second.magnitude == first.magnitude)
    #expect((backend.buildCount, backend.allocationCount) == counts)
    // Other shapes than those whose sessions are kept, and the first again.
    for rows in 1...6 {
      let part = try Tensor(Array(dense.floats()[..<(rows * 96)]), shape: [rows, 96])
      #expect(
        try await pruner.prune(part, as: format).tensor == Tensor(part.floats(), as: .sparse(format), shape: part.shape)
      )
    }
    #expect(try await pruner.prune(dense, as: format).tensor == first.tensor)
  }

  @Test(arguments: TestDevices.all)
  func `constants are decoded on the device`(device: Device) async throws {
    let pruner = Pruner(backend: try TestBackends.backend(device))
    let store = ConstantStore()
    for encoding in [Encoding.float32, .bfloat16, .q4_1, .q8_0] {
      let stored = try Tensor(Self.values(33 * 64), as: encoding, shape: [33, 64])
      try store.add(ConstantID(encoding.name), stored)
      let decoded = try stored.decoded()
      for name in ["2:4-f32", "block16@50-int8"] {
        let format = try format(name)
        let result = try await pruner.prune(ConstantID(encoding.name), in: store, as: format)
        #expect(result.tensor == (try Tensor(decoded, as: .sparse(format), shape: [33, 64])), "\(encoding) \(name)")
      }
    }
  }

  @Test func `the kept magnitude is that of the values as they were`() async throws {
    let pruner = Pruner(backend: ReferenceBackend())
    let values = Self.values(40 * 64)
    for name in ["2:4-f32", "vw8:32-f32", "block32@75-f32", "block16@0-f32", "block16@100-f32"] {
      let result = try await pruner.prune(Tensor(values, shape: [40, 64]), as: format(name))
      let kept = try result.tensor.decoded().reduce(0.0) { $0 + Double(abs($1)) }
      #expect(abs(result.magnitude.kept - kept) < 1e-9, "\(name)")
      #expect(abs(result.magnitude.total - values.reduce(0.0) { $0 + Double(abs($1)) }) < 1e-9, "\(name)")
      // Stored more coarsely, the same is kept.
      let coarse = try await pruner.prune(
        Tensor(values, shape: [40, 64]), as: format(String(name.dropLast(3)) + "int4"))
      #expect(coarse.magnitude == result.magnitude, "\(name)")
    }
    #expect(KeptMagnitude(kept: 0, total: 0).share == 1)
  }

  @Test func `what cannot be pruned is an error`() async throws {
    let pruner = Pruner(backend: ReferenceBackend())
    let x = try Tensor(Self.values(66), shape: [2, 33])
    await #expect(throws: GraphError.self) { try await pruner.prune(x, as: self.format("2:4-f16")) }
    await #expect(throws: TypeError.self) {
      try await pruner.prune("w", in: ConstantStore(), as: self.format("2:4-f16"))
    }
    #expect(throws: PruningError.notSparse(.float32)) { try KeptMagnitude(of: Self.values(66), in: x) }
    let format = try format("vw2:3-f32")
    let pruned = try Tensor(Self.values(66), as: .sparse(format), shape: [2, 33])
    #expect(throws: TypeError.self) { try KeptMagnitude(of: Self.values(65), in: pruned) }
    try pruned.validate()
    let indices = try SparseLayout(format, shape: [2, 33]).indices
    var bytes = pruned.bytes
    bytes[indices.lowerBound] = 3
    let damaged = try Tensor(encoding: pruned.encoding, shape: pruned.shape, bytes: bytes)
    #expect(throws: TypeError.self) { try damaged.validate() }
    #expect(throws: TypeError.self) { try KeptMagnitude(of: Self.values(66), in: damaged) }
  }
}

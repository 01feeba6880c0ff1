import Heddle
import TestSupport
import Testing

@Suite struct ZeroSizeTests {
  /// Every operation with an extent of zero in each place that may have one.
  private static func graph(_ constants: ConstantStore) throws -> Graph {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 0...3)
    func weight(_ name: String, _ encoding: Encoding, _ shape: [Int]) throws -> Value {
      let bytes = [UInt8](repeating: 0, count: try encoding.byteCount(shape: shape))
      try constants.add(ConstantID(name), Tensor(encoding: encoding, shape: shape, bytes: bytes))
      return try builder.constant(ConstantID(name), in: constants)
    }
    let x = try builder.input("x", .float32, [n, 32])
    let none = try builder.input("none", .float32, [3, 0])
    let ids = try builder.input("ids", .int32, [n])
    let table = try weight("table", .q4_0, [4, 32])
    let heads = try builder.reshape(x, to: [n, 2, 16])
    let cache = try builder.state("cache", .float32, [4, 2, 16])
    let next = try builder.append(heads, to: cache, at: 1)
    try builder.update(state: "cache", to: next)
    let empty = try builder.state("empty", .float32, [0, 2])
    let stillEmpty = try builder.append(builder.input("e", .float32, [0, 2]), to: empty, at: 0)
    try builder.update(state: "empty", to: stillEmpty)
    let rotary = RotaryEmbedding(base: 1e4, rotatedDimensions: 16, pairing: .halves)
    let turnless = RotaryEmbedding(base: 1e4, rotatedDimensions: 0, pairing: .halves)
    let valueless = try builder.reshape(builder.slice(next, axis: 2, start: 0, count: 0), to: [4, 2, 0])
    var outputs: NameTable<Value> = [:]
    outputs["range"] = try builder.range(from: 5, count: n)
    outputs["convert"] = try builder.convert(weight("h", .float16, [0, 4]), to: .float32)
    outputs["convertK"] = try builder.convert(weight("k", .q8_0, [4, 0]), to: .float32)
    for name in ["2:4-int8", "vw16:32-f16", "block16@50-int8"] {
      guard let format = SparseFormat(name: name) else { throw TypeError.invalidPattern(name) }
      outputs["pruned \(name)"] = try builder.prune(none, as: format)
      outputs["pruned \(name) rows"] = try builder.prune(builder.slice(x, axis: 0, start: 0, count: 0), as: format)
    }
    outputs["lookup"] = try builder.embeddingLookup(table: table, ids: ids)
    outputs["lookupNone"] = try builder.embeddingLookup(table: weight("t", .float32, [0, 4]), ids: ids)
    outputs["norm"] = try builder.rmsNorm(x, weight: weight("n", .float32, [32]), epsilon: 1)
    outputs["normNone"] = try builder.rmsNorm(none, weight: weight("z", .float32, [0]), epsilon: 1)
    outputs["packed"] = try builder.matmul(x, table)
    outputs["packedK"] = try builder.matmul(none, weight("w0", .float32, [5, 0]))
    outputs["packedM"] = try builder.matmul(x, weight("m0", .q5_1, [0, 32]))
    outputs["strided"] = try builder.matmul(x, x)
    outputs["stridedK"] = try builder.matmul(none, none)
    outputs["rotated"] = try builder.rotaryEmbedding(heads, positions: ids, rotary)
    outputs["unrotated"] = try builder.rotaryEmbedding(heads, positions: ids, turnless)
    outputs["next"] = next
    outputs["attended"] = try builder.causalAttention(queries: heads, keys: next, values: next, past: 1, scale: 1)
    outputs["valueless"] = try builder.causalAttention(queries: heads, keys: next, values: valueless, past: 1, scale: 1)
    outputs["gated"] = try builder.gatedSiLU(gate: x, up: x)
    outputs["sum"] = try builder.add(x, x)
    outputs["product"] = try builder.multiply(none, none)
    outputs["softmax"] = try builder.softmax(x)
    outputs["softmaxNone"] = try builder.softmax(none)
    outputs["argmax"] = try builder.argmax(x)
    outputs["reshape"] = try builder.reshape(none, to: [0, 7])
    outputs["transpose"] = try builder.transpose(x, [1, 0])
    outputs["slice"] = try builder.slice(x, axis: 1, start: 32, count: 0)
    outputs["joined"] = try builder.concatenate([x, x, builder.slice(x, axis: 1, start: 3, count: 0)], axis: 1)
    outputs["joinedNone"] = try builder.concatenate([none, none], axis: 0)
    outputs["empty"] = stillEmpty
    return try builder.build(outputs: outputs)
  }

  @Test(arguments: TestDevices.all, [KernelShape.wide, .simt])
  func `every operation takes tensors without elements`(device: Device, shape: KernelShape) async throws {
    let constants = ConstantStore()
    let graph = try Self.graph(constants)
    let backend = try backend(device)
    let options = options { $0.shape = shape }
    let session = try await backend.compile(graph, constants: constants, options: options).makeSession([:])
    let oracle = try await ReferenceBackend().compile(graph, constants: constants).makeSession([:])
    for rows in [0, 2, 0, 3] {
      let request = RunRequest(inputs: [
        "x": try .counting([rows, 32]), "none": try .counting([3, 0]), "e": try .counting([0, 2]),
        "ids": try Tensor((0..<rows).map { Int32($0) }, shape: [rows]),
      ])
      let (got, expected) = (try await session.run(request), try await oracle.run(request))
      for (name, tensor) in expected {
        #expect(got[name]?.shape == tensor.shape && got[name]?.encoding == tensor.encoding, "\(name) of \(rows) rows")
        // A table without rows has no row to find.
        if name == "lookupNone" { #expect(try got[name]?.floats().allSatisfy(\.isNaN) == true) }
        let isExact = !["rotated", "attended", "gated", "softmax", "norm", "lookupNone"].contains(name)
        if isExact { #expect(got[name]?.bytes == tensor.bytes, "\(name) of \(rows) rows") }
      }
    }
  }
}

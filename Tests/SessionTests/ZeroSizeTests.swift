import Heddle
import TestSupport
import Testing
import _KernelCases

@Suite struct ZeroSizeTests {
  /// Samples whose extents may be zero: those that are zero always, and those that a symbol makes so.
  private static let samples = OperationSamples.all.flatMap(\.accepted).filter { sample in
    (sample.operands + sample.results).contains { type in
      type.shape.contains { $0 == 0 || $0.symbols.contains("n") }
    }
  }

  /// A graph of one sample. Operands are inputs; those that must be constants are, of zeros.
  private static func graph(_ sample: OperationSamples.Accepted, _ constants: ConstantStore) throws -> Graph {
    let builder = GraphBuilder()
    for (symbol, range) in OperationSamples.ranges { _ = try builder.symbol(symbol.name, in: range) }
    let operands = try sample.operands.enumerated().map { place, type in
      let shape = type.shape.compactMap(\.constant)
      guard shape.count == type.rank, sample.operation.takesWeight(at: place, of: sample.operands) else {
        return try builder.input("\(place)", type.encoding, type.shape)
      }
      try constants.add(ConstantID("\(place)"), zeros(type.encoding, shape))
      return try builder.constant(ConstantID("\(place)"), in: constants)
    }
    let results = try builder.apply(sample.operation, operands)
    return try builder.build(outputs: NameTable(results.enumerated().map { ("y\($0.offset)", $0.element) }))
  }

  /// A sparse tensor keeps zeros at places that are its own.
  private static func zeros(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    guard encoding.pattern == nil else {
      return try ReferenceBackend().evaluate(Encode(encoding: encoding), [zeros(.float32, shape)])[0]
    }
    let bytes = [UInt8](repeating: 0, count: try encoding.byteCount(shape: shape))
    return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
  }

  private static func request(_ graph: Graph, _ bindings: Bindings) throws -> RunRequest {
    var request = RunRequest(bindings: bindings)
    for input in graph.inputs {
      let shape = try input.type.concreteShape(bindings)
      request.inputs[input.name] = try zeros(input.type.encoding, shape)
    }
    return request
  }

  @Test(arguments: TestDevices.distinct, [KernelShape.wide, .simt])
  func `every operation takes tensors without elements`(device: Device, shape: KernelShape) async throws {
    let backend = try backend(device)
    let options = options { $0.shape = shape }
    // What can only be a weight, such as a concatenation of blocks, has no values of its own.
    let samples = Self.samples.filter { sample in
      backend.planner.support(sample.operation, operands: sample.operands, ranges: OperationSamples.ranges).isSupported
    }
    #expect(samples.count > 40 && samples.count + 2 >= Self.samples.count)
    for sample in samples {
      let constants = ConstantStore()
      let graph = try Self.graph(sample, constants)
      let session = try await backend.compile(graph, constants: constants, options: options).makeSession([:])
      let oracle = try await ReferenceBackend().compile(graph, constants: constants).makeSession([:])
      // Nothing after something, and something after nothing.
      for rows in [0, 2, 0, 3] {
        let request = try Self.request(graph, ["n": rows, "m": 8])
        let (got, expected) = (try await session.run(request), try await oracle.run(request))
        for (name, tensor) in expected {
          let what = "\(sample.operation) of \(sample.operands), \(rows) rows"
          #expect(got[name]?.shape == tensor.shape && got[name]?.encoding == tensor.encoding, "\(what)")
          if let floats = try? tensor.floats() {
            let same = try zip(#require(try got[name]?.floats()), floats).allSatisfy { abs($0 - $1) < 1e-5 || $1.isNaN }
            #expect(same, "\(what)")
          } else {
            #expect(got[name]?.bytes == tensor.bytes, "\(what)")
          }
        }
      }
    }
  }
}

import HeddleGraph
import Testing

@Suite struct TypeTests {
  @Test(arguments: [
    (Encoding.float32, [3, 5], 60), (.float16, [3, 5], 30), (.bfloat16, [7], 14), (.int32, [], 4),
    (.q4_0, [2, 64], 72), (.q4_1, [2, 64], 80), (.q5_0, [2, 64], 88),
    (.q5_1, [2, 64], 96), (.q8_0, [2, 64], 136), (.q8_0, [0, 64], 0),
    (.float32, [3, 0], 0),
  ])
  func `byte counts`(encoding: Encoding, shape: [Int], bytes: Int) throws {
    #expect(try encoding.byteCount(shape: shape) == bytes)
    #expect(try Tensor(encoding: encoding, shape: shape, bytes: Array(repeating: 0, count: bytes)).shape == shape)
    #expect(throws: TypeError.self) {
      try Tensor(encoding: encoding, shape: shape, bytes: Array(repeating: 0, count: bytes + 1))
    }
    #expect(Encoding(name: encoding.name) == encoding)
  }

  @Test func `byte counts that do not exist`() {
    #expect(throws: TypeError.rowNotInBlocks(.q4_0, 33)) {
      try Encoding.q4_0.byteCount(shape: [2, 33])
    }
    #expect(throws: TypeError.rowNotInBlocks(.q4_0, 1)) { try Encoding.q4_0.byteCount(shape: []) }
    #expect(throws: TypeError.sizeOverflow([.max, 2])) { try Encoding.float32.byteCount(shape: [.max, 2]) }
    #expect(throws: TypeError.sizeOverflow([.max])) { try Encoding.float32.byteCount(shape: [.max]) }
    #expect(throws: TypeError.negativeExtent([-1])) { try Encoding.float32.byteCount(shape: [-1]) }
    #expect(Encoding(name: "q9_9") == nil)
  }

  @Test func `reading the wrong scalars`() throws {
    let tensor = try Tensor([1 as Float, 2], shape: [2])
    #expect(try tensor.floats() == [1, 2])
    #expect(throws: TypeError.wrongEncoding(expected: .int32, got: .float32)) { try tensor.integers() }
  }

  @Test func `a constant store`() throws {
    let store = ConstantStore()
    let tensor = try Tensor([1 as Float, 2], shape: [2])
    try store.add("w", tensor)
    #expect(throws: TypeError.duplicateConstant("w")) { try store.add("w", tensor) }
    #expect(throws: TypeError.unknownConstant("v")) { try store.tensor("v") }
    #expect(throws: TypeError.self) { try store.add("v", encoding: .float32, shape: [3], provider: tensor) }
    #expect(try store.tensor("w") == tensor)
    #expect(try store.type("w") == TensorType(.float32, [2]))
    #expect(store.ids == ["w"])
  }
}

import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

/// From a file to the constants of a graph.
@Suite struct ConstantsTests {
  private func file() throws -> GGUFFile {
    var writer = GGUFWriter()
    try writer.add("f32", Tensor([1, 2] as [Float], shape: [2]))
    try writer.add("i32", Tensor([3, 4] as [Int32], shape: [1, 2]))
    for encoding in Encoding.weightsOfGGUF.dropFirst() {
      let count = try encoding.byteCount(shape: [2, 256])
      try writer.add(
        encoding.name, Tensor(encoding: encoding, shape: [2, 256], bytes: (0..<count).map { UInt8($0 % 251) }))
    }
    try writer.add("q8", type: .q8_1, shape: [256], bytes: Array(repeating: 7, count: 288))
    try writer.add("f64", type: .f64, shape: [1], bytes: Array(repeating: 7, count: 8))
    return try GGUFFile(bytes: writer.serialized(), name: "f")
  }

  @Test func storeHoldsEverySupportedTensor() throws {
    let file = try file()
    let store = try file.constantStore()
    #expect(store.ids.map(\.name) == (Encoding.weightsOfGGUF + [.int32]).map(\.name).sorted())
    for id in store.ids {
      let entry = try store.entry(id)
      let info = try file.info(id.name)
      #expect(entry.encoding.name == id.name)
      #expect(entry.shape == info.shape && entry.byteCount == info.byteCount)
      #expect(try store.tensor(id) == file.tensor(named: id.name))
    }
    #expect(try store.tensor("f32").floats() == [1, 2])
    #expect(try store.tensor("i32").integers() == [3, 4])
  }

  @Test func storeOutlivesTheFileWithoutACopy() throws {
    weak var weakFile: GGUFFile?
    let store: ConstantStore
    let address: UInt
    do {
      let file = try file()
      weakFile = file
      store = try file.constantStore()
      address = try file.provider(for: "q8_0").withBytes { UInt(bitPattern: $0.baseAddress) }
    }
    #expect(weakFile == nil)
    #expect(try store.entry("q8_0").provider.withBytes { UInt(bitPattern: $0.baseAddress) } == address)
    #expect(try store.tensor("f32").floats() == [1, 2])
  }

  @Test func unsupportedTypesAreListedButNotUsed() throws {
    let file = try file()
    #expect(try file.info("q8").type == .q8_1)
    #expect(try file.provider(for: "q8").withBytes { $0.count } == 288)
    let q8 = GGUFError.unsupportedType(path: "f", tensor: "q8", type: .q8_1)
    #expect(throws: q8) { try file.tensor(named: "q8") }
    #expect(throws: q8) { try file.encoding(of: "q8") }
    #expect(throws: q8) { try file.constantStore(names: ["f32", "q8"]) }
    #expect(throws: GGUFError.unsupportedType(path: "f", tensor: "f64", type: .f64)) { try file.tensor(named: "f64") }
  }

  @Test func namesAreChecked() throws {
    let file = try file()
    let unknown = GGUFError.unknownTensor(path: "f", name: "none")
    #expect(throws: unknown) { try file.info("none") }
    #expect(throws: unknown) { try file.provider(for: "none") }
    #expect(throws: unknown) { try file.tensor(named: "none") }
    #expect(throws: unknown) { try file.encoding(of: "none") }
    #expect(throws: unknown) { try file.constantStore(names: ["none"]) }
    #expect(!file.contains("none") && file.contains("f32"))
    #expect(throws: GGUFError.notStorable(path: "f", tensor: "f32", .duplicateConstant("f32"))) {
      try file.constantStore(names: ["f32", "f32"])
    }
    #expect(try file.constantStore(names: ["f32"]).ids == ["f32"])
  }

  @Test func concurrentReaders() async throws {
    let file = try file()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask { try file.constantStore().ids.count + file.tensor(named: "q8_0").bytes.count }
      }
      for try await count in group { #expect(count == Encoding.weightsOfGGUF.count + 1 + 2 * 8 * 34) }
    }
  }
}

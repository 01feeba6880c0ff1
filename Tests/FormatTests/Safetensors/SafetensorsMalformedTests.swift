import HeddleFormats
import Testing

/// Every kind of damage of the checklist gives the error that names it.
@Suite struct SafetensorsMalformedTests {
  @Test("header", arguments: BadSafetensors.headers) func header(_ file: BadSafetensors) { check(file) }
  @Test("tensors", arguments: BadSafetensors.tensors) func tensors(_ file: BadSafetensors) { check(file) }

  private func check(_ file: BadSafetensors) {
    do throws(SafetensorsError) {
      _ = try SafetensorsFile(bytes: file.bytes, name: BadSafetensors.path)
      Issue.record("'\(file)' was accepted")
    } catch {
      #expect(file.matches(error), "'\(file)' expected \(file.expected), got \(error)")
      #expect(error.description.hasPrefix("bad.safetensors: "))
    }
  }

  @Test func casesAreManyAndNamedApart() {
    let names = (BadSafetensors.headers + BadSafetensors.tensors).map(\.name)
    #expect(names.count >= 110)
    #expect(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
  }

  /// The place in the error is where the wrong thing begins.
  @Test func offsetsPointAtTheDamage() {
    func offset(_ header: String, data: Int = 0) -> Int? {
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(bytes: SafetensorsBytes(header, data: data).bytes)
      }
      guard case .malformed(_, let offset, _) = error else { return nil }
      return offset
    }
    #expect(offset(#"{"a":{"dtype":"U8","dtype":"U8"}}"#) == 8 + 19)
    #expect(offset(#"{"a":{"shape":[1, -1]}}"#) == 8 + 18)
    #expect(offset(#"{"a\n":{"#) == 8 + 8)
    #expect(offset(#"{"ab\ud800":{"#) == 8 + 4)
    #expect(offset("{}  ", data: 5) == 12)
    #expect(offset(#"{ "x":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, data: 3) == 8 + 2)
  }

  @Test func limitsCanBeNarrowed() {
    func defect(_ change: (inout SafetensorsReadOptions) -> Void) -> SafetensorsError? {
      var options = SafetensorsReadOptions()
      change(&options)
      return #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(bytes: SafetensorsBytes.seed, name: "f", options: options)
      }
    }
    let length = UInt64(SafetensorsBytes.seed.count - 8 - 31)
    #expect(
      defect { $0.maximumHeaderByteCount = 20 } == .headerTooLarge(path: "f", byteCount: length, limit: 20))
    #expect(defect { $0.maximumTensorCount = 3 }?.description.contains("more tensors than the limit of 3") == true)
    #expect(defect { $0.maximumMetadataCount = 1 }?.description.contains("metadata entries") == true)
    #expect(defect { $0.maximumRank = 1 }?.description.contains("2 axes") == true)
    for limit in [-1, 0] { #expect(defect { $0.maximumHeaderByteCount = limit } != nil) }
  }
}

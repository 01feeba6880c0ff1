import HeddleFormats
import HeddleTypes
import Testing

/// What a file is, and what keeps a safetensors file from being a model.
@Suite struct ModelFileTests {
  private func error(_ bytes: [UInt8]) -> ModelFileError? {
    #expect(throws: ModelFileError.self) { try ModelFile(bytes: bytes, name: "m") }
  }

  @Test func contentsDecide() throws {
    #expect(try ModelFile(bytes: GGUFBytes.seed()).format == .gguf(version: 3, alignment: 32))
    #expect(try ModelFile(bytes: model()).format == .safetensors)
    #expect(error([]) == .file(.empty(path: "m")))
    #expect(
      error(Array("GGU".utf8)) == .gguf(.truncated(path: "m", offset: 0, reading: "the magic", needed: 4, remaining: 3))
    )
    #expect(error(Array("FUGG....".utf8)) == .gguf(.bigEndian(path: "m", version: nil)))
    #expect(error(little(UInt64(2)) + Array("{]".utf8)).map { "\($0)" }?.contains("expected a key, found ']'") == true)
    for text in ["[1,2,3,4,5,6,7,8]", #"{"weight_map":{"x":"../y.safetensors"}}"#, "version https://git-lfs", "{}"] {
      let found = Array(text.utf8.prefix(16))
      #expect(error(Array(text.utf8)) == .unknownFormat(path: "m", found: found))
    }
    #expect(
      ModelFileError.unknownFormat(path: "m", found: Array("abc".utf8)).description
        == "m: is neither a GGUF nor a safetensors file: it begins with the bytes 61 62 63, not with 'GGUF', nor with "
        + "eight bytes of length and '{'")
    #expect(throws: ModelFileError.file(.notFound(path: "/none"))) { try ModelFile(path: "/none") }
  }

  /// A model of a q4_0 tensor `w` [2, 32] and a float32 tensor `n` [2], with any entry changed.
  private func model(
    _ changes: [String: String?] = [:],
    tensors: String =
      #""n":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"U8","shape":[36],"data_offsets":[8,44]}"#,
    data: Int = 44
  ) -> [UInt8] {
    let entries: [String: String?] = [
      "heddle.version": "1", "heddle.encodings": #"{"w":{"encoding":"q4_0","shape":[2,32]}}"#,
      "heddle.metadata": #"{"general.architecture":{"string":"llama"}}"#, "other": "ignored",
    ]
    let metadata = entries.merging(changes) { $1 }.compactMap { key, value in
      value.map { #""\#(key)":"\#($0.replacing(#"\"#, with: #"\\"#).replacing("\"", with: "\\\""))""# }
    }
    return SafetensorsBytes(#"{"__metadata__":{\#(metadata.joined(separator: ","))},\#(tensors)}"#, data: data).bytes
  }

  private func defect(_ bytes: [UInt8]) -> SafetensorsModelDefect? {
    guard case .notAModel("m", let defect) = error(bytes) else { return nil }
    return defect
  }

  private func encodings(_ text: String) -> SafetensorsModelDefect? { defect(model(["heddle.encodings": text])) }

  @Test func sound() throws {
    let file = try ModelFile(bytes: model(), name: "m")
    #expect(try file.metadata.string("general.architecture") == "llama")
    #expect(file.tensors.map(\.encoding) == [.float32, .q4_0])
    #expect(try file.info("w").shape == [2, 32] && file.info("w").byteCount == 36)
    #expect(try file.constantStore(names: ["n", "w"]).ids == ["n", "w"])
    #expect(throws: ModelFileError.notStorable(path: "m", tensor: "n", .duplicateConstant("n"))) {
      try file.constantStore(names: ["n", "n"])
    }
    #expect(throws: ModelFileError.unknownTensor(path: "m", name: "x")) { try file.tensor(named: "x") }
    #expect(throws: GGUFError.missingKey(path: "m", key: "k")) { try file.metadata.string("k") }
  }

  @Test func entries() {
    for key in ["heddle.version", "heddle.encodings", "heddle.metadata"] {
      #expect(defect(model([key: String?.none])) == .missingEntry(key))
    }
    #expect(defect(SafetensorsBytes("{}").bytes) == .missingEntry("heddle.version"))
    for version in ["2", "", "1.0", "one"] {
      #expect(defect(model(["heddle.version": version])) == .unsupportedVersion(version))
    }
  }

  @Test func encodings() throws {
    func malformed(_ text: String, _ offset: Int, _ defect: JSONDefect) {
      #expect(encodings(text) == .malformedEntry("heddle.encodings", offset: offset, defect), "\(text)")
    }
    malformed("", 0, .unexpected(found: "the end", expected: "an object"))
    malformed("{} x", 3, .unexpected(found: "'x'", expected: "nothing but spaces"))
    malformed(#"{"w":{}}"#, 1, .missingField("encoding", of: "w"))
    malformed(#"{"w":{"encoding":"q4_0"}}"#, 1, .missingField("shape", of: "w"))
    malformed(#"{"w":{"axes":1}}"#, 6, .unknownField("axes", of: "w"))
    malformed(#"{"w":1,"w":1}"#, 5, .unexpected(found: "'1'", expected: "an object"))
    malformed(String(repeating: #"{"w":"#, count: 100_000), 6, .unknownField("w", of: "w"))
    malformed(
      #"{"w":{"encoding":"q4_0","shape":[-2,32]}}"#, 33,
      .invalidNumber("-2", expected: "an integer in 0...\(Int.max)"))

    for name in ["q4_9", "", "Q4_0"] {
      #expect(encodings(#"{"w":{"encoding":"\#(name)","shape":[2,32]}}"#) == .unknownEncoding(tensor: "w", name))
    }
    #expect(encodings(#"{"w":{"encoding":"f32","shape":[9]}}"#) == .nativeEncoding(tensor: "w", .float32))
    #expect(
      encodings(#"{"w":{"encoding":"q4_0","shape":[3,32]}}"#)
        == .wrongByteCount(tensor: "w", TensorSummary(.q4_0, [3, 32]), expected: 54, got: 36))
    #expect(
      encodings(#"{"w":{"encoding":"q4_0","shape":[2,33]}}"#)
        == .invalidShape(tensor: "w", .rowNotInBlocks(.q4_0, 33)))
    let huge = [Int.max, Int.max / 32 * 32]
    #expect(
      encodings(#"{"w":{"encoding":"q4_0","shape":\#(huge)}}"#) == .invalidShape(tensor: "w", .sizeOverflow(huge)))
    #expect(encodings("{}") == .undescribedTensor("w", .u8))
    #expect(
      encodings(#"{"w":{"encoding":"q4_0","shape":[2,32]},"v":{"encoding":"q4_0","shape":[2,32]}}"#)
        == .absentTensor("v"))
    #expect(
      encodings(#"{"w":{"encoding":"q4_0","shape":[2,32]},"n":{"encoding":"q4_0","shape":[2,32]}}"#)
        == .notBytes(tensor: "n", .f32, shape: [2]))
    #expect(
      defect(model(tensors: #""w":{"dtype":"U8","shape":[2,18],"data_offsets":[0,36]}"#, data: 36))
        == .notBytes(tensor: "w", .u8, shape: [2, 18]))
    #expect(
      defect(
        model(["heddle.encodings": "{}"], tensors: #""d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#, data: 8))
        == .undescribedTensor("d", .f64))
  }

  @Test func metadata() {
    func malformed(_ text: String, _ defect: JSONDefect) {
      guard case .malformedEntry("heddle.metadata", _, let got) = self.defect(model(["heddle.metadata": text])) else {
        Issue.record("\(text) was accepted")
        return
      }
      #expect(got == defect, "\(text)")
    }
    let types = "a type of metadata values"
    malformed("[]", .unexpected(found: "'['", expected: "an object"))
    malformed(#"{"k":{}}"#, .missingField("type", of: "k"))
    malformed(#"{"k":1}"#, .unexpected(found: "'1'", expected: "an object"))
    malformed(#"{"k":{"bool":true,"x":1}}"#, .unknownField("x", of: "k"))
    malformed(#"{"k":{"bool":true},"k":{"bool":true}}"#, .duplicateKey("k"))
    malformed(#"{"k":{"int128":1}}"#, .unexpected(found: "'int128'", expected: types))
    malformed(#"{"k":{"array of int128":[]}}"#, .unexpected(found: "'int128'", expected: types))
    malformed(
      #"{"k":{"array of array":[[]]}}"#, .unexpected(found: "'['", expected: "an array of values, not of arrays"))
    malformed(#"{"k":{"array":[]}}"#, .unexpected(found: "'array'", expected: "an element's type"))
    malformed(#"{"k":{"uint8":256}}"#, .invalidNumber("256", expected: "an integer in 0...255"))
    malformed(#"{"k":{"int8":-129}}"#, .invalidNumber("-129", expected: "an integer in -128...127"))
    malformed(#"{"k":{"array of uint16":[1,-1]}}"#, .invalidNumber("-1", expected: "an integer in 0...65535"))
    malformed(#"{"k":{"float32":0.5}}"#, .unexpected(found: "'0'", expected: "a string"))
    for bits in ["3f0000", "3f0000000", "+3f00000", "-3f00000", "3f00000g", ""] {
      malformed(#"{"k":{"float32":"\#(bits)"}}"#, .unexpected(found: "'\(bits)'", expected: "8 hexadecimal digits"))
    }
    malformed(#"{"k":{"float64":"3f000000"}}"#, .unexpected(found: "'3f000000'", expected: "16 hexadecimal digits"))
    malformed(#"{"k":{"bool":1}}"#, .unexpected(found: "'1'", expected: "true or false"))
    malformed(#"{"k":{"bool":tru}}"#, .unexpected(found: "'}'", expected: "true or false"))
    malformed(#"{"k":{"array of string":["a",1]}}"#, .unexpected(found: "'1'", expected: "a string"))
    malformed(#"{"k":{"string":"a"}"#, .unexpected(found: "the end", expected: "',' or '}'"))
    let entries = (0...1 << 16).map { #""\#($0)":{"bool":true}"# }.joined(separator: ",")
    malformed("{\(entries)}", .limitExceeded(what: "metadata entries", limit: 1 << 16))
  }

  /// Every prefix of each entry is an error of its own, never a trap.
  @Test func cutEntries() {
    let metadata = #"{"k":{"array of float32":["3f800000"]},"s":{"string":"é"},"i":{"int64":-1}}"#
    for count in 0..<metadata.unicodeScalars.count {
      let cut = String(String.UnicodeScalarView(metadata.unicodeScalars.prefix(count)))
      guard case .malformedEntry = defect(model(["heddle.metadata": cut])) else {
        Issue.record("'\(cut)' was accepted")
        continue
      }
    }
  }
}

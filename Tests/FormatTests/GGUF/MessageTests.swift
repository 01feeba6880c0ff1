import HeddleFormats
import TestSupport
import Testing

/// The sentences a user reads.
@Suite struct MessageTests {
  private func message(_ bytes: [UInt8], _ name: String = "m.gguf") -> String {
    do throws(GGUFError) {
      _ = try GGUFFile(bytes: bytes, name: name)
      return "accepted"
    } catch { return error.description }
  }

  @Test func ofFiles() {
    #expect(GGUFError.file(.notFound(path: "m.gguf")).description == "m.gguf: there is no such file")
    #expect(
      GGUFError.file(.notARegularFile(path: "m", kind: "a directory")).description == "m: is a directory, not a file")
    #expect(message([]) == "m.gguf: is empty")
    #expect(
      message([1, 2, 0xab, 4, 5]) == "m.gguf: is not a GGUF file: it begins with the bytes 01 02 ab 04, not with 'GGUF'"
    )
    #expect(
      message(Array("version https://git-lfs".utf8))
        == "m.gguf: is not a GGUF file: it looks like a Git LFS pointer; fetch the file itself with 'git lfs pull'")
    #expect(
      message(Array("tjgg".utf8))
        == "m.gguf: is not a GGUF file: it is of GGML's older format, which GGUF replaced; convert it")
    #expect(
      message(GGUFBytes(version: 1).bytes)
        == "m.gguf: is a GGUF file of version 1; only versions 2 and 3 are supported")
    #expect(
      message(GGUFBytes(version: UInt32(3).byteSwapped).bytes)
        == "m.gguf: is a big-endian GGUF file of version 3; only little-endian files are supported, convert it")
  }

  @Test func ofTruncation() {
    #expect(
      message(Array(GGUFBytes.seed().prefix(40)))
        == "m.gguf: the file ends inside the list of 3 tensors: it needs 72 bytes at offset 24, but 16 remain; "
        + "it is truncated (an unfinished download?) or damaged")
    #expect(
      message(GGUFBytes.tensors(tensor("x", [8], .f32, 0), dataByteCount: 8))
        == "m.gguf: tensor 'x' needs 32 bytes at data offset 0, but the file has only 8 bytes of data; "
        + "it is truncated (an unfinished download?) or damaged (at offset 24)")
  }

  @Test func ofContents() {
    #expect(
      message(GGUFBytes(tensorCount: .max).bytes)
        == "m.gguf: 18446744073709551615 tensors are more than the limit of 131072 (at offset 8)")
    #expect(
      message(GGUFBytes.tensors(tensor(string("old"), [32], id: 31, 0)))
        == "m.gguf: tensor 'old' has the type Q4_0_4_4 (31), which ggml has removed; quantize the model again "
        + "(at offset 24)")
    #expect(
      message(GGUFBytes.metadata(entry("a\nb", id: 77, [0])))
        == "m.gguf: metadata 'a\\nb' has the unknown value type 77 (at offset 35)")
  }

  @Test func ofUse() {
    #expect(
      GGUFError.unsupportedType(path: "m", tensor: "output.weight", type: .q6_K).description
        == "m: tensor 'output.weight' is stored as Q6_K, which Heddle cannot compute with yet")
    #expect(
      GGUFError.missingKey(path: "m", key: "llama.block_count").description == "m: has no metadata 'llama.block_count'")
    #expect(
      GGUFError.wrongType(path: "m", key: "k", expected: "integer", got: "array of string").description
        == "m: metadata 'k': expected integer, got array of string")
    #expect(
      GGUFError.valueOutOfRange(path: "m", key: "k", value: "33", range: 1...32).description
        == "m: metadata 'k' is 33, outside the range 1...32")
  }

  @Test func namesCannotForgeMessages() {
    let name = "x'\u{1b}[2J\u{202e}\\" + String(repeating: "y", count: 100)
    let text = GGUFError.unknownTensor(path: "m", name: name).description
    #expect(text == "m: has no tensor 'x\\'\\u{1b}[2J\\u{202e}\\\\" + String(repeating: "y", count: 72) + "…'")
  }
}

import Foundation
import Heddle
import Testing

/// `inspect` prints a file's own names: all of them in JSON, none raw in text.
@Suite struct InspectNamesTests {
  @Test func `keys are as they are in the file`() async throws {
    let keys = ["general.fooBar", "general.foo_bar", "general.FooBar", "caf\u{E9}", "cafe\u{301}"]
    var writer = GGUFWriter()
    for (place, key) in keys.enumerated() { try writer.set(key, .uint32(UInt32(1000 + place))) }
    try writer.set("floats", .array(.float32([0.5, .infinity])))
    try writer.set("long", .array(.uint8([UInt8](repeating: 7, count: 40))))
    try writer.add("caf\u{E9}", Tensor([1.0], shape: [1]))
    try writer.add("cafe\u{301}", Tensor([1.0], shape: [1]))
    let path = try HeddleTool.temporaryFile("names.gguf").path
    try writer.write(to: path)
    let result = try await HeddleTool.run("inspect", path, "--json")
    let text = result.text
    for (place, key) in keys.enumerated() {
      let member = "\"\(key)\":\(1000 + place)"
      #expect(Array(text.utf8).firstRange(of: Array(member.utf8)) != nil, "\(member)")
    }
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let metadata = try #require(object["metadata"] as? [String: Any])
    #expect(metadata["floats"] as? [AnyHashable] == [0.5, "inf"])
    #expect((metadata["long"] as? [String: Any])?["count"] as? Int == 40)
    #expect((object["tensors"] as? [Any])?.count == 2)
    #expect(object["format"] as? String == "gguf" && object["version"] as? Int == 3)
  }

  @Test func `a file's texts reach no terminal as they are`() async throws {
    var writer = GGUFWriter()
    try writer.set("general.architecture", .string(HostileText.text))
    try writer.set("key \(HostileText.text.filter { $0 != "\0" })", .string(HostileText.text))
    let path = try HeddleTool.temporaryFile("hostile.gguf").path
    try writer.write(to: path)
    for command in [["inspect", path], ["graph", path], ["generate", "--model", path, "--prompt", "x"]] {
      let result = try await HeddleTool.run(command)
      #expect(HostileText.remains(in: result.error + result.text, allowingLines: true).isEmpty, "\(command)")
      if command[0] != "inspect" { #expect(result.isFailure("not supported")) }
    }
  }
}

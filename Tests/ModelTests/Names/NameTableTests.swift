import Foundation
import Heddle
import Testing

@testable import HeddleModels

/// Names that only Unicode calls equal are different names, in every table that a file or a caller fills.
@Suite struct NameTableTests {
  private let composed = "caf\u{E9}"
  private let decomposed = "cafe\u{301}"

  @Test func `a table and a set compare bytes`() {
    #expect(composed == decomposed)
    var table: NameTable<Int> = [composed: 1, decomposed: 2]
    #expect(table.count == 2 && table[composed] == 1 && table[decomposed] == 2)
    table[composed] = nil
    #expect(table.keys.map { Array($0.utf8) } == [Array(decomposed.utf8)])
    #expect(NameSet([composed, decomposed, composed]).count == 2)
    #expect(NameTable(["a": 1, "b": 2]) == ["b": 2, "a": 1])
    #expect(Symbol(composed) != Symbol(decomposed) && ConstantID(composed) != ConstantID(decomposed))
    #expect(Set([Symbol(composed), Symbol(decomposed)]).count == 2)
  }

  @Test func `metadata and tensors of a GGUF file`() throws {
    var writer = GGUFWriter()
    for (place, name) in [composed, decomposed].enumerated() {
      try writer.set("key.\(name)", .uint8(UInt8(place)))
      try writer.add(name, Tensor([Float(place)], shape: [1]))
    }
    let file = try ModelFile(bytes: writer.serialized())
    for (place, name) in [composed, decomposed].enumerated() {
      #expect(file.metadata["key.\(name)"] == .uint8(UInt8(place)))
      #expect(try file.tensor(named: name).floats() == [Float(place)])
      #expect(
        try file.constantStore(names: [composed, decomposed]).tensor(ConstantID(name)).floats() == [Float(place)])
    }
    #expect(throws: GGUFError.cannotEncode(.duplicateTensor(composed))) {
      try writer.add(composed, Tensor([0.0], shape: [1]))
    }
  }

  @Test func `a safetensors file and a conversion`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("names.safetensors").path
    var writer = GGUFWriter()
    for (place, name) in [composed, decomposed].enumerated() {
      try writer.set(name, .uint8(UInt8(place)))
      try writer.add(name, Tensor([Float](repeating: Float(place), count: 32), as: .q8_0, shape: [32]))
    }
    var conversion = ModelConversion(of: try ModelFile(bytes: writer.serialized()))
    let other = try Tensor([Float](repeating: 7, count: 32), shape: [32])
    try conversion.replace(decomposed, with: .float32) { _ in other }
    try await conversion.write(to: path)
    let file = try ModelFile(path: path)
    #expect(file.metadata[composed] == .uint8(0) && file.metadata[decomposed] == .uint8(1))
    #expect(try file.info(composed).encoding == .q8_0)
    #expect(try file.tensor(named: decomposed) == other)
    var plain = SafetensorsWriter()
    try plain.set(composed, "1")
    try plain.set(decomposed, "2")
    try await plain.write(to: path) { _ in other }
    let metadata = try SafetensorsFile(path: path).metadata
    #expect(metadata[composed] == "1" && metadata[decomposed] == "2")
  }

  /// A graph whose inputs, states, constants and outputs differ in nothing else.
  private func graph() throws -> (graph: Graph, store: ConstantStore) {
    let store = ConstantStore()
    let builder = GraphBuilder()
    var outputs: NameTable<Value> = [:]
    for (place, name) in [composed, decomposed].enumerated() {
      try store.add(ConstantID(name), Tensor([Float(10 * (place + 1))], shape: [1]))
      let symbol = try builder.symbol("n\(place)", in: 1...4)
      let x = try builder.input(name, .float32, [symbol])
      outputs[name] = try builder.add(x, builder.constant(ConstantID(name), in: store))
      let state = try builder.state("state \(name)", .float32, [1])
      let next = try builder.add(state, builder.constant(ConstantID(name), in: store))
      try builder.update(state: "state \(name)", to: next)
      outputs["next \(name)"] = next
    }
    return (try builder.build(outputs: outputs), store)
  }

  @Test(arguments: [true, false]) func `inputs, states, constants and outputs of a graph`(onDevice: Bool)
    async throws
  {
    let (made, store) = try graph()
    let graph = try JSONDecoder().decode(Graph.self, from: JSONEncoder().encode(made))
    #expect(graph == made && graph.outputs.count == 4)
    let backend: any Backend = onDevice ? try OpenCLBackend(device: .preferred()) : ReferenceBackend()
    let session = try await backend.compile(graph, constants: store).makeSession([:])
    let request = RunRequest(inputs: [
      composed: try Tensor([1.0, 2.0], shape: [2]), decomposed: try Tensor([3.0, 4.0, 5.0], shape: [3]),
    ])
    for step in 1...2 {
      let results = try await session.run(request)
      #expect(try results[composed]?.floats() == [11, 12])
      #expect(try results[decomposed]?.floats() == [23, 24, 25])
      #expect(try results["next \(composed)"]?.floats() == [Float(10 * step)])
      #expect(try results["next \(decomposed)"]?.floats() == [Float(20 * step)])
    }
    let some = try await session.run(RunRequest(inputs: request.inputs, outputs: [decomposed]))
    #expect(some.count == 1 && some[composed] == nil)
    var unknown = request.inputs
    unknown.removeValue(forKey: decomposed)
    await #expect(throws: ExecutionError.self) { try await session.run(RunRequest(inputs: unknown)) }
  }

  @Test func `a name does not leave the quotes of a picture`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("a\"\u{301}b\\\u{301}c\u{1B}", .float32, [1])
    let text = try builder.build(outputs: ["y": x]).graphviz()
    #expect(HostileText.remains(in: text, allowingLines: true).isEmpty)
    let bytes = Array(text.utf8)
    for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "\"") && bytes[place - 1] == UInt8(ascii: "a") {
      Issue.record("a quote that is not escaped")
    }
    #expect(text.unicodeScalars.contains("\u{301}") && text.contains("u{1b}"))
  }

  @Test func `graphs that differ in the spelling of a name differ`() throws {
    func graph(_ name: String) throws -> Graph {
      let builder = GraphBuilder()
      return try builder.build(outputs: ["y": builder.input(name, .float32, [1])])
    }
    #expect(try graph(composed) != graph(decomposed))
    #expect(try graph(composed) == graph(composed))
  }

  @Test func `tokens and merges of a vocabulary`() throws {
    let spellings = ["<\(composed)>", "<\(decomposed)>"]
    let tokenizer = try Synthetic.tokenizer {
      $0.tokens += spellings
      $0.tokenTypes += [3, 3]
    }
    #expect(tokenizer.encode(spellings.joined(), parseSpecial: true) == [tokenizer.count - 2, tokenizer.count - 1])
    #expect(tokenizer.specialID(spellings[1]) == tokenizer.count - 1)
  }

  @Test func `keys of a template's mapping`() throws {
    let template = try ChatTemplate(
      "{% set d = {'\(composed)': 1, '\(decomposed)': 2} %}{{ d['\(composed)'] }}{{ d | length }}")
    let rendered = try template.render(messages: [], addGenerationPrompt: false, bosToken: nil, eosToken: nil)
    #expect(rendered.map(\.text).joined() == "12")
  }

  @Test func `no other table of the sources has strings as keys`() throws {
    let table = try Regex(#"\[String ?:|Set<String>|Dictionary<String"#)
    var unused = Set(Self.reasons.keys)
    for (path, text) in try SourceFiles.library() {
      let code = text.split(separator: "\n").filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }
      guard code.contains(where: { $0.contains(table) }) else { continue }
      let reason = Self.reasons.keys.first { path.hasPrefix($0) }
      #expect(reason != nil, "\(path): a table of names is a NameTable or a NameSet; else say here why not")
      if let reason { unused.remove(reason) }
    }
    #expect(unused.isEmpty)
  }

  /// The files and folders that may have dictionaries of strings, and why.
  private static let reasons: [String: String] = [
    "HeddleText/NameTable.swift": "takes a caller's dictionary",
    "HeddleTypes/ValueFormats/ValueFormats.swift": "formats' own names",
    "HeddleGraph/Operations/Custom": "attributes are identifiers of a kernel's parameters",
    "HeddleReference/ReferenceBackend.swift": "a caller's dictionary of operations",
    "ChatTemplates/Template/TemplateEvaluator": "variables and arguments are identifiers, which are ASCII",
    "ChatTemplates/Template/TemplateParser.swift": "the language's own words",
    "HeddleModels/Generation/": "outputs of a model's graph, whose names are ours",
    "HeddlePlanning/": "kernels' defines and features, a caller's dictionary of kernels",
    "HeddleGraph/Execution/RunProfile.swift": "operations and variants of kernels",
    "HeddleExecution/": "kernels and candidates, a caller's dictionary of kernels",
    "HeddleOpenCL/": "parameters of a library's function",
    "OpenCLRuntime/": "kernels of a program, which are C identifiers",
  ]
}

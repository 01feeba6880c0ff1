import Heddle
import TestSupport
import Testing

/// Keys that an indexer chooses (`Resources/families/deepseek32.gguf`): five of up to twenty-two.
@Suite struct IndexerTests {
  private let family = "deepseek32"
  private var fixture: FamilyTests.Fixture { get throws { try resource("families/\(family)") } }

  /// The file with other metadata and tensors.
  private func file(
    _ metadata: (inout [String: GGUFValue]) -> Void = { _ in },
    _ tensors: (inout [String: Tensor]) throws -> Void = { _ in }
  ) throws -> ModelFile {
    let file = try FamilyTests().file(family)
    var values: [String: GGUFValue] = [:]
    for key in file.metadata.keys { values[key] = file.metadata[key] }
    metadata(&values)
    var stored: [String: Tensor] = [:]
    for tensor in file.tensors { stored[tensor.name] = try file.tensor(named: tensor.name) }
    try tensors(&stored)
    var writer = GGUFWriter()
    for (key, value) in values.sorted(by: { $0.key < $1.key }) { try writer.set(key, value) }
    for (name, tensor) in stored.sorted(by: { $0.key < $1.key }) { try writer.add(name, tensor) }
    return try ModelFile(bytes: writer.serialized(), name: "\(family).gguf")
  }

  /// Logits after each token, of steps of so many.
  private func logits(
    _ file: ModelFile, on backend: any Backend = ReferenceBackend(), chunks: [Int] = [22]
  ) async throws -> [[Float]] {
    let fixture = try fixture
    let model = try await LanguageModel.open(
      file: file, backend: backend, options: ModelOptions(chunk: 32, allLogits: true))
    return try await rows(model.makeSession(capacity: 40), fixture.prompt + fixture.decoded, chunks)
  }

  private func rows(_ session: ModelSession, _ ids: [Int], _ chunks: [Int]) async throws -> [[Float]] {
    var (rest, rows) = (ids[...], [[Float]]())
    for count in chunks {
      let outputs = try await session.step(Array(rest.prefix(count)), outputs: ["all_logits"])
      let flat = try #require(outputs["all_logits"]).floats()
      let width = flat.count / count
      rows += (0..<count).map { Array(flat[$0 * width..<($0 + 1) * width]) }
      rest = rest.dropFirst(count)
    }
    return rows
  }

  /// The greatest difference of so many rows from the place on, by the greatest number.
  private func distance(_ left: [[Float]], _ right: [[Float]], _ places: Range<Int>) -> Float {
    let pairs = places.flatMap { zip(left[$0], right[$0]).map { ($0, $1) } }
    return (pairs.map { abs($0 - $1) }.max() ?? 0) / (pairs.map { abs($1) }.max() ?? 1)
  }

  @Test(arguments: TestDevices.distinct) func stepsOfAnyLength(_ device: Device) async throws {
    let (file, expected) = (try file(), try fixture.logits)
    for chunks in [[22], [Int](repeating: 1, count: 22), [4, 1, 7, 3, 1, 1, 5], [1, 21]] {
      let got = try await logits(file, on: TestBackends.backend(device), chunks: chunks)
      #expect(distance(got, expected, 0..<22) < 1e-4, "\(chunks)")
    }
  }

  /// Keys behind the place that a session goes back to are none: not of attention, and not of the indexer.
  @Test(arguments: TestDevices.distinct) func rewinding(_ device: Device) async throws {
    let model = try await LanguageModel.open(
      file: file(), backend: TestBackends.backend(device), options: ModelOptions(chunk: 32, allLogits: true))
    let (ids, expected) = (try fixture.prompt + fixture.decoded, try fixture.logits)
    let session = try model.makeSession(capacity: 40)
    let others = ids.map { ($0 * 5 + 7) % 60 }
    _ = try await rows(session, Array(ids.prefix(9)) + others, [9, 16, 1, 5])
    try await session.rewind(to: 9)
    let got = try await rows(session, Array(ids.dropFirst(9)), [6, 1, 1, 5])
    #expect(distance(got, Array(expected.dropFirst(9)), 0..<13) < 1e-4)
  }

  /// While no more keys are there than are chosen, all are seen; then those that are left out count.
  @Test func choiceBeginsBeyondTheCount() async throws {
    let key = "deepseek32.attention.indexer.top_k"
    let all = try await logits(file({ $0[key] = .uint32(64) }))
    let many = try await logits(file({ $0[key] = .uint32(1 << 30) }))
    #expect(many == all)
    let five = try await logits(file())
    #expect(distance(five, all, 0..<5) < 1e-6)
    for place in 6..<22 { #expect(distance(five, all, place..<place + 1) > 1e-2, "\(place)") }
    // One key is seen: the indexer's first choice, mostly not the token's own.
    let one = try await logits(file({ $0[key] = .uint32(1) }))
    #expect(distance(one, five, 0..<1) < 1e-6)
    #expect(distance(one, five, 1..<22) > 0.1)
  }

  /// What is not positive weighs nothing: with all weights negative those keys are chosen that no head likes.
  @Test func signsOfWeights() async throws {
    let turned = try await logits(
      file({ _ in }) { tensors in
        for layer in 0..<3 {
          let name = "blk.\(layer).indexer.proj.weight"
          let tensor = try #require(tensors[name])
          tensors[name] = try Tensor(tensor.decoded().map { -$0 }, shape: tensor.shape)
        }
      })
    #expect(distance(turned, try fixture.logits, 6..<22) > 0.1)
  }

  /// Files say of V3.2 no function of scores but sigmoid.
  @Test func scoresOfExperts() async throws {
    let plain = try await logits(file({ $0["deepseek32.expert_gating_func"] = nil }))
    #expect(distance(plain, try fixture.logits, 0..<22) < 1e-4)
  }

  /// The last layers of a file may be of those that guess.
  @Test func layersThatGuess() async throws {
    func guessing(_ count: UInt32, _ more: [String]) throws -> ModelFile {
      try self.file({
        $0["deepseek32.block_count"] = .uint32(3 + count)
        $0["deepseek32.nextn_predict_layers"] = .uint32(count)
      }) { tensors in
        let norm = try #require(tensors["blk.0.attn_norm.weight"])
        for name in more { tensors[name] = norm }
      }
    }
    let names = ["blk.3.nextn.eh_proj.weight", "blk.3.attn_norm.weight", "blk.4.nextn.enorm.weight"]
    let file = try guessing(2, names)
    let model = try DecoderModel(file)
    #expect(model.description.layerCount == 3 && model.description.guessingLayerCount == 2)
    #expect(distance(try await logits(file), try fixture.logits, 0..<22) < 1e-4)
    #expect(throws: ModelError.unexpectedTensor("blk.4.nextn.enorm.weight")) {
      try DecoderModel(guessing(1, names))
    }
    #expect(throws: ModelError.missingTensor("blk.2.attn_norm.weight")) {
      try DecoderModel(
        self.file({ $0["deepseek32.nextn_predict_layers"] = .uint32(0) }) {
          $0["blk.2.attn_norm.weight"] = nil
        })
    }
    let error = #expect(throws: ModelError.self) {
      try DecoderModel(self.file({ $0["deepseek32.nextn_predict_layers"] = .uint32(3) }))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("deepseek32.nextn_predict_layers"))
  }

  @Test(arguments: ["head_count", "key_length", "top_k"]) func valuesOutOfRange(_ name: String) throws {
    let key = "deepseek32.attention.indexer.\(name)"
    for value in [nil, .uint32(0), .int32(-1), .uint64(1 << 40), .string("x"), .float32(2)] as [GGUFValue?] {
      let error = #expect(throws: ModelError.self, "\(String(describing: value))") {
        try DecoderModel(file({ $0[key] = value }))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(key))
    }
  }

  @Test func valuesThatContradict() throws {
    let length = "deepseek32.attention.indexer.key_length"
    #expect(
      throws: ModelError.invalidValue(key: length, value: "2", reason: "4 values of a key are turned")
    ) { try DecoderModel(file({ $0[length] = .uint32(2) })) }
    let queries = "blk.0.indexer.attn_q_b.weight"
    #expect(throws: ModelError.tensorShape(queries, expected: [48, 24], got: [96, 24])) {
      try DecoderModel(file({ $0[length] = .uint32(8) }))
    }
    for rank in [nil, .uint32(0)] as [GGUFValue?] {
      #expect(throws: ModelError.self) { try DecoderModel(file({ $0["deepseek32.attention.q_lora_rank"] = rank })) }
    }
    for name in ["attn_q_b.weight", "attn_k.weight", "k_norm.weight", "k_norm.bias", "proj.weight"] {
      let name = "blk.1.indexer.\(name)"
      #expect(throws: ModelError.missingTensor(name)) { try DecoderModel(file({ _ in }) { $0[name] = nil }) }
    }
    // Of an attention that sees all keys they are none.
    #expect(throws: ModelError.self) {
      let file = try FamilyTests().file("deepseek2")
      var writer = GGUFWriter()
      for key in file.metadata.keys { if let value = file.metadata[key] { try writer.set(key, value) } }
      try writer.set("deepseek2.attention.indexer.top_k", .uint32(5))
      for tensor in file.tensors { try writer.add(tensor.name, file.tensor(named: tensor.name)) }
      _ = try DecoderModel(ModelFile(bytes: writer.serialized(), name: "deepseek2.gguf"))
    }
  }

  @Test func description() throws {
    let text = "\(try DecoderModel(file()).description)"
    #expect(text.contains("on 5 keys that 6 heads of 16 choose"), "\(text)")
  }
}

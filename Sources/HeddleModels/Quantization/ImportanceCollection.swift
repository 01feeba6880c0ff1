import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// Finds the importance of a model's matrices over a text: the sums of squares of their inputs, as `llama-imatrix` does.
///
/// - The text's tokens are cut into windows that do not overlap; what is left at the end, or after as many windows as are
///   asked for, is not looked at. If the model adds BOS, it takes the place of each window's first token. Every token of a
///   window counts.
/// - Matrices are those of the layers, not the embedding and the output.
/// - Numbers: squares are summed in float32 over a step, steps in float64.
public struct ImportanceCollection: Sendable {
  /// All tokens of the text.
  public let ids: [Int]
  /// The tokens of a window.
  public let context: Int
  public let windowCount: Int
  /// The tokens of a step.
  private let chunk: Int
  private let firstID: Int?
  private let executable: any Executable
  private let bindings: Bindings
  private let dataset: String

  /// What the outputs of the graph are called, before the matrix's name.
  private static let prefix = "squares."

  /// Checks everything and compiles the model.
  ///
  /// - Parameters:
  ///   - context: the tokens of a window; nil for 512, or the model's context length if that is less.
  ///   - windows: the most windows that are run, from the text's start; nil for all.
  ///   - dataset: what the text is called in the matrix.
  ///   - progress: told how far compiling has come.
  /// - Throws: ``ModelError``, and what the backend throws when it compiles.
  public init(
    of file: ModelFile, text: String, dataset: String, context: Int? = nil, windows: Int? = nil,
    on backend: any Backend, progress: @escaping CompileProgress.Handler = { _ in }
  ) async throws {
    guard !text.isEmpty else { throw ModelError.emptyText }
    let decoder = try DecoderModel(file)
    let longest = decoder.description.contextLength
    let context = context ?? min(512, longest)
    guard context >= 1, context <= longest else {
      throw ModelError.invalidOption("context", value: context, range: 1...max(1, longest))
    }
    let tokenizer: Tokenizer
    do { tokenizer = try Tokenizer(try TokenizerDescription(file.metadata)) } catch let error as TokenizerError {
      throw ModelError.tokenizer(error)
    }
    ids = tokenizer.encode(text, parseSpecial: false, addEOS: false)
    guard ids.count >= context else { throw ModelError.textTooShort(tokens: ids.count, context: context) }
    let count = ids.count.divided(by: context)
    if let windows, windows < 1 {
      throw ModelError.invalidOption("windows", value: windows, range: 1...max(1, count))
    }
    windowCount = min(count, windows ?? count)
    let vocabulary = decoder.description.vocabularySize
    if let id = ids.first(where: { !(0..<max(0, vocabulary)).contains($0) }) {
      throw ModelError.tokenOutOfRange(id, vocabulary: vocabulary)
    }
    firstID = tokenizer.addsBOS ? tokenizer.bosID : nil
    self.context = context
    chunk = min(context, 512)
    self.dataset = dataset
    var bindings: Bindings = [:]
    for option in decoder.stepOptions { bindings[option.symbol] = option.fallback }
    if let uses = decoder.usesLongFactors(capacity: context) { bindings[.longFactors] = uses }
    self.bindings = bindings
    let graph = try decoder.graph(chunk: chunk).addingInputSquares { $0.name.hasPrefix("blk.") }
    executable = try await backend.compile(graph, constants: decoder.constants, progress: progress)
  }

  /// Runs the text.
  ///
  /// - Parameter progress: called after each step with how many of all windows' tokens are done.
  /// - Throws: ``ImportanceError`` for inputs that are not finite, and what the backend throws.
  public func run(progress: (Int) throws -> Void = { _ in }) async throws -> ImportanceMatrix {
    let session = try executable.makeSession(["capacity": context])
    let names = executable.graph.outputs.map(\.name).filter { $0.hasPrefix(Self.prefix) }
    var sums: NameTable<[Double]> = [:]
    for window in 0..<max(0, windowCount) {
      var tokens = Array(ids.part(from: window &* context, to: (window &+ 1) &* context))
      if let firstID { tokens.update(at: 0) { $0 = firstID } }
      try await session.reset()
      for first in stride(from: 0, to: context, by: max(1, chunk)) {
        let step = tokens.part(from: first, to: first &+ chunk)
        let outputs = try await session.run(try request(step, past: first, outputs: NameSet(names)))
        for name in names {
          guard let squares = try outputs[name]?.floats() else { throw ModelError.missingOutput(name) }
          let old = sums[name] ?? squares.map { _ in 0 }
          sums[name] = zip(old, squares).map { $0 + Double($1) }
        }
        try progress(window &* context &+ first &+ step.count)
      }
    }
    var matrix = ImportanceMatrix(datasets: [dataset], chunkCount: windowCount, chunkSize: context)
    for name in names {
      guard let sum = sums[name] else { continue }
      try matrix.add(
        String(name.dropFirst(Self.prefix.count)),
        ImportanceMatrix.Entry(sums: sum.map { Float($0) }, counts: [Float(windowCount &* context)]))
    }
    return matrix
  }

  private func request(
    _ tokens: some Collection<Int>, past: Int, outputs: NameSet
  ) throws -> RunRequest {
    var bindings = bindings
    bindings["past"] = past
    let ids = try Tensor(tokens.map { Int32(truncatingIfNeeded: $0) }, shape: [tokens.count])
    let ones = try Tensor(tokens.map { _ in Float(1) }, shape: [1, tokens.count])
    return RunRequest(inputs: ["token_ids": ids, "row_weights": ones], bindings: bindings, outputs: outputs)
  }
}

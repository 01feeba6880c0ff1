import HeddleText

/// The tokenizer of a model folder, as the metadata `tokenizer.ggml.…` of a GGUF file.
struct HubTokenizer {
  /// `tokenizer.ggml.model`
  let model: String
  /// `tokenizer.ggml.pre`
  var pretokenizer = "default"
  var table: TokenTable
  /// Whether tokens have scores: of SentencePiece.
  var hasScores = false
  var merges: [String] = []
  /// Other entries, by the ends of their keys.
  var entries: [(name: String, value: GGUFValue)] = []
  /// What is put around texts; nil if no file says it.
  var frame: TextFrame?
  /// Whether texts begin with a token where no file says it: SentencePiece's merges alone are used so.
  var beginsByDefault = false

  /// Reads `tokenizer.json`, or without one `tokenizer.model`.
  ///
  /// - Parameter count: rows of the embedding.
  static func read(_ files: FolderFiles, count: Int) throws(ModelFolderError) -> HubTokenizer {
    let pieces = try SentencePieces.read(files)
    guard let storage = try files.bytes("tokenizer.json") else {
      guard let pieces else {
        throw .missingFile(folder: files.path, oneOf: ["tokenizer.json", SentencePieces.fileName])
      }
      var added: [AddedToken] = []
      for (token, id) in try files.object("added_tokens.json") ?? [:] {
        if let id = id.integer { added.append(AddedToken(id: id, content: token, isSpecial: false)) }
      }
      do { return try HubTokenizer(pieces, added: added, count: count) } catch {
        throw .tokenizer(path: files.path(of: SentencePieces.fileName), error)
      }
    }
    let path = files.path(of: "tokenizer.json")
    let json: TokenizerJSON
    do { json = try TokenizerJSON(storage.bytes) } catch {
      throw .json(path: path, offset: error.offset, error.defect)
    }
    do { return try HubTokenizer(json, pieces, count: count) } catch { throw .tokenizer(path: path, error) }
  }

  private init(_ json: TokenizerJSON, _ pieces: SentencePieces?, count: Int) throws(HubTokenizerDefect) {
    let steps = TextSteps(json)
    switch json.kind {
    case "BPE" where steps.marksSpaces: try self.init(marked: json, steps, pieces, count: count)
    case "BPE": try self.init(bytes: json, steps, count: count)
    case "Unigram": try self.init(unigram: json, steps, count: count)
    case "WordPiece": try self.init(words: json, steps, count: count)
    default: throw .unsupportedModel(json.kind, supported: ["BPE", "Unigram", "WordPiece"])
    }
    frame = try TextFrame(json)
  }

  init(model: String, table: TokenTable) {
    self.model = model
    self.table = table
  }
}

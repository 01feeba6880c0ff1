import ChatTemplates
import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// Why a model could not be opened or used. Every case has the key, the tensor or the numbers to find the place with.
public enum ModelError: Error, Hashable, Sendable {
  // The file.
  case file(ModelFileError)
  case unsupportedArchitecture(String, supported: [String])
  /// A metadata value that is sound but means something Heddle does not do.
  case unsupportedValue(key: String, value: String, supported: String)
  /// A metadata value that cannot be, alone or beside the others.
  case invalidValue(key: String, value: String, reason: String)
  case missingTensor(String)
  case tensorShape(String, expected: [Int], got: [Int])
  case tensorType(String, String, supported: [String])
  /// Tensors in types that Heddle cannot compute with yet.
  case tensorTypes([UnsupportedType], supported: [String])
  /// The model would be computed wrongly without this tensor, and Heddle does not know what it is for.
  case unexpectedTensor(String)
  case tokenizer(TokenizerError)
  case chatTemplate(ChatTemplateError)
  case noChatTemplate
  case graph(GraphError)

  // Its use.
  /// A text that should be JSON is none, from this line on.
  case invalidJSON(line: Int, JSONDefect)
  /// A message of a conversation, counted from 0, and what is wrong with it.
  case invalidMessage(String, index: Int)
  /// A tool, counted from 0, is no object.
  case invalidTool(index: Int)
  /// A variable for the chat template that the conversation itself gives: ``Conversation/reservedVariables``.
  case reservedVariable(String)
  /// Heads of so many values cannot be kept in such blocks.
  case cachePrecision(CachePrecision, headLength: Int)
  /// So many bytes are too few for the experts of one token.
  case expertMemory(Int, least: Int)
  case invalidOption(String, value: Int, range: ClosedRange<Int>)
  case sampling(SamplingError)
  /// It would end every text before it begins.
  case emptyStopText
  case emptyPrompt
  /// A session is given to another model than it was made of.
  case otherModel
  case promptTooLong(tokens: Int, context: Int)
  case emptyText
  /// Less than one window.
  case textTooShort(tokens: Int, context: Int)
  case tokenOutOfRange(Int, vocabulary: Int)
  /// A step chose what the model leaves no choice of: ``LanguageModel/stepOptions``.
  case unknownStepOption(String, value: Int, known: [String])
  /// The key-value cache has no room for more tokens.
  case cacheFull(position: Int, adding: Int, capacity: Int)
  case notFinite(token: Int, position: Int)
  /// A backend left out an output it was asked for.
  case missingOutput(String)
}

extension ModelError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .unsupportedArchitecture(let name, let supported):
      "the model architecture '\(name)' is not supported; these are: \(supported.joined(separator: ", "))"
    case .reservedVariable(let name):
      "the variable \(quoted(name)) is what the conversation itself gives the chat template"
    case .cachePrecision(let precision, let length):
      "a cache in \(precision) is kept in blocks of 32 values, and the model's heads have \(length)"
    case .unsupportedValue(let key, let value, let supported):
      "metadata '\(key)' is \(value), which is not supported; supported: \(supported)"
    case .invalidValue(let key, let value, let reason): "metadata '\(key)' is \(value): \(reason)"
    case .missingTensor(let name): "the file has no tensor '\(name)', which the model needs"
    case .tensorShape(let name, let expected, let got):
      "tensor '\(name)' must have the shape \(expected), it has \(got)"
    case .tensorType(let name, let type, let supported):
      "tensor '\(name)' is stored as \(type), which is not supported here; these are: "
        + supported.joined(separator: ", ")
    case .tensorTypes(let types, let supported):
      types.map { type in
        type.count == 1
          ? "tensor '\(type.example)' is stored as \(type.type)"
          : "\(type.count) tensors such as '\(type.example)' are stored as \(type.type)"
      }.joined(separator: ", ")
        + ", which Heddle cannot compute with yet; such files work in " + supported.joined(separator: ", ")
    case .unexpectedTensor(let name): "tensor '\(name)' does not belong to a model of this architecture"
    case .tokenizer(let error): error.description
    case .chatTemplate(let error): error.description
    case .noChatTemplate: "the file has no chat template ('tokenizer.chat_template')"
    case .graph(let error): "the model cannot be built: \(error)"
    case .invalidJSON(let line, let defect): "line \(line): not JSON: \(defect)"
    case .invalidMessage(let reason, let index): "message \(index): \(reason)"
    case .invalidTool(let index): "tool \(index) is not an object"
    case .expertMemory(let count, let least):
      "\(count) bytes are too few for experts: those of one token need \(least)"
    case .invalidOption(let name, let value, let range):
      "\(name) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)"
    case .sampling(let error): error.description
    case .emptyStopText: "a stop text is empty"
    case .otherModel: "the session is another model's"
    case .emptyPrompt: "the prompt is empty: it has no tokens"
    case .promptTooLong(let tokens, let context):
      "the prompt has \(tokens) tokens, more than the context of \(context)"
    case .emptyText: "the text is empty: there is nothing to score"
    case .textTooShort(let tokens, let context):
      "the text has \(tokens) tokens; a context of \(context) needs at least \(context)"
    case .unknownStepOption(let name, let value, let known):
      "the model's steps have no option '\(name)' that could be \(value); "
        + (known.isEmpty ? "they have none" : "they have: " + known.joined(separator: ", "))
        + (name == Symbol.kept.name ? ". Only nested sparse weights have '\(name)'" : "")
    case .tokenOutOfRange(let id, let vocabulary):
      "the token id \(id) is outside the vocabulary of \(vocabulary) tokens"
    case .cacheFull(let position, let adding, let capacity):
      "the key-value cache is full: it holds \(position) of \(capacity) tokens, \(adding) more do not fit"
    case .notFinite(let token, let position):
      "the logit of token \(token) at position \(position) is not a finite number; the model's weights may be damaged"
    case .missingOutput(let name): "the backend gave no output '\(name)'"
    }
  }
}

extension ModelError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .tokenizer(let error): error.kind
    case .chatTemplate(let error): error.kind
    case .sampling(let error): error.kind
    case .unsupportedArchitecture, .unsupportedValue, .tensorType, .tensorTypes, .noChatTemplate, .cachePrecision:
      .unsupported
    // A graph is built from what the file says.
    case .invalidValue, .missingTensor, .tensorShape, .unexpectedTensor, .graph, .notFinite: .invalidFile
    case .invalidJSON, .invalidMessage, .invalidTool, .reservedVariable, .invalidOption, .emptyStopText, .emptyPrompt,
      .otherModel,
      .promptTooLong, .emptyText, .textTooShort, .tokenOutOfRange,
      .unknownStepOption, .cacheFull, .expertMemory:
      .invalidArgument
    case .missingOutput: .internal
    }
  }
}

extension ModelError {
  /// Reads metadata and gives the errors as model errors.
  static func reading<Result>(_ body: () throws(GGUFError) -> Result) throws(ModelError) -> Result {
    do { return try body() } catch { throw .file(.gguf(error)) }
  }
}

import CHeddle
import HeddleGraph
import HeddleModels
import HeddleText
import HeddleTypes
import OpenCLRuntime
import Testing

@testable import HeddleC
@testable import HeddleOpenCL

/// What C learns of an error: its kind as a status, its description as the text.
@Suite struct ErrorTests {
  @Test(arguments: ErrorKind.allCases) func `each kind has a status of its own`(kind: ErrorKind) {
    #expect(ErrorKind.allCases.filter { $0.status == kind.status } == [kind])
    let name = String(cString: heddle_status_name(heddle_status(kind.status)))
    // HEDDLE_INVALID_GRAPH of invalidGraph.
    let words = name.dropFirst("HEDDLE_".count).split(separator: "_").joined().lowercased()
    #expect(words == "\(kind)".lowercased())
  }

  private static let errors: [(any HeddleError, Int)] = [
    // A caller's strides can go beyond what a library counts.
    (LibraryError.tooLarge(function: "f", parameter: "ld", value: 1 << 40), HEDDLE_UNSUPPORTED),
    (LibraryError.missing("CLBlast", trait: "CLBlast"), HEDDLE_UNSUPPORTED),
    (ModelError.textTooShort(tokens: 1, context: 2), HEDDLE_INVALID_ARGUMENT),
    (ModelError.unsupportedArchitecture("x", supported: []), HEDDLE_UNSUPPORTED),
    (TypeError.outOfRange("n", value: 3, range: 1...2), HEDDLE_INVALID_BINDING),
    (ExecutionError.sessionUnusable, HEDDLE_UNUSABLE),
    (OpenCLError.budgetExceeded(requested: 1, inUse: 1, budget: 1), HEDDLE_OUT_OF_MEMORY),
  ]

  @Test(arguments: errors.indices) func `an error is reported by its kind and in its words`(index: Int) {
    let (error, status) = Self.errors[index]
    let failure = Failure(error)
    #expect(Int(failure.code) == status)
    #expect(failure.text == error.description)
  }

  @Test func `what is none of Heddle's is a defect, unless it is a cancellation`() {
    struct Stranger: Error {}
    #expect(Int(Failure(Stranger()).code) == HEDDLE_INTERNAL)
    #expect(Int(Failure(CancellationError()).code) == HEDDLE_CANCELLED)
  }

  private static let graphs: [(json: String, text: String)] = [
    ("{", "valid JSON"),
    ("[]", "an object must stand here"),
    (#"{"symbols": 1}"#, "symbols: a list must stand here"),
    (#"{"symbols": [{"symbol": 7}]}"#, "symbols.0.symbol: a text must stand here"),
    ("{}", "there is no 'symbols'"),
  ]

  @Test(arguments: graphs) func `JSON that is no graph is told in words of JSON`(json: String, text: String) {
    var graph: heddle_graph = 0
    expect(HEDDLE_INVALID_GRAPH, text) { heddle_graph_from_json(json, json.utf8.count, &graph) }
    #expect(!LastError.current.text.contains("Swift") && !LastError.current.text.contains("decode"))
  }

  private static let operations: [(json: String, text: String)] = [
    (
      #"{"unary": {"function": "nobody"}}"#,
      "unary.function: 'nobody' is not a function of one value; these are: relu, silu, gelu, geluTanh, sigmoid, tanh, "
        + "exp, sqrt, negate"
    ),
    (#"{"unary": {"function": 7}}"#, "unary.function: a text must stand here"),
    (#"{"slice": {"axis": "x", "start": 0, "count": 1}}"#, "slice.axis: a whole number must stand here"),
    (#"{"unary": {}}"#, "there is no 'function'"),
  ]

  @Test(arguments: operations) func `an operation's members are told in its own words`(json: String, text: String)
    throws
  {
    let builder = try made { heddle_builder_create($0) }
    expect(HEDDLE_INVALID_GRAPH, text) { heddle_builder_apply(builder, json, nil, 0, nil, nil, 0, nil) }
    try succeed { heddle_release(builder) }
  }

  @Test func `an encoding that is none is answered with all there are`() throws {
    let store = try made { heddle_constants_create($0) }
    expect(HEDDLE_INVALID_DATA, "'q9_k' is no encoding; these are: ") {
      heddle_constants_add(store, "n", "q9_k", [1], 1, [0], 4, nil, nil)
    }
    let text = LastError.current.text
    for encoding in Encoding.weights + [.int32] { #expect(text.contains(encoding.name)) }
    for word in ["2:4-int4", "N:M", "vwN:M", "nvwN:M", "blockS@P", "int8", "bf16"] { #expect(text.contains(word)) }
    try succeed { heddle_release(store) }
  }
}

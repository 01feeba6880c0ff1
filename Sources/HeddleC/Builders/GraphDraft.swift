import CHeddle
import HeddleGraph
import HeddleText

/// What a `heddle_builder` holds: what is wrong with a name or a value is said by the call that brought it.
struct GraphDraft {
  private let builder = GraphBuilder()
  private var values: [Value] = []
  private var names: NameSet = []
  private var states: NameTable<TensorType> = [:]
  private var updated: NameSet = []
  private var outputs: NameTable<Value> = [:]

  var count: Int { values.count }

  func value(_ index: Int) throws(Failure) -> Value {
    guard let value = values[at: index] else {
      throw .argument("the builder has \(values.count) values, there is no value \(index)")
    }
    return value
  }

  func declare(_ symbol: String, _ range: ClosedRange<Int>) throws(GraphError) {
    _ = try builder.symbol(symbol, in: range)
  }

  /// Adds a node; its results are the last values then.
  mutating func apply(_ operation: any GraphOperation, _ operands: [Value], label: String?) throws(GraphError) -> Int {
    let leaf: Leaf? = if case .leaf(let leaf) = operation.effect(on: operands.map(\.type)) { leaf } else { nil }
    let name: String? =
      switch leaf {
      case .input(let name), .state(let name): name
      default: nil
      }
    if let name, names.contains(name) { throw .duplicateName(name) }
    let results = try builder.apply(operation, operands, label: label ?? name, file: nil, line: nil)
    if let name { names.insert(name) }
    if let state = operation as? State { states[state.name] = state.type }
    values += results
    return results.count
  }

  mutating func update(_ state: String, to value: Value) throws(GraphError) {
    guard let type = states[state] else { throw .unknownState(state) }
    guard type == value.type else { throw .stateType(state, expected: type, got: value.type) }
    guard updated.insert(state).inserted else { throw .duplicateName(state) }
    try builder.update(state: state, to: value)
  }

  mutating func setOutput(_ name: String, to value: Value) throws(GraphError) {
    guard outputs[name] == nil else { throw .duplicateName(name) }
    outputs[name] = value
  }

  func graph() throws(GraphError) -> Graph { try builder.build(outputs: outputs) }
}

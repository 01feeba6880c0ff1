import HeddleText

// What a validated graph's nodes refer to. A reference that leads nowhere cannot come out of validation; it gives what no
// operation takes, instead of ending the process.
extension Graph {
  /// The node that computes a value.
  package func producer(of value: ValueID) -> Node {
    nodes[at: value.node] ?? Node.none
  }

  /// The type of a value of this graph.
  package func type(of value: ValueID) -> TensorType { producer(of: value).result(value.result) }

  /// Where a node was built.
  package func origin(of node: Int) -> Origin {
    origins[at: node] ?? Origin()
  }

  /// The operation behind a value, if it is of this type.
  package func operation<Operation: GraphOperation>(_: Operation.Type, of value: ValueID) -> Operation? {
    producer(of: value).operation as? Operation
  }

  /// The operand types of a node.
  package func operandTypes(of node: Node) -> [TensorType] { node.operands.map { type(of: $0) } }

  /// What a node does beside computing new values.
  package func effect(of node: Node) -> Effect { node.operation.effect(on: operandTypes(of: node)) }

  /// The constant that a value is, if it is one.
  package func constant(_ value: ValueID) -> Constant? { operation(Constant.self, of: value) }
}

extension Node {
  /// The operand at a place.
  package func operand(_ place: Int) -> ValueID {
    operands[at: place] ?? ValueID(node: -1)
  }

  /// The type of a result.
  package func result(_ place: Int = 0) -> TensorType {
    results[at: place] ?? TensorType(.float32, [])
  }

  /// The constants the node needs, and their types.
  package var constants: [Constant] {
    switch operation {
    case let constant as Constant: [constant]
    case let state as State: state.initial.map { [Constant(id: $0, type: state.type)] } ?? []
    default: []
    }
  }

  /// The same node with another operation and operands.
  package func replacing(_ operation: some GraphOperation, _ operands: [ValueID]) -> Node {
    Node(operation: operation, operands: operands, results: results)
  }

  /// Computes nothing.
  fileprivate static var none: Node { Node(operation: Custom(name: "", rule: .fixed([])), operands: [], results: []) }
}

import CHeddle
import HeddleGraph

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The most operands of one operation that come through the C interface.
private let maximumOperandCount = 1 << 16

@c @implementation
public func heddle_builder_create(_ builder: UnsafeMutablePointer<heddle_builder>?) -> heddle_status {
  call("heddle_builder_create") {
    try give("builder", to: builder) { try BuilderObject() }
  }
}

@c @implementation
public func heddle_builder_symbol(
  _ builder: heddle_builder, _ name: UnsafePointer<CChar>?, _ minimum: Int64, _ maximum: Int64
) -> heddle_status {
  call("heddle_builder_symbol") {
    let builder = try object(builder, BuilderObject.self)
    let name = try text(name, "name")
    guard 0 <= minimum, minimum <= maximum else {
      throw Failure.argument("the range of '\(name)' must be in order and not negative, got \(minimum) to \(maximum)")
    }
    try builder.withDraft { try $0.declare(name, Int(minimum)...Int(maximum)) }
  }
}

@c @implementation
public func heddle_builder_constant(
  _ builder: heddle_builder, _ constants: heddle_constants, _ name: UnsafePointer<CChar>?,
  _ value: UnsafeMutablePointer<heddle_value>?
) -> heddle_status {
  call("heddle_builder_constant") {
    let builder = try object(builder, BuilderObject.self)
    let store = try object(constants, ConstantsObject.self).store
    let id = ConstantID(try text(name, "name"))
    guard let value else { throw Failure.null("value") }
    guard let type = try? store.type(id) else { throw GraphError.unknownConstant(id, Origin()) }
    try builder.withDraft { draft in
      _ = try draft.apply(Constant(id: id, type: type), [], label: id.name)
      value.pointee = builder.handle(draft.count - 1)
    }
  }
}

@c @implementation
public func heddle_builder_apply(
  _ builder: heddle_builder, _ operation: UnsafePointer<CChar>?, _ operands: UnsafePointer<heddle_value>?,
  _ operandCount: Int, _ label: UnsafePointer<CChar>?, _ results: UnsafeMutablePointer<heddle_value>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_builder_apply") {
    let builder = try object(builder, BuilderObject.self)
    let json = try text(operation, "operation")
    let operands = try array(operands, operandCount, "operands", maximum: maximumOperandCount)
    let indices = try operands.map { try builder.index(of: $0) }
    let label = try optionalText(label, "label")
    guard capacity >= 0 else { throw Failure.argument("capacity is \(UInt(bitPattern: capacity))") }
    if results == nil, capacity > 0 { throw Failure.null("results") }
    let operation = try readJSON(Data(json.utf8), as: AnyGraphOperation.self).operation
    try builder.withDraft { draft in
      let values = try indices.map { try draft.value($0) }
      let resultCount = try draft.apply(operation, values, label: label)
      let first = draft.count &- resultCount
      for result in 0..<max(0, min(resultCount, capacity)) {
        results?[result] = builder.handle(first &+ result)
      }
      count?.pointee = resultCount
    }
  }
}

@c @implementation
public func heddle_builder_type(
  _ builder: heddle_builder, _ value: heddle_value, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_builder_type") {
    let builder = try object(builder, BuilderObject.self)
    let index = try builder.index(of: value)
    try give(try json(try builder.withDraft { try $0.value(index).type }), buffer, capacity, needed)
  }
}

@c @implementation
public func heddle_builder_update(
  _ builder: heddle_builder, _ state: UnsafePointer<CChar>?, _ value: heddle_value
) -> heddle_status {
  call("heddle_builder_update") {
    let builder = try object(builder, BuilderObject.self)
    let state = try text(state, "state")
    let index = try builder.index(of: value)
    try builder.withDraft { try $0.update(state, to: $0.value(index)) }
  }
}

@c @implementation
public func heddle_builder_output(
  _ builder: heddle_builder, _ name: UnsafePointer<CChar>?, _ value: heddle_value
) -> heddle_status {
  call("heddle_builder_output") {
    let builder = try object(builder, BuilderObject.self)
    let name = try text(name, "name")
    let index = try builder.index(of: value)
    try builder.withDraft { try $0.setOutput(name, to: $0.value(index)) }
  }
}

@c @implementation
public func heddle_builder_build(
  _ builder: heddle_builder, _ graph: UnsafeMutablePointer<heddle_graph>?
) -> heddle_status {
  call("heddle_builder_build") {
    let builder = try object(builder, BuilderObject.self)
    try give("graph", to: graph) { GraphObject(try builder.withDraft { try $0.graph() }) }
  }
}

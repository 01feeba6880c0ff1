import CHeddle
import HeddleGraph

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

final class GraphObject: HandleObject {
  static let kind = HandleKind.graph
  let graph: Graph

  init(_ graph: Graph) { self.graph = graph }
}

@c @implementation
public func heddle_operations(
  _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_operations") {
    try give(String(decoding: try Operations.json(), as: UTF8.self), buffer, capacity, needed)
  }
}

@c @implementation
public func heddle_graph_from_json(
  _ json: UnsafePointer<CChar>?, _ length: Int, _ graph: UnsafeMutablePointer<heddle_graph>?
) -> heddle_status {
  call("heddle_graph_from_json") {
    guard let json else { throw Failure.null("json") }
    guard length >= 0 else { throw Failure.argument("length is \(UInt(bitPattern: length)), more than there can be") }
    let bytes = UnsafeRawBufferPointer(start: json, count: length)
    guard String(validating: bytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self) != nil else {
      throw Failure(HEDDLE_INVALID_TEXT, "json is not UTF-8")
    }
    try give("graph", to: graph) { GraphObject(try Graph(json: Data(bytes))) }
  }
}

@c @implementation
public func heddle_graph_json(
  _ graph: heddle_graph, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_graph_json") {
    let graph = try object(graph, GraphObject.self).graph
    try give(String(decoding: try graph.json(), as: UTF8.self), buffer, capacity, needed)
  }
}

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Decodes a graph, or a part of one, and says what is wrong in words of JSON, with the place: `nodes.3.operation`.
///
/// - Throws: ``GraphError/invalidJSON(place:problem:)``, or what a decoded graph's checks throw.
package func readJSON<Value: Decodable>(_ json: Data, as _: Value.Type = Value.self) throws(GraphError) -> Value {
  do {
    return try JSONDecoder().decode(Value.self, from: json)
  } catch let error as GraphError {
    throw error
  } catch let error as DecodingError {
    throw GraphError(error)
  } catch {
    throw .invalidJSON(place: "", problem: "\(error)")
  }
}

extension GraphError {
  fileprivate init(_ error: DecodingError) {
    let (path, problem): ([any CodingKey], String) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath, "there is no '\(key.stringValue)'")
      case .typeMismatch(let type, let context): (context.codingPath, "\(kindOfJSON(type)) must stand here")
      case .valueNotFound(let type, let context): (context.codingPath, "\(kindOfJSON(type)) must stand here, not null")
      case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
      @unknown default: ([], "\(error)")
      }
    self = .invalidJSON(
      place: path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "."), problem: problem)
  }
}

/// What JSON calls the values of a type.
private func kindOfJSON(_ type: any Any.Type) -> String {
  switch type {
  case is String.Type: "a text"
  case is Bool.Type: "true or false"
  case is any FixedWidthInteger.Type: "a whole number"
  case is any BinaryFloatingPoint.Type: "a number"
  case is [any Any].Type: "a list"
  default: "\(type)".hasPrefix("Array<") ? "a list" : "an object"
  }
}

import Foundation

/// A JSON file of this target's resources.
func resource<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(name).json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

import Foundation
import Heddle
import Testing
import _KernelCases

@testable import HeddlePlanning
@testable import HeddleReference

/// What there is to an operation stands in several rooms; a table of operation × room is complete, and is printed.
@Suite struct FacetTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The rooms an operation must have, by name, and whether it has each. Leaves come from outside; custom operations are
  /// computed by what a backend has registered.
  private static func facets(_ operation: any GraphOperation.Type) -> [(name: String, isThere: Bool)] {
    let description = operation.description
    let isLeaf = description.family == "Leaves"
    let isCustom = operation is Custom.Type
    let cased = operation as? any CasedOperation.Type
    let type = "\(operation)"
    func file(_ path: String) -> Bool { FileManager.default.fileExists(atPath: sources.appending(path: path).path) }
    let words = [description.formula, description.result] + description.operands.map(\.type)
    return [
      ("meaning", file("Sources/HeddleGraph/Operations/\(description.family)/\(type).swift")),
      ("oracle", isLeaf || isCustom || operation is any ReferenceOperation.Type),
      ("lowering", isLeaf || Lowerings.all.contains { $0.lowers(operation) }),
      ("cases", isLeaf || isCustom || KernelCases.short.contains { $0.operation == operation.name }),
      ("samples", isLeaf || isCustom || cased?.samples.isComplete == true),
      ("documentation", words.allSatisfy { !$0.isEmpty }),
      // C and JSON take the name as it is, Python in words: no two may be the same there.
      ("name", operation.name.wholeMatch(of: /[a-z][A-Za-z0-9]*/) != nil),
    ]
  }

  @Test func `every operation has everything`() {
    var rows: [String] = []
    for operation in Operations.all {
      let facets = Self.facets(operation)
      for facet in facets { #expect(facet.isThere, "\(operation.name) has no \(facet.name)") }
      let cells = facets.map { $0.isThere ? $0.name : $0.name.map { _ in "-" }.joined() }
      rows.append(operation.name.padding(toLength: 18, withPad: " ", startingAt: 0) + cells.joined(separator: "  "))
    }
    print(rows.joined(separator: "\n"))
    #expect(Set(Operations.all.map { $0.name }).count == Operations.all.count)
    #expect(Set(Operations.all.map { $0.name.lowercased() }).count == Operations.all.count)
  }

  /// A method of another language has a parameter for every operand and member, those of an object among them.
  @Test func `no method has two parameters of one name`() {
    for operation in Operations.all {
      let description = operation.description
      let flags = Set(description.operands.compactMap(\.flag))
      let members = Self.leaves(description.members, []).filter { !flags.contains($0.joined(separator: ".")) }
      let names = description.operands.map(\.name) + members.compactMap(\.last)
      #expect(Set(names).count == names.count, "\(operation.name): \(names)")
    }
  }

  /// The paths of members; an object that may be null is given whole.
  private static func leaves(_ members: [OperationMember], _ above: [String]) -> [[String]] {
    members.flatMap { member in
      let path = above + [member.name]
      guard let parts = member.members, member.defaultValue != "null" else { return [path] }
      return leaves(parts, path)
    }
  }

  @Test func `every lowering is of an operation that is listed`() {
    for lowering in Lowerings.all { #expect(Operations.all.contains { lowering.lowers($0) }, "\(lowering)") }
  }

  /// The description is written by hand, the JSON form by the compiler: each has the members of the other, a member that
  /// may be left out has its default, and an operand stands in each role.
  @Test(arguments: (OperationSamples.all + [.others]).flatMap(\.accepted))
  func `a description says what is so`(sample: OperationSamples.Accepted) throws {
    let description = type(of: sample.operation).description
    let json = try JSONEncoder().encode(AnyGraphOperation(sample.operation))
    let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: [String: Any]])
    let written = try #require(object[description.name])
    try check(written, description.members)
    // With what has a default left out the operation is the default's.
    var least = written
    for member in description.members where member.defaultValue != nil { least[member.name] = nil }
    func decode(_ members: [String: Any]) throws -> AnyGraphOperation {
      try JSONDecoder().decode(
        AnyGraphOperation.self, from: JSONSerialization.data(withJSONObject: [description.name: members]))
    }
    var defaults = least
    for member in description.members {
      guard let text = member.defaultValue, text != "null" else { continue }
      defaults[member.name] = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }
    #expect(try decode(least) == decode(defaults))
    for member in description.members where member.defaultValue == nil {
      var cut = written
      cut[member.name] = nil
      #expect(throws: DecodingError.self, "\(description.name) without \(member.name)") { try decode(cut) }
    }
    #expect(sample.operation.roles.allSatisfy(description.operands.contains))
  }

  private func check(_ written: [String: Any], _ members: [OperationMember]) throws {
    #expect(Set(members.map(\.name)).isSuperset(of: written.keys), "\(written.keys)")
    for member in members {
      guard let value = written[member.name] else {
        #expect(member.defaultValue != nil, "\(member.name)")
        continue
      }
      if let choices = member.choices { #expect(choices.contains("\(value)"), "\(value)") }
      if let inner = member.members { try check(try #require(value as? [String: Any]), inner) }
    }
  }
}

extension OperationSamples {
  fileprivate var isComplete: Bool { !accepted.isEmpty && !refused.isEmpty && !literals.isEmpty }
}

extension Lowering {
  fileprivate static func lowers(_ operation: any GraphOperation.Type) -> Bool { operation == Operation.self }
}

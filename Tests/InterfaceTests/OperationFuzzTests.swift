import CHeddle
import Foundation
import HeddleGraph
import Testing

/// Operations with whatever numbers, expressions and operands: each is a graph or an error, and never ends the process.
@Suite struct OperationFuzzTests {
  private struct Source {
    var state: UInt64 = 1

    mutating func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }

    mutating func one(of choices: [String]) -> String { choices[next(choices.count)] }

    mutating func number() -> String {
      one(of: [
        "0", "1", "2", "3", "4", "8", "32", "-1", "65536", "4294967296", "9223372036854775807", "-9223372036854775808",
      ])
    }

    mutating func dimension() -> String {
      if next(2) == 0 { return number() }
      return one(of: [
        #""n""#, #""m""#, #""n*m - 1""#, #""ceil((n + m)/64)""#, #""-n""#, #""9223372036854775807*n""#, #""n*n*n*n*n""#,
        #""unknown""#,
      ])
    }

    mutating func float() -> String { one(of: ["0", "1", "-1", "1e-45", "3.4e38", "1e308", "-0.0"]) }

    mutating func encoding() -> String {
      one(of: [
        #""f32""#, #""f32""#, #""i32""#, #""bf16""#, #""q4_0""#, #""2:4-int4""#, #""nvw8:32-f16""#,
        #""block64@100-f32""#,
      ])
    }

    mutating func list(_ item: (inout Source) -> String) -> String {
      "[" + (0..<next(5)).map { _ in item(&self) }.joined(separator: ", ") + "]"
    }

    mutating func type() -> String { #"{"encoding": \#(encoding()), "shape": \#(list { $0.dimension() })}"# }

    /// A value for a member; a hostile one of the right kind, mostly.
    mutating func value(_ member: OperationMember) -> String {
      switch member.kind {
      case .flag: one(of: ["true", "false"])
      case .integer: number()
      case .number: float()
      case .text: #""f""#
      case .dimension: dimension()
      case .dimensions: list { $0.dimension() }
      case .integers: list { $0.number() }
      case .encoding: encoding()
      case .type: type()
      case .choice: "\"\(one(of: member.choices ?? []))\""
      case .object: members(member.members ?? [])
      }
    }

    /// Members of which those with a default are left out now and then.
    mutating func members(_ members: [OperationMember]) -> String {
      let given = members.filter { $0.defaultValue == nil || next(2) == 0 }
      return "{" + given.map { #""\#($0.name)": \#(value($0))"# }.joined(separator: ", ") + "}"
    }

    mutating func payload(_ operation: any GraphOperation.Type, _ number: Int) -> String {
      switch operation.name {
      case "input", "state": #"{"name": "\#(number)", "type": \#(type())}"#
      case "constant": #"{"id": "c", "type": \#(type())}"#
      case "custom":
        #"{"name": "f", "rule": "#
          + one(of: [#"{"sameAs": \#(self.number())}"#, #"{"fixed": \#(list { $0.type() })}"#]) + "}"
      default: members(operation.description.members)
      }
    }
  }

  @Test func `any operation is added or refused, and what was added can be built and read back`() throws {
    var source = Source()
    var (added, refused): ([String: Int], Int) = ([:], 0)
    for _ in 0..<40 {
      let builder = try made { heddle_builder_create($0) }
      try succeed { heddle_builder_symbol(builder, "n", 0, 64) }
      try succeed { heddle_builder_symbol(builder, "m", 1, .max) }
      var values: [heddle_value] = []
      for number in 0..<150 {
        let kind: any GraphOperation.Type = number < 30 ? Input.self : Operations.all[source.next(Operations.all.count)]
        let json = #"{"\#(kind.name)": \#(source.payload(kind, number))}"#
        let operands = (0..<(number < 30 ? 0 : source.next(4))).compactMap { _ in
          values.isEmpty ? nil : values[source.next(values.count)]
        }
        var results: [heddle_value] = [0, 0]
        var count = 0
        switch Int(heddle_builder_apply(builder, json, operands, operands.count, nil, &results, 2, &count)) {
        case HEDDLE_OK:
          values += results.prefix(count)
          added[kind.name, default: 0] += 1
        case HEDDLE_INVALID_GRAPH: refused += 1
        default: Issue.record("\(json): \(LastError.current)")
        }
      }
      for (index, value) in values.enumerated() { try succeed { heddle_builder_output(builder, "\(index)", value) } }
      let graph = try made { heddle_builder_build(builder, $0) }
      let json = try text { heddle_graph_json(graph, $0, $1, $2) }
      let again = try made { heddle_graph_from_json(json, json.utf8.count, $0) }
      #expect(try text { heddle_graph_json(again, $0, $1, $2) } == json)
      for handle in [builder, graph, again] { try succeed { heddle_release(handle) } }
    }
    #expect(refused > 1000 && added.count > 12, "\(added), \(refused) refused")
  }
}

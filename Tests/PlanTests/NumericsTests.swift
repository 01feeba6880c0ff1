import HeddlePlanning
import Testing
import _KernelCases

/// What relaxed numerics add to a plan, and that exact ones never have it.
@Suite struct NumericsTests {
  private static let target: TargetProfile = {
    var target = DecoderGraph.cpu
    target.features.insert(TargetProfile.clblast)
    return target
  }()

  private let n = Dimension(Symbol("n"))

  private func options(_ numerics: Numerics?, _ change: (inout PlanOptions) -> Void = { _ in }) -> PlanOptions {
    var options = PlanOptions()
    options.numerics = numerics
    change(&options)
    return options
  }

  private func plan(_ graph: Graph, _ options: PlanOptions, on target: TargetProfile = target) throws -> Plan {
    try Planner(target: target).plan(graph, options: options)
  }

  /// The product of inputs, or of an input and a constant, of these shapes.
  private func product(
    _ x: [Dimension], _ w: [Dimension], isTransposed: Bool = true, constant: Encoding? = nil,
    epilogue: MatMul.Epilogue = .none
  ) throws -> Graph {
    let builder = GraphBuilder()
    if (x + w).contains(n) { _ = try builder.symbol("n", in: 0...64) }
    var operands = [try builder.input("x", .float32, x)]
    if let constant {
      operands += try builder.apply(Constant(id: "w", type: TensorType(constant, w)))
    } else {
      operands.append(try builder.input("w", .float32, w))
    }
    if epilogue.bias { operands.append(try builder.input("bias", .float32, [w[w.count - 2]])) }
    let y = try builder.apply(MatMul(rightIsTransposed: isTransposed, epilogue: epilogue), operands)[0]
    return try builder.build(outputs: ["y": y])
  }

  private func names(_ graph: Graph, on target: TargetProfile = target) throws -> [String] {
    try plan(graph, options(.relaxed), on: target).lists.flatMap(\.choices).flatMap { $0.candidates.map(\.name) }
  }

  @Test(arguments: [nil, Numerics.exact])
  func `exact plans call no library, whatever the device offers`(numerics: Numerics?) throws {
    var plain = Self.target
    plain.features.remove(TargetProfile.clblast)
    for testCase in KernelCases.tested {
      let variants = try Planner(target: Self.target).variants(of: testCase.graph, options: options(numerics))
      for variant in variants { #expect(variant.plan.lists.allSatisfy { $0.libraryCalls.isEmpty }, "\(testCase)") }
      let kernels = variants.map { $0.plan.lists.map(\.kernels) }
      let without = try Planner(target: plain).variants(of: testCase.graph).map { $0.plan.lists.map(\.kernels) }
      #expect(kernels == without)
      let choices = variants.flatMap { $0.plan.lists.flatMap(\.choices) }
      #expect(choices.allSatisfy { !$0.signature.rawValue.hasPrefix("relaxed") })
    }
  }

  @Test func `relaxed plans are the exact ones until a library is asked for`() throws {
    var offered = 0
    for testCase in KernelCases.tested {
      let relaxed = try plan(testCase.graph, options(.relaxed))
      let exact = try plan(testCase.graph, options(.exact))
      #expect(relaxed.lists.map(\.kernels) == exact.lists.map(\.kernels) && relaxed.constants == exact.constants)
      #expect(relaxed.lists.allSatisfy { $0.libraryCalls.isEmpty })
      for (a, b) in zip(relaxed.lists.flatMap(\.choices), exact.lists.flatMap(\.choices)) {
        if a.candidates.last?.name == "clblast" {
          offered += 1
          #expect(a.candidates.dropLast().map(\.name) == b.candidates.map(\.name))
          #expect(a.signature.rawValue == "relaxed \(b.signature)" && a.candidates.count <= 6)
        } else {
          #expect(a.candidates == b.candidates && a.signature == b.signature)
        }
      }
    }
    #expect(offered > 100)
  }

  @Test func `it can be decided for, and forced`() throws {
    let graph = try product([n, 32], [48, 32], constant: .float32)
    for shape in [nil] + KernelShape.allCases {
      let choice = try #require(try plan(graph, options(.relaxed) { $0.shape = shape }).lists.last?.choices.first)
      let decisions = TuningDecisions([choice.signature: "clblast"])
      let decided = try plan(graph, options(.relaxed) { ($0.shape, $0.decisions) = (shape, decisions) })
      let forced = try plan(graph, options(.relaxed) { ($0.shape, $0.candidate) = (shape, 99) })
      #expect(decided.lists.last?.libraryCalls.map(\.function) == ["clblast_sgemm"])
      #expect(forced.lists.allSatisfy { $0.libraryCalls.count == 1 && $0.kernels.isEmpty })
      #expect(forced.constants.map(\.layout) == [.rowMajor])
      // The decision is another problem's when numerics are exact.
      #expect(
        try plan(graph, options(.exact) { $0.decisions = decisions }).lists.allSatisfy { $0.libraryCalls.isEmpty })
    }
  }

  @Test func `it is offered for float32 without an epilogue, K above zero and uniform batches`() throws {
    func isOffered(_ graph: Graph, on target: TargetProfile = Self.target) throws -> Bool {
      try names(graph, on: target).contains("clblast")
    }
    #expect(try isOffered(product([n, 32], [48, 32], constant: .float32)))
    #expect(try isOffered(product([5, 32], [32, 48], isTransposed: false)))
    #expect(try isOffered(product([2, 3, 5, 32], [2, 3, 48, 32])))
    #expect(try isOffered(product([n, 5, 32], [n, 48, 32])) && isOffered(product([n, 5, 32], [48, 32])))
    #expect(try isOffered(product([5, 32], [2, 3, 48, 32])) && isOffered(product([2, 1, 5, 32], [2, 1, 48, 32])))

    #expect(try !isOffered(product([n, 32], [48, 32], constant: .float32), on: DecoderGraph.cpu))
    #expect(try !isOffered(product([n, 32], [48, 32], constant: .float16)))
    #expect(try !isOffered(product([n, 32], [48, 32], constant: .q8_0)))
    #expect(try !isOffered(product([n, 32], [48, 32], constant: .float32, epilogue: .init(bias: true))))
    #expect(try !isOffered(product([5, 32], [48, 32], epilogue: .init(activation: .silu))))
    #expect(try !isOffered(product([5, 0], [48, 0])) && !isOffered(product([5, n], [48, n])))
    #expect(try !isOffered(product([2, 1, 5, 32], [1, 3, 48, 32])))
    #expect(try !isOffered(product([1_048_576, 4096], [48, 4096])))
  }

  @Test func `strides and offsets become leading dimensions, other strides are copied`() throws {
    struct Product {
      var x: (leading: Int, offset: Int)
      var w: (leading: Int, offset: Int)
      var flags: Set<String>
      var copies = 0
    }
    func check(_ expected: Product, _ make: (GraphBuilder) throws -> (Value, Value, Bool)) throws {
      let builder = GraphBuilder()
      let (x, w, isTransposed) = try make(builder)
      let y = try builder.matmul(x, w, rightIsTransposed: isTransposed)
      let graph = try builder.build(outputs: ["y": y])
      let list = try plan(graph, options(.relaxed) { $0.candidate = 99 }).lists[0]
      #expect(list.launches.count == 1 + expected.copies)
      let launch = try #require(list.launches.last)
      let call = try #require(launch.call)
      #expect(call.library == "clblast" && call.flags == expected.flags)
      let start = try #require(list.blockOfLaunch.last)
      func values(_ names: String...) throws -> [Int?] {
        try names.map {
          list.parameterValues[start + (try #require(call.parameters.firstIndex(of: $0)))].constant
        }
      }
      #expect(try values("x_leading", "x_offset") == [expected.x.leading, expected.x.offset] as [Int?])
      #expect(try values("w_leading", "w_offset") == [expected.w.leading, expected.w.offset] as [Int?])
      #expect(try values("tokens", "inputs", "outputs", "batches") == [5, 32, 48, 1])
      #expect(launch.writes == [2] && launch.global.isEmpty && launch.local.isEmpty)
    }
    try check(Product(x: (32, 0), w: (32, 0), flags: ["W_TRANSPOSED"])) {
      (try $0.input("x", .float32, [5, 32]), try $0.input("w", .float32, [48, 32]), true)
    }
    try check(Product(x: (40, 3), w: (48, 96), flags: [])) {
      let x = try $0.slice($0.input("x", .float32, [5, 40]), axis: 1, start: 3, count: 32)
      return (x, try $0.slice($0.input("w", .float32, [40, 48]), axis: 0, start: 2, count: 32), false)
    }
    try check(Product(x: (5, 0), w: (48, 0), flags: ["X_TRANSPOSED"])) {
      let x = try $0.transpose($0.input("x", .float32, [32, 5]), [1, 0])
      return (x, try $0.transpose($0.input("w", .float32, [32, 48]), [1, 0]), true)
    }
    // Every second column.
    try check(Product(x: (32, 0), w: (32, 0), flags: ["W_TRANSPOSED"], copies: 1)) {
      let pairs = try $0.reshape($0.input("x", .float32, [5, 64]), to: [5, 32, 2])
      let x = try $0.reshape($0.slice(pairs, axis: 2, start: 0, count: 1), to: [5, 32])
      return (x, try $0.input("w", .float32, [48, 32]), true)
    }
  }

  @Test func `weights below each other are one row-major constant`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [5, 32])
    let outputs = try ["a", "b"].map { name in
      let w = try builder.apply(Constant(id: ConstantID(name), type: TensorType(.float32, [16, 32])))[0]
      return (name, try builder.matmul(x, w))
    }
    let graph = try builder.build(outputs: NameTable(outputs))
    let plan = try plan(graph, options(.relaxed) { $0.candidate = 99 })
    #expect(plan.constants.map(\.ids) == [["a", "b"]] && plan.constants.map(\.layout) == [.rowMajor])
    #expect(plan.constants.map(\.totalRows) == [32] && plan.constants.map(\.rowLength) == [32])
    #expect(plan.lists[0].libraryCalls.count == 1)
  }
}

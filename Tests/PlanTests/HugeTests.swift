import HeddlePlanning
import Testing

/// Sizes that no memory holds are typed errors, never traps.
@Suite struct HugeTests {
  private static let sizes: [Dimension] = [
    Dimension(1 << 40), Dimension(1 << 62), Dimension(.max), Dimension("n" as Symbol), Dimension("n" as Symbol) * 3,
  ]

  private static let kinds = 0..<17

  /// A use of an operation on an `[a, b]` value.
  private func value(_ kind: Int, _ builder: GraphBuilder, _ x: Value, _ a: Dimension, _ b: Dimension) throws -> Value {
    func constant(_ encoding: Encoding, _ shape: [Dimension]) throws -> Value {
      try builder.apply(Constant(id: "w", type: TensorType(encoding, shape)))[0]
    }
    switch kind {
    case 0: return x
    case 1: return try builder.add(x, x)
    case 2: return try builder.add(builder.add(x, x), builder.multiply(x, x))
    case 3: return try builder.transpose(x, [1, 0])
    case 4: return try builder.reshape(builder.transpose(x, [1, 0]), to: [a * b])
    case 5: return try builder.concatenate([x, x], axis: 1)
    case 6: return try builder.softmax(builder.softmax(x))
    case 7: return try builder.argmax(x)
    case 8: return try builder.matmul(x, x)
    case 9: return try builder.matmul(x, constant(.float32, [b, b]))
    case 10: return try builder.matmul(x, constant(.q4_0, [a, b]))
    case 11: return try builder.rmsNorm(x, weight: constant(.float32, [b]), epsilon: 0)
    case 12: return try builder.slice(x, axis: 0, start: a - 1, count: 1)
    case 13: return try builder.writeRows(x, to: x, at: a)
    case 14: return try builder.encode(constant(.float16, [a, b]), as: .float32)
    case 15:
      let ids = try builder.input("ids", .int32, [a])
      return try builder.embeddingLookup(table: constant(.float32, [a, b]), ids: ids)
    default:
      let heads = try builder.reshape(x, to: [a, 1, b])
      return try builder.attention(queries: heads, keys: heads, values: heads, past: b, scale: 1)
    }
  }

  /// Graphs of one operation; those that inference refuses are left out.
  private func graphs(_ a: Dimension, _ b: Dimension) -> [Graph] {
    Self.kinds.compactMap { kind in
      let builder = GraphBuilder()
      do {
        _ = try builder.symbol("n", in: 0...Int.max)
        let x = try builder.input("x", .float32, [a, b])
        return try builder.build(outputs: ["y": value(kind, builder, x, a, b)])
      } catch {
        return nil
      }
    }
  }

  @Test func `huge extents end in a plan or a plan error`() throws {
    var (plans, errors) = (0, 0)
    for a in Self.sizes {
      for b in Self.sizes + [1, 2, 32] {
        for graph in graphs(a, b) {
          for target in [TargetProfile.floor, DecoderGraph.cpu] {
            do throws(PlanError) {
              _ = try Planner(target: target).plan(graph)
              plans += 1
            } catch {
              #expect(!"\(error)".isEmpty)
              errors += 1
            }
          }
        }
      }
    }
    #expect(plans > 50 && errors > 200, "\(plans) plans, \(errors) errors")
  }

  @Test func `a fixed size that does not fit is said when planning`() throws {
    let builder = GraphBuilder()
    let side = Dimension(1 << 40)
    let x = try builder.input("x", .float32, [side, side])
    let graph = try builder.build(outputs: ["y": builder.add(x, x)])
    let error = try #require(throws: PlanError.self) { try Planner(target: .floor).plan(graph) }
    #expect("\(error)".contains("does not fit 64 bits"))
    let inner = GraphBuilder()
    let z = try inner.input("x", .float32, [Dimension(1 << 61)])
    let twice = try inner.build(outputs: ["y": inner.softmax(inner.add(inner.softmax(z), inner.multiply(z, z)))])
    #expect(throws: PlanError.self) { try Planner(target: .floor).plan(twice) }
  }

  @Test func `constants whose rows together do not fit`() throws {
    let builder = GraphBuilder()
    let type = TensorType(.float16, [2, Dimension(1 << 61), 1])
    let parts = try ["a", "b"].map { try builder.apply(Constant(id: .init($0), type: type))[0] }
    let graph = try builder.build(outputs: ["y": builder.encode(builder.concatenate(parts, axis: 0), as: .float32)])
    for target in [TargetProfile.floor, DecoderGraph.cpu] {
      // No store has such constants: making the executable says so.
      #expect(try Planner(target: target).plan(graph).constants.map(\.totalRows) == [.max])
    }
  }

  @Test func `sparse rows longer than memory`() throws {
    for name in ["2:4-f32", "vw16:32-int8", "block32@75-f16"] {
      let format = try #require(SparseFormat(name: name))
      for (rows, inputs) in [(0, 1 << 62), (1 << 62, 0), (1 << 40, 1 << 40), (Int.max, 0), (-1, 32), (32, -32)] {
        do throws(TypeError) {
          #expect(try SparsePacking(format, rows: rows, inputs: inputs).byteCount >= 0)
        } catch {
          #expect(!"\(error)".isEmpty)
        }
      }
    }
  }

  @Test(arguments: [Int.min, 0, 1 << 62, Int.max]) func `a device of any size`(size: Int) throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [64, 64])
    let w = try builder.apply(Constant(id: "w", type: TensorType(.float32, [64, 64])))[0]
    let graph = try builder.build(outputs: ["y": builder.matmul(x, w)])
    for shapes in [[KernelShape.wide], [.simt]] {
      var target = TargetProfile(
        preferredShapes: shapes, maximumWorkGroupSize: size, localMemoryByteCount: size, computeUnits: size)
      _ = try Planner(target: target).plan(graph)
      // As someone may set them.
      target.computeUnits = size
      target.localMemoryByteCount = size
      _ = try Planner(target: target).plan(graph)
    }
  }
}

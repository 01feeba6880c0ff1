import Heddle
import TestSupport
import Testing

/// Heddle's own formats of blocks: floats of eight bits as ml_dtypes rounds them and NF4 as bitsandbytes makes it, to the byte;
/// int4 and int8 no further from the values than levels of the greatest magnitude are (`quantized/make_encodings.py`). It is the
/// oracle's bytes that are judged; that every device gives the same ones is a matter of the cases.
@Suite struct GroupEncoderTests {
  static let types = Encoding.weights.filter { $0.values.hasEncoder && $0.values.ggufNumber == nil }.map(\.name)

  @Test func everyTypeIsThere() {
    #expect(
      Set(Self.types) == [
        "int4_g64", "int4_g128", "int8_g64", "int8_g128", "fp8_e4m3_g32", "fp8_e4m3_g128", "fp8_e5m2_g32", "nf4",
      ])
  }

  private struct Fixture {
    let x: Tensor
    let importance: Tensor
    let theirs: Tensor

    init(_ type: String) throws {
      let store = try SafetensorsFile(path: TestResources.quantizedFile("encodings")).constantStore()
      x = try store.tensor(ConstantID("x"))
      importance = try store.tensor(ConstantID("importance"))
      theirs = try store.tensor(ConstantID(type))
    }

    func encoded(weighted: Bool) throws -> Tensor {
      try ReferenceBackend().evaluate(Encode(encoding: theirs.encoding), weighted ? [x, importance] : [x])[0]
    }

    /// `√(mean w (y − x)²)` of each row.
    func errors(_ y: Tensor, weighted: Bool) throws -> [Double] {
      let (x, y, w) = (try x.floats(), try y.decoded(), try importance.floats())
      return stride(from: 0, to: x.count, by: w.count).map { start in
        let sum = w.indices.reduce(0.0) { sum, k in
          let rest = Double(y[start + k]) - Double(x[start + k])
          return sum + (weighted ? Double(w[k]) : 1) * rest * rest
        }
        return (sum / Double(w.count)).squareRoot()
      }
    }
  }

  @Test(arguments: types.filter { !$0.hasPrefix("int") })
  func bytesAreThoseOfOthers(type: String) throws {
    let fixture = try Fixture(type)
    let ours = try fixture.encoded(weighted: false)
    #expect(ours.encoding.name == type && ours.bytes.count == fixture.theirs.bytes.count)
    let block = ours.encoding.blockByteCount
    let differing = zip(ours.bytes, fixture.theirs.bytes).enumerated().filter { place, bytes in
      // A zero has no sign here.
      let theirs = type != "nf4" && place % block >= 4 && bytes.1 == 0x80 ? 0 : bytes.1
      return bytes.0 != theirs
    }
    #expect(differing.map(\.offset) == [])
  }

  @Test(arguments: types) func errorsAreNoGreater(type: String) throws {
    let fixture = try Fixture(type)
    let plain = try fixture.encoded(weighted: false)
    let errors = try fixture.errors(plain, weighted: false)
    let others = try fixture.errors(fixture.theirs, weighted: false)
    for (row, (error, other)) in zip(errors, others).enumerated() {
      #expect(error <= 1.001 * other, "\(type) row \(row): \(error) for \(other)")
    }
    let sum = { (errors: [Double]) in errors.reduce(0, +) }
    if type.hasPrefix("int") { #expect(sum(errors) < 0.99 * sum(others)) }
    // Importance: no row is worse, all together are better.
    let weighted = try fixture.errors(fixture.encoded(weighted: true), weighted: true)
    let unweighted = try fixture.errors(plain, weighted: true)
    for (row, (error, other)) in zip(weighted, try fixture.errors(fixture.theirs, weighted: true)).enumerated() {
      #expect(error <= 1.001 * other, "\(type) row \(row) weighted: \(error) for \(other)")
    }
    #expect(sum(weighted) < sum(unweighted), "\(type)")
  }
}

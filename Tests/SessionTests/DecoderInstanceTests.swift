import Heddle
import OpenCLRuntime
import TestSupport
import Testing

/// A program includes a decoder as often as it has operands in a format, each under a prefix.
@Suite struct DecoderInstanceTests {
  /// Two formats, one of them twice; in vectors of 16 rows too.
  private static let source = """
    #define NAME(x) keys_##x
    #define LANES 1
    #define STRIDE 16
    #include "Values/{WEIGHT}.cl"
    #undef NAME
    #define NAME(x) more_##x
    #include "Values/{WEIGHT}.cl"
    #undef NAME
    #define NAME(x) values_##x
    #include "Values/mxfp4.cl"
    #if SHAPE_WIDE
    #undef NAME
    #undef LANES
    #define NAME(x) rows_##x
    #define LANES 16
    #include "Values/iq2_xxs.cl"
    #endif
    __kernel void sum_SHAPE(__global const keys_unit *a, __global const more_unit *b, __global const values_unit *c,
                            __global float *y) {
      y[0] = keys_value_at(a, 0, 1, keys_header_at(a, 0)) + more_value_at(b, 0, 2, more_header_at(b, 0)) +
             values_value_at(c, 0, 3, values_header_at(c, 0));
    }
    """

  private func kernel(_ shape: String, defines: [String: String]) -> KernelReference {
    let text = Self.source.replacing("SHAPE(", with: "\(shape)(")
    return KernelReference(
      source: .text(name: "instances", text), entry: "sum_\(shape)", defines: defines, parameters: [])
  }

  @Test(arguments: TestDevices.all, ["simt", "wide"])
  func `decoders stand beside each other`(device: Device, shape: String) throws {
    let reference = kernel(shape, defines: ["WEIGHT": "q4_k"])
    let text = try KernelLibrary.text(of: reference)
    #expect(text.ranges(of: "#line 1 \"Values/q4_k.cl\"").count == 2)
    let program = try Program(
      context: TestBackends.backend(device).context, source: text, options: KernelLibrary.options(of: reference),
      name: "instances")
    _ = try program.kernel(reference.entry)
  }

  @Test func `an include without its define is an error of the compiler's`() throws {
    let text = try KernelLibrary.text(of: kernel("simt", defines: [:]))
    #expect(text.contains("#error \"Values/{WEIGHT}.cl: a define is missing\""))
    #expect(throws: KernelTextError.self) { try KernelLibrary.text(of: kernel("simt", defines: ["WEIGHT": "q9"])) }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Functions of the C library that configurations need, which the parsers' fuzzers link without any package.
enum ElementaryFunctions {
  static func logarithm(_ x: Double) -> Double { log(x) }
  static func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
}

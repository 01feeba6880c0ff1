import HeddleFormats

/// The types by their names, for tests.
extension GGUFTensorType {
  public static let f32 = named("F32"), f16 = named("F16"), bf16 = named("BF16"), f64 = named("F64"),
    i16 = named("I16"), i8 = named("I8")
  public static let q4_0 = named("Q4_0"), q4_1 = named("Q4_1"), q5_0 = named("Q5_0"), q5_1 = named("Q5_1")
  public static let q8_0 = named("Q8_0"), q8_1 = named("Q8_1"), q2_K = named("Q2_K"), q3_K = named("Q3_K")
  public static let q4_K = named("Q4_K"), q5_K = named("Q5_K"), q6_K = named("Q6_K"), q8_K = named("Q8_K")
  public static let iq1_s = named("IQ1_S"), iq1_m = named("IQ1_M"), iq2_xxs = named("IQ2_XXS"), iq2_xs = named("IQ2_XS")
  public static let iq2_s = named("IQ2_S"), iq3_xxs = named("IQ3_XXS"), iq3_s = named("IQ3_S"), iq4_nl = named("IQ4_NL")
  public static let iq4_xs = named("IQ4_XS"), tq1_0 = named("TQ1_0"), tq2_0 = named("TQ2_0"), mxfp4 = named("MXFP4")
  public static let nvfp4 = named("NVFP4"), q1_0 = named("Q1_0"), q2_0 = named("Q2_0")

  private static func named(_ name: String) -> GGUFTensorType {
    guard let type = all.first(where: { $0.name == name }) else { preconditionFailure("GGUF has no type \(name)") }
    return type
  }
}

import HeddleGraph

extension Encode {
  public static let samples = OperationSamples(
    accepted: [
      .init(Encode(encoding: .q8_0), [Sample.f32(Sample.n, 32)], [TensorType(.q8_0, [Sample.n, 32])]),
      .init(Encode(encoding: .float32), [Sample.type("q4_0", 3, 32)], [Sample.f32(3, 32)]),
      .init(Encode(encoding: .bfloat16), [Sample.f32(Sample.n, 3)], [Sample.bf16(Sample.n, 3)]),
      .init(Encode(encoding: .float16), [Sample.bf16(Sample.n)], [Sample.f16(Sample.n)]),
      .init(Encode(encoding: Sample.encoding("vw5:7-int4")), [Sample.f32(3, 14)], [Sample.type("vw5:7-int4", 3, 14)]),
      .init(Encode(encoding: Sample.encoding("2:4-f32")), [Sample.f32(0, 0)], [Sample.type("2:4-f32", 0, 0)]),
      .init(Encode(encoding: .float32), [Sample.f16(0, 4)], [Sample.f32(0, 4)]),
      .init(Encode(encoding: .float32), [Sample.type("q8_0", 4, 0)], [Sample.f32(4, 0)]),
      .init(Encode(encoding: .float32), [Sample.f32(Sample.n, 3)], [Sample.f32(Sample.n, 3)]),
      .init(Encode(encoding: .q4_0), [Sample.f32(3, 64)], [Sample.type("q4_0", 3, 64)]),
      .init(
        Encode(encoding: Sample.encoding("q4_k")), [Sample.f32(0, 256), Sample.f32(256)], [Sample.type("q4_k", 0, 256)]),
      .init(Encode(encoding: Sample.encoding("2:4-int8")), [Sample.f32(3, 0)], [Sample.type("2:4-int8", 3, 0)]),
      .init(Encode(encoding: Sample.encoding("2:4-int8")), [Sample.f32(0, 32)], [Sample.type("2:4-int8", 0, 32)]),
      .init(Encode(encoding: Sample.encoding("vw16:32-f16")), [Sample.f32(3, 0)], [Sample.type("vw16:32-f16", 3, 0)]),
      .init(Encode(encoding: Sample.encoding("vw16:32-f16")), [Sample.f32(0, 32)], [Sample.type("vw16:32-f16", 0, 32)]),
      .init(
        Encode(encoding: Sample.encoding("block16@50-int8")), [Sample.f32(3, 0)], [Sample.type("block16@50-int8", 3, 0)]
      ),
      .init(
        Encode(encoding: Sample.encoding("block16@50-int8")), [Sample.f32(0, 32)],
        [Sample.type("block16@50-int8", 0, 32)]),
    ],
    refused: [
      .init(Encode(encoding: .int32), [Sample.f32(1)]),
      .init(Encode(encoding: Sample.encoding("q8_k")), [Sample.f32(256)]),
      .init(Encode(encoding: .q8_0), [Sample.f32(33)]),
      .init(Encode(encoding: .q8_0), [Sample.f32(3, Sample.n)]),
      .init(Encode(encoding: .q8_0), [Sample.f32()]),
      .init(Encode(encoding: .q8_0), [Sample.bf16(32)]),
      .init(Encode(encoding: .q8_0), [Sample.f32(3, 32), Sample.f32(3, 32)]),
      .init(Encode(encoding: .q8_0), [Sample.f32(3, 64), Sample.f32(32)]),
      .init(Encode(encoding: .float16), [Sample.f32(3, 32), Sample.f32(32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.f32(3, 32), Sample.f32(32)]),
      .init(Encode(encoding: .float32), [Sample.i32(1)]),
      .init(Encode(encoding: .float32), []),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.f32(3, 33)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.f32(32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.f32(2, 3, 32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.f32(Sample.n, 32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.bf16(3, 32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), [Sample.type("q4_0", 3, 32)]),
      .init(Encode(encoding: Sample.encoding("2:4-f32")), [Sample.f32(Dimension(Int.max / 64), 64)]),
      .init(Encode(encoding: Sample.encoding("2:4-f16")), []),
    ],
    literals: [
      .init(
        Encode(encoding: .q4_0), [Sample.floats((0..<32).map { Float($0 % 16 - 8) / 4 }, [32])],
        Sample.tensor(.q4_0, [32], [0, 0x34] + (0..<16).map { 0x11 * $0 })),
      .init(
        Encode(encoding: .float32), [Sample.tensor(.bfloat16, [2], [0x80, 0x3F, 0x20, 0xC0])],
        Sample.floats([1, -2.5], [2])),
      .init(
        Encode(encoding: Sample.encoding("vw2:4-f16")), [Sample.floats([1, -3, 2, 0.5, 0, 1, -4, .nan], [2, 4])],
        Sample.tensor(
          Sample.encoding("vw2:4-f16"), [2, 4],
          [0, 0xC2, 0, 0x40, 0, 0x3C, 0, 0xC4] + [UInt8](repeating: 0, count: 56) + [1, 2])),
    ])
}

import Heddle
import OpenCLRuntime

/// The kernels of `limits.cl`, ready to run. Their best launch shape is found once.
final class LimitProbe {
  private struct Shape {
    var items: Int
    var kernel: Kernel
    /// Of an item's loop, so that a launch takes milliseconds.
    var rounds: Int
  }

  private let queue: CommandQueue
  private let device: Device
  private let width: Int
  private let a: Buffer
  private let b: Buffer
  private let out: Buffer
  private let local: [Int]
  private var shapes: [Limits.Kind: Shape] = [:]
  /// Rounds of all items of a compute unit together.
  private let unitRounds: Int
  /// Of one array, in vectors.
  private let vectors: Int

  private static let chains = 12
  private static let unroll = 8

  /// - Parameter isQuick: Whether small arrays and short loops will do, as nobody believes the figures.
  init(context: Context, isQuick: Bool = false) throws {
    device = context.device
    queue = try CommandQueue(context: context)
    let isCPU = device.profile.type == .cpu
    width = isCPU ? 16 : 4
    local = isCPU ? [1] : [64]
    unitRounds = (isCPU ? 400_000 : 1 << 22) / (isQuick ? 32 : 1)
    let streamed = isQuick ? 16 << 20 : max(4 * device.lastLevelCacheByteCount, 128 << 20)
    let byteCount = min(streamed, device.profile.maxAllocationBytes)
    vectors = byteCount / (4 * width)
    a = try Buffer(context: context, byteCount: vectors * 4 * width)
    b = try Buffer(context: context, byteCount: vectors * 4 * width)
    let items = device.profile.computeUnits * (isCPU ? 64 : 4096)
    out = try Buffer(context: context, byteCount: items * 4 * width)
    for buffer in [a, b] { try queue.fill(buffer, pattern: [0, 0, 0, 0]) }
    try queue.finish()
    try chooseShapes(context, isCPU)
  }

  /// Bytes of each of the two arrays.
  var arrayByteCount: Int { vectors * 4 * width }

  /// One sample of every limit.
  func sample() throws -> [Limits.Kind: Double] {
    var rates: [Limits.Kind: Double] = [:]
    for (kind, shape) in shapes { rates[kind] = try rate(kind, shape) }
    return rates
  }

  /// A device's best number of items, and for reading of streams an item, is what the roof is drawn at.
  private func chooseShapes(_ context: Context, _ isCPU: Bool) throws {
    let units = device.profile.computeUnits
    let counts = isCPU ? [units, 4 * units, 16 * units] : [256 * units, 1024 * units, 4096 * units]
    let hasDot = device.hasBFloat16Dot
    for streams in isCPU ? [1, 2, 4, 8] : [1] {
      var options = ["-cl-std=CL1.2", "-DV=float\(width)", "-DCONTIGUOUS=\(isCPU ? 1 : 0)", "-DSTREAMS=\(streams)"]
      if hasDot { options.append("-DBF16_DOT") }
      let program = try Program(
        context: context, source: String(decoding: PackageResources.limits_cl, as: UTF8.self), options: options,
        name: "limits.cl")
      var kinds: [(Limits.Kind, String)] = [(.read, "read_sum")]
      if streams == 1 { kinds += [(.fusedMultiplyAdd, "fma_peak"), (.addTo, "add_to")] }
      if streams == 1, hasDot { kinds.append((.bfloat16Dot, "dot_peak")) }
      for (kind, entry) in kinds {
        for items in counts {
          let rounds = unitRounds * units / items
          try consider(Shape(items: items, kernel: try program.kernel(entry), rounds: rounds), for: kind)
        }
      }
    }
  }

  private var best: [Limits.Kind: Double] = [:]

  private func consider(_ shape: Shape, for kind: Limits.Kind) throws {
    switch kind {
    case .fusedMultiplyAdd, .bfloat16Dot:
      try shape.kernel.setArguments(out, Int32(clamping: shape.rounds), Float(0.5), Float(1))
    case .read: try shape.kernel.setArguments(a, out, Int64(vectors))
    case .addTo: try shape.kernel.setArguments(a, b, Int64(vectors))
    }
    _ = try rate(kind, shape)
    let fastest = max(try rate(kind, shape), try rate(kind, shape))
    if fastest > best[kind] ?? 0 {
      best[kind] = fastest
      shapes[kind] = shape
    }
  }

  /// Operations or bytes a second, in units of 10⁹.
  private func rate(_ kind: Limits.Kind, _ shape: Shape) throws -> Double {
    let taken = try seconds {
      try queue.enqueue(shape.kernel, global: [shape.items], local: local)
      try queue.finish()
    }
    let steps = Double(shape.items * shape.rounds * LimitProbe.chains * LimitProbe.unroll)
    let work: Double =
      switch kind {
      case .fusedMultiplyAdd: steps * Double(2 * width)
      case .bfloat16Dot: steps * 64
      case .read: Double(arrayByteCount)
      case .addTo: Double(3 * arrayByteCount)
      }
    return work / taken / 1e9
  }
}

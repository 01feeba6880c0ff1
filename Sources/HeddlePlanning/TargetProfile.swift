@_exported import HeddleGraph

/// The two shapes of kernel: see ``TargetProfile/preferredShapes``.
public enum KernelShape: String, Hashable, Codable, Sendable, CaseIterable {
  /// One work-item is a SIMD unit: explicit vectors, register tiles, work-groups of one. For CPUs.
  case wide
  /// Work-groups of many items that share local memory. For GPUs, and the portable baseline.
  case simt
}

/// What planning knows of a device: plain numbers, so that plans are made and tested with no device in sight.
public struct TargetProfile: Hashable, Codable, Sendable {
  /// The shapes to choose from, best first. The first that an operation has a kernel for is taken.
  public var preferredShapes: [KernelShape]
  /// Work-items in a work-group, at most.
  public var maximumWorkGroupSize: Int
  /// Local memory of a work-group, at most.
  public var localMemoryByteCount: Int
  public var computeUnits: Int
  /// Work-groups of a launch along each of its three axes, at most. OpenCL has no limit; CUDA takes 65,535 along the second
  /// and the third.
  public var maximumGroupCounts: [Int]
  /// Features beyond the floor that kernels may declare as needed.
  public var features: Set<String>

  /// The feature of kernels that multiply pairs of bfloat16 with the x86 instruction `vdpbf16ps`.
  public static let bfloat16Dot = "x86_bfloat16_dot"

  /// The feature of kernels that permute 16 lanes with an instruction of AVX-512.
  public static let lanePermute = "x86_lane_permute"

  /// The feature of kernels that multiply pairs of bytes with the x86 instruction `vpmaddubsw`, and shuffle bytes.
  public static let byteMultiply = "x86_byte_multiply"

  /// The feature of kernels that multiply four bytes at a time with the x86 instruction `vpdpbusd` on 512-bit registers.
  public static let byteDot = "x86_byte_dot"

  /// The feature of a device that can walk tapes: a work-group that has begun goes on whatever others do, a buffer stays where
  /// it is while it lives, an address can be kept as a number, and the compiler is of the clang family.
  public static let residentGroups = "resident_groups"

  /// The feature of a device whose executor can call the CLBlast library.
  public static let clblast = "clblast"

  /// Wide kernels have 32 registers of 16 lanes, as AVX-512 has; others have room for a third of the sums.
  var hasManyRegisters: Bool { features.contains(TargetProfile.lanePermute) }

  /// What every kernel must fit: some devices would let more through, others would not.
  public static let floor = TargetProfile(
    preferredShapes: [.simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 1, features: [])

  public init(
    preferredShapes: [KernelShape], maximumWorkGroupSize: Int, localMemoryByteCount: Int, computeUnits: Int,
    maximumGroupCounts: [Int] = [.max, .max, .max], features: Set<String> = []
  ) {
    self.preferredShapes = preferredShapes
    self.maximumWorkGroupSize = min(max(maximumWorkGroupSize, 1), 256)
    self.localMemoryByteCount = min(localMemoryByteCount, 32 << 10)
    self.computeUnits = max(computeUnits, 1)
    self.maximumGroupCounts = maximumGroupCounts
    self.features = features
  }

  /// The greatest power of two that is at most `wanted` and fits a work-group.
  func workGroupSize(_ wanted: Int) -> Int {
    var size = 1
    while size &* 2 <= min(wanted, maximumWorkGroupSize) { size &*= 2 }
    return size
  }

  /// Work-groups along each axis of a launch, counted in whole ones.
  package func groupCounts(global: [Int], local: [Int]) -> [Int] {
    zip(global, local).map { items, group in
      let group = max(1, group)
      return items / group &+ (items % group == 0 ? 0 : 1)
    }
  }

  /// Whether the device takes a launch of so many work-groups.
  package func takes(groups: [Int]) -> Bool { zip(groups, maximumGroupCounts).allSatisfy { $0 <= $1 } }
}

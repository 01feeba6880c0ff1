import HeddleExecution
import HostProcessor
import OpenCLRuntime

extension TargetProfile {
  /// What planning may use of a device.
  ///
  /// ``bfloat16Dot``, ``lanePermute``, ``byteMultiply`` and ``byteDot`` are written in inline assembly, which only a compiler of the clang family takes
  /// and only this host's own processor runs: PoCL's native CPU devices, where the processor has the instructions.
  public init(device: Device) {
    let profile = device.profile
    let isCPU = profile.type == .cpu
    let isNative =
      isCPU && profile.platformName == "Portable Computing Language"
      && ["pthread", "basic", "cpu"].contains { profile.name.hasPrefix($0) }
    self.init(
      preferredShapes: isCPU ? [.wide, .simt] : [.simt], maximumWorkGroupSize: profile.maxWorkGroupSize,
      localMemoryByteCount: profile.localMemoryBytes, computeUnits: profile.computeUnits)
    if isNative && heddle_host_has_lane_permute() { features.insert(TargetProfile.lanePermute) }
    if isNative && heddle_host_has_bfloat16_dot() { features.insert(TargetProfile.bfloat16Dot) }
    if isNative && heddle_host_has_byte_multiply() { features.insert(TargetProfile.byteMultiply) }
    if isNative && heddle_host_has_byte_dot() { features.insert(TargetProfile.byteDot) }
    if isNative { features.insert(TargetProfile.residentGroups) }
    if CLBlast.isAvailable { features.insert(TargetProfile.clblast) }
  }
}

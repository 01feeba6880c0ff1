import COpenCL

extension CommandQueue {
  /// Enqueues a kernel with the arguments it has now; later changes to them do not reach this launch.
  ///
  /// - Parameters:
  ///   - global: Work-items in 1 to 3 dimensions, each at least 1. A caller with nothing to do skips the launch.
  ///   - local: Work-items of a work-group, dividing `global` (OpenCL 1.2 has no ragged groups); `nil` lets the driver
  ///     choose.
  ///   - event: Whether to make an event. Without one a launch is cheaper.
  /// - Throws: `workSize`, `argumentNotSet`, `localMemory`, `foreignContext`, `deviceLost`, `call`.
  @discardableResult
  public func enqueue(
    _ kernel: Kernel, global: [Int], local: [Int]? = nil, waitFor events: [Event] = [], event: Bool = false
  ) throws(OpenCLError) -> Event? {
    guard kernel.program.context === context else { throw .foreignContext("kernel '\(kernel.name)'") }
    if let reason = Self.fault(global: global, local: local, kernel: kernel) {
      throw .workSize(kernel: kernel.name, global: global, local: local, reason: reason)
    }
    return try kernel.withArgumentsReady { () throws(OpenCLError) -> Event? in
      try submit(
        "clEnqueueNDRangeKernel", "kernel '\(kernel.name)', global \(global), local \(local.map { "\($0)" } ?? "nil")",
        waitFor: events, event: event
      ) { count, waiting, created in
        clEnqueueNDRangeKernel(
          handle, kernel.handle, cl_uint(clamping: global.count), nil, global, local, count, waiting, created)
      }
    }
  }

  /// What is wrong with the work sizes; `nil` when nothing is.
  private static func fault(global: [Int], local: [Int]?, kernel: Kernel) -> String? {
    guard (1...3).contains(global.count) else { return "there must be 1 to 3 dimensions" }
    var items = 1
    for extent in global {
      if extent < 1 { return "every global extent must be at least 1" }
      let (product, overflow) = items.multipliedReportingOverflow(by: extent)
      if overflow { return "the number of work-items does not fit 64 bits" }
      items = product
    }
    let profile = kernel.program.context.device.profile
    if profile.addressBits == 32, global.contains(where: { $0 > Int(UInt32.max) }) {
      return "an extent does not fit the device's 32-bit size_t"
    }
    let required = kernel.workGroupInfo.requiredSize
    guard let local else {
      return required == nil ? nil : "the kernel requires a local size of \(required ?? [])"
    }
    guard local.count == global.count else { return "global and local sizes must have the same dimensions" }
    if let required,
      Array(required.prefix(local.count)) != local || required.dropFirst(local.count).contains(where: { $0 > 1 })
    {
      return "the kernel requires a local size of \(required)"
    }
    var groupItems = 1
    for (dimension, (whole, part)) in zip(global, local).enumerated() {
      if part < 1 { return "every local extent must be at least 1" }
      if whole % part != 0 { return "the local extent \(part) does not divide the global extent \(whole)" }
      if dimension < profile.maxWorkItemSizes.count, part > profile.maxWorkItemSizes[dimension] {
        return
          "the device allows \(profile.maxWorkItemSizes[dimension]) work-items in dimension \(dimension) of a group"
      }
      groupItems &*= part
    }
    let limit = min(profile.maxWorkGroupSize, kernel.workGroupInfo.maxSize)
    return groupItems > limit ? "a work-group of \(groupItems) exceeds the kernel's limit of \(limit) here" : nil
  }
}

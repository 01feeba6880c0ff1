import COpenCL
import HeddleHost
import HeddleText
import Synchronization

/// An entry point of a program with its arguments.
///
/// Arguments are state, so a kernel belongs to one thread, or one sequence of steps, at a time: another thread's
/// arguments would reach this one's launch. Each call by itself is safe from any thread. For a second user make a
/// second kernel.
///
/// OpenCL kernels hold no reference to their buffers; this one does, until another argument takes the place.
public final class Kernel: Sendable {
  nonisolated(unsafe) public let handle: cl_kernel
  public let name: String
  public let program: Program
  /// In order; described as far as the driver does.
  public let arguments: [KernelArgument]
  public let workGroupInfo: WorkGroupInfo
  /// By argument: what is set.
  let bound: Mutex<[BoundArgument?]>

  enum BoundArgument: Sendable {
    case value
    case buffer(Buffer)
    case local(byteCount: Int)
  }

  public var argumentCount: Int { arguments.count }

  init(taking handle: cl_kernel, name: String, program: Program, described: [KernelArgument]?) throws(OpenCLError) {
    do throws(OpenCLError) {
      let count = try KernelInspection.argumentCount(handle, name)
      if let described, described.count == count {
        arguments = described
      } else {
        arguments = KernelInspection.arguments(handle, count: count)
      }
      workGroupInfo = try WorkGroupInfo(asking: handle, name: name, device: program.context.device)
    } catch {
      clReleaseKernel(handle)
      throw error
    }
    self.handle = handle
    self.name = name
    self.program = program
    bound = Mutex(arguments.map { _ in nil })
    program.context.live.kernels.increase()
  }

  deinit {
    ForkedChild.release { clReleaseKernel(handle) }
    program.context.live.kernels.decrease()
  }

  /// Runs `body`, which enqueues, while the arguments are complete and cannot change.
  func withArgumentsReady(_ body: () throws(OpenCLError) -> Event?) throws(OpenCLError) -> Event? {
    var event: Event?
    try bound.withLock { (bound) throws(OpenCLError) in
      var local = workGroupInfo.localBytes
      for index in bound.indices {
        switch bound[index] {
        case nil: throw .argumentNotSet(kernel: name, index: index, name: arguments[at: index]?.name ?? "")
        case .local(let byteCount): local = local.addingReportingOverflow(byteCount).partialValue
        case .value, .buffer: break
        }
      }
      let limit = program.context.device.profile.localMemoryBytes
      guard (0...max(0, limit)).contains(local) else {
        throw .localMemory(kernel: name, requested: local, limit: limit)
      }
      event = try body()
    }
    return event
  }
}

extension Kernel: CustomStringConvertible {
  public var description: String { "kernel '\(name)' of '\(program.name)'" }
}

/// What a kernel needs of, and allows, a work-group on its device.
public struct WorkGroupInfo: Hashable, Sendable {
  /// Most work-items in a group.
  public var maxSize: Int
  /// A good group size is a multiple of this.
  public var preferredMultiple: Int
  /// Bytes of local memory the kernel itself declares, without its local arguments.
  public var localBytes: Int
  /// Bytes of private memory of a work-item; above zero it may spill.
  public var privateBytes: Int
  /// The size its `reqd_work_group_size` attribute demands.
  public var requiredSize: [Int]?

  init(asking kernel: cl_kernel, name: String, device: Device) throws(OpenCLError) {
    func integer(_ parameter: Int32) throws(OpenCLError) -> Int {
      try InfoQuery.integer("clGetKernelWorkGroupInfo", "kernel '\(name)'") {
        clGetKernelWorkGroupInfo(kernel, device.handle, cl_uint(bitPattern: parameter), $0, $1, $2)
      }
    }
    maxSize = max(1, try integer(CL_KERNEL_WORK_GROUP_SIZE))
    preferredMultiple = max(1, (try? integer(CL_KERNEL_PREFERRED_WORK_GROUP_SIZE_MULTIPLE)) ?? 1)
    localBytes = max(0, (try? integer(CL_KERNEL_LOCAL_MEM_SIZE)) ?? 0)
    privateBytes = (try? integer(CL_KERNEL_PRIVATE_MEM_SIZE)) ?? 0
    let required = try? InfoQuery.sizes("clGetKernelWorkGroupInfo", "kernel '\(name)'") {
      clGetKernelWorkGroupInfo(kernel, device.handle, cl_uint(CL_KERNEL_COMPILE_WORK_GROUP_SIZE), $0, $1, $2)
    }
    requiredSize = required.flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 }
  }
}

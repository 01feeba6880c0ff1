@_exported import HeddleExecution
import OpenCLRuntime

/// An OpenCL device: `OpenCLDevice.all()` lists them, `OpenCLDevice.preferred()` honours the environment.
public typealias OpenCLDevice = OpenCLRuntime.Device

/// Built programs on disk, between processes: a folder, or `.standard`.
public typealias ProgramCache = OpenCLRuntime.ProgramCache

/// What can go wrong between a program and an OpenCL device.
public typealias OpenCLError = OpenCLRuntime.OpenCLError

/// Runs graphs on one OpenCL device. Everything it makes there shares one context.
public final class OpenCLBackend: DeviceBackend, @unchecked Sendable {
  public let device: OpenCLDevice
  /// What everything on the device is made in: buffers to bind to a session must be made in it too.
  public let context: Context

  /// - Parameters:
  ///   - device: `OpenCLDevice.preferred()` honours the environment and else takes a GPU if there is one.
  ///   - customKernels: implementations of ``Custom`` operations by name.
  ///   - cache: where built programs are kept between processes; nil keeps none.
  ///   - budgetBytes: device memory this backend may use; nil for the runtime's default.
  ///   - tuning: where choices among candidates come from. The record of what was measured is in the cache's folder.
  ///   - numerics: what may be chosen from.
  ///   - taping: which launches run as tapes; results do not depend on it.
  public convenience init(
    device: OpenCLDevice, customKernels: [String: CustomKernel] = [:], cache: ProgramCache? = .standard,
    budgetBytes: Int? = nil, tuning: Tuning = .recorded, numerics: Numerics = .exact,
    taping: Taping = .whereLaunchesAreSmall
  ) throws(OpenCLError) {
    self.init(
      context: try Context(device: device, budgetBytes: budgetBytes), customKernels: customKernels, cache: cache,
      tuning: tuning, numerics: numerics, taping: taping)
  }

  /// A backend in a context that exists: `Context(adopting:device:budgetBytes:)`.
  public convenience init(
    context: Context, customKernels: [String: CustomKernel] = [:], cache: ProgramCache? = .standard,
    tuning: Tuning = .recorded, numerics: Numerics = .exact, taping: Taping = .whereLaunchesAreSmall
  ) {
    self.init(
      context: context, customKernels: customKernels, cache: cache, tuning: tuning, numerics: numerics, taping: taping,
      digests: nil)
  }

  init(
    context: Context, customKernels: [String: CustomKernel] = [:], cache: ProgramCache?, tuning: Tuning,
    numerics: Numerics = .exact, taping: Taping = .whereLaunchesAreSmall, digests: KernelDigests?
  ) {
    device = context.device
    self.context = context
    super.init(
      runtime: OpenCLDeviceRuntime(context: context, cache: cache), customKernels: customKernels,
      cacheFolder: cache?.directory, tuning: tuning, numerics: numerics, taping: taping, digests: digests)
  }
}

extension DeviceExecutable {
  /// A session that enqueues on a queue of the backend's context, such as an adopted one.
  ///
  /// - Parameter bindings: values of the symbols in state shapes.
  /// - Throws: `OpenCLError.foreignContext` for a queue of another context.
  public func makeSession(_ bindings: Bindings = [:], on queue: CommandQueue) throws -> DeviceSession {
    guard let runtime = runtime as? OpenCLDeviceRuntime, queue.context === runtime.context else {
      throw OpenCLError.foreignContext("the session's queue")
    }
    return try makeDeviceSession(bindings, queue: queue)
  }
}

extension TuningRecord {
  /// What was measured on an OpenCL device.
  ///
  /// - Parameter cache: the folder; nil keeps nothing on disk.
  public convenience init(device: OpenCLDevice, cache: ProgramCache?) {
    self.init(
      device: "\(device.identifier), driver \(device.profile.driverVersion)", identity: device.tuningIdentity,
      cacheFolder: cache?.directory)
  }
}

extension OpenCLDevice {
  /// All that measured times depend on, beside the kernels.
  var tuningIdentity: [String] { compilerIdentity + ["\(profile.computeUnits)"] }
}

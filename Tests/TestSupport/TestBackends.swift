import Heddle
import Synchronization

/// One backend a device for the whole test process, so that programs are built once. It makes no tapes, whose programs every graph
/// has anew: tests of tapes ask for them.
public enum TestBackends {
  private static let backends = Mutex<[Device: OpenCLBackend]>([:])
  private static let cache = (try? TestDevices.temporaryDirectory("programs")).map { ProgramCache(directory: $0.path) }

  public static func backend(_ device: Device) throws -> OpenCLBackend {
    try backends.withLock { backends in
      if let known = backends[device] { return known }
      let made = try OpenCLBackend(device: device, cache: cache, taping: .never)
      backends[device] = made
      return made
    }
  }
}

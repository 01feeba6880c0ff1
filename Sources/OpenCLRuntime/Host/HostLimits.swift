import HeddleHost
import HeddleText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Limits of this process that drivers do not bear: at them they abort, or wait for ever for a thread they could not
/// start. They are looked at before a driver is loaded, and where memory is budgeted.
public enum HostLimits {
  /// What PoCL's compiler and pools of memory take, without stacks.
  private static let driverBytes = 896 << 20
  /// Of that, what is not taken before the first program is built.
  private static let compilerBytes = 320 << 20
  /// The address space of a thread: its stack.
  private static let threadBytes = 8 << 20
  /// Threads and processes of a driver beside one for each processor: its compiler's linker.
  private static let driverThreads = 2
  /// Limits on threads above this are taken to be far away.
  private static let fewThreads = 4096
  /// More processors than these need no trial.
  private static let mostTried = 512

  /// Throws if this process may not take what PoCL needs to start. Asking for devices does so by itself, where PoCL is
  /// installed.
  ///
  /// - Throws: ``OpenCLError/processLimit(name:allowed:needed:unit:cure:)``.
  static func check() throws(OpenCLError) {
    let processors = min(max(1, threadsOfPoCL), mostTried)
    let needed = driverBytes + processors * threadBytes
    if let left = addressSpaceLeft, left < needed {
      throw .processLimit(
        name: "address space", allowed: left, needed: needed, unit: "bytes", cure: "ulimit -v unlimited")
    }
    try requireThreads(processors + driverThreads)
  }

  /// Throws if this process may not start that many threads beside those it has. A program whose tasks run on threads
  /// of their own asks before the first of them: else it waits for ever for one that cannot be started.
  ///
  /// Nothing is tried where limits are far away.
  ///
  /// - Throws: ``OpenCLError/processLimit(name:allowed:needed:unit:cure:)``.
  public static func requireThreads(_ count: Int) throws(OpenCLError) {
    guard mayLackThreads else { return }
    let started = HostThreads.startable(upTo: min(max(0, count), fewThreads))
    guard started >= min(count, fewThreads) else {
      throw .processLimit(
        name: "threads and processes", allowed: started, needed: count, unit: "more",
        cure: "ulimit -u unlimited, or a higher pids.max of the control group")
    }
  }

  /// One for each processor that this process may use, or what PoCL was told.
  private static var threadsOfPoCL: Int {
    if let told = Environment.value("POCL_MAX_PTHREAD_COUNT").flatMap({ Int($0) }), told > 0 { return told }
    // Linux's mask in hexadecimal digits, with commas between.
    let mask = HostFile.value(of: "Cpus_allowed:", in: "/proc/self/status") ?? ""
    let allowed = mask.reduce(0) { $0 &+ ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    return allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN))
  }

  /// The bytes of a device's memory that may be used where that is the host's own: 80 % of it, since the driver, other
  /// processes and the host need the rest, and no more than this process's limits leave.
  static func memoryBudget(deviceBytes: Int) -> Int {
    let memory = min(max(0, deviceBytes), HostFile.controlGroupLimit("memory.max") ?? .max)
    let left = [addressSpaceLeft, left(of: Resource.data, used: 5)].compactMap { $0 }.min()
    return min(memory / 5 &* 4, left.map { max(0, $0 &- compilerBytes) } ?? .max)
  }

  /// The bytes of address space that this process may still take; nil: no limit.
  static var addressSpaceLeft: Int? { left(of: Resource.addressSpace, used: 0) }

  /// Numbers of `getrlimit`, which C libraries declare as different types or not at all.
  private enum Resource {
    #if os(Linux)
      static let data: Int32 = 2
      static let threads: Int32 = 6
      static let addressSpace: Int32 = 9
    #else
      static let data = RLIMIT_DATA
      static let threads = RLIMIT_NPROC
      static let addressSpace = RLIMIT_AS
    #endif
  }

  private static func softLimit(_ resource: Int32) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
    return Int(clamping: limit.rlim_cur)
  }

  /// - Parameter used: the field of `/proc/self/statm` that counts what the limit is for, in pages.
  private static func left(of resource: Int32, used field: Int) -> Int? {
    guard let limit = softLimit(resource) else { return nil }
    let fields = HostFile.firstLine("/proc/self/statm")?.split(separator: " ") ?? []
    guard let pages = fields[at: field].flatMap({ Int($0) }), (0..<1 << 50).contains(pages) else {
      return limit
    }
    return max(0, limit &- min(limit, pages &* max(1, Int(sysconf(Int32(_SC_PAGESIZE))))))
  }

  /// Whether a limit is near enough to be worth a trial.
  private static var mayLackThreads: Bool {
    let group = HostFile.controlGroupLimit("pids.max")
    return [softLimit(Resource.threads), group].contains { $0.map { $0 < fewThreads } ?? false }
  }
}

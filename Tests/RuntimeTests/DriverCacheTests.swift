import Foundation
import HeddleHost
import Synchronization
import TestSupport
import Testing

@testable import OpenCLRuntime

/// PoCL's folder is found by PoCL's own rule, looked at before PoCL is, and locked while programs are built.
@Suite struct DriverCacheTests {
  private static let pocl = "Portable Computing Language"

  private func cache(_ environment: [String: String], _ platform: String = pocl) -> DriverCache? {
    DriverCache(platformName: platform) { environment[$0] }
  }

  @Test func foldersFollowTheDriversRule() {
    #expect(cache(["POCL_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"])?.directory == "/a")
    #expect(cache(["XDG_CACHE_HOME": "/b", "HOME": "/c"])?.directory == "/b/pocl/kcache")
    #expect(cache(["XDG_CACHE_HOME": "", "HOME": "/c"])?.directory == "/c/.cache/pocl/kcache")
    #expect(cache(["HOME": "/c", "POCL_KERNEL_CACHE": "0"])?.directory == "/c/.cache/pocl/uncached")
    #expect(cache([:])?.directory == "/tmp/pocl/kcache")
    #expect(cache(["POCL_CACHE_DIR": "/a"], "Intel(R) OpenCL") == nil)
  }

  /// The rule, judged by the driver itself: it has made the folder that is expected.
  @Test(arguments: TestDevices.all)
  func theDriverUsesThatFolder(device: Device) throws {
    guard let cache = DriverCache(platformName: device.profile.platformName) else { return }
    _ = try Bench(device).program(cache: nil)
    let made = try FileManager.default.contentsOfDirectory(atPath: cache.directory)
    // Two letters of a program's hash.
    #expect(made.contains { $0.count == 2 && $0.allSatisfy(\.isUppercase) }, "\(made)")
  }

  @Test func foldersThatDoNotServeAreNamed() throws {
    let folder = try TestDevices.temporaryDirectory("driver")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("file")
    try Data([1]).write(to: file)
    func defect(_ path: String) -> DriverFolderFailure.Reason? { cache(["POCL_CACHE_DIR": path])?.defect() }
    #expect(defect(folder.path + "/made/for/it") == nil)
    #expect(defect(file.path) == .notAFolder)
    #expect(defect(file.path + "/below") == .cannotBeMade(ENOTDIR))
    #expect(defect("") == .cannotBeMade(ENOENT))
    #expect(throws: OpenCLError.driverFolder(.init(driver: Self.pocl, path: file.path, reason: .notAFolder))) {
      try cache(["POCL_CACHE_DIR": file.path])?.check()
    }
    let text = OpenCLError.driverFolder(.init(driver: "D", path: "/p", reason: .notExecutable)).description
    #expect(text.contains("/p") && text.contains("noexec") && text.contains("POCL_CACHE_DIR"))
  }

  /// Builds of one program take turns; those of others do not wait.
  @Test func buildersOfOneProgramTakeTurns() async throws {
    let folder = try TestDevices.temporaryDirectory("locks")
    defer { try? FileManager.default.removeItem(at: folder) }
    let cache = try #require(self.cache(["POCL_CACHE_DIR": folder.path]))
    let inside = Occupancy()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await onThread {
            cache.withLock(program: "abcd") {
              inside.enter()
              usleep(2000)
              inside.leave()
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(inside.most == 1)
    let nested = cache.withLock(program: "abcd") { cache.withLock(program: "bcde") { 7 } }
    #expect(nested == 7)
    #expect(throws: OpenCLError.emptyBuffer) {
      try cache.withLock(program: "abcd") { () throws(OpenCLError) -> Void in throw .emptyBuffer }
    }
  }

  /// A program that is built waits while another process has its lock, here whichever it is.
  @Test(arguments: TestDevices.all)
  func programsAreBuiltUnderTheLock(device: Device) async throws {
    guard let cache = DriverCache(platformName: device.profile.platformName) else { return }
    let locks = cache.directory + "/heddle-locks"
    try #require(CacheFiles.prepare(locks))
    let held = (0..<256).map { open(String(format: "%@/%02x", locks, $0), O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    for file in held { try #require(flock(file, LOCK_EX) == 0) }
    let (finished, signal) = AsyncStream<Bool>.makeStream()
    let bench = try Bench(device)
    let build = Task {
      defer { signal.yield(true) }
      return try await onThread { try bench.scales(try bench.program(cache: nil)) }
    }
    try await Task.sleep(for: .milliseconds(300))
    signal.yield(false)
    for await isDone in finished {
      #expect(!isDone, "the program was built without its lock")
      break
    }
    for file in held { close(file) }
    #expect(try await build.value)
  }

  /// A folder that cannot be locked is no reason not to build.
  @Test func withoutALockItGoesOn() {
    #expect(cache(["POCL_CACHE_DIR": "/proc/nowhere"])?.withLock(program: "abcd") { 7 } == 7)
  }
}

/// How many were somewhere at once.
private final class Occupancy: Sendable {
  private let count = Mutex((now: 0, most: 0))

  var most: Int { count.withLock { $0.most } }

  func enter() { count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
  func leave() { count.withLock { $0.now -= 1 } }
}

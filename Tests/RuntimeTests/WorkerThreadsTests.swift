import Foundation
import HostProcessor
import OpenCLRuntime
import TestSupport
import Testing

/// Threads of a driver stay on processors of their own.
@Suite struct WorkerThreadsTests {
  /// Processors each thread of this process may run on, as Linux lists them: `0-3,8`.
  private func processors() throws -> [String] {
    let tasks = URL(fileURLWithPath: "/proc/self/task")
    return try FileManager.default.contentsOfDirectory(atPath: tasks.path).compactMap { task in
      // A thread may end meanwhile.
      let status = try? String(contentsOf: tasks.appendingPathComponent("\(task)/status"), encoding: .utf8)
      let line = status?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
      return line?.split(separator: "\t").last.map(String.init)
    }
  }

  @Test(arguments: TestDevices.all)
  func `PoCL's threads stay on a processor each, and the host's where they like`(device: Device) throws {
    let context = try Context(device: device)
    defer { withExtendedLifetime(context) {} }
    let isPoCL = device.profile.platformName == "Portable Computing Language"
    let units = device.profile.computeUnits
    let all = try processors()
    let alone = Set(all.filter { Int($0) != nil })
    if isPoCL, device.profile.type == .cpu, units > 1, ProcessInfo.processInfo.environment["POCL_AFFINITY"] == nil,
      ProcessInfo.processInfo.activeProcessorCount == units
    {
      #expect(alone.count == units && all.filter { alone.contains($0) }.count == units, "\(all)")
      #expect(all.count > units, "the threads of the host are left alone")
    } else {
      print(
        "threads of \(TestDevices.name(of: device)) are left where they are: \(alone.count) of \(all.count) have a processor"
      )
    }
  }

  @Test func `a thread that comes to a meeting twice does not stay anywhere`() throws {
    let meeting = try #require(heddle_host_meeting_create(2, 1_000_000))
    defer { heddle_host_meeting_free(meeting) }
    var argument: OpaquePointer? = meeting
    heddle_host_meet(&argument)
    heddle_host_meet(&argument)
    #expect(heddle_host_meeting_placed(meeting) == 0)
  }
}

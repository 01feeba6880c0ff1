import Foundation
import TestSupport
import Testing

@testable import OpenCLRuntime

@Suite struct ErrorTextTests {
  @Test func statusNames() {
    #expect(OpenCLStatus.success.name == "CL_SUCCESS")
    #expect(OpenCLStatus.outOfResources.name == "CL_OUT_OF_RESOURCES")
    #expect(OpenCLStatus.outOfResources.rawValue == -5)
    #expect(OpenCLStatus(rawValue: -9999).name == "CL_STATUS_-9999")
    #expect(OpenCLStatus.invalidKernelArgs.description == "CL_INVALID_KERNEL_ARGS (-52)")
    #expect(OpenCLStatus.buildProgramFailure.isError && !OpenCLStatus.success.isError)
    #expect((-1200...0).count { OpenCLStatus.name(of: $0) != nil } >= 65)
  }

  /// A driver that says any size, and one that answers with fewer bytes than an integer has.
  @Test func `answers are taken up to a size`() throws {
    func answer(_ said: Int) throws(OpenCLError) -> Int {
      try InfoQuery.bytes("f", "s") { _, _, size in
        size?.pointee = said
        return 0
      }.count
    }
    #expect(try answer(0) == 0 && answer(3) == 3 && answer(InfoQuery.longestAnswer) == InfoQuery.longestAnswer)
    for size in [-1, Int.min, InfoQuery.longestAnswer + 1, Int.max] {
      expectError({ _ = try answer(size) }) { if case .unexpectedAnswer = $0 { true } else { false } }
    }
  }

  /// A process without drivers is tried by the tests of the command line; here only the text.
  @Test func noPlatformSaysWhatToInstall() {
    let text = OpenCLError.noPlatform.description
    #expect(text.contains("pocl-opencl-icd") && text.contains("intel-opencl-icd") && text.contains("OCL_ICD_VENDORS"))
  }

  @Test func errorsCarryTheirValues() {
    let errors: [(OpenCLError, [String])] = [
      (.noDevice(platforms: ["A: no devices"]), ["A: no devices"]),
      (.unknownDevice(query: "q", available: ["A/b#0", "A/c#0"]), ["'q'", "A/b#0", "A/c#0"]),
      (.ambiguousDevice(query: "q", matches: ["A/b#0"]), ["'q'", "A/b#0"]),
      (.unsupportedDevice(device: "d", reason: "r"), ["'d'", "r"]),
      (.deviceLost(device: "d", status: .outOfResources, during: "x"), ["'d'", "CL_OUT_OF_RESOURCES", "x"]),
      (.call(function: "f", status: .invalidValue, context: "c"), ["f", "CL_INVALID_VALUE", "c"]),
      (.unexpectedAnswer(function: "f", context: "c"), ["f", "c"]),
      (.invalidText("t"), ["t"]),
      (.unknownKernel(name: "k", program: "p", available: ["x"]), ["'k'", "'p'", "x"]),
      (.argument(kernel: "k", index: 3, expected: "e", got: "g"), ["'k'", "3", "e", "g"]),
      (.argumentCount(kernel: "k", expected: 3, got: 2), ["'k'", "3", "2"]),
      (.argumentNotSet(kernel: "k", index: 1, name: "n"), ["'k'", "1", "'n'"]),
      (.localMemory(kernel: "k", requested: 9, limit: 8), ["'k'", "9", "8"]),
      (.workSize(kernel: "k", global: [4, 2], local: nil, reason: "r"), ["[4, 2]", "nil", "r"]),
      (.emptyBuffer, ["one byte"]),
      (.bufferSize(requested: 9, limit: 8), ["9", "8"]),
      (.budgetExceeded(requested: 9, inUse: 7, budget: 8), ["9", "7", "8"]),
      (.bufferRange(offset: 1, byteCount: 9, bufferBytes: 8), ["1", "9", "8"]),
      (.subBufferRange(offset: 1, byteCount: 9, bufferBytes: 8), ["1", "9", "8"]),
      (.misaligned(what: "w", value: 3, alignment: 4), ["w", "3", "4"]),
      (.copyOverlap(source: 1, target: 2, byteCount: 9), ["1", "2", "9"]),
      (.fillPattern(patternBytes: 3, offset: 1, byteCount: 9), ["3", "1", "9"]),
      (.foreignContext("w"), ["w"]),
    ]
    for (error, parts) in errors {
      for part in parts { #expect(error.description.contains(part), "\(error)") }
    }
  }

  @Test func sourceIsNumberedAsTheCompilerCounts() {
    let failure = BuildFailure(
      program: "p", device: "d", options: ["-DA=1"], source: "int a;\n#line 7 \"b.cl\"\nint b;\n# line 99\nint c;",
      log: "oops", status: .buildProgramFailure)
    #expect(
      failure.numberedSource.split(separator: "\n") == [
        "    1 | int a;", "      | #line 7 \"b.cl\"", "    7 | int b;", "      | # line 99", "   99 | int c;",
      ])
    for part in ["'p'", "d", "-DA=1", "oops", "CL_BUILD_PROGRAM_FAILURE"] { #expect("\(failure)".contains(part)) }
  }
}

@Suite(.serialized) struct DeviceTests {
  @Test func thereAreDevices() {
    #expect(!TestDevices.all.isEmpty, "\(TestDevices.failure.map { $0.description } ?? "")")
  }

  @Test(arguments: TestDevices.all)
  func profileIsSane(device: Device) throws {
    let profile = device.profile
    #expect(!profile.name.isEmpty && !profile.platformName.isEmpty && !profile.driverVersion.isEmpty)
    #expect(profile.openCLVersion >= (1, 2))
    #expect(profile.computeUnits >= 1 && profile.maxWorkGroupSize >= 1)
    #expect(profile.maxWorkItemSizes.count >= 3)
    #expect(profile.localMemoryBytes >= 16 << 10 && profile.globalMemoryBytes >= profile.maxAllocationBytes)
    #expect(profile.maxAllocationBytes > 0 && profile.memBaseAddressAlignmentBytes.nonzeroBitCount == 1)
    #expect(profile.preferredVectorWidths.float >= 1)
    #expect(profile.supportsHalf == profile.extensions.contains("cl_khr_fp16"))
    #expect(profile.extensions == profile.extensions.sorted())
    let copy = try JSONDecoder().decode(DeviceProfile.self, from: JSONEncoder().encode(profile))
    #expect(copy == profile)
  }

  @Test func orderIsStableAndIdentifiersAreUnique() throws {
    #expect(try Device.all() == TestDevices.all)
    #expect(TestDevices.all.map(\.index) == Array(TestDevices.all.indices))
    #expect(Set(TestDevices.all.map(\.identifier)).count == TestDevices.all.count)
    let platforms = try Platform.all()
    #expect(try platforms.flatMap { try $0.devices() } == TestDevices.all)
    for platform in platforms { #expect(!platform.name.isEmpty && !platform.version.isEmpty) }
  }

  @Test(arguments: TestDevices.all)
  func selectionFindsEachDevice(device: Device) throws {
    #expect(try Device.select(device.identifier) == device)
    #expect(try Device.select(device.identifier.uppercased()) == device)
    #expect(try Device.select("\(device.index)") == device)
    let twins = TestDevices.all.filter { $0.name == device.name && $0.platform === device.platform }
    let named = TestDevices.all.filter { $0.name.contains(device.name) && $0.platform === device.platform }
    if twins.count == named.count {
      #expect(try Device.select("\(device.profile.platformName.prefix(8))/\(device.name)") == twins.first)
      #expect(try Device.select("\(device.name)#\(device.ordinal)") == device)
      if device.profile.platformName == "Portable Computing Language" {
        #expect(try Device.select("pocl/\(device.name)") == twins.first)
      }
    }
    let first = TestDevices.all.first { $0.profile.type == device.profile.type }
    #expect(try Device.select(device.profile.type.rawValue) == first)
  }

  @Test(arguments: ["no such device", "999", "-1", "#77", "pocl/none", "cpu#99", "99999999999999999999"])
  func unknownDeviceListsAll(query: String) throws {
    expectError({ _ = try Device.select(query) }) {
      guard case .unknownDevice(query, let available) = $0 else { return false }
      return available == TestDevices.all.map(\.identifier) && $0.description.contains(query)
    }
  }

  @Test func severalDifferentMatchesAreAmbiguous() throws {
    let names = Set(TestDevices.all.map(\.name))
    guard names.count > 1, Set(TestDevices.all.map(\.profile.platformName)).count == 1 else { return }
    let platform = try #require(TestDevices.all.first).profile.platformName
    expectError({ _ = try Device.select(platform) }) {
      if case .ambiguousDevice(platform, let matches) = $0 { matches.count == TestDevices.all.count } else { false }
    }
    #expect(try Device.select("\(platform)#1") == TestDevices.all[1])
  }

  @Test func environmentOverride() throws {
    let last = try #require(TestDevices.all.last)
    setenv("HEDDLE_DEVICE", last.identifier, 1)
    defer { unsetenv("HEDDLE_DEVICE") }
    #expect(try Device.preferred() == last)
    #expect(try Device.select("  ") == last)
    #expect(try Device.select("0") == TestDevices.all[0])
    setenv("HEDDLE_DEVICE", "nothing", 1)
    expectError({ _ = try Device.preferred() }) {
      if case .unknownDevice("HEDDLE_DEVICE=nothing", _) = $0 { true } else { false }
    }
    setenv("HEDDLE_DEVICE", "", 1)
    #expect(try Device.preferred() == Device.defaultChoice(among: TestDevices.all))
  }

  @Test func defaultPrefersGPUs() throws {
    let first = try #require(TestDevices.all.first)
    func like(_ type: DeviceProfile.DeviceType, _ index: Int, available: Bool = true) -> Device {
      var profile = first.profile
      profile.type = type
      profile.isAvailable = available
      return Device(handle: first.handle, platform: first.platform, profile: profile, index: index, ordinal: index)
    }
    func choice(_ devices: [Device]) throws -> Int { try Device.defaultChoice(among: devices).index }
    #expect(try choice([like(.cpu, 0), like(.gpu, 1), like(.gpu, 2)]) == 1)
    #expect(try choice([like(.cpu, 0), like(.accelerator, 1)]) == 1)
    #expect(try choice([like(.custom, 0), like(.cpu, 1)]) == 1)
    #expect(try choice([like(.gpu, 0, available: false), like(.cpu, 1)]) == 1)
    expectError({ _ = try choice([]) }) { if case .noDevice = $0 { true } else { false } }
  }

  @Test(arguments: TestDevices.all)
  func oldDevicesAreRefused(device: Device) throws {
    var profile = device.profile
    profile.deviceVersion = "OpenCL 1.1 old"
    let old = Device(handle: device.handle, platform: device.platform, profile: profile, index: 0, ordinal: 0)
    expectError({ _ = try Context(device: old) }) {
      if case .unsupportedDevice(_, let reason) = $0 { reason.contains("1.1") } else { false }
    }
    profile.deviceVersion = "nonsense"
    #expect(profile.openCLVersion == (0, 0))
  }
}

import ArgumentParser
import Foundation
import Heddle
import OpenCLRuntime

/// `heddle devices`
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "Lists every OpenCL device; the default is marked.")

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    let progress = ProgressBar()
    progress.show("asking the drivers")
    let devices = try Device.all()
    // $HEDDLE_DEVICE may name a device that is not there: the list is what helps then.
    let preferred = Result { () throws(OpenCLError) in try Device.preferred() }
    let chosen = try? preferred.get()
    progress.clear()
    if json { return try Console.json(DeviceList(devices, chosen: chosen)) }
    for device in devices {
      let profile = device.profile
      let mark = device == chosen ? "*" : " "
      let facts = [
        profile.type.rawValue, "\(profile.computeUnits) units", Bytes.text(profile.globalMemoryBytes),
        profile.openCLCVersion, "driver \(profile.driverVersion)",
        profile.isAvailable && profile.compilerAvailable ? nil : "not usable",
      ]
      try Console.report(
        "\(mark) \(device.index)  \(device.identifier)\n       \(facts.compactMap { $0 }.joined(separator: ", "))\n")
    }
    if case .failure(let error) = preferred { throw error }
  }
}

/// What `devices --json` prints.
private struct DeviceList: Encodable {
  struct Entry: Encodable {
    var index: Int
    var identifier: String
    var platform: String
    var name: String
    var vendor: String
    var type: String
    var computeUnits: Int
    var clockMhz: Int
    var globalMemoryBytes: Int
    var maxAllocationBytes: Int
    var localMemoryBytes: Int
    var deviceVersion: String
    var driverVersion: String
    var isUsable: Bool
    var isDefault: Bool
  }

  var devices: [Entry]

  init(_ devices: [Device], chosen: Device?) {
    self.devices = devices.map { device in
      let profile = device.profile
      return Entry(
        index: device.index, identifier: device.identifier, platform: profile.platformName, name: profile.name,
        vendor: profile.vendor, type: profile.type.rawValue, computeUnits: profile.computeUnits,
        clockMhz: profile.clockMHz, globalMemoryBytes: profile.globalMemoryBytes,
        maxAllocationBytes: profile.maxAllocationBytes, localMemoryBytes: profile.localMemoryBytes,
        deviceVersion: profile.deviceVersion, driverVersion: profile.driverVersion,
        isUsable: profile.isAvailable && profile.compilerAvailable, isDefault: device == chosen)
    }
  }
}

import CHeddle
import OpenCLRuntime
import TestSupport
import Testing

@Suite struct DeviceTests {
  private struct Named: Decodable {
    var identifier: String
    var index: Int
    var name: String
  }

  @Test func `every device is counted, described and found again`() throws {
    let devices = TestDevices.all
    #expect(try made(-1) { heddle_device_count($0) } == devices.count)
    for device in devices {
      let named: Named = try json { heddle_device_profile(device.index, $0, $1, $2) }
      #expect(named.identifier == device.identifier && named.index == device.index && named.name == device.name)
      let profile: DeviceProfile = try json { heddle_device_profile(device.index, $0, $1, $2) }
      #expect(profile == device.profile)
      for query in [named.identifier, "\(device.index)"] {
        #expect(try made(-1) { heddle_device_find(query, $0) } == device.index)
      }
    }
    let preferred = try Device.preferred().index
    #expect(try made(-1) { heddle_device_find(nil, $0) } == preferred)
    #expect(try made(-1) { heddle_device_find("", $0) } == preferred)
  }

  @Test func `wrong arguments`() {
    let count = TestDevices.all.count
    expect(HEDDLE_NULL_ARGUMENT, "count must not be NULL") { heddle_device_count(nil) }
    expect(HEDDLE_NULL_ARGUMENT, "index must not be NULL") { heddle_device_find(nil, nil) }
    var index = -7
    expect(HEDDLE_NO_DEVICE, "no such thing") { heddle_device_find("no such thing", &index) }
    expect(HEDDLE_NO_DEVICE, "99") { heddle_device_find("99", &index) }
    expect(HEDDLE_INVALID_TEXT, "query is not UTF-8") { heddle_device_find([-1, 0], &index) }
    #expect(index == -7)
    for index in [count, -1, .max, .min] {
      expect(HEDDLE_NO_DEVICE, "\(UInt(bitPattern: index))") { heddle_device_profile(index, nil, 0, nil) }
    }
    expect(HEDDLE_NULL_ARGUMENT, "buffer") { heddle_device_profile(0, nil, 5, nil) }
    expect(HEDDLE_INVALID_ARGUMENT, "capacity") { heddle_device_profile(0, nil, -1, nil) }
  }
}

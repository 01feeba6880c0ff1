import CHeddle
import OpenCLRuntime

@c @implementation
public func heddle_device_count(_ count: UnsafeMutablePointer<Int>?) -> heddle_status {
  call("heddle_device_count") {
    ForkedProcess.watch()
    guard let count else { throw Failure.null("count") }
    count.pointee = try Device.all().count
  }
}

@c @implementation
public func heddle_device_find(
  _ query: UnsafePointer<CChar>?, _ index: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_device_find") {
    ForkedProcess.watch()
    let query = try optionalText(query, "query")
    guard let index else { throw Failure.null("index") }
    index.pointee = try Device.select(query).index
  }
}

/// A profile with what names its device here, in one object.
private struct NamedProfile: Encodable {
  var device: Device

  private enum CodingKeys: CodingKey { case identifier, index }

  func encode(to encoder: any Encoder) throws {
    try device.profile.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(device.identifier, forKey: .identifier)
    try container.encode(device.index, forKey: .index)
  }
}

@c @implementation
public func heddle_device_profile(
  _ index: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_device_profile") {
    ForkedProcess.watch()
    let devices = try Device.all()
    guard devices.indices.contains(index) else {
      throw Failure(HEDDLE_NO_DEVICE, "there is no device \(UInt(bitPattern: index)), but \(devices.count) from 0 on")
    }
    try give(try json(NamedProfile(device: devices[index])), buffer, capacity, needed)
  }
}

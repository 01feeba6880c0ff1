import HeddleHost
import HeddleText

// How a device is chosen. The choice is total: it ends in one device or in an error that lists all of them.

extension Device {
  /// The environment variable read when no query is given.
  public static let environmentVariable = "HEDDLE_DEVICE"

  /// The device named by `$HEDDLE_DEVICE`, or else the default: the first GPU, or else the first accelerator, or else
  /// the first CPU, or else the first device; a device that says it is unavailable or has no compiler comes after all
  /// others.
  public static func preferred() throws(OpenCLError) -> Device { try select(nil) }

  /// The device a query names. Upper and lower case are the same. A query is, tried in this order,
  ///
  /// - an `identifier`, whole;
  /// - a number: the position among `Device.all()`;
  /// - `gpu`, `cpu` or `accelerator`: the first of that type;
  /// - `PLATFORM/DEVICE`: parts of the platform's and of the device's name;
  /// - a device's name, whole, else a part of the platform's or of the device's name.
  ///
  /// The last three may end in `#n`: the n-th match, counted from 0. Without it several matches are an error unless
  /// they are twins, of one platform and name; then the first is meant. `nil` and blank text mean `preferred()`.
  ///
  /// - Throws: `unknownDevice`, `ambiguousDevice`, and what `Device.all()` throws.
  public static func select(_ query: String?) throws(OpenCLError) -> Device {
    let devices = try all()
    if let query, !query.allSatisfy(\.isWhitespace) { return try choose(query, among: devices, shown: query) }
    if let query = Environment.value(environmentVariable), !query.allSatisfy(\.isWhitespace) {
      return try choose(query, among: devices, shown: "\(environmentVariable)=\(query)")
    }
    return try defaultChoice(among: devices)
  }

  static func defaultChoice(among devices: [Device]) throws(OpenCLError) -> Device {
    func rank(_ device: Device) -> Int {
      let usable = device.profile.isAvailable && device.profile.compilerAvailable
      let type =
        switch device.profile.type {
        case .gpu: 0
        case .accelerator: 1
        case .cpu: 2
        case .custom, .other: 3
        }
      return usable ? type : type + 10
    }
    let first = devices.min { (rank($0), $0.index) < (rank($1), $1.index) }
    guard let first else { throw .noDevice(platforms: []) }
    return first
  }

  private static func choose(_ query: String, among devices: [Device], shown: String) throws(OpenCLError) -> Device {
    let text = query.lowercased()
    let unknown = OpenCLError.unknownDevice(query: shown, available: devices.map(\.identifier))
    if let exact = devices.first(where: { $0.identifier.lowercased() == text }) { return exact }
    if let index = Int(text) {
      guard devices.indices.contains(index) else { throw unknown }
      return devices[index]
    }

    var name = Substring(text)
    var position: Int?
    if let (before, after) = text.parted(atLast: "#"), let number = Int(after) {
      name = before
      position = number
    }
    if let type = DeviceProfile.DeviceType(rawValue: String(name)), type != .other, type != .custom {
      let matches = devices.filter { $0.profile.type == type }
      guard let match = matches[at: position ?? 0] else { throw unknown }
      return match
    }
    // A whole name before parts of names: one vendor's name of a processor may be part of another's.
    let named = devices.filter { $0.name.lowercased() == name }
    let matches = named.isEmpty ? devices.filter { $0.answers(to: name) } : named
    if let position {
      guard let match = matches[at: position] else { throw unknown }
      return match
    }
    guard let first = matches.first else { throw unknown }
    let twins = matches.allSatisfy { $0.name == first.name && $0.profile.platformName == first.profile.platformName }
    guard twins else { throw .ambiguousDevice(query: shown, matches: matches.map(\.identifier)) }
    return first
  }

  /// Whether the lower-case text is part of the device's or the platform's name, or `PLATFORM/DEVICE` is, cut at any
  /// slash: names themselves may hold slashes.
  private func answers(to text: Substring) -> Bool {
    var platform = profile.platformName.lowercased()
    // Everybody says so, but the platform itself.
    if platform == "portable computing language" { platform += " pocl" }
    let device = name.lowercased()
    if text.isEmpty { return true }
    if platform.contains(text) || device.contains(text) { return true }
    // Every way to cut the text in two at a slash.
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.indices.dropFirst().contains { cut in
      Self.contains(platform, Substring(parts.part(from: 0, to: cut).joined(separator: "/")))
        && Self.contains(device, Substring(parts.part(from: cut).joined(separator: "/")))
    }
  }

  private static func contains(_ whole: String, _ part: Substring) -> Bool { part.isEmpty || whole.contains(part) }
}

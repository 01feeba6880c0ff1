#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A moment of the local calendar, as templates write it with `strftime_now`: in English, whatever the locale.
struct TemplateDate: Sendable {
  var year: Int
  /// 1…12, 1…31, 1…366
  var month: Int
  var day: Int
  var dayOfYear: Int
  /// 0 is Sunday.
  var weekday: Int
  var hour: Int
  var minute: Int
  var second: Int

  static var now: TemplateDate {
    var time = time(nil)
    var parts = tm()
    localtime_r(&time, &parts)
    return TemplateDate(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
      dayOfYear: Int(parts.tm_yday) + 1, weekday: Int(parts.tm_wday), hour: Int(parts.tm_hour),
      minute: Int(parts.tm_min), second: Int(parts.tm_sec))
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// Python's `strftime` of a date without a time zone. `%-d` is `%d` without its zero.
  ///
  /// - Throws: ``ChatTemplateError/unsupported(_:line:)`` for a directive it does not know.
  func formatted(_ format: String, line: Int) throws(ChatTemplateError) -> String {
    var result = ""
    var scalars = format.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      var directive = scalars.next()
      let isPadded = directive != "-"
      if !isPadded { directive = scalars.next() }
      guard let directive, let text = text(of: directive, isPadded: isPadded) else {
        let spelling = directive.map { String($0) } ?? ""
        throw .unsupported("the date format '%\(isPadded ? "" : "-")\(spelling)'", line: line)
      }
      result += text
    }
    return result
  }

  private func text(of directive: Unicode.Scalar, isPadded: Bool) -> String? {
    func number(_ value: Int, _ width: Int) -> String {
      String(value).padded(to: isPadded ? width : 0, with: "0")
    }
    switch directive {
    case "d": return number(day, 2)
    case "m": return number(month, 2)
    case "H": return number(hour, 2)
    case "I": return number((hour &+ 11) % 12 &+ 1, 2)
    case "M": return number(minute, 2)
    case "S": return number(second, 2)
    case "j": return number(dayOfYear, 3)
    case "y": return number(year % 100, 2)
    case _ where !isPadded: return nil
    case "Y": return number(year, 1)
    case "B": return Self.name(month &- 1, of: Self.months)
    case "b", "h": return Self.name(month &- 1, of: Self.months).map(Self.shortened)
    case "A": return Self.name(weekday, of: Self.weekdays)
    case "a": return Self.name(weekday, of: Self.weekdays).map(Self.shortened)
    case "p": return hour < 12 ? "AM" : "PM"
    case "F": return "\(number(year, 1))-\(number(month, 2))-\(number(day, 2))"
    case "T": return "\(number(hour, 2)):\(number(minute, 2)):\(number(second, 2))"
    case "z", "Z": return ""
    case "%": return "%"
    default: return nil
    }
  }

  private static func shortened(_ name: String) -> String { TemplateString(name).part(from: 0, to: 3).text }

  private static func name(_ index: Int, of list: [String]) -> String? {
    list.indices.contains(index) ? list[index] : nil
  }
}

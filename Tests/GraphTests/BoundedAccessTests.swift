import Foundation
import HeddleText
import Testing

/// What access and arithmetic that cannot trap give at the ends and beyond.
@Suite struct BoundedAccessTests {
  private static let places = [Int.min, -3, -1, 0, 1, 2, 3, 4, Int.max]

  @Test func `places beyond the ends are none`() {
    let all = [10, 11, 12]
    let tail = all.dropFirst()
    for place in Self.places {
      #expect(all[at: place] == ((0...2).contains(place) ? 10 + place : nil))
      #expect(tail[at: place] == ((1...2).contains(place) ? 10 + place : nil))
      var changed = all
      let former = changed.update(at: place) { value in
        defer { value = 0 }
        return value
      }
      #expect(former == all[at: place] && (changed == all) == (former == nil))
      for end in Self.places {
        #expect(Array(all.part(from: place, to: end)) == (0...2).filter { $0 >= place && $0 < end }.map { 10 + $0 })
        #expect(Array(tail.part(from: place, to: end)) == (1...2).filter { $0 >= place && $0 < end }.map { 10 + $0 })
      }
    }
    #expect([Int]()[at: 0] == nil && [Int]().part(from: 0).isEmpty)
  }

  @Test func `a text is parted at the last of a character`() {
    #expect("a-b-ć".parted(atLast: "-").map { [$0.before, $0.after] } == ["a-b", "ć"])
    #expect("-".parted(atLast: "-").map { [$0.before, $0.after] } == ["", ""])
    #expect("".parted(atLast: "-") == nil && "ab".parted(atLast: "-") == nil)
  }

  @Test func `bytes that end before a number give 0`() {
    let bytes: [UInt8] = [1, 2, 3, 4, 5]
    bytes.withUnsafeBytes { bytes in
      for offset in Self.places {
        let expected = (0...3).contains(offset) ? UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 : 0
        #expect(bytes.littleEndian(UInt16.self, at: offset) == expected)
      }
      #expect(bytes.littleEndian(UInt64.self, at: 0) == 0)
    }
    #expect(UnsafeRawBufferPointer(start: nil, count: 0).littleEndian(UInt8.self, at: 0) == 0)
  }

  @Test func `a count below 0 is none`() {
    for count in [Int.min, -1, 0, 1, 3] {
      #expect([Int](filled: 7, count: count) == (0..<max(0, count)).map { _ in 7 })
      #expect(Range(from: 5, count: count) == 5..<5 + max(0, count))
    }
    #expect(Range(from: .max, count: 3) == Int.max..<Int.max)
    #expect("ab".padded(to: 4) == "  ab" && "ab".padded(to: 1) == "ab" && "7".padded(to: .min) == "7")
    #expect(String(255, radix: 16).padded(to: 4, with: "0") == "00ff")
  }

  @Test func `numbers are divided and rounded as by hand, and nothing by 0`() {
    for number in 0...70 {
      for divisor in 1...9 {
        let up = Int((Double(number) / Double(divisor)).rounded(.up))
        #expect(number.divided(by: divisor) == number / divisor)
        #expect(number.dividedRoundingUp(by: divisor) == up && number.roundedUp(toMultipleOf: divisor) == up * divisor)
      }
    }
    for number in Self.places {
      for divisor in [Int.min, -1, 0] {
        #expect(number.divided(by: divisor) == number && number.roundedUp(toMultipleOf: divisor) == number)
      }
    }
    #expect(ClosedRange(between: 3, -1) == -1...3 && ClosedRange(between: .min, .max) == Int.min...Int.max)
  }

  @Test func `no time is too long`() {
    let now = ContinuousClock.now
    #expect(now.later(by: .milliseconds(5)) == now + .milliseconds(5))
    #expect(now.later(by: .seconds(-5)) == now)
    #expect(now.later(by: .seconds(Int64.max) * 2) == now + .seconds(3_153_600_000))
    #expect(
      Duration.milliseconds(150).ratio(to: .milliseconds(50)) == 3 && Duration.seconds(1).ratio(to: .zero) == .infinity)
    #expect(Duration.milliseconds(1500).inSeconds == 1.5 && (Duration.seconds(Int64.max) * 2).inSeconds > 1e19)
  }

  @Test func `nobody has memory for 2⁵⁹ bytes`() {
    #expect(MemoryLayout<Int>.size == 8)
    let memory = malloc(1 << 59)
    #expect(memory == nil)
    free(memory)
  }
}

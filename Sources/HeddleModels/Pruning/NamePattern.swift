import HeddleText

/// A pattern for tensors' names: `*` stands for any run of characters, none too, `?` for one; a whole name must match.
public struct NamePattern: Hashable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public func matches(_ name: String) -> Bool {
    let (pattern, name) = (Array(text.unicodeScalars), Array(name.unicodeScalars))
    var (place, position) = (0, 0)
    // Where to go on if what came after the last star does not match.
    var resume: (place: Int, position: Int)?
    while let character = name[at: position] {
      let wanted = pattern[at: place]
      if wanted == "*" {
        resume = (place &+ 1, position)
        place &+= 1
      } else if wanted == "?" || wanted == character {
        (place, position) = (place &+ 1, position &+ 1)
      } else if let last = resume {
        resume = (last.place, last.position &+ 1)
        (place, position) = (last.place, last.position &+ 1)
      } else {
        return false
      }
    }
    return pattern.part(from: place).allSatisfy { $0 == "*" }
  }
}

extension NamePattern: CustomStringConvertible {
  public var description: String { text }
}

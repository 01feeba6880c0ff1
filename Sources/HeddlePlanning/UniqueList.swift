/// Elements in the order in which they came, each once.
struct UniqueList<Element: Hashable> {
  private(set) var elements: [Element] = []
  private var places: [Element: Int] = [:]

  /// The place of an element, which is the end if the element is new.
  mutating func insert(_ element: Element) -> Int {
    if let place = places[element] { return place }
    let place = elements.count
    places[element] = place
    elements.append(element)
    return place
  }
}

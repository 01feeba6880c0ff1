/// Elements in the order in which they came, each once.
package struct UniqueList<Element: Hashable> {
  package private(set) var elements: [Element] = []
  private var places: [Element: Int] = [:]

  package init() {}

  package init(_ elements: some Sequence<Element>) {
    for element in elements { _ = insert(element) }
  }

  /// The place of an element, which is the end if the element is new.
  package mutating func insert(_ element: Element) -> Int {
    if let place = places[element] { return place }
    let place = elements.count
    places[element] = place
    elements.append(element)
    return place
  }
}

import CHeddle
import HeddleTypes

@c @implementation
public func heddle_dimension(
  _ text: UnsafePointer<CChar>?, _ symbols: UnsafePointer<heddle_symbol>?, _ symbolCount: Int,
  _ value: UnsafeMutablePointer<Int64>?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_dimension") {
    let text = try HeddleC.text(text, "text")
    let bindings = try bindings(symbols, symbolCount)
    let dimension = try Dimension(parsing: text)
    // Multiplied out, a short text can be longer than any that is read.
    guard let canonical = dimension.expression else { throw TypeError.dimensionOverflow(text) }
    let number = value == nil ? nil : try dimension.value(bindings)
    try give(canonical, buffer, capacity, needed)
    if let value, let number { value.pointee = Int64(number) }
  }
}

"""Plants traps of every kind, and reasons in every place, and looks whether each is found."""

import os
import re
import subprocess
import sys
import tempfile

from report import Audit
from source_text import Source

# "// want KIND" is what the line must be listed with, "// nothing" that it must not be listed.
SAMPLE = r'''
import Foundation

public func element(_ x: [Int], _ i: Int) -> Int {
  x[i]  // want Index out of range
}
public func sum(_ a: Int, _ b: Int) -> Int {
  a + b  // want arithmetic overflow
}
public func reporting(_ a: Int, _ b: Int) -> Int {
  a.addingReportingOverflow(b).partialValue &+ 1  // nothing
}
public func unwrapped(_ x: Int?) -> Int {
  x!  // want Unexpectedly found nil; forced unwrap
}
public struct Wrong: Error {}
@inline(never) public func throwing(_ x: Int) throws -> Int {
  if x == 3 { throw Wrong() }
  return x
}
public func tried(_ x: Int) -> Int {
  try! throwing(x)  // want call of swift_unexpectedError; try!
}
public func conditioned(_ x: Int) -> Int {
  precondition(x > 3, "more")  // want .; precondition
  return x
}
public func fatal(_ x: Int) -> Int {
  if x == 9 { fatalError("nine") }  // want call of _assertionFailure; fatalError
  return x
}
public func narrowed(_ x: Int) -> UInt8 {
  UInt8(x)  // want Negative value is not representable; Not enough bits
}
public func converted(_ x: Double) -> Int {
  Int(x)  // want Double value cannot be converted
}
public func divided(_ x: Int, _ y: Int) -> Int {
  x / y  // want Division by zero; Division results in an overflow
}
public func cast(_ x: Any) -> Int {
  x as! Int  // want as!
}
public func between(_ a: Int, _ b: Int) -> ClosedRange<Int> {
  a...b  // want Range requires
}
public func last(_ x: inout [Int]) -> Int {
  x.removeLast()  // want Can't remove
}
public func repeated(_ n: Int) -> [UInt8] {
  [UInt8](repeating: 0, count: n)  // want memory by a count
}
public func shortened(_ x: [String], _ n: Int) -> [String] {
  Array(x.dropFirst(n))  // want Can't drop
}
public func letter(_ x: String, _ i: String.Index) -> Character {
  x[i]  // want call of String.subscript
}
@inline(never) public func depth(_ x: [Int], _ n: Int) -> Int {  // want recursion
  n &> 0 ? depth(x.reversed(), n &- 1) &+ x.count : 0
}
public func sound(_ x: [Int], _ y: [String: Int]) -> [String: Int] {
  var result = y  // nothing
  for value in x where value > 3 { result["\(value)", default: 0] &+= 1 }  // nothing
  return result.mapValues { $0 &+ 1 }.filter { $0.value > 2 }  // nothing
}
public func text(_ x: [Int]) -> String {
  x.map { "try! \($0) as! x!" }.sorted().joined(separator: "!")  // nothing: words in a string
}
'''
SAMPLE = SAMPLE.replace("n &> 0", "n > 0")

REASONS = r'''
public func behind(_ a: Int) -> Int {
  a + 1  // Traps: never, behind.
}
public func above(_ a: Int) -> Int {
  // Traps: never, above
  // the line.
  let b = a + 1
  return b * 3
}
// Traps: never, of the function.
/// Its documentation.
public func whole(
  _ a: Int
) -> Int {
  let c = [a + 1, a + 2].map { $0 * 5 }
  return c.reduce(0, +)
}
public func after(_ a: Int) -> Int {
  a - 7
}
// Traps: never, but there is nothing.
public func empty() {}
'''


def compiled(work, files):
  """An audit of files compiled as one target."""
  sources = os.path.join(work, "Sources", "Sample")
  objects = os.path.join(work, "build", "Sample.build")
  os.makedirs(sources, exist_ok=True)
  os.makedirs(objects, exist_ok=True)
  for name, text in files.items():
    with open(os.path.join(sources, name), "w", encoding="utf-8") as file:
      file.write(text)
    subprocess.run(
      ["swiftc", "-O", "-g", "-wmo", "-parse-as-library", "-module-name", "Sample", "-Xllvm",
       "-swiftmergefunc-threshold=0", "-c", os.path.join(sources, name), "-o", os.path.join(objects, f"{name}.o")],
      check=True)
  return Audit(work, os.path.dirname(objects), ["Sample"])


def expect(condition, message):
  if not condition:
    print(f"traps: self-test: {message}", file=sys.stderr)
    sys.exit(1)


def planted():
  with tempfile.TemporaryDirectory() as work:
    work = os.path.realpath(work)
    audit = compiled(work, {"sample.swift": SAMPLE})
    found = {}
    for entry in audit.unjustified:
      found.setdefault(entry.line, []).append(entry.kind)
    count = 0
    for number, line in enumerate(SAMPLE.split("\n"), 1):
      if match := re.search(r"// want (.*)", line):
        for kind in match[1].split("; "):
          expect(any(kind in listed for listed in found.get(number, [])) or (kind == "." and number in found),
                 f"line {number}, {line.strip()}: listed is {found.get(number)}")
          count += 1
      elif "// nothing" in line:
        expect(number not in found, f"line {number}, {line.strip()}: listed is {found.get(number)}")
    return count


def justified():
  with tempfile.TemporaryDirectory() as work:
    work = os.path.realpath(work)
    audit = compiled(work, {"reasons.swift": REASONS})
    words = {entry.line: reason.words for entry, reason in audit.rows if reason}
    lines = {text.strip(): number for number, text in enumerate(REASONS.split("\n"), 1)}
    expect(words.get(lines["a + 1  // Traps: never, behind."]) == "behind.", f"behind a line: {words}")
    expect(words.get(lines["let b = a + 1"]) == "above the line.", f"above a line: {words}")
    expect(words.get(lines["let c = [a + 1, a + 2].map { $0 * 5 }"]) == "of the function.", f"of a function: {words}")
    missing = {entry.line for entry in audit.unjustified}
    expect(missing == {lines["return b * 3"], lines["a - 7"]}, f"not justified should be two lines: {missing}")
    stale = [reason.words for _, reason in audit.stale]
    expect(stale == ["but there is nothing."], f"a reason for nothing must be found: {stale}")
    expect(len(audit.failures()) == 3, f"the check must fail: {audit.failures()}")
  with tempfile.TemporaryDirectory() as work:
    work = os.path.realpath(work)
    plain = re.sub(r"// (Traps: never|the line).*", "", REASONS)
    audit = compiled(work, {"all.swift": "// Traps: never, the file is a sample.\n\n" + plain})
    expect(not audit.failures(), f"a reason above all covers the file: {audit.failures()}")


def words():
  source = Source('let a = "x!" + #"try! \\#(b!)"#  // fatalError(\nlet c = d as! E\n')
  expect([w for w in source.words()] == [(1, "forced unwrap"), (2, "as!")], f"words: {list(source.words())}")


words()
count = planted()
justified()
print(f"traps: self-test: {count} planted traps are listed, and reasons cover what they stand at")

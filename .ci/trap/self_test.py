"""Plants traps of every kind, tags in every place and faults of their table, and looks whether each is found."""

import os
import re
import subprocess
import sys
import tempfile

from invariants import MOST_TAGS, Invariants
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
public func plain(_ x: [Int], _ y: [Int]) -> Int {
  Array(x.prefix(y.count)).count &+ Array(y.dropFirst(x.count)).count  // nothing
}
public func waiting() -> DispatchSemaphore {
  DispatchSemaphore(value: 0)  // nothing
}
public func signalled(_ n: Int) -> DispatchSemaphore {
  DispatchSemaphore(value: n)  // want call of DispatchSemaphore.init
}
public func text(_ x: [Int]) -> String {
  x.map { "try! \($0) as! x!" }.sorted().joined(separator: "!")  // nothing: words in a string
}
'''
SAMPLE = SAMPLE.replace("n &> 0", "n > 0")

TAGS = r'''
public func behind(_ a: Int) -> Int {
  a + 1  // Traps: never (small-number).
}
public func above(_ a: Int) -> Int {
  // Traps: never (small-sum, small-number).
  // Which is the line.
  let b = a + 1
  return b * 3
}
// Traps: never (small-sum).
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
// Traps: never (small-sum).
public func empty() {}
'''
INVARIANTS = '''
| name | what holds | the test |
|---|---|---|
| `small-number` | A number is small. | `SampleTests/numbers are small, and odd` |
| `small-sum` | Sums are small. | `SampleTests/sumsAreSmall`, `SampleTests/numbers are small, and odd` |
'''
TESTS = '''
@Suite struct SampleTests {
  @Test(arguments: [{ 1 }]) func `numbers are small, and odd`(_ x: () -> Int) {}
  @Test("sums", arguments: [1, 2]) func sumsAreSmall(_ x: Int) {}
  func helper() {}
}
'''


def compiled(work, files, invariants=INVARIANTS):
  """An audit of files compiled as one target, with a table and its tests."""
  sources = os.path.join(work, "Sources", "Sample")
  objects = os.path.join(work, "build", "Sample.build")
  os.makedirs(sources, exist_ok=True)
  os.makedirs(objects, exist_ok=True)
  os.makedirs(os.path.join(work, "Tests"), exist_ok=True)
  for path, text in {"Sources/Invariants.md": invariants, "Tests/SampleTests.swift": TESTS}.items():
    with open(os.path.join(work, path), "w", encoding="utf-8") as file:
      file.write(text)
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
    audit = compiled(work, {"tags.swift": TAGS})
    names = {entry.line: tag.names for entry, tag in audit.rows if tag}
    lines = {text.strip(): number for number, text in enumerate(TAGS.split("\n"), 1)}
    expect(names.get(lines["a + 1  // Traps: never (small-number)."]) == ["small-number"], f"behind a line: {names}")
    expect(names.get(lines["let b = a + 1"]) == ["small-sum", "small-number"], f"above a line: {names}")
    expect(names.get(lines["let c = [a + 1, a + 2].map { $0 * 5 }"]) == ["small-sum"], f"of a function: {names}")
    missing = {entry.line for entry in audit.unjustified}
    expect(missing == {lines["return b * 3"], lines["a - 7"]}, f"not justified should be two lines: {missing}")
    stale = [tag.names for _, tag in audit.stale]
    expect(stale == [["small-sum"]], f"a tag for nothing must be found: {stale}")
    expect(len(audit.failures()) == 3, f"the check must fail: {audit.failures()}")


# What is wrong with a file or the table, in words of the failure that must be the only one; (code, table).
GOOD = "func a() {\n  b()  // Traps: never (small-number).\n}\n// Traps: never (small-sum).\nvar c: Int { 3 }\n"
FAULTS = {
  "names no invariant": [(GOOD + "func d() {}  // Traps: never, it is small.\n", INVARIANTS),
                         (GOOD + "func d() {}  // Traps: hardly ever.\n", INVARIANTS)],
  "covers more than a declaration: import": [("// Traps: never (small-sum).\nimport Foundation\n" + GOOD, INVARIANTS)],
  "covers more than a declaration: struct": [
    (GOOD + "// Traps: never (small-sum).\n/// A type.\npublic struct S {\n}\n", INVARIANTS)],
  "covers more than a declaration: class": [
    (GOOD + "// Traps: never (small-sum).\npublic final class S {\n}\n", INVARIANTS)],
  "covers more than a declaration: extension": [
    (GOOD + "// Traps: never (small-sum).\nextension Int {\n}\n", INVARIANTS)],
  "stands above nothing": [("// Traps: never (small-sum).\n\nimport Foundation\n" + GOOD, INVARIANTS)],
  "names what Invariants.md does not state: large-sum": [
    (GOOD + "let d = 3  // Traps: never (large-sum).\n", INVARIANTS)],
  "no tag names the invariant odd-number": [
    (GOOD, INVARIANTS + "| `odd-number` | Numbers are odd. | `SampleTests/sumsAreSmall` |\n")],
  "there is no test SampleTests/helper": [(GOOD, INVARIANTS.replace("/sumsAreSmall", "/helper"))],
  "there is no test OtherTests/sumsAreSmall": [
    (GOOD, INVARIANTS.replace("SampleTests/sumsAreSmall", "OtherTests/sumsAreSmall"))],
  "no test establishes small-number": [(GOOD, INVARIANTS.replace("`SampleTests/numbers are small, and odd` |\n| `small-s", "none |\n| `small-s"))],
  "stated twice: small-sum": [(GOOD, INVARIANTS + INVARIANTS.split("\n")[-2] + "\n")],
  "no row of the table": [(GOOD, INVARIANTS + "| `small-product` |\n")],
  f"{MOST_TAGS + 1} tags": [(GOOD + "let d = 3  // Traps: never (small-sum).\n" * (MOST_TAGS - 1), INVARIANTS)],
}


def faulty():
  count = 0
  for words, samples in FAULTS.items():
    for code, table in samples + [(GOOD, INVARIANTS)]:
      with tempfile.TemporaryDirectory() as work:
        for path, text in {"Sources/Invariants.md": table, "Tests/SampleTests.swift": TESTS}.items():
          os.makedirs(os.path.dirname(os.path.join(work, path)), exist_ok=True)
          with open(os.path.join(work, path), "w", encoding="utf-8") as file:
            file.write(text)
        failures = Invariants(work).failures({"a.swift": Source(code)})
      if (code, table) == (GOOD, INVARIANTS):
        expect(not failures, f"nothing is wrong with {code!r}: {failures}")
      else:
        expect(len(failures) == 1 and words in failures[0], f"'{words}' must be found: {failures}")
        count += 1
  return count


def words():
  source = Source('let a = "x!" + #"try! \\#(b!)"#  // fatalError(\nlet c = d as! E\n')
  expect([w for w in source.words()] == [(1, "forced unwrap"), (2, "as!")], f"words: {list(source.words())}")


words()
count = planted()
justified()
faults = faulty()
print(f"traps: self-test: {count} planted traps are listed, tags cover what they stand at, {faults} planted faults are found")

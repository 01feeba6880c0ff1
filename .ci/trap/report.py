"""Lists every trap in the objects of the library's targets, with the invariant by which it is never reached.

  report.py ROOT OBJECTS [--list]      ROOT: the package; OBJECTS: the build's folder of <target>.build folders
"""

import collections
import os
import re
import shutil
import sys
import tempfile

from invariants import Invariants
from machine_code import Entry, Tools, Traps
from source_text import Source

# What the C interface, the formats and the dispatch consist of. HeddleReference, the oracle, is not linked into the
# library. A target that is not there yet has no files.
TARGETS = [
  "HeddleText", "HeddleHost", "OpenCLRuntime", "HeddleTypes", "HeddleFormats", "HeddleGraph", "HeddlePlanning",
  "HeddleExecution", "HeddleOpenCL", "ChatTemplates", "HeddleModels", "HeddleC",
]


class Audit:
  def __init__(self, root, objects, targets):
    tools = Tools(os.path.dirname(os.path.realpath(shutil.which("swift"))))
    folder = os.path.join(os.path.realpath(root), "Sources")
    self.invariants = Invariants(root)
    self.sources = {}
    files = []
    for target in targets:
      for path, _, names in os.walk(os.path.join(folder, target)):
        for name in sorted(names):
          if name.endswith(".swift"):
            file = os.path.relpath(os.path.join(path, name), folder)
            with open(os.path.join(path, name), encoding="utf-8") as text:
              self.sources[file] = Source(text.read())
            files.append(os.path.join(objects, f"{target}.build", f"{name}.o"))
    with tempfile.TemporaryDirectory() as work:
      library = os.path.join(work, "all.so")
      tools.run("ld.lld", "-shared", "-o", library, *files)
      self.traps = Traps(tools, library, folder)
    entries = {entry for entry in self.traps.entries if not self.is_plain(entry)}
    for file, source in self.sources.items():
      entries |= {Entry(file, line, "", kind) for line, kind in source.words()}
    self.rows = []  # (entry, tag or None)
    for entry in sorted(entries):
      source = self.sources.get(entry.file)
      self.rows.append((entry, source.tag(entry.line) if source else None))
    for cycle in self.traps.cycles:
      tag = None
      for member in cycle:
        found = self.sources[member.file].tag(member.line)
        tag = tag or found
      self.rows.append((Entry(*cycle[0][:2], ", ".join(sorted({m.function for m in cycle})), "recursion"), tag))
    self.unjustified = [entry for entry, tag in self.rows if not tag]
    self.stale = [
      (file, tag) for file, source in sorted(self.sources.items()) for tag in source.tags if not tag.used
    ]

  def is_plain(self, entry):
    """Whether the line itself shows that the check cannot fail: what is asked of it is a literal, or how many a
    collection has; a literal dictionary has no key twice."""
    source = self.sources[entry.file]
    code = source.code_lines[entry.line - 1]
    if entry.kind.startswith("Dictionary literal"):
      literals = [text for text in re.findall(r"\[[^\[\]]*\]", source.lines[entry.line - 1]) if ":" in text]
      keys = [re.findall(r"[\[,]\s*(\"[^\"\\]*\"|-?\d+):", text) for text in literals]
      return bool(literals) and all(
        text == "[:]" or len(re.findall(r"\S:\s", text)) == len(set(found)) == len(found)
        for text, found in zip(literals, keys))
    if re.search(r"negative (number|length)|call of \S*\.(prefix|suffix|dropFirst|dropLast)", entry.kind):
      uses = re.findall(r"\.(?:prefix|suffix|dropFirst|dropLast)\(([^)]*)\)?", code)
      return bool(uses) and all(re.fullmatch(r"\d*|[\w.]+\.count", use.strip()) for use in uses)
    if "DispatchSemaphore.init" in entry.kind:
      return bool(re.search(r"DispatchSemaphore\(value: \d+\)", code))
    if entry.kind.startswith("Must take zero or more splits"):
      return bool(re.search(r"\.split\([^()]*\)", code)) and "maxSplits" not in code
    return False

  def print_list(self):
    for entry, tag in self.rows:
      names = ", ".join(tag.names) if tag else "UNJUSTIFIED"
      print(f"{entry.file}:{entry.line}\t{entry.function}\t{entry.kind}\t{names}")

  def print_summary(self):
    counts = collections.Counter(entry.file for entry, _ in self.rows)
    missing = collections.Counter(entry.file for entry in self.unjustified)
    for file, count in sorted(counts.items()):
      print(f"{count:5} {missing[file]:5}  {file}")
    print(
      f"{len(self.rows)} traps in {len(counts)} files, {len(self.unjustified)} of them not justified; "
      f"{sum(len(source.tags) for source in self.sources.values())} tags name {len(self.invariants.tests)} invariants; in the standard "
      f"library's own code: {self.traps.standard}; after calls that do not return: {self.traps.dead}; accesses checked "
      f"for exclusivity: {self.traps.accesses}")

  def failures(self):
    return [
      f"not justified: {entry.file}:{entry.line} {entry.function} {entry.kind}" for entry in self.unjustified
    ] + [
      f"nothing left to justify: {file}:{tag.line} {', '.join(tag.names)}" for file, tag in self.stale
    ] + self.invariants.failures(self.sources)


if __name__ == "__main__":
  root, objects = sys.argv[1:3]
  audit = Audit(root, objects, TARGETS)
  if "--list" in sys.argv[3:]:
    audit.print_list()
  else:
    audit.print_summary()
  failures = audit.failures()
  for failure in failures:
    print(f"traps: {failure}", file=sys.stderr)
  sys.exit(1 if failures else 0)

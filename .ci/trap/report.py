"""Lists every trap in the objects of the library's targets, with the reason why it is never reached.

  report.py ROOT OBJECTS [--list]      ROOT: the package; OBJECTS: the build's folder of <target>.build folders
"""

import collections
import os
import re
import shutil
import sys
import tempfile

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
    self.rows = []  # (entry, reason or None)
    for entry in sorted(entries):
      source = self.sources.get(entry.file)
      reason = source.reason(entry.line) if source else None
      self.rows.append((entry, reason))
    for cycle in self.traps.cycles:
      reason = None
      for member in cycle:
        found = self.sources[member.file].reason(member.line)
        reason = reason or found
      self.rows.append((Entry(*cycle[0][:2], ", ".join(sorted({m.function for m in cycle})), "recursion"), reason))
    self.unjustified = [entry for entry, reason in self.rows if not reason]
    self.stale = [
      (file, reason) for file, source in sorted(self.sources.items()) for reason in source.reasons if not reason.used
    ]

  def is_plain(self, entry):
    """Literals whose checks cannot fail: a dictionary without keys, and counts of `prefix` and its like."""
    code = self.sources[entry.file].code_lines[entry.line - 1]
    if entry.kind.startswith("Dictionary literal"):
      return "[:]" in code
    if re.search(r"negative (number|length)|call of \S*\.(prefix|suffix|dropFirst|dropLast)", entry.kind):
      uses = re.findall(r"\.(?:prefix|suffix|dropFirst|dropLast)\(([^)]*)\)?", code)
      return bool(uses) and all(re.fullmatch(r"\d*", use.strip()) for use in uses)
    return False

  def print_list(self):
    for entry, reason in self.rows:
      words = reason.words if reason else "UNJUSTIFIED"
      print(f"{entry.file}:{entry.line}\t{entry.function}\t{entry.kind}\t{words}")

  def print_summary(self):
    counts = collections.Counter(entry.file for entry, _ in self.rows)
    missing = collections.Counter(entry.file for entry in self.unjustified)
    for file, count in sorted(counts.items()):
      print(f"{count:5} {missing[file]:5}  {file}")
    print(
      f"{len(self.rows)} traps in {len(counts)} files, {len(self.unjustified)} of them not justified; in the standard "
      f"library's own code: {self.traps.standard}; after calls that do not return: {self.traps.dead}; accesses checked "
      f"for exclusivity: {self.traps.accesses}")

  def failures(self):
    return [
      f"not justified: {entry.file}:{entry.line} {entry.function} {entry.kind}" for entry in self.unjustified
    ] + [f"nothing left to justify: {file}:{reason.line} {reason.words}" for file, reason in self.stale]


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

import Foundation
import HeddleGraph

/// Every case, operation by operation.
public enum KernelCases {
  /// All cases; empty if making them failed, which ``make()`` explains.
  public static let all: [OpCase] = (try? make()) ?? []

  /// The cases of every test run: all but the campaign's.
  public static let short: [OpCase] = all.filter { !$0.isCampaign }

  /// The cases of a test that plans them: ``short``, in a campaign all.
  public static var tested: [OpCase] { ProcessInfo.processInfo.environment["HEDDLE_CAMPAIGN"] == nil ? short : all }

  /// The cases of one operation that every test run has.
  public static func cases(operation: String) -> [OpCase] { short.filter { $0.operation == operation } }

  /// The cases of one family: `MatMul`, `Attention`, …
  public static func cases(family: String) -> [OpCase] { all.filter { $0.family == family } }

  /// Makes all cases anew.
  public static func make() throws -> [OpCase] {
    try Operations.all.compactMap { $0 as? any CasedOperation.Type }.flatMap { try $0.cases() }
  }
}

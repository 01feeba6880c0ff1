import Heddle

/// A graph with a symbolic number of tokens whose plan and runs are counted.
struct CountedGraph {
  let problem: MatMulProblem
  /// Tokens of each run; the greatest is the symbol's bound.
  let runs: [Int]

  init(_ problem: MatMulProblem, runs: [Int]) {
    self.problem = problem
    self.runs = runs
  }

  var name: String { "\(problem.size.weightsName) TxK\(problem.inputs)xM\(problem.outputs)" }
}

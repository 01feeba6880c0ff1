import ArgumentParser
import Heddle

extension Numerics: ExpressibleByArgument {}

/// `--numerics`
struct NumericsOption: ParsableArguments {
  @Option(
    help: """
      exact: results depend on no choice of kernels. relaxed: libraries that sum in an order of their own may be \
      chosen too.
      """)
  var numerics = Numerics.exact
}

// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that peers and what benchmarks need never reach a user of the library. It names the package
// above explicitly: a clone may stand in a folder of any name.
let package = Package(
  name: "heddle-benchmarks",
  dependencies: [
    .package(name: "heddle", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    // CLBlast's tuner has a C++ interface only.
    .target(
      name: "CLBlastPeer", cxxSettings: [.define("CL_TARGET_OPENCL_VERSION", to: "120")],
      linkerSettings: [.linkedLibrary("clblast"), .linkedLibrary("OpenCL")]),
    .executableTarget(
      name: "heddle-bench",
      dependencies: [
        "CLBlastPeer", .product(name: "Heddle", package: "heddle"), .product(name: "OpenCLRuntime", package: "heddle"),
        .product(name: "_KernelCases", package: "heddle"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Limits/limits.cl"), .embedInCode("Peers/pytorch_worker.py"), .embedInCode("Report/page.css"),
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "heddle",
  products: [
    .library(name: "Heddle", targets: ["Heddle"]),
    .library(name: "OpenCLRuntime", targets: ["OpenCLRuntime"]),
    .executable(name: "heddle", targets: ["HeddleCLI"]),
    .library(name: "_KernelCases", targets: ["_KernelCases"]),
    .executable(name: "kernel-cases", targets: ["KernelCasesCLI"]),
    // The bodies of heddle.h; `make install` links them to libheddle, with Swift's runtime inside.
    .library(name: "HeddleC", type: .static, targets: ["HeddleC"]),
  ],
  traits: [
    .default(enabledTraits: ["CLBlast"]),
    .trait(name: "CLBlast", description: "Offers the CLBlast library for dense products in relaxed numerics."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
  ],
  targets: [
    // Kernel text: one C target that embeds every .cl file of `Kernels`, so C users get it too and edits are tracked.
    .target(name: "KernelSources", path: "Kernels/Embedded"),
    .systemLibrary(
      name: "COpenCL", pkgConfig: "OpenCL",
      providers: [.apt(["ocl-icd-opencl-dev", "opencl-headers"])]
    ),
    .systemLibrary(name: "CCLBlast", pkgConfig: "clblast", providers: [.apt(["libclblast-dev"])]),
    // Names and texts that others wrote: how they are compared, and shown. What every error says of itself. Access and
    // arithmetic that cannot trap.
    .target(name: "HeddleText"),
    // What the process and its host give: threads, cache files, digests.
    .target(name: "HeddleHost", dependencies: ["HeddleText"]),
    // What the host's processors can do and which threads run where, for devices that are the host's processors.
    .target(name: "HostProcessor"),
    .target(name: "OpenCLRuntime", dependencies: ["COpenCL", "HeddleHost", "HeddleText", "HostProcessor"]),
    // Data flows down this list; only HeddleOpenCL knows a device.
    .target(name: "HeddleTypes", dependencies: ["HeddleText"]),
    .target(name: "HeddleFormats", dependencies: ["HeddleTypes", "HeddleText"]),
    .target(
      name: "HeddleGraph",
      dependencies: ["HeddleTypes", "HeddleText", .product(name: "RealModule", package: "swift-numerics")]),
    .target(name: "HeddleReference", dependencies: ["HeddleGraph", "HeddleTypes", "HeddleText"]),
    .target(name: "HeddlePlanning", dependencies: ["HeddleGraph", "HeddleTypes", "HeddleText"]),
    // Runs plans over a runtime of some twenty requirements; HeddleOpenCL has one.
    .target(
      name: "HeddleExecution",
      dependencies: ["HeddlePlanning", "HeddleGraph", "HeddleHost", "HeddleTypes", "HeddleText", "KernelSources"]),
    .target(
      name: "HeddleOpenCL",
      dependencies: [
        "HeddleExecution", "HeddlePlanning", "HeddleGraph", "HeddleHost", "HeddleTypes", "HeddleText", "OpenCLRuntime",
        "HostProcessor",
        .target(name: "CCLBlast", condition: .when(traits: ["CLBlast"])),
      ]),
    // How models want conversations laid out. Knows no tensor and no tokenizer.
    .target(name: "ChatTemplates", dependencies: ["HeddleText"]),
    .target(
      name: "HeddleModels",
      dependencies: [
        "HeddleGraph", "HeddleFormats", "HeddleTypes", "HeddleText", "ChatTemplates",
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "RealModule", package: "swift-numerics"),
      ]),
    .target(
      name: "Heddle",
      dependencies: [
        "HeddleText", "HeddleTypes", "HeddleFormats", "HeddleGraph", "HeddleReference", "HeddleExecution",
        "HeddleOpenCL", "HeddleModels", "ChatTemplates", "HeddlePlanning",
      ]),
    // The C interface: a header written by hand, DLPack's layout, and the Swift bodies that the compiler checks against it.
    .systemLibrary(name: "CHeddle"),
    .systemLibrary(name: "CDLPack"),
    .target(
      name: "HeddleC",
      dependencies: [
        "CHeddle", "CDLPack", "COpenCL", "HeddleText", "HeddleHost", "HeddleTypes", "HeddleFormats", "HeddleGraph",
        "HeddleExecution", "HeddleOpenCL", "HeddleModels", "ChatTemplates", "OpenCLRuntime", "HeddlePlanning",
      ]),
    .executableTarget(
      name: "HeddleCLI",
      dependencies: [
        "Heddle", "HeddleText", "OpenCLRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "KernelCasesCLI",
      dependencies: [
        "Heddle", "HeddleHost", "HeddleText", "OpenCLRuntime", "_KernelCases",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "_KernelCases",
      dependencies: ["HeddleGraph", "HeddleReference", "HeddlePlanning", "HeddleTypes", "HeddleText"]),
    .target(
      name: "TestSupport", dependencies: ["Heddle", "OpenCLRuntime"], path: "Tests/TestSupport",
      resources: [.copy("Resources")]),
    .testTarget(
      name: "GraphTests",
      dependencies: ["HeddleGraph", "HeddleReference", "HeddleTypes", "HeddleText", "_KernelCases"],
      resources: [.copy("Resources")]),
    .testTarget(name: "PlanTests", dependencies: ["HeddlePlanning", "KernelSources", "_KernelCases"]),
    // A runtime in host memory that executes nothing, counts, and fails when it is told to.
    .target(
      name: "CountingRuntime", dependencies: ["HeddleExecution", "HeddleHost", "HeddleTypes"],
      path: "Tests/CountingRuntime"),
    .testTarget(
      name: "SessionTests",
      dependencies: [
        "CountingRuntime", "Heddle", "HeddleExecution", "HeddleHost", "HeddleOpenCL", "OpenCLRuntime", "TestSupport",
        "_KernelCases",
      ]),
    .testTarget(
      name: "RuntimeTests", dependencies: ["HeddleHost", "HostProcessor", "OpenCLRuntime", "TestSupport"]),
    .testTarget(name: "OperationTests", dependencies: ["Heddle", "_KernelCases", "TestSupport"]),
    .testTarget(
      name: "InterfaceTests",
      dependencies: [
        "HeddleC", "CHeddle", "HeddleFormats", "HeddleGraph", "HeddleModels", "HeddleOpenCL", "TestSupport",
      ]),
    .testTarget(name: "FormatTests", dependencies: ["HeddleFormats", "HeddleText", "TestSupport"]),
    .testTarget(name: "TemplateTests", dependencies: ["ChatTemplates"], resources: [.copy("Resources")]),
    .testTarget(
      name: "ModelTests", dependencies: ["Heddle", "OpenCLRuntime", "TestSupport"], resources: [.copy("Resources")]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu2x
)

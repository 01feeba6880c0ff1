// swift-tools-version: 6.3
import PackageDescription

// In a tool of your own: .package(url: "…/heddle", branch: "main").
let package = Package(
  name: "heddle-examples",
  dependencies: [.package(name: "heddle", path: "../..")],
  targets: [
    .executableTarget(name: "attention", dependencies: [.product(name: "Heddle", package: "heddle")])
  ],
  swiftLanguageModes: [.v6]
)

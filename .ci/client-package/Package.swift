// swift-tools-version: 6.3
import PackageDescription

// The package of README's "Use it from another package", with a potential of its own. `.ci/client` says where the library
// is: in a folder, or at the URL of a tagged clone.
let library: Package.Dependency =
  if let folder = Context.environment["LIBRARY"] {
    .package(name: "neural-quantum-states", path: folder)
  } else {
    .package(
      url: Context.environment["REPOSITORY"] ?? "https://example.org/neural-quantum-states.git", from: "0.3.0")
  }

// Code of the library that is inlined here is compiled here: for this processor, multiply-adds and all.
var settings: [SwiftSetting] = []
#if arch(x86_64)
if Context.environment["PORTABLE"] == nil { settings.append(.unsafeFlags(["-Xcc", "-march=native"])) }
#endif

let package = Package(
  name: "trap",
  platforms: [.macOS(.v15)],
  dependencies: [library],
  targets: [
    .executableTarget(
      name: "trap", dependencies: [.product(name: "NeuralQuantumStates", package: "neural-quantum-states")],
      swiftSettings: settings)
  ])

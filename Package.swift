// swift-tools-version: 6.3
import Foundation
import PackageDescription

// Kernels are compiled for the processor at hand, in every configuration, so that plain `swift test` is fast too.
// `PORTABLE=1 swift build -c release` compiles for any processor of the architecture instead.
let portable = Context.environment["PORTABLE"] != nil

let swift = codeGeneration()
func codeGeneration() -> [SwiftSetting] {
  #if arch(x86_64)
  guard !portable else { return [] }
  // The clang importer's target features are the code generator's too. arm64 has NEON and FMA without a flag.
  let flags: [SwiftSetting] = [
    .define("NATIVE_SIMD"), .unsafeFlags(["-Xcc", "-march=native", "-Xcc", "-fno-math-errno"]),
  ]
  let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  return flags + (processor.contains("avx512f") ? [.define("AVX512")] : [])
  #else
  return []
  #endif
}
/// Optimised in debug too, where the time goes into the module's own loops. Tests, and programs that leave their work to the
/// chapters, are not: to optimise them takes the compiler longer than it saves them.
let optimised = portable ? [] : swift + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]
let libm: [LinkerSetting] = [.linkedLibrary("m", .when(platforms: [.linux]))]

/// What every chapter on optimisers builds on.
let stepImports = [
  "Ch00Lanes", "Ch01LinearAlgebra", "Ch02AutomaticDifferentiation", "Ch04DeterminantAnsatz",
  "Ch06VariationalMonteCarlo",
]

/// Chapters in reading order, with the earlier chapters that each one imports.
let chapters: [(name: String, imports: [String])] = [
  ("Ch00Lanes", []),
  ("Ch01LinearAlgebra", ["Ch00Lanes"]),
  ("Ch02AutomaticDifferentiation", ["Ch00Lanes", "Ch01LinearAlgebra"]),
  ("Ch03TrappedFermions", ["Ch00Lanes", "Ch01LinearAlgebra"]),
  ("Ch04DeterminantAnsatz", ["Ch00Lanes", "Ch01LinearAlgebra", "Ch02AutomaticDifferentiation"]),
  ("Ch05MetropolisSampling", ["Ch00Lanes", "Ch04DeterminantAnsatz"]),
  (
    "Ch06VariationalMonteCarlo",
    [
      "Ch00Lanes", "Ch01LinearAlgebra", "Ch02AutomaticDifferentiation", "Ch03TrappedFermions", "Ch04DeterminantAnsatz",
      "Ch05MetropolisSampling",
    ]
  ),
  ("Ch07NaturalGradient", stepImports),
  ("Ch08KFAC", stepImports + ["Ch07NaturalGradient"]),
  ("Ch09QuasiNewtonKFAC", stepImports + ["Ch07NaturalGradient", "Ch08KFAC"]),
  ("Ch10MinimumResidual", stepImports + ["Ch07NaturalGradient", "Ch08KFAC", "Ch09QuasiNewtonKFAC"]),
  ("Ch11ScoringRules", ["Ch00Lanes", "Ch01LinearAlgebra", "Ch02AutomaticDifferentiation"]),
  ("Ch12DecisionalGradientDescent", stepImports + ["Ch07NaturalGradient", "Ch10MinimumResidual"]),
  (
    "Ch13BeyondTheTalk",
    stepImports + ["Ch07NaturalGradient", "Ch08KFAC", "Ch10MinimumResidual", "Ch12DecisionalGradientDescent"]
  ),
  ("Ch14ExcitedStates", stepImports + ["Ch03TrappedFermions", "Ch05MetropolisSampling"]),
  ("Ch15OtherAnsatze", stepImports + ["Ch05MetropolisSampling"]),
  (
    "Ch16OtherProblems",
    stepImports + [
      "Ch03TrappedFermions", "Ch05MetropolisSampling", "Ch07NaturalGradient", "Ch10MinimumResidual",
      "Ch11ScoringRules",
      "Ch12DecisionalGradientDescent",
    ]
  ),
]

/// Tutorial pages: the folder under `Tutorials/` that holds `README.md`, `main.swift` and `output.txt`.
let pages = [
  "01-linear-algebra", "02-automatic-differentiation", "03-trapped-fermions", "04-determinant-ansatz",
  "05-metropolis-sampling", "06-variational-monte-carlo", "07-natural-gradient", "08-kfac", "09-quasi-newton-kfac",
  "10-minimum-residual", "11-scoring-rules", "12-decisional-gradient-descent", "13-beyond-the-talk",
  "14-excited-states", "15-other-ansatze", "16-other-problems",
]

/// What lies in a page's folder beside its program.
func data(_ page: String) -> [String] {
  ["README.md", "output.txt"] + (page.hasSuffix("beyond-the-talk") ? ["tuned"] : [])
}

/// What weave and its tests run: a program for each page, and one for the solutions of all exercises.
let programs = pages.map { "tutorial-" + $0.prefix(2) } + ["exercises"]

/// Libraries that are no chapters, with what each one imports, and how it is compiled.
let appendices: [(name: String, imports: [String], settings: [SwiftSetting])] = [
  ("NeuralQuantumStates", chapters.map(\.name), swift),
  ("AppendixFiles", ["Ch00Lanes", "Ch01LinearAlgebra"], optimised),
  ("AppendixText", [], swift),
  ("AppendixFormulas", ["Ch00Lanes", "Ch03TrappedFermions"], optimised),
  ("AppendixPlots", ["AppendixText"], swift),
  ("AppendixWeave", ["AppendixFiles"], swift),
]

/// Imports, and all that they stand on.
///
/// A change in one module has to rebuild whatever is made of it, and the package manager looks at direct dependencies only:
/// a module in between that itself looks the same as before would hide the change, and old objects be linked with new ones.
func dependencies(_ imports: [String]) -> [Target.Dependency] {
  let libraries = Dictionary(
    uniqueKeysWithValues: chapters + appendices.map { (name: $0.name, imports: $0.imports) })
  var found: [String] = []
  func visit(_ name: String) {
    guard !found.contains(name) else { return }
    found.append(name)
    libraries[name]?.forEach(visit)
  }
  imports.forEach(visit)
  return found.map { .init(stringLiteral: $0) }
}
func library(_ name: String, _ imports: [String], _ settings: [SwiftSetting]) -> Target {
  .target(name: name, dependencies: dependencies(imports), swiftSettings: settings, linkerSettings: libm)
}
func executable(_ name: String, _ imports: [String], _ settings: [SwiftSetting] = swift) -> Target {
  .executableTarget(name: name, dependencies: dependencies(imports), swiftSettings: settings, linkerSettings: libm)
}
func tests(_ name: String, _ imports: [String], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies(imports + ["TestSupport"]), resources: resources, swiftSettings: swift,
    linkerSettings: libm)
}

var targets = chapters.map { library($0.name, $0.imports, optimised) }
targets += appendices.map { library($0.name, $0.imports, $0.settings) }
targets += [
  executable(
    "nqs", ["NeuralQuantumStates", "AppendixFiles", "AppendixFormulas", "AppendixPlots", "AppendixText"]),
  executable("benchmark", ["NeuralQuantumStates", "AppendixFiles", "AppendixText"], optimised),
  executable("figures", ["NeuralQuantumStates", "AppendixFiles", "AppendixPlots", "AppendixText"]),
  executable("weave", ["AppendixWeave", "AppendixFiles"] + programs),
]
targets += pages.map { page in
  .executableTarget(
    name: "tutorial-" + page.prefix(2), dependencies: dependencies(["NeuralQuantumStates", "AppendixText"]),
    path: "Tutorials/" + page,
    exclude: data(page) + ["exercises"], swiftSettings: optimised, linkerSettings: libm)
}
// The solutions of all pages' exercises, `Tutorials/NN-name/exercises/`, are one program.
targets.append(
  .executableTarget(
    name: "exercises", dependencies: dependencies(["NeuralQuantumStates", "AppendixText"]), path: "Tutorials",
    exclude: ["README.md", "figures"]
      + pages.flatMap { page in
        (data(page) + ["main.swift", "exercises/output.txt"]).map { page + "/" + $0 }
      },
    sources: ["exercises"] + pages.map { $0 + "/exercises" }, swiftSettings: optimised, linkerSettings: libm))
/// What tests of optimisers need beyond what their chapters import: a system, a walk, samples of a pretrained state.
let sampleImports = ["Ch03TrappedFermions", "Ch05MetropolisSampling", "TestSamples"]
targets += [
  .target(name: "TestSupport", path: "Tests/TestSupport", resources: [.copy("Golden")], swiftSettings: swift),
  .target(
    name: "TestSamples",
    dependencies: dependencies([
      "TestSupport", "Ch01LinearAlgebra", "Ch02AutomaticDifferentiation", "Ch03TrappedFermions",
      "Ch04DeterminantAnsatz",
      "Ch05MetropolisSampling", "Ch06VariationalMonteCarlo",
    ]), path: "Tests/TestSamples", swiftSettings: swift),
]
/// What the tests of a chapter run, and the chapter itself does not know of.
let moreOfTests = [
  "Ch04DeterminantAnsatz": ["TestSamples"],
  "Ch06VariationalMonteCarlo": ["TestSamples"],
  "Ch13BeyondTheTalk": ["Ch09QuasiNewtonKFAC", "NeuralQuantumStates"],
  "Ch14ExcitedStates": ["Ch07NaturalGradient", "Ch10MinimumResidual", "Ch12DecisionalGradientDescent"],
  "Ch15OtherAnsatze": ["Ch12DecisionalGradientDescent", "NeuralQuantumStates"],
]
targets += chapters.map { chapter in
  tests(
    chapter.name + "Tests",
    [chapter.name] + chapter.imports + (chapter.imports.starts(with: stepImports) ? sampleImports : [])
      + (moreOfTests[chapter.name] ?? [])
  )
}
targets += [
  tests("AppendixTextTests", ["AppendixText"]),
  tests("AppendixFormulasTests", ["AppendixFormulas", "Ch00Lanes", "Ch03TrappedFermions"]),
  tests("AppendixPlotsTests", ["AppendixPlots", "AppendixFiles", "AppendixWeave", "figures"]),
  tests("AppendixFilesTests", ["AppendixFiles", "Ch01LinearAlgebra"], resources: [.copy("Fixtures")]),
  tests("AppendixWeaveTests", ["AppendixWeave", "AppendixFiles", "weave"] + programs),
  tests(
    "CommandLineTests",
    ["AppendixFiles", "AppendixWeave", "Ch01LinearAlgebra", "Ch03TrappedFermions", "nqs", "benchmark"],
    resources: [.copy("Weights")]),
]

let package = Package(
  name: "NeuralQuantumStates",
  platforms: [.macOS(.v15)],
  products: [.library(name: "NeuralQuantumStates", targets: ["NeuralQuantumStates"])],
  targets: targets
)

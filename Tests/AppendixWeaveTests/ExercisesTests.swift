import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

/// A page with one exercise in a folder of its own, and a shell script as the program of all solutions.
private struct ScratchExercises {
  private let scratch: Scratch
  var folder: String { scratch.file("Tutorials/07-scratch") }
  var executable: String { folder + "/program" }

  static let page = """
    # Page
    ## Exercises
    Solutions are in [exercises](exercises): `swift run -c release exercises 7`.

    **7.1 A sum.** Add 1 and 1. Say first: what comes out?

    """

  init(page: String = Self.page, solutions: [String] = ["7.1-a-sum"], script: String = "echo '== 7.1 =='; echo 2")
    throws
  {
    scratch = try Scratch()
    try makeFolders(folder + "/exercises")
    try writeAtomically(page, to: folder + "/README.md")
    for name in solutions { try writeAtomically("// \(name)\n", to: folder + "/exercises/\(name).swift") }
    try setScript(script)
  }

  func setScript(_ script: String) throws { try writeScript(script, to: executable) }

  func check(timeLimit: Double = 60) -> [String] {
    checkExercises(folder: folder, executable: executable, timeLimit: timeLimit).map {
      $0.description.replacing(folder + "/", with: "")
    }
  }

  func record() throws -> [String] {
    try recordExercises(folder: folder, executable: executable).map { $0.replacing(folder + "/", with: "") }
  }
}

@Suite("W.6 Exercises and their solutions") struct ExercisesOfAPage {
  @Test("solutions that were recorded are as their program; recording again changes nothing") func recorded() throws {
    let page = try ScratchExercises(script: "echo \"== $1.1 ==\"; echo 2")
    #expect(try page.record() == ["exercises/output.txt"])
    #expect(
      try readText(page.folder + "/exercises/output.txt") == "$ swift run -c release exercises 7\n== 7.1 ==\n2\n")
    #expect(page.check().isEmpty)
    #expect(try page.record().isEmpty)
    #expect(try readText(page.folder + "/README.md") == ScratchExercises.page)
  }

  @Test("a solution that prints something else, or fails, is a difference with its line") func differences() throws {
    let page = try ScratchExercises()
    _ = try page.record()
    try page.setScript("echo '== 7.1 =='; echo 3")
    #expect(page.check() == ["exercises/output.txt:3: 2 became 3\n  - 2\n  + 3"])
    try page.setScript("echo 'no such matrix' >&2; exit 70")
    #expect(page.check() == ["exercises 7: the program ended with exit code 70: no such matrix"])
    #expect(throws: FileError.self) { try page.record() }
  }

  @Test("numbers may move as on a page: an estimate by its error bar, a count not at all") func tolerance() throws {
    let page = try ScratchExercises(script: "echo '== 7.1 =='; echo 'E = 1.50 ± 0.01 of 8'")
    _ = try page.record()
    try page.setScript("echo '== 7.1 =='; echo 'E = 1.52 ± 0.01 of 8'")
    #expect(page.check().isEmpty)
    try page.setScript("echo '== 7.1 =='; echo 'E = 1.50 ± 0.01 of 9'")
    #expect(page.check().count == 1)
  }

  @Test(
    "what is missing on a page is named, with its line",
    arguments: [
      ("## Exercises", "## Examples", "README.md:5: the page has no exercises; write a last section \"## Exercises\""),
      (
        "in [exercises](exercises)", "elsewhere",
        "README.md:2: the page does not say where the solutions are; "
          + "write a link to (exercises) and `swift run -c release exercises 7`"
      ),
      (
        "exercises 7`", "exercises 8`",
        "README.md:2: the page does not say where the solutions are; "
          + "write a link to (exercises) and `swift run -c release exercises 7`"
      ),
      ("Say first: w", "W", "README.md:5: exercise 7.1 asks for no prediction; write \"Say first: …\""),
      ("comes out?\n", "comes out?\n## More\n", "README.md:6: a section after the exercises, which are the last one"),
      (
        "comes out?\n", "comes out?\n**7.2 More.** Say first.\n",
        "README.md:6: exercise 7.2 has no solution; write exercises/7.2-NAME.swift"
      ),
      ("comes out?\n", "comes out?\n**7.3 More.** Say first.\n", "README.md:6: exercise 7.2 is expected here"),
    ])
  func missing(text: String, replacement: String, message: String) throws {
    let page = try ScratchExercises(page: ScratchExercises.page.replacing(text, with: replacement))
    _ = try page.record()
    #expect(page.check() == [message])
  }

  @Test("each exercise has one solution, and each solution an exercise and a section of the output") func solutions()
    throws
  {
    let none = try ScratchExercises(solutions: [])
    #expect(none.check() == ["README.md:5: exercise 7.1 has no solution; write exercises/7.1-NAME.swift"])

    let two = try ScratchExercises(solutions: ["7.1-a-sum", "7.1-another", "7.2-a-product"])
    _ = try two.record()
    #expect(
      two.check() == [
        "README.md:5: exercise 7.1 has more than one solution; write exercises/7.1-NAME.swift",
        "exercises/7.2-a-product.swift: a solution without an exercise",
      ])

    let silent = try ScratchExercises(script: "echo 2")
    _ = try silent.record()
    #expect(
      silent.check() == [
        "exercises/output.txt: no section \"7.1\"; "
          + "let `swift run -c release exercises 7` print one, and run swift run weave"
      ])
  }

  @Test("solutions that compute longer than allowed are reported") func tooLong() throws {
    let page = try ScratchExercises(
      script: "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo '== 7.1 =='; echo 2")
    _ = try page.record()
    #expect(page.check().isEmpty)
    #expect(page.check(timeLimit: 0.001).first?.hasPrefix("exercises: the program took") == true)
  }

  @Test(
    "wrong usage of the program of solutions is one line and exit code 64; its list and its help are none",
    arguments: [([], 0), (["--help"], 0), (["2.1"], 0), (["7.9"], 64), (["seven"], 64), (["2.1", "--fast"], 64)]
      as [([String], Int32)])
  func usage(arguments: [String], exitCode: Int32) throws {
    let run = try runProgram(builtExecutable(named: Exercises.executable), arguments)
    #expect(run.exitCode == exitCode)
    #expect(run.errors.split(separator: "\n").count == (exitCode == 0 ? 0 : 1))
    #expect(run.output.isEmpty == (exitCode != 0))
  }
}

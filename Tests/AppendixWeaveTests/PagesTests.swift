import AppendixFiles
import AppendixWeave
import Foundation
import Testing

/// The package's folder, from the place of this very file.
private let package = ((#filePath as NSString).deletingLastPathComponent + "/../.." as NSString).standardizingPath
private let environment = ProcessInfo.processInfo.environment

// One after the other: a page has to end within seconds, and says how fast things are.
@Suite("W.4 The pages of this book", .serialized) struct Pages {
  @Test(
    "a page shows what its program is and prints, in symbols of the book",
    arguments: try pageFolders(in: package + "/Tutorials"))
  func isTrue(folder: String) throws {
    let executable = try builtExecutable(named: Page.executable(folder))
    let slow = environment["NQS_SLOW"] == "1"
    if environment["NQS_RECORD"] == "1" {
      let changed = try recordPage(folder: folder, executable: executable, slow: slow)
      Issue.record("recorded anew, as NQS_RECORD=1 asks: \(changed); look at them and run the tests without it")
    }
    for difference in checkPage(folder: folder, executable: executable, slow: slow) {
      Issue.record(Comment(rawValue: difference.description))
    }
  }

  @Test(
    "each exercise of a page has a solution, which prints what it did",
    arguments: try pageFolders(in: package + "/Tutorials"))
  func hasSolutions(folder: String) throws {
    let executable = try builtExecutable(named: Exercises.executable)
    let slow = environment["NQS_SLOW"] == "1"
    if environment["NQS_RECORD"] == "1" {
      let changed = try recordExercises(folder: folder, executable: executable, slow: slow)
      Issue.record("recorded anew, as NQS_RECORD=1 asks: \(changed); look at them and run the tests without it")
    }
    let differences = checkExercises(folder: folder, executable: executable, slow: slow)
    #expect(differences.isEmpty, "\(differences.map(\.description).joined(separator: "\n"))")
  }

  @Test(
    "no line of a paragraph begins a list",
    arguments: ["README.md", "Tutorials/README.md", "Tutorials/figures/README.md"])
  func paragraphs(path: String) throws {
    #expect(checkParagraphs(try readText(package + "/" + path)).map(\.description) == [])
  }
}

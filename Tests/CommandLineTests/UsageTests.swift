import Foundation
import TestSupport
import Testing

@Suite("C.1 Usage") struct Usage {
  @Test(
    "what cannot be meant is refused with one line and exit code 64",
    arguments: [
      "solve --foo", "solve --walkers", "solve --walkers --json", "solve --walkers abc", "solve --walkers 0",
      "solve --walkers -5", "solve --walkers 1.5", "solve --particles 0", "solve --hidden 2",
      "solve --hidden 3 --particles 3",
      "solve --range 0", "solve --range -1", "solve --strength inf", "solve --strength nan", "solve --sweeps 0",
      "solve --layers 0", "solve --determinants 0", "solve --optimizer sgd", "solve --exact maybe", "solve --seed -1",
      "solve --seed 99999999999999999999", "solve --threads 0", "solve 3", "solve --json=1", "solve --seed 1 --seed 2",
      "solve --particles 20 --determinants 2", "solve --walkers 1000000 --hidden 4096", "solve --learning-rate 0",
      "evaluate", "evaluate --weights x", "exact --particles 0", "exact --tolerance 0", "exact --method magic", "bogus",
      "solve --output", "--foo", "compare --optimizers adam,sgd", "compare --optimizers adam,adam",
      "compare --optimizers ,",
      "solve --optimizer adam --lambda 3", "solve --optimizer dgd --lambda 1e-9", "solve --lambda 1e-5",
      "solve --optimizer muon --preset source", "measure",
      "measure a b", "measure a --batches 0", "measure a --bins 3",
      "report", "report a --output",
    ])
  func refused(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let outcome = try nqs(words)
    #expect(outcome.exitCode == 64, "\(outcome)")
    #expect(outcome.isOneLine(with: "nqs"), "\(outcome)")
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "help is 110 columns wide, and a line of a paragraph ends where the next word has no room",
    arguments: ["solve", "study", "compare", "tune", "measure", "evaluate", "exact", "report"])
  func folding(command: String) throws {
    let lines = try nqs(command, "--help").output.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.count > 10)
    func isParagraph(_ line: Substring) -> Bool { !line.isEmpty && line.first != " " && !line.contains("  ") }
    for (line, next) in zip(lines, lines.dropFirst()) {
      #expect(line.count <= 110, "\(line)")
      guard isParagraph(line), isParagraph(next), line.contains(" ") else { continue }
      let word = next.prefix { $0 != " " }
      #expect(line.count + word.count >= 110, "\(line) | \(word)")
    }
  }

  @Test("help and version answer on standard output")
  func help() throws {
    #expect(try nqs("--version").output.hasPrefix("nqs "))
    #expect(try nqs("--help").output.contains("solve"))
    #expect(try nqs("--help").output.contains("75 another\nprocess"))
    #expect(try nqs().exitCode == 0)
    for command in ["solve", "compare", "study", "exact", "measure", "evaluate", "report"] {
      let help = try nqs(command, "--help")
      #expect(help.exitCode == 0 && help.output.contains("--json") && help.errors.isEmpty)
    }
  }
}

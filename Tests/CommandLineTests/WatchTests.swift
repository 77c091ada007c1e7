import AppendixWeave
import Foundation
import Testing

@Suite("C.15 nqs solve --watch") struct Watch {
  private static let words = SolveCommand.small.filter { $0 != "--quiet" } + ["--strength", "-10"]

  @Test("--watch draws the density and that of pairs above the line of progress, and changes no bit of the run")
  func drawsAndChangesNothing() throws {
    let plain = try nqs(Watch.words + ["--steps", "6", "--json"])
    let watched = try nqs(Watch.words + ["--steps", "6", "--json", "--watch"])
    #expect(watched.exitCode == 0, "\(watched)")
    for key in ["energy", "energy_error", "variance"] {
      #expect(try plain.json()[key] == watched.json()[key])
    }
    // Into a file the picture stands before the line of the step that it belongs to.
    let lines = watched.errors.split(separator: "\n", omittingEmptySubsequences: false)
    let last = try #require(lines.lastIndex { $0.hasPrefix("step ") })
    let top = try #require(lines[..<last].lastIndex { $0.hasPrefix("density n(x)") })
    // A heading, fourteen rows, the axis, its two ends.
    #expect(last - top == 17)
    #expect(lines[top].contains("n(x, x')"))
    #expect(lines[top..<last].contains { $0.contains("█") } && lines[last - 2].contains("└──"))
    #expect(!plain.errors.contains("█"))
  }

  @Test("a single particle has no pairs, and several states are drawn as their sum")
  func otherSystems() throws {
    for system in [["--particles", "1"], ["--states", "2"]] {
      let outcome = try nqs(Watch.words + ["--steps", "6"] + system + ["--watch"])
      #expect(outcome.exitCode == 0 && outcome.errors.contains("density n(x)"), "\(outcome)")
      #expect(outcome.errors.contains("n(x, x')") == (system[0] == "--states"))
    }
  }

  #if os(Linux)
  /// What a terminal of a size is sent.
  private func terminal(rows: Int, columns: Int) throws -> String {
    let program = try builtExecutable(named: "nqs")
    let command =
      (["stty rows \(rows) cols \(columns);", "'\(program)'"] + Watch.words + [
        "--watch", "--steps", "1000000", "--seconds", "1",
      ]).joined(
        separator: " ")
    let run = try runProgram(
      "/usr/bin/script", ["-qec", command, "/dev/null"], environment: ["TERM": "xterm", "NO_COLOR": ""], killAfter: 60)
    #expect(run.exitCode == 0, "\(run)")
    return run.output
  }

  @Test("on a terminal the picture is drawn in place; one that is too low gets the line alone, cut at its width")
  func inPlace() throws {
    // Seventeen lines up from the eighteenth.
    #expect(try terminal(rows: 40, columns: 120).contains("\u{1B}[17A"))
    let low = try terminal(rows: 10, columns: 50)
    #expect(!low.contains("density n(x)"))
    let drawn = low.components(separatedBy: "\r").filter { $0.hasPrefix("step ") }
    #expect(!drawn.isEmpty && drawn.allSatisfy { line in line.prefix { $0 != "\u{1B}" }.count < 50 })
  }
  #endif
}

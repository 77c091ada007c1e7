import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.13 Output that cannot be written, words that are slips") struct Output {
  /// Runs a shell script with the built `nqs` as "$nqs".
  private func shell(_ script: String) throws -> Outcome {
    let run = try runProgram(
      "/bin/sh", ["-c", script], environment: ["nqs": try builtExecutable(named: "nqs")], killAfter: 60)
    return Outcome(output: run.output, errors: run.errors, exitCode: Int(run.exitCode))
  }

  #if os(Linux)
  @Test(
    "a full device as standard output is told in one line, and is no success",
    arguments: [
      "exact --method hf --quiet", "exact --method hf --json", "exact --table", "--help", "solve --help", "help solve",
      "--version", "study --list",
    ])
  func full(words: String) throws {
    let outcome = try shell("\"$nqs\" \(words) >/dev/full")
    #expect(outcome.exitCode == 74 && outcome.isOneLine(with: "standard output", "full"), "\(outcome)")
  }
  #endif

  @Test("a closed standard output is told in one line, and no file of a run is taken for it")
  func closed() throws {
    let scratch = try Scratch()
    let outcome = try shell(
      "\"$nqs\" solve --steps 2 --walkers 64 --hidden 4 --pretrain 2 --quiet --output '\(scratch.file("run"))' >&-")
    #expect(outcome.exitCode == 74 && outcome.isOneLine(with: "standard output", "closed"), "\(outcome)")
    // The run itself has ended and is whole.
    #expect(try nqs("solve", "--resume", scratch.file("run"), "--steps", "2", "--quiet").exitCode == 0)
  }

  // The reader is gone before the first byte is written.
  @Test("a pipe that nobody reads any more ends the program without a word; a closed one for progress ends no run")
  func pipes() throws {
    let scratch = try Scratch()
    let code = scratch.file("code")
    func exitCode(_ command: String) throws -> String {
      let outcome = try shell("{ sleep 0.3; \"$nqs\" \(command); echo $? >'\(code)'; } | true")
      #expect(outcome.errors.isEmpty, "\(outcome)")
      return try String(contentsOfFile: code, encoding: .utf8)
    }
    #expect(try exitCode("exact --table") == "141\n")
    #expect(try exitCode("solve --steps 3 --walkers 64 --hidden 4 --pretrain 2 2>&1 >/dev/null") == "0\n")
  }

  @Test(
    "a slip of the hand is answered with the word that was meant",
    arguments: [
      ("slove", "did you mean solve?"), ("solve --particle 3", "did you mean --particles?"),
      ("solve --optimiser dgd", "did you mean --optimizer?"), ("study --strength 3", "did you mean --strengths?"),
      ("measure x --batchse 3", "did you mean --batches?"),
    ])
  func slips(line: String, answer: String) throws {
    let outcome = try nqs(line.split(separator: " ").map(String.init))
    #expect(outcome.exitCode == 64 && outcome.isOneLine(with: answer), "\(outcome)")
  }

  @Test("what is no slip gets no guess", arguments: ["fly", "solve --colour red"])
  func noGuess(line: String) throws {
    let outcome = try nqs(line.split(separator: " ").map(String.init))
    #expect(outcome.exitCode == 64 && !outcome.errors.contains("did you mean"), "\(outcome)")
  }
}

import AppendixFiles
import AppendixWeave
import Foundation
import Testing

/// What `nqs` printed, and how it ended.
struct Outcome {
  var output: String
  var errors: String
  var exitCode: Int

  /// The one JSON object on standard output.
  func json() throws -> JSONValue { try JSONValue.parse(output) }
  /// Whether the errors are one line that contains all these words.
  func isOneLine(with words: String...) -> Bool {
    errors.hasSuffix("\n") && errors.dropLast().allSatisfy { !$0.isNewline } && words.allSatisfy(errors.contains)
  }
}

/// Runs the built `nqs`, never `swift run`: that would wait for the lock of the test run itself.
func nqs(_ words: String...) throws -> Outcome { try nqs(words) }

func nqs(_ words: [String]) throws -> Outcome { try outcome(of: "nqs", words) }

/// The same for another program of the package.
func outcome(of program: String, _ words: [String]) throws -> Outcome {
  let run = try runProgram(try builtExecutable(named: program), words, killAfter: 120)
  return Outcome(output: run.output, errors: run.errors, exitCode: Int(run.exitCode))
}

/// Weights of the reference networks, written by the Python package safetensors (see Weights/make.py).
func pythonWeights(_ name: String) -> String {
  Bundle.module.bundleURL.appendingPathComponent("Weights/\(name).safetensors").path
}

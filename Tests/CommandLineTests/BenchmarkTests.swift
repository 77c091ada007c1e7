import AppendixFiles
import Foundation
import TestSupport
import Testing

@Suite("C.17 The benchmark") struct Benchmarks {
  private let part = ["--match", "uniform number", "--repeats", "3"]

  @Test("a part is timed, and against an earlier run it tells how many times as long it takes") func compare() throws {
    let scratch = try Scratch()
    let first = try outcome(of: "benchmark", part + ["--json"])
    let json = try first.json()
    #expect(first.exitCode == 0 && first.errors.isEmpty)
    #expect((json["peak_flops"]?.double ?? 0) > 1e8 && (json["bandwidth"]?.double ?? 0) > 1e7)
    #expect(json["processor"]?.text?.isEmpty == false)
    let seconds = try #require(json["parts"]?.elements?.first?["seconds"]?.double)
    #expect(seconds > 0)
    // A thousandth of the time then is a thousand times as long now, but for the noise between two runs.
    var earlier = json
    earlier["parts"] = [["part": "uniform number", "seconds": JSONValue(seconds / 1000)]]
    try scratch.write(earlier.line, to: "earlier.json")
    let second = try outcome(of: "benchmark", part + ["--json", "--compare", scratch.file("earlier.json")])
    let ratio = try #require(try second.json()["parts"]?.elements?.first?["to_earlier"]?.double)
    #expect(ratio > 100 && ratio < 10_000)
    let table = try outcome(of: "benchmark", part + ["--compare", scratch.file("earlier.json")])
    #expect(table.output.contains("to earlier") && table.output.contains("uniform number"))
  }

  @Test(
    "a file to compare with that is missing or none is told in one line",
    arguments: [("missing", 74), ("{}", 65), ("[", 65), ("{\"parts\": [3]}", 65)] as [(String, Int32)])
  func refused(text: String, code: Int32) throws {
    let scratch = try Scratch()
    if text != "missing" { try scratch.write(text, to: "earlier.json") }
    let outcome = try outcome(of: "benchmark", part + ["--compare", scratch.file("earlier.json")])
    #expect(outcome.exitCode == code && outcome.isOneLine(with: "benchmark: ", "earlier.json"))
    #expect(outcome.output.isEmpty)
  }

  @Test("with two numbers of particles it says how much longer a part takes, and as which power of A") func growth()
    throws
  {
    let options = ["--particles", "1,2", "--match", "values of ψ", "--repeats", "3"]
    let json = try outcome(of: "benchmark", options + ["--json"]).json()
    let rows = try #require(json["growth"]?.elements)
    let seconds = try #require(json["parts"]?.elements).compactMap { $0["seconds"]?.double }
    let (ratio, power) = (try #require(rows[0]["ratio"]?.double), try #require(rows[0]["power"]?.double))
    #expect(rows[0]["part"]?.text == "values of ψ" && rows.count == 2)
    // Whatever else the machine does: the two rows above it give the ratio.
    #expect(seconds.count == 2 && abs(ratio - seconds[1] / seconds[0]) < 1e-12 * ratio)
    #expect(abs(power - log2(ratio)) < 1e-12)
    // Twice as many particles, each with three components where there were two; with the orbitals a little more.
    let memory = try #require(rows[1]["ratio"]?.double)
    #expect(memory >= 3 && memory < 3.2)
  }
}

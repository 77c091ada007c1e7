import AppendixFiles
import Testing

@Suite("9.6 nqs study") struct StudyCommandTests {
  private let small = ["--walkers", "256", "--hidden", "8", "--sweeps", "5", "--pretrain", "50", "--quiet"]

  @Test("a case that has ended is read, not run again; more steps make it go on")
  func resumable() throws {
    let scratch = try Scratch()
    let study = ["study", "--particles", "2", "--output", scratch.path, "--json"] + small
    let first = try nqs(study + ["--strengths", "-20,0", "--steps", "12"])
    #expect(first.exitCode == 0)
    let again = try nqs(study + ["--strengths", "-20,0", "--steps", "12"])
    // The seconds too: they were read.
    #expect(try again.json() == first.json())
    let longer = try nqs(study + ["--strengths", "0", "--steps", "15"])
    #expect(try longer.json()["cases"]?.elements?.map { $0["steps"]?.int } == [15])
    let collected = try nqs(study + ["--strengths", "0,10", "--steps", "15", "--collect"])
    #expect(try collected.json()["cases"]?.elements?.map { $0["steps"]?.int } == [15, nil])
  }

  @Test("without interaction the pretrained state is nearly the answer, and the table counts it")
  func converged() throws {
    let scratch = try Scratch()
    let outcome = try nqs(
      ["study", "--particles", "2", "--strengths", "0", "--steps", "30", "--output", scratch.path] + small)
    #expect(outcome.output.hasPrefix("A = 2  V0 =    0"))
    #expect(outcome.output.hasSuffix("1 of 1 cases converged\n"))
  }

  @Test("--list prints one command a case, and runs nothing") func list() throws {
    let scratch = try Scratch()
    let outcome = try nqs([
      "study", "--list", "--particles", "2,6", "--strengths", "-20,10.5", "--output", scratch.file("of its own"),
      "--optimizer", "adam", "--seed", "7",
    ])
    #expect(
      outcome.output
        == [("2", "-20"), ("2", "10.5"), ("6", "-20"), ("6", "10.5")].map { particles, strength in
          "swift run -c release nqs study --particles \(particles) --strengths \(strength) "
            + "--output '\(scratch.file("of its own"))' --optimizer adam --seed 7 --quiet\n"
        }.joined())
    #expect(throws: FileError.self) { try RunFolder.open(scratch.file("of its own")) }
  }

  @Test("a folder with a run of other settings is left alone") func otherSettings() throws {
    let scratch = try Scratch()
    let study = ["study", "--particles", "2", "--strengths", "0", "--steps", "2", "--output", scratch.path] + small
    #expect(try nqs(study).exitCode == 0)
    let other = try nqs(study + ["--seed", "2"])
    #expect(other.exitCode == 64)
    #expect(other.errors.contains("other settings"))
  }

  @Test("lists that are none are wrong usage", arguments: ["", "2,", "2,2", "0", "two", "2;3"])
  func lists(particles: String) throws {
    let outcome = try nqs(["study", "--particles", particles])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}

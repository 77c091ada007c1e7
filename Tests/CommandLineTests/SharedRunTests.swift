import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.11 Runs that others start or stop") struct SharedRuns {
  /// Runs a script in which `$nqs` is the program, `$run` a folder, and the words behind it the options of a small run.
  private func shell(_ script: String, run: String, _ words: String...) throws -> Outcome {
    let environment = ["nqs": try builtExecutable(named: "nqs"), "run": run]
    let small = SolveCommand.small.dropFirst() + ["--optimizer", "adam"]
    let done = try runProgram(
      "/bin/bash", ["-c", script, "bash"] + small + words, environment: environment, killAfter: 120)
    return Outcome(output: done.output, errors: done.errors, exitCode: Int(done.exitCode))
  }

  @Test("of two processes that start a run at once, one makes it and the other stops with exit code 75")
  func twoAtOnce() throws {
    let scratch = try Scratch()
    // Seconds of steps: time enough for the later one to find the first at work.
    let script = #"""
      "$nqs" solve "$@" --output "$run" > /dev/null & first=$!
      "$nqs" solve "$@" --output "$run" > /dev/null; second=$?
      wait $first; echo $? $second
      """#
    let outcome = try shell(script, run: scratch.file("run"), "--steps", "300")
    #expect(["0 75\n", "75 0\n"].contains(outcome.output), "\(outcome)")
    #expect(outcome.isOneLine(with: scratch.file("run"), "another process runs this case"), "\(outcome)")
    #expect(try SolveCommand.historyWithoutSeconds(scratch.file("run")).map { $0[0] } == (1...300).map { Double($0) })
  }

  @Test("a run that another process has is left alone; when that one lets go, it can be made and resumed")
  func held() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    func expectLocked(_ words: [String]) throws {
      let outcome = try nqs(words)
      #expect(outcome.exitCode == 75 && outcome.isOneLine(with: run, "another process runs this case"), "\(outcome)")
    }
    let new = SolveCommand.small + ["--steps", "1", "--output", run]
    let resume = ["solve", "--resume", run, "--steps", "2", "--quiet"]
    var lock = try RunLock(run)
    try expectLocked(new)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run) == [".lock"])
    lock.release()
    #expect(try nqs(new).exitCode == 0)
    lock = try RunLock(run)
    try expectLocked(resume)
    lock.release()
    #expect(try nqs(resume).exitCode == 0)
  }

  @Test(
    "control-C, SIGTERM, SIGHUP and SIGUSR1 save the run, and however its process ended, the run can be resumed",
    arguments: [("INT", 130), ("TERM", 143), ("HUP", 129), ("USR1", 138), ("KILL", 137)])
  func stopped(signal: String, exitCode: Int) throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    // Without job control (`set -m`) a shell starts what runs in the background with SIGINT ignored.
    let script = #"""
      set -m
      "$nqs" solve "$@" --output "$run" & pid=$!
      until test "$(wc -l 2> /dev/null < "$run/history.csv")" -gt 3; do sleep 0.1; done
      kill -s \#(signal) $pid; wait $pid
      """#
    let outcome = try shell(script, run: run, "--steps", "1000000", "--target", "1e-6")
    #expect(outcome.exitCode == exitCode, "\(outcome)")
    #expect(outcome.errors.contains("nqs solve --resume \(run) goes on") == (signal != "KILL"), "\(outcome)")
    if signal != "KILL" {
      let kept = try RunFolder.open(run).read()
      #expect(kept.saved?.step == kept.history.rows.count)
    }
    #expect(try nqs("solve", "--resume", run, "--steps", "1", "--quiet").exitCode == 0)
  }

  @Test("what a resumed run was asked for is asked for again where it is stopped") func stoppedAgain() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    #expect(try nqs(SolveCommand.small + ["--steps", "1", "--output", run]).exitCode == 0)
    let script = #"""
      set -m
      "$nqs" solve --resume "$run" --steps 1000000 --target 1e-6 & pid=$!
      until test $(wc -l < "$run/history.csv") -gt 3; do sleep 0.1; done
      kill -s INT $pid; wait $pid
      """#
    let outcome = try shell(script, run: run)
    #expect(
      outcome.exitCode == 130 && outcome.errors.contains("run --steps 1000000 --target 1e-6 goes on"), "\(outcome)")
  }

  @Test("control-C while the energy at the end is measured ends the process at once; the run goes on from there")
  func stoppedWhileMeasuring() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    // Many walkers and one thread: the measurement takes seconds.
    let script = #"""
      set -m
      "$nqs" solve "$@" --output "$run" & pid=$!
      until test "$(wc -l 2> /dev/null < "$run/history.csv")" -eq 2; do sleep 0.1; done
      sleep 0.5; kill -s INT $pid; wait $pid
      """#
    let environment = ["nqs": try builtExecutable(named: "nqs"), "run": run]
    let words = [
      "--steps", "1", "--walkers", "10000", "--hidden", "8", "--pretrain", "1", "--optimizer", "adam", "--threads", "1",
    ]
    let done = try runProgram(
      "/bin/bash", ["-c", script, "bash"] + words, environment: environment, killAfter: 120)
    #expect(
      done.exitCode == 130 && done.errors.contains("nqs solve: interrupted; nqs solve --resume \(run) goes on\n"),
      "\(done)")
    #expect(!FileManager.default.fileExists(atPath: run + "/result.json"))
    #expect(try SolveCommand.historyWithoutSeconds(run).count == 1)
  }

  @Test("a signal that whoever started the process wants ignored is ignored")
  func ignored() throws {
    let scratch = try Scratch()
    let script = #"""
      trap '' HUP
      "$nqs" solve "$@" --output "$run" & pid=$!
      until test -e "$run/state.safetensors"; do sleep 0.1; done
      kill -s HUP $pid; wait $pid
      """#
    #expect(try shell(script, run: scratch.file("run"), "--steps", "30").exitCode == 0)
  }
}

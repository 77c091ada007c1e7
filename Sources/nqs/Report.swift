import AppendixFiles
import AppendixPlots

extension Command {
  static let report: Command = .init(
    name: "report", summary: "an HTML page of runs, with their pictures", operand: "DIR…",
    options: [
      Option(
        "output", .path("F.html"), "the page; an earlier one is replaced, and no other file",
        note: "report.html, in the DIR of a single run, else here")
    ],
    notes: """
      Each DIR is the folder of a run by nqs solve, compare or study --output. The page is one file without scripts,
      and all its numbers are those of the folders: settings and the command that repeats the run, the result beside
      the exact energy, learning curves, the trust region, and densities where nqs measure has written them, beside
      that of Hartree-Fock and, up to three particles, the exact one, which are calculated anew. Several runs are
      compared first, in the order of A, V0 and optimiser. A run that has not ended is shown as far as it went.

        nqs compare --optimizers adam,kfac,pi-dgd --output runs
        nqs report runs/* --output comparison.html
      """
  ) { (arguments) throws(CommandError) in
    guard !arguments.operands.isEmpty else {
      throw .usage("no folder given; one or more that nqs solve --output made are needed")
    }
    func check(_ path: String) throws(CommandError) {
      try files { () throws(FileError) in try requireReplaceable(path, beginningWith: Report.beginning) }
    }
    // The wrong name is told before the runs are read.
    if let path = arguments.given("output") { try check(path) }
    var runs = try ReportRun.all(arguments.operands, threads: arguments.threads)
    let path = arguments.given("output") ?? (runs.count == 1 ? runs[0].folder.path("report.html") : "report.html")
    if arguments.given("output") == nil { try check(path) }
    ReportRun.shareExactEnergies(&runs)
    ReportRun.name(&runs)
    let page = ReportPage(runs: runs).report.html
    try files { () throws(FileError) in try writeAtomically(page, to: path) }
    try show(arguments.json ? (["file": JSONValue(path)] as JSONValue).line : "report in \(path)")
  }
}

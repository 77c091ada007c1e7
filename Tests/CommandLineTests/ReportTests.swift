import AppendixFiles
import AppendixWeave
import Foundation
import TestSupport
import Testing

@Suite("C.10 nqs report") struct ReportCommand {
  /// Runs of a second each, made once in a test's folder.
  private func solve(_ folder: String, _ more: String...) throws {
    let outcome = try nqs(SolveCommand.small + ["--strength", "-10", "--output", folder] + more)
    #expect(outcome.exitCode == 0, "\(outcome)")
  }

  private func page(_ path: String) throws -> ReportDocument { try #require(ReportDocument(path), "not well-formed") }

  private func result(_ folder: String) throws -> JSONValue {
    try JSONValue.parse(try String(contentsOfFile: folder + "/result.json", encoding: .utf8))
  }

  @Test("the page of a measured run is well-formed, and the numbers in its tables are those of its files")
  func oneRun() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    try solve(run, "--steps", "12", "--optimizer", "kfac")
    _ = try nqs("measure", run, "--batches", "4", "--quiet")
    let outcome = try nqs("report", run, "--json")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome)")
    #expect(try outcome.json() == ["file": JSONValue(run + "/report.html")])
    let document = try page(run + "/report.html")

    let result = try result(run)
    func number(_ key: String) -> Double? { result[key]?.double }
    func cell(_ name: String) -> String? { document.value(name, in: "Result") }
    #expect(tells(cell("energy (ħω)"), number("energy"), error: number("energy_error")))
    let pairs = [
      ("exact energy", "exact"), ("relative error", "relative_error"), ("Hartree-Fock energy", "hartree_fock"),
      ("variance of E_L", "variance"), ("R̂", "r_hat"), ("autocorrelation time", "autocorrelation"),
      ("acceptance", "acceptance"), ("steps", "steps"), ("seconds", "seconds"),
    ]
    for (name, key) in pairs { #expect(tells(cell(name), number(key)), "\(name): \(cell(name) ?? "missing")") }
    #expect(document.tables["Result"]?.count == pairs.count + 1)

    let settings = try JSONValue.parse(try String(contentsOfFile: run + "/settings.json", encoding: .utf8))
    let rows = try #require(document.tables["Settings"]).dropFirst()
    #expect(rows.count == (settings.members?.count ?? 0) - 5)  // all but program, version, format, weights, checksum
    for row in rows {
      let value = try #require(settings[String(row[0].dropFirst(2))], "\(row)")
      #expect(row[1] == (value.isNull ? "not given" : value.text ?? value.line))
    }

    // The measured density lies over those of the exact state and of Hartree-Fock.
    let words = document.texts("text")
    for name in ["measured ± error", "exact", "Hartree-Fock"] { #expect(words.contains(name), "\(name)") }

    let occupations = try NumericTable.read(run + "/occupation_numbers.csv").rows
    let told = try #require(document.tables["Occupation numbers"]).dropFirst()
    #expect(told.count == 4)
    for (row, numbers) in zip(told, occupations) {
      #expect(tells(row[0], numbers[0]) && tells(row[1], numbers[1], error: numbers[2]), "\(row)")
    }
  }

  @Test("every picture has a name and a description; nothing is fetched or run")
  func selfContained() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    try solve(run, "--steps", "6", "--optimizer", "kfac")
    _ = try nqs("measure", run, "--batches", "2", "--quiet")
    _ = try nqs("report", run)
    let document = try page(run + "/report.html")
    let pictures = document.texts("svg").count
    // Energy, relative error, trust region, steps, variance, norms, acceptance; four of nqs measure.
    #expect(pictures == 11 && document.texts("figcaption").count == pictures)
    let described = document.texts("title").dropFirst() + document.texts("desc")
    #expect(described.count == 2 * pictures && described.allSatisfy { !$0.isEmpty })
    for name in ["script", "link", "img", "iframe", "object"] { #expect(document.texts(name).isEmpty, "\(name)") }
    for element in document.elements {
      let leading = element.attributes.filter { ["src", "href", "xlink:href", "onload"].contains($0.key) }
      #expect(leading.isEmpty, "\(element.name) \(leading)")
    }
    let text = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    #expect(!text.contains("url(") && !text.contains("@import"))
    #expect(document.texts("td").allSatisfy { !["nan", "inf"].contains($0) })
  }

  @Test("several runs are compared in one picture and one table, whose links lead to the runs")
  func comparison() throws {
    let scratch = try Scratch()
    let names = ["adam", "kfac", "pi-dgd"]
    _ = try nqs(
      ["compare"] + SolveCommand.small.dropFirst() + [
        "--strength", "-10", "--steps", "12", "--optimizers", names.joined(separator: ","), "--output", scratch.path,
      ])
    let file = scratch.file("all.html")
    let outcome = try nqs(["report"] + names.map(scratch.file) + ["--output", file])
    #expect(outcome.exitCode == 0 && outcome.output.contains(file), "\(outcome)")
    let document = try page(file)
    let rows = try #require(document.tables["Comparison"])
    let heads = [
      "run", "steps", "energy (ħω)", "exact", "relative error", "reached", "seconds",
    ]
    #expect(rows.first == heads)
    for (row, name) in zip(rows.dropFirst(), names) {
      let result = try result(scratch.file(name))
      #expect(row[0] == name && row[1] == "12")
      #expect(tells(row[2], result["energy"]?.double, error: result["energy_error"]?.double))
      #expect(tells(row[3], result["exact"]?.double) && tells(row[4], result["relative_error"]?.double))
      #expect(tells(row[6], result["seconds"]?.double))
    }
    let anchors = document.elements.filter { $0.name == "h2" }.compactMap { $0.attributes["id"] }
    let links = document.elements.filter { $0.name == "a" }.compactMap { $0.attributes["href"] }
    #expect(links.count == 3 && links == anchors.map { "#" + $0 })
  }

  @Test("several runs are in the order of A, V0 and optimiser, each once, on a page in the current folder")
  func order() throws {
    let scratch = try Scratch()
    let study = ["study", "--steps", "1", "--output", scratch.path] + SolveCommand.small.dropFirst()
    _ = try nqs(study + ["--particles", "2", "--strengths", "-10,0", "--optimizer", "adam"])
    _ = try nqs(study + ["--particles", "2", "--strengths", "-10", "--optimizer", "gd"])
    _ = try nqs(study + ["--particles", "1", "--strengths", "0", "--optimizer", "gd"])
    // In the book, gd comes before adam.
    let names = ["A1_V0_gd", "A2_V-10_gd", "A2_V-10_adam", "A2_V0_adam"]
    let given = names.sorted() + ["./A2_V0_adam/"]
    let run = try runProgram(try builtExecutable(named: "nqs"), ["report"] + given, in: scratch.path, killAfter: 60)
    #expect(run.exitCode == 0 && run.output == "report in report.html\n", "\(run)")
    let rows = try #require(try page(scratch.file("report.html")).tables["Comparison"])
    #expect(rows.dropFirst().map { $0[0] } == names)
  }

  @Test("the command on the page gives the run's bits again, also those of one that was resumed")
  func command() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    try solve(run, "--steps", "2", "--optimizer", "adam", "--learning-rate", "0.003")
    _ = try nqs("solve", "--resume", run, "--steps", "4", "--quiet")
    _ = try nqs("report", run)
    let command = try #require(try page(run + "/report.html").texts("pre").first)
    let words = command.split(separator: " ").map(String.init)
    #expect(words.prefix(6) == ["swift", "run", "-c", "release", "nqs", "solve"])
    _ = try nqs(words.dropFirst(5) + ["--quiet", "--output", scratch.file("again")])
    let before = try SolveCommand.historyWithoutSeconds(run)
    #expect(before.count == 4)
    #expect(
      SolveCommand.bits(before) == SolveCommand.bits(try SolveCommand.historyWithoutSeconds(scratch.file("again"))))
  }

  @Test("a run that has not ended says so, and how to go on; a torn last row is not counted")
  func unfinished() throws {
    let scratch = try Scratch()
    let run = scratch.file("a <run> & 'more'")
    try solve(run, "--steps", "5")
    try FileManager.default.removeItem(atPath: run + "/result.json")
    let history = try scratch.bytes("a <run> & 'more'/history.csv")
    try (history + Data("6,-0.5".utf8)).write(to: URL(fileURLWithPath: run + "/history.csv"))
    // A second report replaces the first one.
    for _ in 0..<2 { #expect(try nqs("report", run).exitCode == 0) }
    let document = try page(run + "/report.html")
    #expect(document.texts("p").contains { $0.contains("has not ended") && $0.contains("last step is 5") })
    #expect(document.texts("pre").contains { $0.contains("--resume") && $0.contains("<run> & ") })
    #expect(document.value("steps", in: "So far") == "5" && document.tables["Result"] == nil)
  }

  @Test("a run without steps, and one without an exact energy, have a page too")
  func little() throws {
    let scratch = try Scratch()
    try solve(scratch.file("none"), "--steps", "0")
    try solve(scratch.file("unknown"), "--steps", "3", "--exact", "none", "--range", "0.4")
    let outcome = try nqs(
      "report", scratch.file("none"), scratch.file("unknown"), "--output", scratch.file("page.html"))
    #expect(outcome.exitCode == 0, "\(outcome)")
    let document = try page(scratch.file("page.html"))
    #expect(document.value("exact energy", in: "Result 2") == "unknown")
  }

  @Test(
    "folders that are missing, hold no run or a damaged one, and pages that cannot be written, are told in one line")
  func refused() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    try solve(run, "--steps", "3")
    func refused(_ exitCode: Int, _ word: String, _ words: String...) throws {
      let outcome = try nqs(["report"] + words)
      #expect(outcome.exitCode == exitCode && outcome.isOneLine(with: word), "\(outcome)")
      #expect(outcome.output.isEmpty)
    }
    try refused(64, "no folder")
    try refused(74, "no such folder", scratch.file("none"))
    try refused(65, "holds no run", scratch.path)
    try refused(74, "is a file, not a run's folder", run, run + "/history.csv")
    try refused(74, "no such folder", run, scratch.file("none"))
    try refused(74, "cannot write", run, "--output", scratch.file("none/page.html"))
    try refused(74, "cannot write", run, "--output", scratch.path)
    #expect(scratch.contents == ["run"])

    let history = try scratch.bytes("run/history.csv")
    for cut in [0, 20, history.count / 2, history.count - 5] {
      try history.prefix(cut).write(to: URL(fileURLWithPath: run + "/history.csv"))
      try refused(65, "history.csv", run)
    }
    try history.write(to: URL(fileURLWithPath: run + "/history.csv"))
    _ = try nqs("measure", run, "--batches", "2", "--quiet")
    try scratch.write("x,x',density,error\n0,0,1,0.1\n", to: "run/pair_density.csv")
    try refused(65, "pair_density.csv", run)
    try FileManager.default.removeItem(atPath: run + "/measured.json")
    let result = try scratch.bytes("run/result.json")
    try scratch.write("{", to: "run/result.json")
    try refused(65, "result.json", run)
    try result.write(to: URL(fileURLWithPath: run + "/result.json"))
    try scratch.write("{}", to: "run/settings.json")
    try refused(65, "settings.json", run)
  }

  @Test("a page replaces an earlier page and nothing else") func replaced() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    _ = try nqs(
      "solve", "--steps", "2", "--walkers", "32", "--hidden", "4", "--pretrain", "1", "--quiet", "--output", run)
    for path in [run + "/settings.json", run + "/history.csv", "/dev/null"] {
      let outcome = try nqs("report", run, "--output", path)
      #expect(outcome.exitCode == 64 && outcome.isOneLine(with: path), "\(outcome)")
    }
    for _ in 1...2 { #expect(try nqs("report", run, "--output", scratch.file("page.html")).exitCode == 0) }
    // Nor is a page of somebody else's, by its default name or another.
    for (path, words) in [
      (run + "/report.html", []), (scratch.file("mine.html"), ["--output", scratch.file("mine.html")]),
    ] {
      try Data("<!DOCTYPE html>\n<html>\n<p>mine</p>\n".utf8).write(to: URL(fileURLWithPath: path))
      let outcome = try nqs(["report", run] + words)
      #expect(outcome.exitCode == 64 && outcome.isOneLine(with: path), "\(outcome)")
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains("mine"))
    }
  }

  @Test("what was measured on an earlier state is not shown as the run's") func staleMeasurement() throws {
    let scratch = try Scratch()
    let run = scratch.file("run")
    _ = try nqs(
      "solve", "--steps", "2", "--walkers", "32", "--hidden", "4", "--pretrain", "1", "--quiet", "--output", run)
    _ = try nqs("measure", run, "--batches", "4", "--quiet")
    func isShown() throws -> Bool {
      _ = try nqs("report", run)
      return try String(contentsOfFile: run + "/report.html", encoding: .utf8).contains("Measured by")
    }
    #expect(try isShown())
    _ = try nqs("solve", "--resume", run, "--steps", "9", "--quiet")
    #expect(try !isShown())
  }

  @Test("the command on the page of a typed system runs as it stands") func commandOfFormulas() throws {
    let scratch = try Scratch()
    let (run, again) = (scratch.file("run"), scratch.file("again"))
    let typed = ["--interaction", "b*r^2", "--trap", "a*x^2", "--let", "a=1,b=2"]
    let small = ["--steps", "2", "--walkers", "32", "--hidden", "4", "--pretrain", "1"]
    _ = try nqs(["solve", "--quiet", "--output", run] + typed + small)
    _ = try nqs("report", run)
    let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
    let start = try #require(page.range(of: "nqs solve --particles"))
    let command = page[start.lowerBound...].prefix { $0 != "<" }.replacing("&#39;", with: "'").dropFirst("nqs ".count)
    let program = try builtExecutable(named: "nqs")
    let outcome = try runProgram("/bin/sh", ["-c", "\(program) \(command) --quiet --output '\(again)'"], killAfter: 60)
    #expect(outcome.exitCode == 0, "\(outcome)")
    // It has no strength of the interaction that it does not have.
    #expect(!command.contains("--strength") && !page.contains("-20"))
    func history(_ folder: String) throws -> [Double]? {
      try NumericTable.read(folder + "/history.csv", allowNonFinite: true)["energy"]
    }
    #expect(try history(run) == history(again))
  }
}

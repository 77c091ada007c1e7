import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// An option: its name, what its value may be, and what it is for.
struct Option: Sendable {
  let name: String
  /// Nil for a flag.
  let kind: Kind?
  let help: String
  /// The value where none is given; nil for none.
  let standard: String?
  /// What `--help` says of the default where it is no one value.
  let note: String?
  let group: Group

  /// Where `--help` shows it.
  enum Group: String, Sendable, CaseIterable {
    case system = "System"
    case run = "Run"
    case optimizer = "Optimiser"
    case sampling = "Sampling"
    case network = "Network"
  }

  enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// Several of these, separated by commas.
    case list([String])
    case integers(ClosedRange<Int>)
    case numbers(ClosedRange<Double>)
    case seed
    case seeds
    /// A file or a folder.
    case path(String)
    /// Text that is checked later, together with other options: formulas.
    case text(String)
  }

  init(
    _ name: String, _ kind: Kind?, _ help: String, default standard: String? = nil, note: String? = nil,
    group: Group = .run
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.standard = standard
    self.note = note
    self.group = group
  }

  var placeholder: String {
    switch kind {
    case nil: ""
    case .integer, .seed: " N"
    case .number: " X"
    case .list: " NAMES"
    case .integers, .seeds: " N,N,…"
    case .numbers: " X,X,…"
    case .choice(let names): " " + (names.count > 3 ? "NAME" : names.joined(separator: "|"))
    case .path(let what), .text(let what): " " + what
    }
  }

  /// What stands between the commas of a list.
  static func parts(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// Checks one value.
  func check(_ text: String) throws(CommandError) {
    func wrong(_ expected: String) -> CommandError {
      .usage("--\(name) is '\(shortened(text))'; \(expected) is needed")
    }
    switch kind {
    case nil: return
    case .path, .text:
      guard !text.contains(where: \.isNewline) else {
        throw .usage("--\(name) holds a line break; a name in one line is needed")
      }
    case .integer(let range):
      guard let value = Int(text) else { throw wrong("a whole number") }
      guard range.contains(value) else { throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)") }
    case .number(let range):
      guard let value = AppendixFiles.number(text), value.isFinite else { throw wrong("a finite number") }
      guard range.contains(value) else {
        throw wrong("a number from \(digits(range.lowerBound)) to \(digits(range.upperBound))")
      }
    case .choice(let names):
      guard names.contains(text) else { throw wrong("one of " + names.joined(separator: ", ")) }
    case .list(let names):
      let parts = Option.parts(text)
      guard parts.allSatisfy(names.contains) else { throw wrong("a list of " + names.joined(separator: ", ")) }
      guard Set(parts).count == parts.count else { throw wrong("a list without repetition") }
    case .integers(let range):
      let numbers = Option.parts(text).map { Int($0) }
      guard numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
        throw wrong("a list of whole numbers from \(range.lowerBound) to \(range.upperBound), as 2,3")
      }
      guard Set(numbers).count == numbers.count else { throw wrong("a list without repetition") }
    case .numbers(let range):
      let numbers = Option.parts(text).map { AppendixFiles.number($0) }
      guard numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
        throw wrong("a list of numbers from \(digits(range.lowerBound)) to \(digits(range.upperBound)), as -20,10")
      }
      guard Set(numbers).count == numbers.count else { throw wrong("a list without repetition") }
    case .seed:
      guard UInt64(text) != nil else { throw wrong("a whole number from 0 to \(UInt64.max)") }
    case .seeds:
      let numbers = Option.parts(text).map { UInt64($0) }
      guard !numbers.contains(nil) else { throw wrong("a list of whole numbers from 0 to \(UInt64.max), as 2,3") }
      guard Set(numbers).count == numbers.count else { throw wrong("a list without repetition") }
    }
  }
}

/// The words behind a command, checked against its options.
struct Arguments: Sendable {
  let command: Command
  private(set) var values: [String: String] = [:]
  /// Words that are no options, of a command that takes any.
  private(set) var operands: [String] = []
  private var flags: Set<String> = []

  init(_ words: [String], for command: Command) throws(CommandError) {
    self.command = command
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "-h" {
        flags.insert("help")
        continue
      }
      guard word.hasPrefix("--") else {
        if command.operand != nil {
          operands.append(word)
          continue
        }
        throw .usage(
          "'\(word)' is no option of this command; options begin with --, and nqs \(command.name) --help lists them")
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      guard let option = (command.options + Command.common).first(where: { $0.name == name }) else {
        let names = (command.options + Command.common).map(\.name)
        throw .usage(
          "unknown option --\(name); nqs \(command.name) --help lists the options"
            + suggestion(name, of: names, prefix: "--"))
      }
      guard option.kind != nil else {
        guard parts.count == 1 else { throw .usage("--\(name) takes no value, got '\(parts[1])'") }
        flags.insert(name)
        continue
      }
      guard values[name] == nil else { throw .usage("--\(name) is given twice") }
      // A negative number is a value; another option is not.
      let isValue = rest.first.map { !$0.hasPrefix("--") } ?? false
      guard let value = parts.count == 2 ? String(parts[1]) : (isValue ? rest.popFirst() : nil), !value.isEmpty else {
        throw .usage("--\(name) needs a value:\(option.placeholder)")
      }
      try option.check(value)
      values[name] = value
    }
  }

  func has(_ flag: String) -> Bool { flags.contains(flag) }
  /// The value that was given.
  func given(_ name: String) -> String? { values[name] }
  /// The value that was given, or the option's default.
  func text(_ name: String) -> String? {
    values[name] ?? (command.options + Command.common).first { $0.name == name }?.standard
  }
  func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
  func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }
  var seed: UInt64 { text("seed").flatMap { UInt64($0) } ?? 1 }
  var threads: Int { integer("threads") ?? processorCount() }
  var json: Bool { has("json") }
  var quiet: Bool { has("quiet") }

  /// A value that the command cannot do without.
  func required(_ name: String) throws(CommandError) -> String {
    guard let value = values[name] else {
      throw .usage("--\(name) is missing; nqs \(command.name) --help lists the options")
    }
    return value
  }
}

extension Command {
  var help: String {
    let all = options + Command.common
    let heads = all.map { "--\($0.name)\($0.placeholder)" }
    let width = heads.map(\.count).max() ?? 0
    let groups = Option.Group.allCases.filter { group in all.contains { $0.group == group } }
    let lines = groups.flatMap { group in
      let title = groups.count > 1 ? [(group == groups.first ? "" : "\n") + group.rawValue] : []
      return title
        + zip(heads, all).filter { $0.1.group == group }.map { head, option in
          let standard = (option.note ?? option.standard).map { " (\($0))" } ?? ""
          return "  \(padded(head, width))  \(option.help)\(standard)"
        }
    }
    let takesOptimizer = all.contains { ["optimizer", "optimizers"].contains($0.name) }
    let methods = takesOptimizer ? "\n\n" + optimizerList : ""
    let notes = methods + (notes.isEmpty ? "" : "\n\n" + unfolded(notes))
    let usage = "usage: nqs \(name) \(operand.map { $0 + " " } ?? "")[options]"
    let text = "nqs \(name): \(summary)\n\n\(usage)\n\n\(lines.joined(separator: "\n"))\(notes)"
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { folded($0) }.joined(separator: "\n")
  }
}

/// Where the second column of a line of help begins, behind two blanks or more; nil where it has one column.
private func secondColumn(_ line: some StringProtocol) -> Int? {
  let margin = line.prefix { $0 == " " }.count
  let head = line.dropFirst(margin)
  return head.firstRange(of: "  ").map { gap in
    margin + head[..<gap.lowerBound].count + head[gap.lowerBound...].prefix { $0 == " " }.count
  }
}

/// The lines of a paragraph as one, and a row of a table with what stands below its second column: how they are folded in
/// the source is not how a reader sees them.
private func unfolded(_ text: String) -> String {
  var lines: [String] = []
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    let margin = line.prefix { $0 == " " }.count
    let last = lines.last ?? ""
    let isParagraph =
      margin == 0 && !line.isEmpty && secondColumn(line) == nil && !last.isEmpty && last.first != " "
      && secondColumn(last) == nil
    if isParagraph || (margin > 0 && margin == secondColumn(last)) {
      lines[lines.count - 1] += " " + line.dropFirst(margin)
    } else {
      lines.append(String(line))
    }
  }
  return lines.joined(separator: "\n")
}

/// A line of help in lines of at most 110 columns; what follows begins below the second column.
private func folded(_ line: Substring) -> String {
  guard line.count > 110 else { return String(line) }
  let indent = secondColumn(line) ?? line.prefix { $0 == " " }.count
  var lines = [String(line.prefix(indent))]
  for word in line.dropFirst(indent).split(separator: " ") {
    if lines[lines.count - 1].count + word.count >= 110 { lines.append(String(repeating: " ", count: indent)) }
    let isFirst = lines[lines.count - 1].count <= indent
    lines[lines.count - 1] += isFirst ? String(word) : " " + word
  }
  return lines.joined(separator: "\n")
}

/// Every optimiser by its family, a line each: its name and title, its steps, and its hyper-parameters with their
/// defaults.
private var optimizerList: String {
  let width = optimizers.map { $0.name.count }.max() ?? 0
  return OptimizerFamily.allCases.map { family in
    let lines = optimizers.filter { $0.family == family }.map { method in
      let own = method.options.map { " --\($0.name) \(digits($0.standard))" }.joined()
      return
        "  \(padded(method.name, width))  \(method.title); \(method.defaultSteps) steps\(own.isEmpty ? "" : ";" + own)"
    }
    return ([family.rawValue] + lines).joined(separator: "\n")
  }.joined(separator: "\n\n")
}

extension Arguments {
  /// The names of --optimizers, given or by default; nil where there are none.
  /// - Throws: wrong usage where "all" is one of several.
  var optimizerNames: [String]? {
    get throws(CommandError) {
      guard let text = text("optimizers") else { return nil }
      let names = Option.parts(text)
      if names == ["all"] { return optimizers.map { $0.name } }
      guard !names.contains("all") else { throw .usage("--optimizers is all, or a list of names") }
      return names
    }
  }

  /// The systems of --particles and --strengths; of a typed interaction, which has no strength, one for each A.
  var systems: [(particles: Int, strength: Double)] {
    let particles = Option.parts(text("particles") ?? "").compactMap { Int($0) }
    let strengths = Option.parts(text("strengths") ?? "").compactMap { Double($0) }
      .map { $0 == 0 ? 0 : $0 }  // -0 is the same system
      .prefix(given("interaction") == nil ? .max : 1)
    return particles.flatMap { a in strengths.map { (a, $0) } }
  }
}

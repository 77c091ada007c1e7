import AppendixFiles

/// The regions of a program: what stands between `// region: name` and `// end`, without its common indentation.
///
/// - Parameters:
///   - source: text of the program.
///   - path: what errors call the program.
package func regions(of source: String, path: String = "main.swift") throws(FileError) -> [String: String] {
  var regions: [String: String] = [:]
  var open: (name: String, line: Int, content: [Substring])?
  for (index, line) in lines(source).enumerated() {
    let text = trimmed(line)
    func bad(_ problem: String, _ expected: String) -> FileError {
      .badData(path: path, place: "line \(index + 1)", problem: problem, expected: expected)
    }
    if text.hasPrefix("// region:") {
      let name = String(trimmed(text.dropFirst("// region:".count)))
      if let open { throw bad("a region begins inside \"\(open.name)\"", "write \"// end\" before it") }
      guard !name.isEmpty, !name.contains(" ") else { throw bad("a region has no name", "one word is needed") }
      guard regions[name] == nil else { throw bad("the region \"\(name)\" stands twice", "names must differ") }
      open = (name, index + 1, [])
    } else if text == "// end", let region = open {
      regions[region.name] = dedented(region.content)
      open = nil
    } else {
      open?.content.append(line)
    }
  }
  if let open {
    let problem = "the region \"\(open.name)\" never ends"
    throw .badData(path: path, place: "line \(open.line)", problem: problem, expected: "write \"// end\" after it")
  }
  return regions
}

/// The sections of an output: what follows each line `== name ==`, without blank lines around it. What precedes the
/// first such line has the name "".
package func sections(of output: String, path: String = "output.txt") throws(FileError) -> [String: String] {
  var name = ""
  var content: [String: [Substring]] = ["": []]
  for (index, line) in lines(output).enumerated() {
    if line.hasPrefix("== "), line.hasSuffix(" =="), line.count > 6 {
      name = String(trimmed(line.dropFirst(3).dropLast(3)))
      guard content.updateValue([], forKey: name) == nil else {
        let problem = "the section \"\(name)\" is printed twice"
        throw .badData(path: path, place: "line \(index + 1)", problem: problem, expected: "names must differ")
      }
    } else {
      content[name]?.append(line)
    }
  }
  return content.mapValues { dedented($0, keepsIndentation: true) }
}

// MARK: Lines of text

/// Lines without their breaks; a break at the end of the text opens no further line.
func lines(_ text: String) -> [Substring] {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  if lines.last == "" { lines.removeLast() }
  return lines
}

func trimmed(_ text: Substring) -> Substring {
  var text = text.drop { $0.isWhitespace }
  while text.last?.isWhitespace == true { text.removeLast() }
  return text
}

/// Lines as one text, each with a break: without blank lines around them and without the indentation that all share.
private func dedented(_ lines: [Substring], keepsIndentation: Bool = false) -> String {
  func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
  let body = Array(lines.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  let indentations = body.filter { !isBlank($0) }.map { $0.prefix { $0 == " " }.count }
  let common = keepsIndentation ? 0 : indentations.min() ?? 0
  return body.map { (isBlank($0) ? "" : $0.dropFirst(common)) + "\n" }.joined()
}

/// Lines of a paragraph that Markdown takes for the beginning of a list, since a sum or a number has come to stand at their
/// beginning: "+ u/2" after a line break is a bullet, "1. Then" the first item of a list.
///
/// Code between fences or behind four spaces does not count, nor do tables, boxes and the lines of lists.
///
/// - Parameters:
///   - page: its text.
///   - path: what to call it.
package func checkParagraphs(_ page: String, path: String = "README.md") -> [Difference] {
  var differences: [Difference] = []
  var (isCode, isParagraph) = (false, false)
  for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    if line.hasPrefix("```") {
      isCode.toggle()
      isParagraph = false
    } else if line.isEmpty || isCode {
      isParagraph = false
    } else if isParagraph {
      guard ["+ ", "* ", "- ", "1. ", "1) "].contains(where: line.hasPrefix) else { continue }
      differences.append(
        Difference(place: "\(path):\(index + 1)", reason: "a list begins here, in the middle of a paragraph: \(line)"))
    } else {
      isParagraph = line.first?.isLetter == true || line.first == "(" || line.first == "*" && !line.hasPrefix("* ")
    }
  }
  return differences
}

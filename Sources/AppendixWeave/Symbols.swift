import AppendixFiles
import Foundation

/// Where a page contradicts the table of symbols in the `README.md` of the folder of pages; nothing if there is no table.
///
/// A row of the table, below the heading "## Symbols", has the symbols, what they are, and the pages that define them:
///
///     | λ, γ | damping; its share in each Kronecker factor | 07, 08 |
///
/// - A page that a row names has one of its symbols, and each symbol is on one of these pages.
/// - No symbol stands on a page before the first of them: a reader meets it where it is defined. A single letter from A
///   to z is left out, since it is a word or an initial as well.
/// - A Greek letter that stands on two pages or more is in the table.
///
/// Code, in blocks or between backquotes, does not count. Σ and the number π are known to everybody.
package func checkSymbols(folder: String) -> [Difference] {
  let book = (folder as NSString).deletingLastPathComponent
  guard let table = try? readText(book + "/README.md"), let folders = try? pageFolders(in: book) else { return [] }
  let pages = folders.map { (number: pageNumber($0), prose: prose(of: (try? readText($0 + "/README.md")) ?? "")) }
  return checkSymbols(on: pageNumber(folder), of: pages, table: table, path: book + "/README.md")
}

/// The same for texts: `pages` in their order, each without its code (`prose(of:)`).
package func checkSymbols(
  on number: String, of pages: [(number: String, prose: String)], table: String, path: String = "README.md"
) -> [Difference] {
  guard let index = pages.firstIndex(where: { $0.number == number }) else { return [] }
  let rows = symbolRows(of: table)
  guard !rows.isEmpty else { return [] }
  let prose = pages[index].prose
  var differences: [Difference] = []
  for row in rows {
    func add(_ reason: String) {
      differences.append(Difference(place: "\(path):\(row.line)", reason: reason))
    }
    let own = row.pages.compactMap { number in pages.firstIndex { $0.number == number } }
    guard let first = own.min() else { continue }
    for symbol in row.symbols where index < first && !isKnownToAll(symbol) && has(prose, symbol) {
      add("\(symbol) stands on page \(number) already; the row names \(row.pages.joined(separator: ", "))")
    }
    if own.contains(index), !row.symbols.contains(where: { has(prose, $0) }) {
      add("\(row.symbols.joined(separator: ", ")) on page \(number)? It does not stand there")
    }
    for symbol in row.symbols where index == first && !own.contains(where: { has(pages[$0].prose, symbol) }) {
      add("\(symbol) stands on no page that the row names: \(row.pages.joined(separator: ", "))")
    }
  }

  // Greek letters that another page has as well, and the table has not.
  let known = rows.flatMap { $0.symbols.flatMap(\.unicodeScalars) } + Array(knownToAll)
  for letter in Set(prose.unicodeScalars.filter(isGreek)).subtracting(known).sorted() {
    let others = pages.filter { $0.number != number && $0.prose.unicodeScalars.contains(letter) }.map(\.number)
    if let other = others.first {
      let reason = "\(letter) stands on pages \(number) and \(other), and not in the table of symbols"
      differences.append(Difference(place: path, reason: reason))
    }
  }
  return differences
}

/// "03" of "Tutorials/03-trapped-fermions"
private func pageNumber(_ folder: String) -> String {
  String((folder as NSString).lastPathComponent.prefix { $0 != "-" })
}

/// A page without what is between fences or backquotes.
package func prose(of page: String) -> String {
  var result: [Substring] = []
  var isCode = false
  for line in lines(page) {
    if line.hasPrefix("```") {
      isCode.toggle()
    } else if !isCode {
      // Every other piece is outside of backquotes.
      let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
      result += pieces.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }
  }
  return result.joined(separator: "\n")
}

// MARK: The table

private let knownToAll: Set<Unicode.Scalar> = ["Σ", "π"]

/// Σ, π, and single letters from A to z, which are words and initials as well.
private func isKnownToAll(_ symbol: String) -> Bool {
  symbol.unicodeScalars.count == 1
    && (symbol.allSatisfy(\.isASCII) || symbol.unicodeScalars.allSatisfy(knownToAll.contains))
}

/// The rows below "## Symbols": of "ℓ = ln|ψ|" the symbol is ℓ, of "E[…]" it is "E[", which may stand before anything.
private func symbolRows(of table: String) -> [(line: Int, symbols: [String], pages: [String])] {
  let all = lines(table)
  guard let heading = all.firstIndex(of: "## Symbols") else { return [] }
  return all.indices.dropFirst(heading + 1).prefix { !all[$0].hasPrefix("## ") }.compactMap { index in
    let cells = all[index].replacingOccurrences(of: "\\|", with: "∣").split(separator: "|").map(trimmed)
    guard cells.count == 3, let pages = cells.last?.split(separator: ",").map({ String(trimmed($0)) }),
      pages.allSatisfy({ Int($0) != nil })
    else { return nil }
    let symbols = cells[0].split(separator: ",").map { cell in
      let name = trimmed(cell.prefix { $0 != "=" && $0 != "…" })
      return name.replacingOccurrences(of: "∣", with: "|")
    }
    return (index + 1, symbols, pages)
  }
}

/// Whether a text has a symbol that is no part of a longer word: "M" is in "M_iᵀ" and in "∂_θ M", not in "MINRES".
private func has(_ text: String, _ symbol: String) -> Bool {
  var start = text.startIndex
  while let range = text.range(of: symbol, options: .literal, range: start..<text.endIndex) {
    let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
    let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
    if !isPartOfWord(before), symbol.last.map("[(".contains) == true || !isPartOfWord(after) { return true }
    start = range.upperBound
  }
  return false
}

private func isPartOfWord(_ character: Character?) -> Bool {
  character.map { $0.isASCII && ($0.isLetter || $0.isNumber) } ?? false
}

private func isGreek(_ scalar: Unicode.Scalar) -> Bool {
  // Alpha to omega; µ of microseconds has a place of its own.
  (0x391...0x3C9).contains(scalar.value)
}

/// A difference between what a page shows and what its program does.
package struct Difference: Equatable, Sendable, CustomStringConvertible {
  /// The file, and the line if there is one.
  package var place: String
  /// The line that is kept; nil where there is none.
  package var recorded: String?
  /// The line of the new run; nil where there is none.
  package var found: String?
  /// Why the two do not agree.
  package var reason: String

  /// A difference; without lines it is one of the whole file.
  package init(place: String, recorded: String? = nil, found: String? = nil, reason: String) {
    self.place = place
    self.recorded = recorded
    self.found = found
    self.reason = reason
  }

  package var description: String {
    var lines = ["\(place): \(reason)"]
    if let recorded { lines.append("  - \(recorded)") }
    if let found { lines.append("  + \(found)") }
    return lines.joined(separator: "\n")
  }
}

/// Where a new output contradicts the recorded one, line by line.
///
/// - Words and whole numbers must be the same: whole numbers are counts. Spaces do not count.
/// - `a ± b` and `a' ± b'` agree if |a - a'| ≤ 4 √(b² + b'²): by chance, one pair in 16 000 does not. Their error bars must
///   agree within a factor of 3, or any number would agree with one that has lost its meaning. Error bars below the last
///   digit of a are rounding, and a counts as a number without one.
/// - Other numbers agree to a unit of their last printed digit: not to the digit itself, as a value on the edge between
///   two digits is rounded either way after a change in its sixteenth.
/// - Times ("3.2 ms") always agree.
/// - "≈ 0.8 %, below 2 %: yes" agrees with any other number behind the ≈: it depends on the machine, and the answer at the
///   end of the line says what any machine must find. Without an answer ≈ is a word like any other.
///
/// - Parameters:
///   - recorded: the output that is kept.
///   - found: that of the new run.
///   - path: what the differences call the recorded output.
///   - firstLine: number of its first line in that file.
package func compareOutputs(
  recorded: String, found: String, path: String = "output.txt", firstLine: Int = 1
) -> [Difference] {
  let old = lines(recorded)
  let new = lines(found)
  var differences: [Difference] = []
  var oldIndex = 0
  var newIndex = 0

  // Align lines by their words, so that a missing line is one difference.
  let changes = new.map(skeleton).difference(from: old.map(skeleton))
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in changes {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  while oldIndex < old.count || newIndex < new.count {
    let place = "\(path):\(firstLine + oldIndex)"
    let isRemoved = removed.contains(oldIndex)
    let isInserted = inserted.contains(newIndex)
    let recorded = isRemoved || !isInserted ? String(old[oldIndex]) : nil
    let found = isInserted || !isRemoved ? String(new[newIndex]) : nil
    if isRemoved || isInserted {
      let reason = recorded == nil ? "a new line" : found == nil ? "a line is missing" : "other words"
      differences.append(Difference(place: place, recorded: recorded, found: found, reason: reason))
    } else if let reason = numbersDiffer(tokens(old[oldIndex]), tokens(new[newIndex])) {
      differences.append(Difference(place: place, recorded: recorded, found: found, reason: reason))
    }
    if recorded != nil { oldIndex += 1 }
    if found != nil { newIndex += 1 }
  }
  return differences
}

/// A line's words, with a # for every number.
private func skeleton(_ line: Substring) -> String {
  tokens(line).map { token in
    switch token {
    case .word(let word): word
    case .number: "#"
    case .plusMinus: "±"
    case .time: "(time)"
    case .approximate: "≈"
    }
  }.joined(separator: " ")
}

/// Why the numbers of two lines of the same words disagree; nil if they agree.
private func numbersDiffer(_ old: [Token], _ new: [Token]) -> String? {
  var index = 0
  while index < old.count {
    defer { index += 1 }
    guard case .number(let a) = old[index], case .number(let b) = new[index] else { continue }
    if index + 2 < old.count, old[index + 1] == .plusMinus, case .number(let errorA) = old[index + 2],
      case .number(let errorB) = new[index + 2]
    {
      if let reason = estimatesDiffer((a, errorA), (b, errorB)) { return reason }
      index += 2
    } else if let reason = plainNumbersDiffer(a, b) {
      return reason
    }
  }
  return nil
}

private func plainNumbersDiffer(_ a: PrintedNumber, _ b: PrintedNumber) -> String? {
  if a.isWhole && b.isWhole { return a.value == b.value ? nil : "\(a.text) became \(b.text)" }
  // Half a unit on top, since 0.02 - 0.01 is not quite 0.01.
  let tolerance = 1.5 * max(a.lastDigit, b.lastDigit)
  return abs(a.value - b.value) < tolerance ? nil : "\(a.text) became \(b.text): more than a unit of the last digit"
}

private func estimatesDiffer(
  _ a: (value: PrintedNumber, error: PrintedNumber), _ b: (value: PrintedNumber, error: PrintedNumber)
) -> String? {
  let (small, large) = a.error.value <= b.error.value ? (a.error, b.error) : (b.error, a.error)
  let lastDigit = max(a.value.lastDigit, b.value.lastDigit)
  if large.value < lastDigit { return plainNumbersDiffer(a.value, b.value) }

  let spread = (small.value * small.value + large.value * large.value).squareRoot()
  let apart = abs(a.value.value - b.value.value)
  if apart > 4 * spread {
    let errors = (10 * apart / spread).rounded() / 10
    return "\(a.value.text) became \(b.value.text): \(errors) standard errors apart, 4 are allowed"
  }
  // An error bar that was printed as 0.01 may be 0.014: compare what it can have been.
  let isAlike = large.value - large.lastDigit / 2 <= 3 * (small.value + small.lastDigit / 2)
  return isAlike ? nil : "the error bar ± \(a.error.text) became ± \(b.error.text): more than a factor of 3"
}

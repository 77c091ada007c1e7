/// A number or an event that an optimiser reports of its steps: its name is a column of the run's history.
///
/// Each is declared once, beside the part that reports it, and reaches `history.csv`, the line of progress and the
/// report from there:
///
///     extension Diagnostic {
///       static let temperature = Diagnostic("temperature", symbol: "T", "temperature of the noise")
///     }
public struct Diagnostic: Sendable, Hashable {
  /// Lower case, words joined by underscores.
  public let name: String
  /// As tables and figures show it: λ.
  public let symbol: String
  /// What it is, in words.
  public let meaning: String
  /// Whether it happens or not, and is no number; its column holds 1 or 0.
  public let isEvent: Bool

  /// A number, which may be missing at some steps.
  public init(_ name: String, symbol: String, _ meaning: String) {
    (self.name, self.symbol, self.meaning, isEvent) = (name, symbol, meaning, false)
  }

  /// An event, whose meaning is what the line of progress says when it happens.
  public init(event name: String, _ meaning: String) {
    (self.name, symbol, self.meaning, isEvent) = (name, meaning, meaning, true)
  }
}

extension Diagnostic {
  /// The weight of the new direction in the step; the learning rate of first-order methods.
  public static let alpha = Diagnostic("alpha", symbol: "α", "weight of the new direction, or learning rate")
}

/// What an optimiser has to tell of one step: numbers by what they are, and events, in the order in which they were
/// noted.
public struct Diagnostics: Sendable, Equatable {
  private var entries: [(key: Diagnostic, value: Double)] = []

  /// Nothing to tell.
  public init() {}

  /// The number of this step; nil where there is none. Setting nil takes it away.
  public subscript(_ diagnostic: Diagnostic) -> Double? {
    get { entries.first { $0.key == diagnostic }?.value }
    set {
      entries.removeAll { $0.key == diagnostic }
      if let newValue { entries.append((diagnostic, newValue)) }
    }
  }

  /// Notes that an event has happened; its column then holds 1.
  public mutating func note(_ event: Diagnostic) { self[event] = 1 }

  /// Whether an event has happened, or a number is there.
  public func has(_ event: Diagnostic) -> Bool { self[event] != nil }

  /// The events of this step, in the order in which they were noted.
  public var events: [Diagnostic] { entries.map(\.key).filter(\.isEvent) }

  /// Whether the same numbers and events were noted, in the same order; NaN is unequal to itself.
  public static func == (a: Diagnostics, b: Diagnostics) -> Bool {
    a.entries.elementsEqual(b.entries) { $0 == $1 }
  }
}

/// How a case came out.
public enum CaseState: Sendable, CaseIterable {
  case reached, close, missed, missing
}

extension Drawing {
  mutating func cellSymbol(_ state: CaseState, at centre: Place) {}
}

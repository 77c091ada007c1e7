/// A JSON value whose objects keep the order of their keys.
///
///     let answer: JSONValue = ["energy": -2.4717, "optimizer": "adam", "exact": .null]
///     answer.line                      // {"energy": -2.4717, "optimizer": "adam", "exact": null}
///     answer["energy"]?.double         // -2.4717
///
/// Numbers are `Double`: whole numbers beyond 2⁵³ (a 64-bit seed) belong in a string.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A key of an object with its value.
  package struct Member: Equatable, Sendable {
    package var key: String
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value of a key; nil where it is missing or this is no object. Setting nil removes the key, setting a new
  /// key puts it last.
  package subscript(key: String) -> JSONValue? {
    get {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.key == key }?.value
    }
    set {
      guard case .object(var members) = self else { preconditionFailure("no object to set \"\(key)\" in") }
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key, value))
      case (nil, nil): break
      }
      self = .object(members)
    }
  }

  /// Whether this is null; the accessors below are nil where the value is of another kind.
  package var isNull: Bool { self == .null }
  package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  package var double: Double? { if case .number(let number) = self { number } else { nil } }
  /// A whole number; nil for 2.5 and for what an `Int` cannot hold.
  package var int: Int? { double.flatMap { Int(exactly: $0) } }
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}

// MARK: From Swift values

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringInterpolation,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  package init(_ value: Int) { self = .number(Double(value)) }
  package init(_ value: Double) { self = .number(value) }
  /// A number that may be unknown: null where it is.
  package init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  package init(_ value: Bool) { self = .bool(value) }
  package init(_ value: String) { self = .string(value) }
  package init(_ value: String?) { self = value.map { .string($0) } ?? .null }
  package init(_ values: [Double]) { self = .array(values.map { .number($0) }) }
  package init(_ values: [Int]) { self = .array(values.map { .number(Double($0)) }) }
  package init(_ values: [String]) { self = .array(values.map { .string($0) }) }
}

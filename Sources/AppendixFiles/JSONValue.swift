/// A JSON value whose objects keep the order of their keys.
///
///     let answer: JSONValue = ["energy": -2.4717, "optimizer": "adam", "exact": .null]
///     answer.line                      // {"energy": -2.4717, "optimizer": "adam", "exact": null}
///     answer["energy"]?.double         // -2.4717
///
/// Numbers are `Double`: whole numbers beyond 2⁵³ (a 64-bit seed) belong in a string.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A key of an object with its value.
  public struct Member: Equatable, Sendable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value of a key; nil where it is missing or this is no object. Setting nil removes the key, setting a new
  /// key puts it last.
  public subscript(key: String) -> JSONValue? {
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

  public var isNull: Bool { self == .null }
  public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
  public var double: Double? { if case .number(let number) = self { number } else { nil } }
  /// A whole number; nil for 2.5 and for what an `Int` cannot hold.
  public var int: Int? { double.flatMap { Int(exactly: $0) } }
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  public var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}

// MARK: From Swift values

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringInterpolation,
  ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  public init(_ value: Int) { self = .number(Double(value)) }
  public init(_ value: Double) { self = .number(value) }
  /// A number that may be unknown: null where it is.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  public init(_ value: Bool) { self = .bool(value) }
  public init(_ value: String) { self = .string(value) }
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
  public init(_ values: [Double]) { self = .array(values.map { .number($0) }) }
  public init(_ values: [Int]) { self = .array(values.map { .number(Double($0)) }) }
  public init(_ values: [String]) { self = .array(values.map { .string($0) }) }
}

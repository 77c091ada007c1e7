/// An array of numbers with a shape and a name, in row-major order: the last index runs fastest.
///
///     NamedTensor("layers.0.fc.bias", [3], [0.1, 0.2, 0.3])
///
/// Weights of a network, and what an optimiser remembers, are lists of them; so are files of weights.
///
/// - Invariant: `values.count` is the product of `shape`; the empty shape is a single number.
public struct NamedTensor: Equatable, Sendable {
  /// What the tensor is found by, as in the files of weights.
  public let name: String
  /// Extents of the indices, the slowest first; empty for a single number.
  public let shape: [Int]
  /// The numbers in row-major order.
  public let values: [Double]

  /// A tensor from its numbers; a count that is not the product of the shape stops the program.
  public init(_ name: String, _ shape: [Int], _ values: [Double]) {
    let count = NamedTensor.elementCount(shape)
    precondition(count == values.count, "tensor \"\(name)\" of shape \(shape) got \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A single number, of the empty shape.
  public init(_ name: String, _ value: Double) { self.init(name, [], [value]) }

  /// The product of a shape; nil where a count is negative or the product exceeds an `Int`, as in a hostile file.
  package static func elementCount(_ shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}

/// A dense matrix of doubles, row after row in one piece of memory: element (i, j) stands at i · columns + j.
///
///     let a: Matrix = [[2, 1], [1, 3]]
///     let b = Matrix(rows: 2, columns: 3) { i, j in Double(i + j) }
///     let c = a * b                                   // [2 × 3]
///
/// A value like `[Double]`: copies share memory until one of them changes. Vectors are plain `[Double]`, and a matrix
/// acts on them from the left. Any shape may have zero rows or columns; the empty products and determinants that follow
/// are 0 and 1, as in mathematics.
public struct Matrix: Equatable, Sendable {
  /// m of an m × n matrix.
  public let rows: Int
  /// n of an m × n matrix, the distance of two rows in memory.
  public let columns: Int
  @usableFromInline var storage: ContiguousArray<Double>

  /// A matrix with the same number everywhere; a negative count stops the program.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    self.rows = rows
    self.columns = columns
    storage = ContiguousArray(repeating: value, count: rows * columns)
  }

  /// The matrix with a_ij = `element(i, j)`, i and j from 0; a negative count stops the program.
  @inlinable public init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) throws -> Double) rethrows {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows {
      for j in 0..<columns { storage[i * columns + j] = try element(i, j) }
    }
  }

  /// The matrix with these rows · columns elements, row after row; another number of them stops the program.
  public init(rows: Int, columns: Int, elements: some Sequence<Double>) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    self.rows = rows
    self.columns = columns
    storage = ContiguousArray(elements)
    precondition(storage.count == rows * columns, "\(rows) × \(columns) needs other than \(storage.count) elements")
  }

  /// diag(d₀ … d_{n-1}), [n × n]: these numbers on the diagonal and 0 elsewhere.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for i in diagonal.indices { self[i, i] = diagonal[i] }
  }

  /// The identity, [n × n]; a negative n stops the program.
  public static func identity(_ n: Int) -> Matrix { Matrix(diagonal: [Double](repeating: 1, count: n)) }

  /// a_ij, the element in row i and column j, both from 0. Indices are checked in debug builds only.
  @inlinable public subscript(i: Int, j: Int) -> Double {
    get {
      assert(i >= 0 && i < rows && j >= 0 && j < columns, "(\(i), \(j)) is outside \(rows) × \(columns)")
      return storage[i &* columns &+ j]
    }
    set {
      assert(i >= 0 && i < rows && j >= 0 && j < columns, "(\(i), \(j)) is outside \(rows) × \(columns)")
      storage[i &* columns &+ j] = newValue
    }
  }

  /// All rows · columns elements, row after row, without a copy.
  @inlinable public var elements: ContiguousArray<Double> { storage }
}

extension Matrix: ExpressibleByArrayLiteral {
  /// A matrix from its rows; rows of different lengths stop the program.
  public init(arrayLiteral rows: [Double]...) { self.init(rows) }

  /// A matrix from its rows; rows of different lengths stop the program. No rows give a 0 × 0 matrix.
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    for (i, row) in rows.enumerated() {
      precondition(row.count == columns, "row \(i) has \(row.count) elements, row 0 has \(columns)")
    }
    self.init(rows: rows.count, columns: columns, elements: rows.joined())
  }
}

extension Matrix: CustomStringConvertible {
  /// The rows in brackets: what one would write in a program.
  public var description: String { "[" + (0..<rows).map { row($0).description }.joined(separator: ", ") + "]" }
}

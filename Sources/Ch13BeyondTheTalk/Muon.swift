import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// Muon: of a layer's gradient the nearest orthogonal matrix, so that all its directions move alike.
///
///     m ← β m + G,      X = (G + β m)/‖·‖,      five times X ← aX + (bY + cY²)X, Y = XXᵀ
///
/// The polynomial pushes singular values towards 1 without an SVD, all but the smallest; it is the step of steepest descent where a step is
/// measured by its spectral norm. Biases and envelopes follow Adam at a tenth of the rate.
///
/// - Source: Jordan et al., github.com/KellerJordan/Muon; Bernstein and Newhouse, arXiv:2409.20325.
public struct MuonRule: UpdateRule {
  /// β.
  public var momentum = 0.95
  /// The rate of what is no matrix, over that of the matrices.
  public var vectorRate = 0.1
  private var mean: [Double]?
  private var rest = AdamWRule(weightDecay: 0)

  public init() {}

  public mutating func change(_ sample: Sample) -> [Double] {
    let g = sample.gradient
    let m = zip(mean ?? [Double](repeating: 0, count: g.count), g).map { momentum * $0 + $1 }
    mean = m
    var change = rest.change(sample).map { vectorRate * $0 }
    for group in sample.parameterGroups where group.isMatrix {
      let ahead = group.weights(g) + momentum * group.weights(m)
      let (rows, columns) = (Double(ahead.rows), Double(ahead.columns))
      group.writeWeights(max(1, rows / columns).squareRoot() * Self.orthogonalized(ahead), into: &change)
    }
    return change
  }

  /// About the U Vᵀ of a matrix U Σ Vᵀ: singular values from 0.68 to 1.21 for those of at least ‖Σ‖/500, with ‖Σ‖ that of
  /// Frobenius; smaller ones stay small.
  ///
  /// - Complexity: fifteen products of matrices.
  static func orthogonalized(_ matrix: Matrix) -> Matrix {
    let isTall = matrix.rows > matrix.columns
    var x = isTall ? matrix.transposed() : matrix
    let size = x.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard size > 0, size.isFinite else { return matrix }
    x = (1 / size) * x
    for _ in 0..<5 {
      let y = product(x, transposed: x)
      x = 3.4445 * x + (-4.7750 * y + 2.0315 * (y * y)) * x
    }
    return isTall ? x.transposed() : x
  }

  public func save(to state: inout OptimizerState) {
    state.append("mean", mean)
    state.append("rest", rest)
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    mean = try reader.list("mean", count: reader.parameterCount)
    rest = try reader.part("rest", rest)
  }
}

/// Muon for the layers, Adam for what is no matrix.
public struct Muon: OptimizerSettings {
  public static let name = "muon"
  public static let title = "Muon, orthogonal steps of each layer"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t.
  public var rate = LearningRate(0.02, decaySteps: 200)

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: MuonRule(), rate: rate, warmUp: 20)
  }
}

/// SOAP: Adam in the eigenbasis of Shampoo's factors.
///
///     L ← β L + (1 - β) GGᵀ,      R ← β R + (1 - β) GᵀG,      Q_L, Q_R about their eigenvectors
///     u = Q_L Adam(Q_Lᵀ G Q_R) Q_Rᵀ
///
/// The bases begin as eigenvectors; every ten steps one step of subspace iteration follows the factors. The first average
/// of Adam is turned along with the basis; the second belongs to the same vectors as before, in their new order.
///
/// - Source: Vyas et al., arXiv:2409.11321.
public struct SoapRule: UpdateRule {
  /// β, of all averages.
  public static let decay = 0.95
  /// Steps between two changes of the bases, at least 1.
  public var interval = 10
  /// ε of Adam.
  public var epsilon = 1e-8
  private var averages = AdamAverages(mean: SoapRule.decay, square: SoapRule.decay)
  /// L and R of each matrix, and their bases.
  private var factors: [(left: Matrix, right: Matrix)] = []
  private var bases: [(left: Matrix, right: Matrix)] = []
  private var steps = 0

  public init() {}

  public mutating func change(_ sample: Sample) -> [Double] {
    let groups = sample.parameterGroups.filter(\.isMatrix)
    let gradients = groups.map { $0.weights(sample.gradient) }
    let present = gradients.map { (product($0, transposed: $0), product(transposed: $0, $0)) }
    let decay = Self.decay
    factors =
      factors.isEmpty
      ? present
      : zip(factors, present).map { old, new in
        (decay * old.left + (1 - decay) * new.0, decay * old.right + (1 - decay) * new.1)
      }
    if steps % interval == 0 { turn(groups) }
    steps += 1

    // Adam on the turned gradient.
    var turned = sample.gradient
    for ((group, gradient), basis) in zip(zip(groups, gradients), bases) {
      group.writeWeights(product(transposed: basis.left, gradient) * basis.right, into: &turned)
    }
    averages.mean.follow(turned)
    averages.square.follow(turned.map { $0 * $0 })
    var change = averages.quotient(epsilon: epsilon)
    for (group, basis) in zip(groups, bases) {
      group.writeWeights(basis.left * product(group.weights(change), transposed: basis.right), into: &change)
    }
    return change
  }

  /// New bases, and the averages in them.
  private mutating func turn(_ groups: [ParameterGroup]) {
    guard !bases.isEmpty else {
      bases = factors.map { (SymmetricEigen($0.left).vectors, SymmetricEigen($0.right).vectors) }
      return
    }
    var (means, squares) = (averages.mean.values, averages.square.values)
    for (k, group) in groups.enumerated() {
      let (old, left, right) = (
        bases[k], Self.turned(bases[k].left, towards: factors[k].left),
        Self.turned(bases[k].right, towards: factors[k].right)
      )
      let plain = old.left * product(group.weights(means), transposed: old.right)
      group.writeWeights(product(transposed: left.basis, plain) * right.basis, into: &means)
      let square = group.weights(squares)
      group.writeWeights(
        Matrix(rows: square.rows, columns: square.columns) { square[left.order[$0], right.order[$1]] },
        into: &squares)
      bases[k] = (left.basis, right.basis)
    }
    averages.mean.replace(means)
    averages.square.replace(squares)
  }

  /// One step of subspace iteration: the basis with its columns in falling order of vᵀFv, times F, made orthonormal.
  ///
  /// - Returns: the new basis, and which old vector each of its columns comes from.
  /// - Complexity: O(n³).
  static func turned(_ basis: Matrix, towards factor: Matrix) -> (basis: Matrix, order: [Int]) {
    let image = factor * basis
    let values = (0..<basis.columns).map { column in
      (0..<basis.rows).reduce(0) { $0 + basis[$1, column] * image[$1, column] }
    }
    let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
    return (QR(Matrix(rows: image.rows, columns: image.columns) { image[$0, order[$1]] }).q(), order)
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    groups.filter(\.isMatrix).reduce(0) { bytes, group in
      let (rows, columns) = (Double(group.layout.outputs), Double(group.layout.columns))
      return bytes + 32 * (rows * rows + columns * columns)
    }
  }

  public func save(to state: inout OptimizerState) {
    averages.save(to: &state)
    state.append("steps", count: steps)
    for (k, factor) in factors.enumerated() {
      state.append("\(k).left", factor.left)
      state.append("\(k).right", factor.right)
      state.append("\(k).left_basis", bases[k].left)
      state.append("\(k).right_basis", bases[k].right)
    }
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    try averages.restore(from: &reader)
    steps = try reader.count("steps")
    (factors, bases) = ([], [])
    guard steps > 0 else { return }
    for (k, group) in reader.groups.filter(\.isMatrix).enumerated() {
      let (rows, columns) = (group.layout.outputs, group.layout.columns)
      factors.append(
        (
          try reader.matrix("\(k).left", rows: rows, columns: rows),
          try reader.matrix("\(k).right", rows: columns, columns: columns)
        ))
      bases.append(
        (
          try reader.matrix("\(k).left_basis", rows: rows, columns: rows),
          try reader.matrix("\(k).right_basis", rows: columns, columns: columns)
        ))
    }
  }
}

/// SOAP for the layers; biases and envelopes have Adam's rule in their own basis.
public struct Soap: OptimizerSettings {
  public static let name = "soap"
  public static let title = "SOAP, Adam in the eigenbasis of Shampoo"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t.
  public var rate = LearningRate(3e-3, decaySteps: 400)

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: SoapRule(), rate: rate, warmUp: 20)
  }
}

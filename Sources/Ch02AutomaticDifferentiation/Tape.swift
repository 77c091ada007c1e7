/// Reverse mode's record of a computation: each operation with the partial derivatives by its operands.
///
/// Nodes stand in the order of evaluation, so every node comes after its operands, and one walk from the end to the
/// start carries ∂output/∂node to all of them:
///
///     v̄_operand += (∂v_node/∂v_operand) · v̄_node
///
/// The nodes are values in one contiguous array; an operation is known by its index in it. A node holds partials rather
/// than the operation's name, so the walk is the same few lines for every function there is.
///
/// A tape belongs to one evaluation on one thread. It grows by a node an operation and never forgets: memory is what
/// reverse mode pays with.
public final class Tape<Base: DifferentiableScalar> {
  /// One operation of at most two recorded operands.
  @usableFromInline
  struct Node {
    @usableFromInline var operands: (Int, Int)
    @usableFromInline var partials: (Base, Base)

    @inlinable
    init(operands: (Int, Int), partials: (Base, Base)) {
      self.operands = operands
      self.partials = partials
    }
  }

  /// Stands in a node where there is no operand, or only a constant one.
  @inlinable static var none: Int { -1 }

  // Unsafe: checking at run time that nobody else is writing was 40 % of a gradient's cost. Only `record` ever writes,
  // and calls nothing meanwhile that could come back here; indices are checked as in any array.
  @exclusivity(unchecked)
  @usableFromInline var nodes: ContiguousArray<Node> = []

  /// A tape without nodes.
  @inlinable public init() {}

  /// Operations recorded so far, variables included; each takes memory for two indices and two partials.
  @inlinable public var count: Int { nodes.count }

  /// A variable to differentiate by: a node without operands.
  @inlinable
  public func variable(_ primal: Base) -> Adjoint<Base> {
    Adjoint(primal, tape: self, index: record(operands: (Self.none, Self.none), partials: (0, 0)))
  }

  @inlinable
  func record(operands: (Int, Int), partials: (Base, Base)) -> Int {
    nodes.append(Node(operands: operands, partials: partials))
    return nodes.count - 1
  }

  /// ∂output/∂variable for each of the variables, by one walk back over the tape.
  ///
  /// A tape can be walked as often as there are outputs. A constant output has zero derivatives; an output or a
  /// variable of another tape stops the program.
  /// - Returns: a derivative a variable, in their order.
  ///
  /// - Complexity: O(nodes before the output), whatever the number of variables.
  @inlinable
  public func gradient(of output: Adjoint<Base>, by variables: [Adjoint<Base>]) -> [Base] {
    guard let tape = output.tape else { return variables.map { _ in 0 } }
    precondition(tape === self, "the output was recorded on another tape than the one asked for its derivatives")

    let nodes = nodes
    var adjoints = ContiguousArray<Base>(repeating: 0, count: output.index + 1)
    adjoints[output.index] = 1
    for index in stride(from: output.index, through: 0, by: -1) {
      let node = nodes[index]
      let adjoint = adjoints[index]
      if node.operands.0 != Self.none {
        adjoints[node.operands.0] += Base.chained(node.partials.0, adjoint)
      }
      if node.operands.1 != Self.none {
        adjoints[node.operands.1] += Base.chained(node.partials.1, adjoint)
      }
    }

    return variables.map { variable in
      guard let tape = variable.tape else { return 0 }
      precondition(tape === self, "a variable was recorded on another tape than the one asked for derivatives")
      return variable.index <= output.index ? adjoints[variable.index] : 0
    }
  }
}

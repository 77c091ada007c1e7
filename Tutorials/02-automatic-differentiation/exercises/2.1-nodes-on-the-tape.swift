import NeuralQuantumStates

// A node is a variable or an operation. x⁸ as seven products one after the other is 1 + 7 nodes, by squaring three
// times 1 + 3. The derivative 8x⁷ is the same: a tape differentiates the program and not the formula, and a better
// program has a cheaper derivative.

extension Exercise {
  static let nodesOnTheTape = Exercise(2, 1, "two programs for x⁸, one derivative") {
    for (name, predicted) in [("seven products", 8), ("three squares", 4)] {
      let tape = Tape<Double>()
      let x = tape.variable(2)
      var power = x
      if predicted == 8 {
        for _ in 1...7 { power = power * x }
      } else {
        for _ in 1...3 { power = power * power }
      }
      let slope = tape.gradient(of: power, by: [x])[0]
      print("\(name): \(tape.count) nodes, predicted \(predicted); derivative \(slope), 8x⁷ = \(8 * 128)")
    }
  }
}

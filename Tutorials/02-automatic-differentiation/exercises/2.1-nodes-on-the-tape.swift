import AppendixText
import NeuralQuantumStates

// A node is a variable or an operation. x⁸ as seven products one after the other is 1 + 7 nodes, by squaring three
// times 1 + 3. A tape differentiates the program and not the formula, and a shorter program has a cheaper derivative.
// Both derivatives are right to rounding, some 1e-16 for each of a few operations.

extension Exercise {
  static let nodesOnTheTape: Exercise = .init(2, 1, "two programs for x⁸, one derivative") {
    for (name, predicted) in [("seven products", 8), ("three squares", 4)] {
      let tape = Tape<Double>()
      let x = tape.variable(1.1)
      var power = x
      if predicted == 8 {
        for _ in 1...7 { power = power * x }
      } else {
        for _ in 1...3 { power = power * power }
      }
      let slope = tape.gradient(of: power, by: [x])[0]
      // 8·1.1⁷ from whole numbers. The 1.1 of the tape is itself rounded, which counts sevenfold: up to 6e-16.
      let exact = 8 * 19_487_171 / 1e7
      let error = abs(slope / exact - 1)
      print("\(name): \(tape.count) nodes, predicted \(predicted); derivative \(fixed(slope, 6)),", terminator: " ")
      print("relative error below 2e-15: \(yesOrNo(error < 2e-15)), predicted yes")
    }
  }
}

import AppendixFormulas
import Ch00Lanes
import Ch03TrappedFermions
import TestSupport
import Testing

// Tolerance: a formula in lanes and its plain definition differ by the rounding of exp and tanh in lanes, 3 ulp each.
@Suite("F.1 Formulas") struct Formulas {
  @Test(
    "a formula is what it says, with the precedence of a textbook",
    arguments: [
      ("x^4/4 - x^2", 2.0, 0.0), ("-x^2", 3, -9), ("2^3^2", 0, 512), ("2*-x", 3, -6), ("-2^-2", 0, -0.25),
      ("8/4/2", 0, 1),
      ("1 - 2 - 3", 0, -4), ("(1 + x)*(1 - x)", 0.5, 0.75), ("+x", 5, 5), ("x^-2", 0.5, 4), ("x^0.5", 9, 3),
      ("x^2.5", 4, 32),
      ("abs(x)^3", -2, 8), ("sqrt(x^2)", -7, 7), ("10*exp(-x^2/2)", 0, 10), ("pi*x", 1, Double.pi),
      ("log(exp(x))", 2.5, 2.5),
      (" 1e2 + .5 ", 0, 100.5), ("2.*x", 1.5, 3), ("3/(1+x^2)", 1, 1.5), ("x^7", -2, -128), ("a*x^b1", 3, 18),
      ("tanh(0) + sin(0) + cos(0)", 9, 1), ("x - -x", 2, 4), ("1/x", 4, 0.25), ("2/x/x", 2, 0.5),
    ])
  func meaning(text: String, x: Double, expected: Double) throws {
    let formula = try Formula(text, variable: "x", constants: ["a": 2, "b1": 2])
    #expect(formula(x) ≈ expected ± (1e-14 * max(1, abs(expected))))
  }

  @Test(
    "32 walkers at a time have the values that one has alone",
    arguments: [
      "x^4/4 - x^2", "10*exp(-x^2/2)", "3/(1+x^2)", "sin(3*x) + cos(x)*tanh(x)", "abs(x)^1.5",
      "sqrt(1 + x^2)*log(2 + x^2)",
      "((x + 1)*(x - 1))^3/(2 + x^2)", "1/(1 + exp(-x))",
    ])
  func lanes(text: String) throws {
    let formula = try Formula(text, variable: "x")
    var row = Lanes32.zero
    for w in 0..<32 { row[w] = 0.25 * Double(w) - 4 }
    var rows = [row, 0.5 * row]
    let expected = rows.map { $0.array.map { formula($0) } }
    var span = rows.mutableSpan
    formula.evaluate(&span)
    for (found, expected) in zip(rows, expected) { #expect(found.array ≈ expected.within(relative: 2e-15 * 8)) }
  }

  @Test(
    "what cannot be read is told in one line, with the column of the first thing that is wrong",
    arguments: [
      ("", 1, "empty"), ("   ", 4, "empty"), ("x +", 4, "ends"), ("x *", 4, "ends"), ("x ^", 4, "ends"),
      ("-", 2, "ends"),
      ("x + * 2", 5, "before '*'"), ("* x", 1, "before '*'"), ("/x", 1, "before '/'"), ("^2", 1, "before '^'"),
      ("x ^ ^ 2", 5, "before '^'"), ("x ** 2", 3, "'^'"), ("2x", 2, "before 'x'"), ("x 2", 3, "before '2'"),
      ("x x", 3, "before 'x'"), ("(x", 1, "not closed"), ("((x)", 1, "not closed"), ("x)", 2, "not opened"),
      ("(x))", 4, "not opened"), ("()", 2, "before ')'"), ("x()", 2, "between 'x'"), ("x(2)", 2, "between 'x'"),
      ("2(x)", 2, "before '('"), ("(x)(x)", 4, "before '('"), ("(x)2", 4, "before '2'"), ("pi(2)", 3, "between 'pi'"),
      ("y", 1, "the variable is x"), ("x + y", 5, "the variable is x"), ("r^2", 1, "the variable is x"),
      ("X", 1, "no value"),
      ("exp", 1, "parentheses"), ("exp x", 1, "parentheses"), ("exp()", 5, "argument"), ("exp(x", 4, "not closed"),
      ("exp(x, 2)", 6, "one argument"), ("sinh(x)", 1, "no function"), ("ln(x)", 1, "no function"),
      ("Exp(x)", 1, "no function"),
      ("sqrt(x))", 8, "not opened"), ("abs(*)", 5, "before '*'"), ("1e", 1, "exponent"), ("1e+", 1, "exponent"),
      ("2*1e*x", 3, "exponent"), ("1.2.3", 1, "not a number"), (".", 1, "not a number"), ("1e999", 1, "too large"),
      ("x = 2", 3, "before '='"), ("x; 2", 2, "before ';'"), ("x, 2", 2, "before ','"), ("$x", 1, "means nothing"),
      ("x + #", 5, "means nothing"), ("x²", 2, "before '²'"), ("½*x", 1, "means nothing"), ("x·2", 2, "before '·'"),
      ("1/0", 1, "inf"), ("log(0)", 1, "-inf"), ("0/0", 1, "nan"), ("e^x", 1, "no value"), ("x!", 2, "before '!'"),
      ("|x|", 1, "means nothing"), ("x\u{00D7}2", 2, "before '×'"),
    ] as [(String, Int, String)])
  func wrong(text: String, column: Int, reason: String) {
    let error = #expect(throws: FormulaError.self) { try Formula(text, variable: "x") }
    #expect(error?.column == column)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("a formula that is nested too deeply, or too long, is refused before the stack is gone")
  func limits() {
    for text in [
      String(repeating: "(", count: 100_000),
      String(repeating: "(", count: 300) + "x" + String(repeating: ")", count: 300),
      String(repeating: "-", count: 300) + "x", String(repeating: "x^", count: 300) + "x",
      String(repeating: "x+", count: 10_000),
    ] {
      #expect(throws: FormulaError.self) { try Formula(text, variable: "x") }
    }
  }
}

// Closed forms of one particle, E_n with the levels counted from 0. Two fermions without interaction have E_0 + E_1.
@Suite("F.2 Traps that were typed") struct TypedTraps {
  private func energy(_ trap: String, particles: Int) throws -> Double {
    let system = TrappedFermions(
      particles: particles, trap: try Formula(trap, variable: "x"), interaction: GaussianInteraction(strength: 0))
    return try gridDiagonalisation(system, settings: GridSettings(tolerance: 2e-9)).energy
  }

  @Test("Pöschl and Teller: -½ λ(λ+1)/cosh²x has -½ (λ - n)²", arguments: [1, 2, 3])
  func poeschlTeller(particles: Int) throws {
    let levels = (0..<particles).map { n -> Double in -0.5 * Double((4 - n) * (4 - n)) }
    #expect(try energy("-10*(2/(exp(x) + exp(-x)))^2", particles: particles) ≈ levels.reduce(0, +) ± 1e-8)
  }

  @Test("Morse: D (1 - e^{-ax})² has ω(n+½) - ω²(n+½)²/4D, ω = a√(2D)", arguments: [1, 2])
  func morse(particles: Int) throws {
    let frequency = 0.5 * 40.0.squareRoot()
    let levels = (0..<particles).map { n in
      let e = frequency * (Double(n) + 0.5)
      return e - e * e / 80
    }
    #expect(try energy("20*(1 - exp(-0.5*x))^2", particles: particles) ≈ levels.reduce(0, +) ± 1e-8)
  }

  @Test("the book's own Hamiltonian, typed, has the book's energy")
  func own() throws {
    let interaction = try Formula("v/(sqrt(2*pi)*0.5)*exp(-2*r^2)", variable: "r", constants: ["v": -20])
    let typed = TrappedFermions(particles: 2, trap: try Formula("x^2/2", variable: "x"), interaction: interaction)
    #expect(try gridDiagonalisation(typed).energy ≈ -2.471755863803333 ± 1e-9)
  }

  @Test(
    "potentials without a ground state are refused with the reason",
    arguments: [
      ("-x^2", "0", "not bounded below"), ("x", "0", "not bounded below"), ("x^3", "0", "not bounded below"),
      ("1/x", "0", "not finite at x = 0"), ("log(x)", "0", "not"), ("sqrt(x)", "0", "not a number"),
      ("-1/abs(x)", "0", "not finite"), ("x^2/2", "tanh(r)", "not even"), ("x^2/2", "1/r^2", "not finite"),
      ("x^2/2", "-r^2", "apart"), ("x^2/2", "log(abs(r))", "not finite"), ("x^2/2", "r", "not even"),
      ("-1/(x^2 + 1e-20)", "0", "no bound"),
    ])
  func unbounded(trap: String, interaction: String, reason: String) throws {
    let system = TrappedFermions(
      particles: 3, trap: try Formula(trap, variable: "x"), interaction: try Formula(interaction, variable: "r"))
    let error = #expect(throws: PotentialError.self) { try system.requireGroundState() }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(
    "traps and interactions that people use are accepted",
    arguments: [
      ("x^2/2", "10*exp(-r^2/2)"), ("x^4/4 - x^2", "1/sqrt(1 + r^2)"), ("abs(x)", "-3*exp(-abs(r))"),
      ("exp(x^2/2)", "0"), ("20*(1 - exp(-0.5*x))^2", "0"), ("-10*(2/(exp(x) + exp(-x)))^2", "0*r"),
      ("x^2/2", "0.1*r^2"),
      ("x^2/2", "-0.1*r^2"),
    ])
  func accepted(trap: String, interaction: String) throws {
    for particles in [1, 3] {
      let system = TrappedFermions(
        particles: particles, trap: try Formula(trap, variable: "x"),
        interaction: try Formula(interaction, variable: "r"))
      #expect(throws: Never.self) { try system.requireGroundState() }
    }
  }
}

import AppendixWeave
import Testing

@Suite("W.7 Symbols") struct Symbols {
  let table = """
    # The pages

    ## Symbols

    | symbol | what it is | where |
    | --- | --- | --- |
    | ψ, ℓ = ln\\|ψ\\| | the wave function | 01 |
    | E_L, E[…] | local energy, a mean | 02 |
    | M | a matrix | 02 |
    """

  /// Differences of all pages, in their order.
  func reasons(_ pages: [String]) -> [String] {
    let pages = pages.enumerated().map { (number: "0\($0 + 1)", prose: prose(of: $1)) }
    return pages.flatMap { checkSymbols(on: $0.number, of: pages, table: table).map(\.reason) }
  }

  @Test("a table that fits its pages is left alone") func fits() {
    #expect(reasons(["M. Planck: ψ, ℓ = ln|ψ|", "E[E_L] and Mᵀ, Σ_i ψ_i, 2π"]) == [])
  }

  @Test("a symbol that stands on an earlier page, or on none of its own, is found") func places() {
    #expect(reasons(["ψ, ℓ, E_L", "E[E_L], M"]) == ["E_L stands on page 01 already; the row names 02"])
    #expect(
      reasons(["ψ, ℓ", "E[E_L], MINRES"]) == [
        "M on page 02? It does not stand there", "M stands on no page that the row names: 02",
      ])
  }

  @Test("a Greek letter of two pages must be in the table, one of a single page need not") func greek() {
    #expect(
      reasons(["ψ, ℓ, τ", "E[E_L], M, τ_t, ω"]) == [
        "τ stands on pages 01 and 02, and not in the table of symbols",
        "τ stands on pages 02 and 01, and not in the table of symbols",
      ])
  }

  @Test("code does not count") func code() {
    #expect(
      reasons(["ψ, ℓ `E_L`\n```swift x\nlet τ = E_L\n```\n", "E[E_L], M `τ`\n```output\nτ\n```"]) == [])
  }
}

@Suite("W.8 Paragraphs") struct Paragraphs {
  @Test("a sum or a number at the beginning of a line is not to become a list")
  func lists() {
    let page = """
      The energy is ½ (1
      + u/2), and the scale
      1. So it is.

      1. A list
      2. of two,

      - and another
        one.

      ```swift
      let x = 1
      + 2
      ```
      """
    #expect(checkParagraphs(page).map(\.place) == ["README.md:2", "README.md:3"])
  }
}

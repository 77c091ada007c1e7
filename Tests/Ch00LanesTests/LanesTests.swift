import Ch00Lanes
import TestSupport
import Testing

@Suite("0.3 Lanes") struct LanesBasics {
  let x = Lanes(-3, -0.0, 0, 0.5, 1, 2, .infinity, .nan)

  @Test("bounds keep NaN where it is, so that a bad walker is found and not hidden")
  func bounds() {
    let y = x.atLeast(-1).atMost(1.5)
    #expect((0..<7).map { y[$0] } == [-1, 0, 0, 0.5, 1, 1.5, 1.5])
    #expect(y[7].isNaN)
  }

  @Test("magnitude and sign are separable")
  func signs() {
    #expect(x.magnitude[0] == 3)
    #expect(x.magnitude.withSign(of: x)[1].sign == .minus)
  }

  @Test("a lane sum adds by halves")
  func sum() {
    #expect(Lanes(1, 2, 3, 4, 5, 6, 7, 8).laneSum == 36)
    // From the left, or by neighbours, the 1 would be lost in 2⁵³ or left over.
    #expect(Lanes(0x1p53, 0, -0x1p53, 0, 1, 0, 0, 0).laneSum == 0)
    var all = Lanes32.zero
    for walker in 0..<32 { all[walker] = Double(walker) }
    #expect(all.laneSum == 496)
    #expect(all.keeping(first: 3).laneSum == 3)
    #expect(all[17] == 17)
  }

  @Test("an array lists lanes in their order, and a group of 32 its walkers")
  func array() {
    #expect(Lanes(1, 2, 3, 4, 5, 6, 7, 8).array == [1, 2, 3, 4, 5, 6, 7, 8])
    var all = Lanes32.zero
    for walker in 0..<32 { all[walker] = Double(walker) }
    #expect(all.array == (0..<32).map(Double.init))
  }

  @Test("lanes swap where the mask says so")
  func swap() {
    var a = Lanes(repeating: 1)
    var b = Lanes(0, 2, 0, 2, 0, 2, 0, 2)
    swapLanes(&a, &b, where: b .> a)
    #expect(a == Lanes(1, 2, 1, 2, 1, 2, 1, 2))
    #expect(b == Lanes(0, 1, 0, 1, 0, 1, 0, 1))
  }
}

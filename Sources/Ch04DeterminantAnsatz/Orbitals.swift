import Ch00Lanes
import Ch02AutomaticDifferentiation

// The orbital matrix M_ij = g_ij exp(-z_ij²), z_ij = w_j x_i: features g under Gaussian envelopes, as jets.
//
//     f = e^{-z²}:   f'/f = a = -2 w² x,   f''/f = b = a² - 2 w²        (derivatives in x_i, the only coordinate of f_ij)
//
//     ∂_k M = f (∂_k g + δ_ki a g)         ΔM = f (Δg + b g + 2 a ∂_i g)
//
// The narrowest decay that a row can have, exp(-w_min² x_i²), is taken out of it: f_ij = exp(-(w_j² - w_min²) x_i²),
// and -w_min² Σ_i x_i² is added to ln|ψ|. All components of a row's jet are divided by that one factor, and its derivatives
// stay in the jet: M⁻¹ ∂M, and with it every derivative of ln|ψ|, is unchanged, and a walker far out has matrices of
// order 1 instead of 1e-300.

/// Jets multiplied by their envelopes.
///
/// - Parameters:
///   - g: particles × orbitals.
///   - positions: one `Lanes32` a particle, from `start` on.
///   - widths: w_j, one an orbital.
///   - minimumSquaredWidth: w_min², taken out of every row; 0 for M itself.
///   - m: M as [component][particle][orbital].
@inline(never)
func applyEnvelope(
  _ g: JetTile, positions: ContiguousArray<Lanes32>, at start: Int, widths: [Double], minimumSquaredWidth: Double,
  into m: inout ContiguousArray<Lanes32>
) {
  let n = g.particles
  let n2 = n * n
  for i in 0..<n {
    let x = positions[start + i]
    for j in 0..<n {
      let w2 = widths[j] * widths[j]
      let f = envelope(x, w2 - minimumSquaredWidth)
      let at = i * n + j
      let g0 = g.storage[g.index(i, 0, j)]
      m[at] = f * g0
      guard g.order > .value else { continue }
      let a = (-2 * w2) * x
      for k in 0..<g.coordinates {
        var d = g.storage[g.index(i, k + 1, j)]
        if k == i { d.addProduct(a, g0) }
        m[(k + 1) * n2 + at] = f * d
      }
      guard g.order == .laplacian else { continue }
      var d = g.storage[g.index(i, g.coordinates + 1, j)]
      d.addProduct(a * a + Lanes32(repeating: -2 * w2), g0)
      d.addProduct(2 * a, g.storage[g.index(i, i + 1, j)])
      m[(g.coordinates + 1) * n2 + at] = f * d
    }
  }
}

/// exp(-s x²), s ≥ 0.
@inline(__always)
func envelope(_ x: Lanes32, _ s: Double) -> Lanes32 { x.map { Lanes.expOfNegative(-s * ($0 * $0)) } }

/// The envelopes' pullback: from E = ∂ℓ/∂M the sensitivities of the features g and of the exponents' arguments z.
///
///     ∂ℓ/∂g_ij = f E_ij           ∂ℓ/∂z_ij = E_ij M_ij · (-2 z_ij)
///
/// - Parameters:
///   - m, e: M and E as [component][particle][orbital].
///   - featureSensitivity: that of g.
///   - widthSensitivity: that of z; with x_i as activity it gives ∂ℓ/∂w_j = Σ_i ∂ℓ/∂z_ij x_i.
@inline(never)
func pullThroughEnvelope(
  _ m: ContiguousArray<Lanes32>, _ e: ContiguousArray<Lanes32>, positions: ContiguousArray<Lanes32>, at start: Int,
  widths: [Double], minimumSquaredWidth: Double, featureSensitivity s: inout JetTile, widthSensitivity: inout JetTile
) {
  let n = s.particles
  let n2 = n * n
  for i in 0..<n {
    let x = positions[start + i]
    for j in 0..<n {
      let w = widths[j]
      let w2 = w * w
      let f = envelope(x, w2 - minimumSquaredWidth)
      let at = i * n + j
      let m0 = m[at]
      let e0 = e[at]
      // -2 z and its derivative in x_i
      let c = (-2 * w) * x
      let slope = -2 * w
      let q0 = e0 * m0
      s[i, 0, j] = f * e0
      widthSensitivity[i, 0, j] = q0 * c
      guard s.order > .value else { continue }
      let a = (-2 * w2) * x
      var cross = Lanes32.zero
      var qi = Lanes32.zero
      for k in 0..<s.coordinates {
        let mk = m[(k + 1) * n2 + at]
        let ek = e[(k + 1) * n2 + at]
        cross.addProduct(ek, mk)
        let qk = e0 * mk + ek * m0
        var d = ek
        var h = qk * c
        if k == i {
          d.addProduct(a, e0)
          h.addProduct(slope, q0)
          qi = qk
        }
        s[i, k + 1, j] = f * d
        widthSensitivity[i, k + 1, j] = h
      }
      guard s.order == .laplacian else { continue }
      let l = s.coordinates + 1
      let ml = m[l * n2 + at]
      let el = e[l * n2 + at]
      var d = el
      d.addProduct(a * a + Lanes32(repeating: -2 * w2), e0)
      d.addProduct(2 * a, e[(i + 1) * n2 + at])
      s[i, l, j] = f * d
      let ql = e0 * ml + el * m0 + 2 * cross
      var h = ql * c
      h.addProduct(2 * slope, qi)
      widthSensitivity[i, l, j] = h
    }
  }
}

// Chapter 11. Scoring rules: which metric belongs to an energy?
//
// Chapter 10 solved with Fisher's metric to as many digits as one likes, and M. Drissi's talk "A decisional step for
// Variational Monte Carlo" finds natural gradient still unstable. So the solution was not at fault: the metric was.
// Fisher's measures how well one distribution codes for samples of another, which is the right question when a
// distribution is fitted to data. Nobody fits data here. A Gaussian in a trap shows the mismatch in one line: the
// Fisher metric of its mean is 1/width² = 2ω, the energy's second derivative is ω², and a natural gradient step leaves
// 1 - ω/2 of the mean behind. Beyond ω = 4 it diverges, on a parabola (a test shows it). Nor could the two agree for
// all ω: Fisher's price of a displacement is a pure number, an energy is none.
//
// The way out is to read the problem as a game. A player states a distribution q, then x is drawn from p, and the
// player pays S(x, q), a scoring rule. The rule is proper if stating the truth is the best one can do. Then
//
//     S(p, q) = E_{X~p} S(X, q)            what q costs where p is true           (cross-entropy)
//     H(p)    = S(p, p)                    what cannot be avoided                 (entropy)
//     D(p, q) = S(p, q) - S(p, p) ≥ 0      what q costs beyond that               (divergence)
//     D(p_θ, p_{θ+δ}) = ½ δᵀ G δ + …       what a small error costs               (metric)
//
// and every problem of the form "minimise h(θ) = -H(p_θ)" brings its own metric along, in its own units. The
// logarithmic score gives Kullback, Leibler and Fisher. The local energy with its sign changed, S = -E_L, is proper
// too; its h is the energy, its metric ¼ E[∂_θ∂_x ln p (∂_θ∂_x ln p)ᵀ] is ω² for the mean of that Gaussian, and the
// step -G⁻¹∇h takes the mean to the middle of the trap at once. That is decisional gradient descent; chapter 12 does it
// for neural networks.
//
// Everything here is written once, over any number of chapter 2, for small families whose integrals are exact to
// rounding:
//   Quadrature.swift         Σ and ∫ as weighted sums, and why equal weights are enough on a line
//   ParametricFamily.swift   p_θ(x), and a member of a family as a value
//   Gaussians.swift, Lattice.swift
//   ScoringRule.swift        S(x, q): what a new rule has to say
//   Divergence.swift         cross-entropy, entropy, divergence; properness checked by numbers
//   LogScore.swift           Kullback-Leibler and Fisher
//   QuadraticScore.swift     Brier's score, for sites and for densities
//   EnergyScore.swift        minus the local energy: the score of variational Monte Carlo
//   HoppingScore.swift       the same for a particle that hops
//   LinearScore.swift        a rule that rewards lying
//   InducedMetric.swift      G by three routes; the identity behind the second one
//   DecisionalStep.swift     δ = -G⁻¹∇h, whatever the rule and the family
//
// Two facts hold for every proper rule and are worth the chapter. Both come from the condition that the truth is the
// best answer, E_p[∂S] = 0 with S = S(X, p_θ) and p = p_θ: the first uses it, the second is its derivative by θ:
//
//     ∇h = -E[S ∂ ln p]              chapter 6's energy gradient, with S = -E_L
//     G  = -E[∂ ln p (∂S)ᵀ]          chapter 12's identity 2 E[O_c K_cᵀ] = G, with ∂ ln p = 2 O_c and ∂S = -K
//
// What it leaves out: more than one coordinate per outcome, samples instead of integrals, rules that see the outcome
// only through a part of it. Its page: Tutorials/11-scoring-rules/README.md.

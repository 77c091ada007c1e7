// Chapter 12. Decisional gradient descent: the metric that the energy itself induces.
//
// Natural gradient by MINRES stands about 5 % above the energy of two fermions at V0 = -20 after 120 steps, and is not
// at rest (a run that page 12 names). Fisher's metric measures distributions as a coder would. Read as a game,
// variational Monte Carlo has its own scoring rule, the local energy (chapter 11), and its own divergence, in ħω. Its
// metric G = Σ_i E[∂_θ∂_i ℓ (∂_θ∂_i ℓ)ᵀ] is also what is left of the energy's Hessian when the variance goes to zero:
// with the whole of G and λ → 0, the step near a ground state is Newton's.
//
// Read in this order:
//   DecisionMetric.swift               G by products, whole or by block
//   DecisionalGradientDescent.swift    the talk's step: G by block for the direction, whole for the length
//   ShiftedDecisionMetric.swift        G with a share of Fisher's metric, in one pass over the walkers
//   ProjectedIncrements.swift          this book's: the whole metric, the last step as a prior, a bound in ħω, walkers of |ψ|
//
// Both are one expression each of chapter 7's `SecondOrder`. The equation (G + λ s) Δ = -g + λ μ s d that they have in
// common is solved in its MetricDirection.swift, with s from LayerStiffness.swift, by chapter 10's MINRES (for DGD as
// its MetricDirection+Minres.swift has it).
//
// What it leaves out: the limit of the identity 2 E[O_c K_cᵀ] = G, which ties G to the Hessian. Where nodes move with
// θ, ψ²|∂_x O|² is not integrable; runs report the fraction of walkers with the wrong sign for that reason. Its page:
// Tutorials/12-decisional-gradient-descent/README.md.

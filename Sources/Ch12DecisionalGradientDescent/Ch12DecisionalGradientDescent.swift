// Chapter 12. Decisional gradient descent: the metric that the energy itself induces.
//
// Natural gradient stood 4.5 % above the energy of two fermions at V0 = -20 after 120 steps (a recorded run on page 12).
// Fisher's metric measures distributions as a coder would. Read as a game, variational Monte Carlo has its own scoring rule,
// the local energy (chapter 11), and its own divergence, in ħω. Its metric G = Σ_i E[∂_θ∂_i ℓ (∂_θ∂_i ℓ)ᵀ] is also what is left of
// the energy's Hessian when the variance goes to zero: with the whole of G and λ → 0, the step near a ground state is
// Newton's.
//
// Read in this order:
//   DecisionMetric.swift         G by products, whole or by block
//   (the talk's DGD is chapter 10's MinresDirection with this metric, in chapter 8's SecondOrder)
//   LayerStiffness.swift         D, by which each layer is damped
//   ProjectedIncrements.swift    ours: the whole G, the last step as a prior, a bound in ħω
//
// What it leaves out: the limit that the identity has. Where nodes move with θ, ψ²|∂_x O|² is not integrable; runs report the
// fraction of walkers with the wrong sign for that reason. Its page: Tutorials/12-decisional-gradient-descent/README.md.

// Chapter 7. Natural gradient: steps measured by what they do to the distribution, not to the parameters.
//
// Adam takes 400 steps for two fermions at V0 = -20 and still stands at -2.4680 ± 0.0005, 1.5e-3 of the exact energy above
// it; gradient descent stands still at Hartree-Fock's -1.89. They scale each parameter alone, or none; but parameters act
// together, and what a step changes is |ψ|². The Kullback-Leibler divergence says by how much, and to second order it is a
// metric on parameter space: Fisher's.
//
// Read in this order:
//   KullbackLeibler.swift        the divergence, from samples
//   ParameterMetric.swift        a symmetric matrix known by its products
//   FisherMetric.swift           4 E[O_c O_cᵀ], also called stochastic reconfiguration's S times four
//   ExactNaturalGradient.swift   δ = -η (F + λ)⁻¹ g with the matrix in memory: for small networks
//   LevenbergMarquardt.swift     λ, raised and lowered by how well the model kept its word
//   EnergyChange.swift           the judgement: on walkers that did not make the step
//
// What it leaves out: solving with F for thousands of parameters. Chapter 8 approximates F, chapter 10 solves by products.
//
// The page is Tutorials/07-natural-gradient.

// Chapter 7. Natural gradient: steps measured by what they do to the distribution, not to the parameters.
//
// Adam takes 400 steps for two fermions at V0 = -20 and still stands at -2.4680 ± 0.0005, 1.5e-3 of the exact energy
// above it; gradient descent creeps from Hartree-Fock's -1.89 on. They scale each parameter alone, or none; but
// parameters act together, and what a step changes is |ψ|². The Kullback-Leibler divergence says by how much, and to
// second order it is a metric on parameter space: Fisher's.
//
// Read in this order. The metric:
//   KullbackLeibler.swift        the divergence, from samples
//   ParameterMetric.swift        a symmetric matrix known by its products, whole or by blocks
//   FisherMetric.swift           4 E[O_c O_cᵀ], also called stochastic reconfiguration's S times four
//   MetricSum.swift              sums of metrics are metrics
//
// The step, which all later optimisers share (the "general strategy" of M. Drissi's talk "A decisional step for
// Variational Monte Carlo": quadratic model, trust region, regulator):
//   SecondOrder.swift            judge, damping, direction, length: an optimiser is one expression
//   Direction.swift              where a step goes
//   MetricDirection.swift        (A + λ s) Δ = -g + λ μ s d: a metric, a damping, a prior
//   LayerStiffness.swift         s, in which units parameters are damped
//   LinearSolver.swift           what solves the equation, and preconditions it; Cholesky for small networks
//   StepLength.swift             how long a step is: a learning rate, a norm
//   MetricBound.swift            a bound in a metric
//   SignGuard.swift              few walkers change sides: steps that would put a new node across them are shortened
//   QuadraticModel.swift         a quadratic model in the plane of Δ and the last step: a 2 × 2 system
//   Judge.swift                  how the last step did, on walkers that did not make it: taken back where the energy rises
//   ReductionRatio.swift         ρ, the change of the energy over the predicted one, with its error bar
//   Damping.swift                λ by a schedule
//   LevenbergMarquardt.swift     λ, raised and lowered by how well the model kept its word
//   ExactNaturalGradient.swift   the first expression: δ = -η (F + λ)⁻¹ g with the matrix in memory
//
// What it leaves out: solving with F for thousands of parameters. Chapter 8 approximates F, chapter 10 solves by
// products.
//
// The page is Tutorials/07-natural-gradient.

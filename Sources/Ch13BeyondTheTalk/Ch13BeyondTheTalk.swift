// Chapter 13. Beyond the talk: the field's optimisers in one test, and what orders them.
//
// Chapter 12 ends with an optimiser that finds two strongly attracting fermions in a few seconds. There are many
// others, each in a code of its own, with its own factors and signs. Here each is an expression of chapter 7's anatomy and
// at most one part that is new, so that a reader can compare them, and a run can: `nqs compare --optimizers spring,pii,soap`.
//
// What orders them is one operator. Near the ground state the error of ln|ψ|² is a sum of excitations ω, and a step takes
// from each of them
//
//     ω²                Wasserstein's metric         wqmc
//     ω                 Fisher's                     minsr, spring, robust-sr, march, prime-sr, teng, ngd, kfac
//     ω/(ω + shift)     Newton with imaginary time   rgn, pii, pii-gn, linear-method
//     1                 the decision metric          dgd, pi-dgd, kfac-dgd; gauss-newton
//
// The first row wants as many steps as the square of highest over lowest excitation, the last a few whatever they are.
//
// Read in this order. Fisher's family:
//   WalkerKernel.swift             the metric seen by walkers: a small matrix where parameters are many
//   KernelDirection.swift          MinSR, SPRING and PRIME-SR
//   MinSR.swift                    the three as optimisers
//   RobustSolver.swift             weak modes divided by √λ
//   March.swift                    a prior that knows how each parameter has fluctuated
//   ImaginaryTimeStep.swift        TENG: a longer step, fitted on its walkers
// The Hessian's:
//   EnergyWeightedMetric.swift     W, in which the Hessian-like matrices differ
//   RayleighGaussNewton.swift      imaginary time
//   ProjectedInverseIteration.swift  a shift below the energy
//   LinearMethod.swift             the shift that is its own level
//   GMRES.swift                    for the one matrix that is not symmetric
//   ZeroVariance.swift             Gauss and Newton on the variance
//   SaddleFree.swift               the quasi-Hessian with the absolute values of its eigenvalues
// The decision metric's:
//   KroneckerSum.swift             two Kronecker products a layer
// Regulators, to be put into any expression:
//   LayerOutputScale.swift         structural damping, its diagonal
//   Backtracking.swift             a line search on the step's own walkers
//   GradientNormDamping.swift      a λ that goes away with the gradient
// The third metric:
//   WassersteinGradient.swift
// General-purpose optimisers:
//   UpdateRule.swift               what they have in common
//   AdamW.swift                    and Lion
//   Muon.swift                     and SOAP
//   Sophia.swift                   and AdaHessian
//   Prodigy.swift, LimitedMemoryBFGS.swift
//   GradientWindow.swift           M-FAC
// Optimisers of language models, read as ones of variational Monte Carlo:
//   PolicyMethods.swift            ISOPO and PROMA
//
// What it leaves out: page 13 lists the methods that are not here, with the reason.
//
// The page is Tutorials/13-beyond-the-talk.

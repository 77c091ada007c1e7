// Chapter 9. Quasi-Newton KFAC: a quadratic model of the energy, not of the distribution.
//
// KFAC rescales its step with the Fisher metric. After ten of its steps (A = 2, V0 = -20, four networks) that model
// promises a change of -0.13 ± 0.02 and the energy changes by +0.16 ± 0.08. In supervised learning Fisher's matrix is
// nearly the Hessian of the loss; the energy's Hessian is another matrix. Only the model changes here: the direction
// stays KFAC's, the length comes from the quasi-Hessian, which can be negative along a direction; chapter 7's
// `Rescaling` knows what to do then.
//
// Read in this order:
//   QuasiHessian.swift       two estimators of the same matrix, with K = ∂_θ E_L and without
//   QuasiNewtonKFAC.swift    the optimiser: KFAC with this model
//
// What it leaves out: 2 E[(E_L - E) ∂²ℓ], the rest of the Hessian, which vanishes as ψ becomes an eigenstate.
//
// The page is Tutorials/09-quasi-newton-kfac.

// Chapter 10. MINRES: solving with a metric that is known by its products only.
//
// A Kronecker product is a crude picture of a layer's Fisher block (chapter 8): its inverse leaves 36 % of the gradient
// unexplained in the largest layer of two fermions' network, whatever the step's length (page 10 prints it). Fifty
// products with the whole metric take as long as some hundred sweeps, and MINRES makes the best of them, for indefinite
// matrices too.
//
// Read in this order:
//   MinimumResidual.swift          from Lanczos to MINRES; shift, guess, preconditioner
//   ConjugateGradients.swift       the same spaces with another promise, for positive matrices
//   MetricDirection+Minres.swift   the direction of Drissi's talk: chapter 7's equation, block by block, by MINRES
//   NaturalGradient.swift          NGD with it
//   QuasiNewtonMinresKFAC.swift    QN-MR-KFAC: from the Kronecker inverse, with the quasi-Hessian for the length
//
// What it leaves out: inner iterations that adapt to the outer ones' progress. Its page:
// Tutorials/10-minimum-residual/README.md.

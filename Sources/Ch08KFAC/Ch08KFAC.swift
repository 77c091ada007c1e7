// Chapter 8. KFAC: the Fisher metric of a layer as a Kronecker product of two small matrices.
//
// The exact natural gradient of chapter 7 takes P² memory and P³ time: half a gibibyte and minutes a step for 8 580
// parameters. A layer's gradient is an outer product e ⊗ a; if e and a were independent, its covariance would be one
// too.
//
// Read in this order:
//   KroneckerFactors.swift     Ā ⊗ Ē, damped and inverted
//   KroneckerDirection.swift   averages over steps, weight sharing over particles, γ by the greedy rule
//   KFAC.swift                 the optimiser: this direction in the step of chapter 7
//
// What it leaves out: correlations between layers, and between a and e.
//
// The page is Tutorials/08-kfac.

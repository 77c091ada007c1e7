// Chapter 2. Automatic differentiation: derivatives to the last digit, without a formula for them.
//
// A local energy needs the Laplacian of ln|ψ| in every coordinate, an optimiser its gradient in thousands of
// parameters. Differences of values are no way there: among the second differences of sin x at 0.7 with the steps 2⁻⁴,
// 2⁻⁵ … 2⁻³² none is right to 1e-9, because one error wants the step small and the other large (a test shows it).
// Formulas by hand are right once, and wrong after the next change of the network. But a program that computes ψ has
// already taken it apart into sums, products and a few functions from a table, and the chain rule puts the derivative
// together from theirs, exactly, as the program runs.
//
// There are two orders to multiply a chain of derivatives in, and both are needed:
//
//     dy/dx = (∂y/∂v ∂v/∂u) ∂u/∂x       from the output back:     reverse mode, one pass for all inputs
//           = ∂y/∂v (∂v/∂u ∂u/∂x)       from the input onwards:   forward mode, one pass for all outputs
//
// Scalar half: any function, written once for any number. Read in this order:
//   DifferentiableScalar.swift          the numbers that formulas are written with
//   DifferentiableScalar+Double.swift   the plainest of them
//   ElementaryFunctions.swift           exp(x), log(x), tanh(x) … by their usual names
//   DerivativeCarrier.swift             arithmetic with derivatives, for both modes at once
//   DerivativeCarrier+Rules.swift       the table of derivatives, and its delicate entries
//   Dual.swift                          forward mode: multiply at once
//   Tape.swift, Adjoint.swift           reverse mode: write down, walk back
//   Derivative.swift, Gradient.swift, Jacobian.swift
//   SecondDerivatives.swift             one mode over the other: Hessians, their products, Laplacians
//   ScalarDeterminant.swift             determinants whose derivatives are right where they vanish
//
// A function is generic, and the derivative that is asked for chooses the numbers it runs on:
//
//     func f<S: DifferentiableScalar>(_ x: [S]) -> S { sin(x[0]) * exp(-x[1] * x[1]) }
//
//     f([1, 2])                             // with Double
//     gradient(of: f, at: [1, 2])           // with Adjoint<Double>
//     hessian(of: f, at: [1, 2])            // with Adjoint<Dual<Double>>
//     laplacian(of: f, at: [1, 2])          // with Dual<Dual<Double>>
//
// The scalar half is for reading, for references and for tests. A gradient in reverse mode costs a fixed number of
// evaluations, whatever the number of variables, but not a small one: a plain sum is one instruction, a recorded one
// moves a node to memory and back. So for a few variables forward mode is faster, and for many reverse mode is; the
// tutorial times both on 200 variables. A generic function that the compiler cannot specialise, because it lies in
// another module and is not `@inlinable`, or in another file of a debug build, takes many times longer than one that it
// can.
//
// Batched half: the same calculus for 32 walkers at once, layer by layer, which is what the ansatz of chapter 4 runs
// on. A network has few kinds of operations, so nothing needs to be recorded: each layer knows its own way back.
//   FeatureTile.swift                   value, first derivatives and Laplacian of many scalars for 32 walkers: a jet each
//   JetTile+Calculus.swift              the chain rule for any function, the product rule, sums
//   JetLayer.swift                      a layer: a forward rule and a pullback on jets
//   AffineMap.swift, JetActivation.swift, AffineLayer.swift
//   LayerFactors.swift                  parameter derivatives as factors that are never multiplied out
//   LayerFactors+Products.swift         products with them and with their transposes
//   ParameterFactors+Moments.swift, ParameterFactors+Squares.swift, ParameterFactors+Rows.swift
//                                       what KFAC averages, and sums of squares, a parameter each
//   ParameterFactors+PartialTraces.swift
//                                       Σ MMᵀ and Σ MᵀM: the partial traces of a layer's decision metric
//   ParameterFactors+Copies.swift       factors of a function of several sets of particles (chapter 14)
//   JetLayer+Check.swift                holds any layer against the scalar half
//
// Tiles, affine maps and factors are written once for both precisions. `JetTile`, `JetAffine` and `ParameterFactors`
// are those of doubles. In single precision the sampler screens its moves (chapter 5), with `SingleTile` and
// `SingleAffine`, and decisional gradient descent applies its metric (chapter 12), with `SingleFactors`.
//
// What it leaves out: complex numbers, sparse Hessians, checkpointing of long tapes, derivatives of integrals over
// random numbers (chapter 6 has its own formula for those).
//
// Tutorial: Tutorials/02-automatic-differentiation.

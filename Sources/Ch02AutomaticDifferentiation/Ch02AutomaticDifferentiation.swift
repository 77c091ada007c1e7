// Chapter 2. Automatic differentiation: derivatives to the last digit, without a formula for them.
//
// A local energy needs the Laplacian of ln|ψ| in every coordinate, an optimiser its gradient in thousands of
// parameters. Differences of values are no way there: halve the step of a second difference of sin x at 0.7 as often as
// you like, and it comes no closer than 4e-9, because one error wants the step small and the other large (a test shows
// it). Formulas by hand are right once, and wrong after the next change of the network. But a program that computes ψ
// has already taken it apart into sums, products and a few functions from a table, and the chain rule puts the
// derivative together from theirs, exactly, as the program runs.
//
// There are two orders to multiply a chain of derivatives in, and both are needed:
//
//     dy/dx = (∂y/∂v ∂v/∂u) ∂u/∂x       from the output back:     reverse mode, one pass for all inputs
//           = ∂y/∂v (∂v/∂u ∂u/∂x)       from the input onwards:   forward mode, one pass for all outputs
//
// Scalar half: any function, written once for any number. Read in this order:
//   DifferentiableScalar.swift          the numbers that formulas are written with; +Double is the plainest of them
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
// The scalar half is for reading, for references and for tests. What it costs in evaluations of f with `Double`,
// measured on one x86-64 core where the compiler specialises everything:
//
//                               three dense tanh layers of 2, 10, 40    sin, exp and products of 2, 10, 40 variables
//     directional derivative            1.3     1.5     1.4                       3.3     2.4     2.4
//     gradient                            5      10      17                        27      22      20
//     Hessian-vector product              6      12      20                        39      31      30
//     Laplacian, a coordinate           1.8     2.3     2.7                       6.3     5.5     5.7
//
// A gradient does not grow with the number of variables; what grows from 5 to 17 is the advantage of the plain
// evaluation, whose products are an instruction each where a recorded one moves 32 bytes to memory and counts
// references. Below some eight variables forward mode is the faster way to a gradient. A generic function that cannot
// be specialised, because it lies in another module and is not `@inlinable`, or in another file of a debug build, took
// 8 times longer with `Double`, 10 times with `Adjoint` and 45 times with `Dual`.
//
// Batched half: the same calculus for 32 walkers at once, layer by layer, which is what the ansatz of chapter 4 runs
// on. A network has few kinds of operations, so nothing needs to be recorded: each layer knows its own way back.
//   JetTile.swift                       value, first derivatives and Laplacian of many scalars for 32 walkers
//   JetLayer.swift                      a layer: a forward rule and a pullback on jets
//   JetAffine.swift, JetActivation.swift, AffineLayer.swift
//   ParameterFactors.swift              parameter derivatives as factors that are never multiplied out
//   JetLayer+Check.swift                holds any layer against the scalar half
//
// What it leaves out: complex numbers, sparse Hessians, checkpointing of long tapes, derivatives of integrals over
// random numbers (chapter 6 has its own formula for those).
//
// Tutorial: Tutorials/02-automatic-differentiation.

// Chapter 1. Linear algebra: how fast can a matrix be multiplied, and what else follows from that?
//
// Chapter 0 has a processor that does eight sums at once, and nothing to feed it with. A product written by its
// definition (Products+Reference.swift) is no help: it waits for one sum at a time and for memory, and reaches a
// percent or two of what the processor can do. The tile of ProductTile.swift keeps the sums in registers and reads
// packed memory line after line: seven to nine tenths at 256 × 256 × 256, by machine. Everything later is built so
// that its time goes there.
//
// Read in this order:
//   Matrix.swift, Matrix+Parts.swift, Matrix+Arithmetic.swift    rows and columns of doubles; vectors are `[Double]`
//   Vectors.swift, VectorKernels.swift                           dot products and sums, eight lanes at a time
//   Products+Reference.swift                                     the products by their definition
//   ProductTile.swift, ProductPacking.swift, PackingMemory.swift, ProductBlocks.swift, MatrixProduct.swift
//                                                                the same at the speed of the multiply-add units
//   MatrixVectorProduct.swift                                    where memory is the limit
//   TriangularSolve.swift, LU.swift, LU+Determinant.swift, Cholesky.swift
//                                                                equations, determinants, positive definiteness
//   QR.swift                                                     orthonormal columns, least squares
//   SymmetricEigen.swift, Tridiagonalization.swift, TridiagonalEigen.swift, RotationSweeps.swift
//                                                                levels and states of a symmetric matrix
//   SVD.swift                                                    singular values, rank, shortest solutions
//   Lanczos.swift, LanczosTridiagonal.swift, LanczosLevels.swift, Lanczos+Reference.swift
//                                                                the lowest levels of a matrix too large to be stored
//   Factorizations+Reference.swift                               textbook versions to compare with
//
// And four files where walkers sit in lanes, 32 side by side, which is how the later chapters run:
//   PanelRow.swift                panels, in double and in single precision: what is compiled for both, what need not be
//   PanelProduct.swift            weights times walkers, a layer of a network
//   PanelOuterProduct.swift, PanelOuterProduct+Entries.swift
//                                 its gradient in the weights, summed over walkers
//   BatchedDeterminants.swift     determinants and inverses of many small matrices at once
//
// And NamedTensor.swift, numbers with a shape and a name: in what form chapters keep weights and states.
//
// Conventions. Matrices are row-major and act on column vectors from the left. Decompositions are values with the
// factors as properties: `LU(a).solve(b)`. An answer that does not exist is nil (no solution, not positive definite), a
// process that does not converge says so in `converged` or `isConverged`, a NaN stays a NaN; wrong shapes are a
// programmer's error and stop the program.
//
// What it leaves out: complex numbers, factorisations in single precision, matrices that are sparse or banded (a
// tridiagonal one excepted), eigenvalues of matrices that are not symmetric. Page: Tutorials/01-linear-algebra.

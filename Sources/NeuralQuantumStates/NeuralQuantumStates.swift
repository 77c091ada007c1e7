// Everything in one import: `import NeuralQuantumStates` gives all chapters.

@_exported import Ch00Lanes
@_exported import Ch01LinearAlgebra
@_exported import Ch02AutomaticDifferentiation
@_exported import Ch03TrappedFermions
@_exported import Ch04DeterminantAnsatz
@_exported import Ch05MetropolisSampling
@_exported import Ch06VariationalMonteCarlo

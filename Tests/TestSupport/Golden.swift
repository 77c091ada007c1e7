import Foundation

/// Reference values of one network: weights, positions, and what they must give.
///
/// Computed in double precision by an automatic-differentiation library and checked against a second implementation,
/// but for those of many particles, where double precision is what is tested.
public struct Golden: Decodable, Sendable {
  public var particles: Int
  public var hidden: Int
  public var layers: Int
  public var determinants: Int
  public var strength: Double
  public var range: Double
  /// [walkers][particles]
  public var x: [[Double]]
  public var parameters: [String: Tensor]

  public var sign: [Double]
  public var logPsi: [Double]
  /// [walkers][particles]
  public var gradient: [[Double]]
  public var laplacian: [Double]
  public var kinetic: [Double]
  public var trap: [Double]
  public var interaction: [Double]
  public var localEnergy: [Double]

  /// The order in which tensors make up the parameter vector; the fields below are in the two tiny files only.
  public var parameterOrder: [String]?
  /// ∂_θ ℓ [walkers][parameters]
  public var logDerivatives: [[Double]]?
  /// ∂_θ ∂_i ℓ [walkers][particles][parameters]
  public var mixedDerivatives: [[[Double]]]?
  /// ∂_θ E_L [walkers][parameters]
  public var energyDerivatives: [[Double]]?
  public var energyMean: Double?
  public var energyGradient: [Double]?
  public var probe: [Double]?
  public var fisherTimesProbe: [Double]?
  public var decisionMetricTimesProbe: [Double]?
  public var quasiHessianTimesProbe: [Double]?

  enum CodingKeys: String, CodingKey {
    case particles, hidden, layers, determinants, strength, range, x, parameters, sign, kinetic, trap, interaction,
      probe
    case logPsi = "log_abs_psi"
    case gradient = "grad_x"
    case laplacian = "laplacian_log_abs_psi"
    case localEnergy = "local_energy"
    case parameterOrder = "parameter_order"
    case logDerivatives = "dlogpsi_dtheta"
    case mixedDerivatives = "d2logpsi_dx_dtheta"
    case energyDerivatives = "dlocalenergy_dtheta"
    case energyMean = "energy_mean"
    case energyGradient = "energy_gradient"
    case fisherTimesProbe = "fisher_times_probe"
    case decisionMetricTimesProbe = "decision_metric_times_probe"
    case quasiHessianTimesProbe = "quasi_hessian_times_probe"
  }

  /// A weight matrix [outputs][inputs] or a bias [outputs], row-major.
  public struct Tensor: Decodable, Sendable {
    public var shape: [Int]
    public var values: [Double]

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let rows = try? container.decode([[Double]].self) {
        shape = [rows.count, rows.first?.count ?? 0]
        values = rows.flatMap { $0 }
      } else {
        values = try container.decode([Double].self)
        shape = [values.count]
      }
    }
  }

  public static let names = ["tiny_a2", "tiny_a3_d2", "deep_a4_d3", "talk_a2", "talk_a6"]

  /// Networks of twelve and twenty-four fermions, by arithmetic of 60 and more digits: `crowded_a12` was only
  /// pretrained, with walkers closer than a ground state has them; `trained_a12` and `trained_a24` come from 40 steps
  /// of pi-dgd at V0 = -10, with the four of their walkers that lose most digits.
  public static let manyParticles = ["crowded_a12", "trained_a12", "trained_a24"]

  /// Reads one of `names` or `manyParticles`.
  public static func load(_ name: String) throws -> Golden {
    let file = Bundle.module.bundleURL.appendingPathComponent("Golden/\(name).json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

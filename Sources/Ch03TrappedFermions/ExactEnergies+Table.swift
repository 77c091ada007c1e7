extension ExactEnergy {
  /// The 25 energies at σ0 = 0.5.
  public static let table: [ExactEnergy] = []
}

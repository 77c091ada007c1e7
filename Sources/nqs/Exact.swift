extension Command {
  static let exact = Command(
    name: "exact", summary: "reference energies", options: []
  ) { (arguments) throws(CommandError) in
  }
}

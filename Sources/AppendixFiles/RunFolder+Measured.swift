/// Files that were measured on a run later, such as densities: `measured.json` says what they are, and holds the
/// checksum of each.
extension RunFolder {
  /// What was measured, and the checksums of the files that hold it.
  package var measuredPath: String { path("measured.json") }

  /// Writes files into the folder, after all of them have been written beside it: a full disk leaves the earlier ones. `measured.json`,
  /// which holds the checksums of the others and of the weights, takes its place last; after a kill before that, reading says that the
  /// files are not those it tells of.
  ///
  /// - Parameters:
  ///   - about: what was measured, an object.
  ///   - files: their names in the folder, and their content.
  package func writeMeasured(_ about: JSONValue, _ files: [(name: String, bytes: [UInt8])]) throws(FileError) {
    removeTemporaryFiles(of: files.map(\.name) + ["measured.json"])
    var about = about
    about["weights"] = .string(try weightsChecksum())
    about[runKey] = JSONValue(identity)
    let checksums = files.map { JSONValue.Member($0.name, .string(Checksum($0.bytes).text)) }
    about["checksums"] = .object(checksums)
    let list = files.map { (path(String($0.name)), $0.bytes) }
    try writeAtomically(list + [(measuredPath, Array((about.withChecksum.pretty + "\n").utf8))])
  }

  private func weightsChecksum() throws(FileError) -> String {
    Checksum(try readBytes(weightsPath, wantsRegularFile: true)).text
  }

  /// What was measured, and the tables of these names; nil where nothing was, or an earlier state of the run.
  package func readMeasured(
    _ names: [String]
  ) throws(FileError) -> (about: JSONValue, tables: [NumericTable])? {
    guard exists(measuredPath) else { return nil }
    let about = try JSONValue.parse(try readBytes(measuredPath, wantsRegularFile: true), path: measuredPath)
    try about.verifyChecksum(path: measuredPath)
    try requireOwn(about[runKey]?.text, measuredPath)
    if let weights = about["weights"]?.text, weights != (try weightsChecksum()) { return nil }
    let tables = try names.map { (name) throws(FileError) in
      let bytes = try readBytes(path(name), wantsRegularFile: true)
      guard about["checksums"]?[name]?.text == Checksum(bytes).text else {
        throw .badData(
          path: path(name), problem: "it is not the file that \(splitPath(measuredPath).name) tells of",
          expected: "it has been changed or damaged; measure the run again")
      }
      return try NumericTable.parse(bytes, path: path(name), allowNonFinite: true)
    }
    return (about, tables)
  }
}

/// All A! permutations of A things, with their signs: +1 for an even number of exchanges, -1 for an odd one.
///
/// - Complexity: O(A · A!) of memory; A = 7 has 5 040.
struct SignedPermutations: Sendable {
  /// π(0) … π(A - 1) of one permutation after the other.
  let images: [Int]
  /// sgn π.
  let signs: [Double]
  /// A!.
  var count: Int { signs.count }

  init(of things: Int) {
    var (images, signs): ([[Int]], [Double]) = ([[]], [1])
    for next in 0..<things {
      // Put the next one at each place; it passes those behind it.
      var (longer, longerSigns): ([[Int]], [Double]) = ([], [])
      for (permutation, sign) in zip(images, signs) {
        for place in 0...next {
          var inserted = permutation
          inserted.insert(next, at: place)
          longer.append(inserted)
          longerSigns.append((next - place) % 2 == 0 ? sign : -sign)
        }
      }
      (images, signs) = (longer, longerSigns)
    }
    self.images = images.flatMap { $0 }
    self.signs = signs
  }
}

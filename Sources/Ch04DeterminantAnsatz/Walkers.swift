import Ch00Lanes

/// Configurations X = (x₁ … x_A) of many walkers, in tiles of 32 and batches of four tiles.
///
/// A batch of 128 walkers is the unit of parallel work and of summation, whatever the number of threads. The last batch
/// is filled up with copies of the last walker; copies are computed and never counted.
public struct Walkers: Sendable {
  /// Walkers that count.
  public let count: Int
  /// A, the coordinates of a walker.
  public let particles: Int
  /// The walkers in order, 128 a batch but for the last one.
  public internal(set) var batches: [WalkerBatch]

  /// Walkers a batch.
  package static let batchSize = tilesPerBatch * Lanes32.count
  package static let tilesPerBatch = 4

  /// Walkers from a flat list, in oscillator lengths.
  ///
  /// - Parameters:
  ///   - positions: row-major [walkers × particles], at least one walker; another count stops the program.
  ///   - particles: of each walker.
  public init(_ positions: [Double], particles: Int) {
    precondition(particles > 0, "walkers need at least one particle")
    precondition(
      !positions.isEmpty && positions.count % particles == 0,
      "\(positions.count) numbers are not walkers of \(particles) particles")
    self.particles = particles
    count = positions.count / particles
    batches = []
    for first in stride(from: 0, to: count, by: Walkers.batchSize) {
      let inBatch = min(Walkers.batchSize, count - first)
      let tiles = (inBatch + Lanes32.count - 1) / Lanes32.count
      var x = ContiguousArray(repeating: Lanes32.zero, count: tiles * particles)
      for lane in 0..<(tiles * Lanes32.count) {
        let walker = first + min(lane, inBatch - 1)
        for i in 0..<particles {
          x[lane / Lanes32.count * particles + i][lane % Lanes32.count] = positions[walker * particles + i]
        }
      }
      batches.append(WalkerBatch(first: first, count: inBatch, positions: x))
    }
  }

  /// Walkers from a list of each one's coordinates, in oscillator lengths.
  /// - Parameter walkers: [walkers][particles], at least one; lengths that differ stop the program.
  public init(_ walkers: [[Double]]) {
    precondition(
      walkers.allSatisfy { $0.count == walkers[0].count }, "walkers of one system have equally many coordinates")
    self.init(walkers.flatMap { $0 }, particles: walkers.first?.count ?? 0)
  }

  /// x₁ … x_A of one walker, [particles], in oscillator lengths; a walker outside of 0 ..< count stops the program.
  public subscript(walker: Int) -> [Double] {
    precondition((0..<count).contains(walker), "walker \(walker) of \(count)")
    let batch = batches[walker / Walkers.batchSize]
    let (tile, lane) = ((walker - batch.first) / Lanes32.count, (walker - batch.first) % Lanes32.count)
    return (0..<particles).map { batch.positions[tile * particles + $0][lane] }
  }

  /// All positions, row-major [walkers × particles], in oscillator lengths; a copy.
  /// - Complexity: O(walkers · particles).
  public var positions: [Double] {
    var list: [Double] = []
    list.reserveCapacity(count * particles)
    for batch in batches {
      for walker in 0..<batch.count {
        for i in 0..<particles {
          list.append(batch.positions[walker / Lanes32.count * particles + i][walker % Lanes32.count])
        }
      }
    }
    return list
  }

  /// Changes batches in place, in parallel; see `parallelForEach`.
  package mutating func parallelForEachBatch<Workspace: Sendable>(
    workspaces: inout [Workspace], _ body: @Sendable (Int, inout WalkerBatch, inout Workspace) -> Void
  ) {
    Ch00Lanes.parallelForEach(&batches, workspaces: &workspaces, body)
  }
}

/// Up to 128 neighbouring walkers.
public struct WalkerBatch: Sendable {
  /// Index of the first walker.
  public let first: Int
  /// Walkers that count.
  public let count: Int
  /// Tiles that hold them.
  public var tiles: Int { (count + Lanes32.count - 1) / Lanes32.count }
  /// x as [tile][particle], in oscillator lengths; 32 walkers an element.
  public var positions: ContiguousArray<Lanes32>

  /// Walkers of one tile that count: 32 but for the last tile of the last batch.
  public func count(inTile tile: Int) -> Int { min(Lanes32.count, count - tile * Lanes32.count) }
}

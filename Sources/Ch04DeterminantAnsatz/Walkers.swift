import Ch00Lanes

/// Configurations X = (x₁ … x_A) of many walkers, in tiles of 32 and blocks of four tiles.
///
/// A block of 128 walkers is the unit of parallel work and of summation, whatever the number of threads. The last block is
/// filled up with copies of the last walker; copies are computed and never counted.
public struct Walkers: Sendable {
  /// Walkers that count.
  public let count: Int
  public let particles: Int
  public internal(set) var blocks: [Block]

  /// Walkers a block.
  public static let blockSize = tilesPerBlock * Lanes32.count
  public static let tilesPerBlock = 4

  /// Up to 128 neighbouring walkers.
  public struct Block: Sendable {
    /// Index of the first walker.
    public let first: Int
    /// Walkers that count.
    public let count: Int
    /// Tiles that hold them.
    public var tiles: Int { (count + Lanes32.count - 1) / Lanes32.count }
    /// x as [tile][particle].
    public var positions: ContiguousArray<Lanes32>

    /// Walkers of one tile that count.
    public func count(inTile tile: Int) -> Int { min(Lanes32.count, count - tile * Lanes32.count) }
  }

  /// - Parameter positions: row-major [walkers × particles], at least one walker.
  public init(_ positions: [Double], particles: Int) {
    precondition(particles > 0, "walkers need at least one particle")
    precondition(
      !positions.isEmpty && positions.count % particles == 0,
      "\(positions.count) numbers are not walkers of \(particles) particles")
    self.particles = particles
    count = positions.count / particles
    blocks = []
    for first in stride(from: 0, to: count, by: Walkers.blockSize) {
      let inBlock = min(Walkers.blockSize, count - first)
      let tiles = (inBlock + Lanes32.count - 1) / Lanes32.count
      var x = ContiguousArray(repeating: Lanes32.zero, count: tiles * particles)
      for lane in 0..<(tiles * Lanes32.count) {
        let walker = first + min(lane, inBlock - 1)
        for i in 0..<particles {
          x[lane / Lanes32.count * particles + i][lane % Lanes32.count] = positions[walker * particles + i]
        }
      }
      blocks.append(Block(first: first, count: inBlock, positions: x))
    }
  }

  /// - Parameter walkers: a list of A coordinates a walker.
  public init(_ walkers: [[Double]]) {
    precondition(
      walkers.allSatisfy { $0.count == walkers[0].count }, "walkers of one system have equally many coordinates")
    self.init(walkers.flatMap { $0 }, particles: walkers.first?.count ?? 0)
  }

  /// The A coordinates of one walker.
  public subscript(walker: Int) -> [Double] {
    let block = blocks[walker / Walkers.blockSize]
    let (tile, lane) = ((walker - block.first) / Lanes32.count, (walker - block.first) % Lanes32.count)
    return (0..<particles).map { block.positions[tile * particles + $0][lane] }
  }

  /// All positions, row-major [walkers × particles].
  public var positions: [Double] {
    var list: [Double] = []
    list.reserveCapacity(count * particles)
    for block in blocks {
      for walker in 0..<block.count {
        for i in 0..<particles {
          list.append(block.positions[walker / Lanes32.count * particles + i][walker % Lanes32.count])
        }
      }
    }
    return list
  }

  /// Changes blocks in place, in parallel; see `forEachBlock`.
  public mutating func forEachBlock<Workspace: Sendable>(
    workspaces: inout [Workspace], _ body: @Sendable (Int, inout Block, inout Workspace) -> Void
  ) {
    Ch00Lanes.forEachBlock(&blocks, workspaces: &workspaces, body)
  }
}

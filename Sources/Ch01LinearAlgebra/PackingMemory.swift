import Synchronization

// Unsafe: memory aligned to a cache line, which an array does not promise. Alignment skips at most 7 doubles, and the
// array has count + 7.
/// Runs `body` with memory for packed factors, and keeps it for the next product.
///
/// Half a megabyte that is freed after each product goes back to the operating system and is fetched again, page by
/// page, whenever it lies at the end of the heap: a product of 256³ then took 1.0 ms instead of 0.6. So there is one
/// piece of memory for each product that ever ran at the same time as others, a megabyte at most.
///
/// - Parameters:
///   - count: how many numbers are needed; what they are at first is left open.
///   - body: gets memory that begins at a multiple of 64 bytes.
func withPackingMemory(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) {
  var memory = idle.withLock { $0.popLast() } ?? []
  let needed = count + 7
  if memory.count < needed { memory = ContiguousArray(repeating: 0, count: needed) }
  memory.withUnsafeMutableBytes { bytes in
    guard let start = bytes.baseAddress else { return }
    body(start.alignedUp(toMultipleOf: 64).assumingMemoryBound(to: Double.self))
  }
  idle.withLock { [memory] in $0.append(memory) }
}

/// Memory that no product uses at present.
private let idle = Mutex<[ContiguousArray<Double>]>([])

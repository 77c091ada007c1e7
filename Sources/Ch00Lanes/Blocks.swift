import Dispatch
import Synchronization

/// Runs `body` once for each block, on as many threads as there are workspaces; the caller is one of them.
///
///     var sums = [Double](repeating: 0, count: 16)
///     forEachBlock(&sums, threads: 2) { index, sum in sum = Double(index) }
///
/// Work is cut into blocks that do not depend on the number of threads, and a block is changed by one thread alone. So the
/// result is the same bit for bit on 1, 2 or 16 threads, as long as `body` writes nothing but its block, leaves nothing in
/// its workspace that matters, and what is summed over blocks is summed afterwards, in block order.
///
/// Threads take the next block from an atomic counter, so unequal blocks balance. Concurrency with `async` would be as
/// fast, but every function of the book would have to be `async` with it.
///
/// - Parameter workspaces: scratch memory, one a thread; at least one.
/// - Complexity: `blocks.count` calls; an empty region costs about a microsecond, waking a thread 25 to 50.
public func forEachBlock<Block: Sendable, Workspace: Sendable>(
  _ blocks: inout [Block], workspaces: inout [Workspace],
  _ body: @Sendable (_ index: Int, _ block: inout Block, _ workspace: inout Workspace) -> Void
) {
  precondition(!workspaces.isEmpty, "one workspace a thread: got none")
  let count = blocks.count
  let threads = min(workspaces.count, count)
  if threads <= 1 {
    for index in 0..<count { body(index, &blocks[index], &workspaces[0]) }
    return
  }
  let next = Atomic<Int>(0)
  blocks.withUnsafeMutableBufferPointer { blocks in
    workspaces.withUnsafeMutableBufferPointer { workspaces in
      // The only unchecked lines of the package's threading: an index is handed out once, so no two threads see one block,
      // a worker has its own workspace, and concurrentPerform returns after all have finished.
      nonisolated(unsafe) let blocks = blocks
      nonisolated(unsafe) let workspaces = workspaces
      DispatchQueue.concurrentPerform(iterations: threads) { worker in
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if index >= count { return }
          body(index, &blocks[index], &workspaces[worker])
        }
      }
    }
  }
}

/// Runs `body` once for each block, on up to `threads` threads, without scratch memory.
public func forEachBlock<Block: Sendable>(
  _ blocks: inout [Block], threads: Int, _ body: @Sendable (_ index: Int, _ block: inout Block) -> Void
) {
  precondition(threads > 0, "threads must be positive, got \(threads)")
  var workspaces = [Int](repeating: 0, count: threads)
  forEachBlock(&blocks, workspaces: &workspaces) { index, block, _ in body(index, &block) }
}

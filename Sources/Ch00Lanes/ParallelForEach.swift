import Dispatch
import Synchronization

/// Runs `body` once for each item, on as many threads as there are workspaces; the caller is one of them.
///
///     var sums = [Double](repeating: 0, count: 16)
///     parallelForEach(&sums, threads: 2) { index, sum in sum = Double(index) }
///
/// Work is cut into items that do not depend on the number of threads, and an item is changed by one thread alone. So
/// the result is the same bit for bit on 1, 2 or 16 threads, as long as `body` writes nothing but its item, leaves
/// nothing in its workspace that matters, and what is summed over items is summed afterwards, in item order.
///
/// Threads take the next item from an atomic counter, so unequal items balance. Concurrency with `async` would be as
/// fast, but every function of the book would have to be `async` with it.
///
/// - Parameters:
///   - items: shared out one by one; an empty array is no error.
///   - workspaces: scratch memory, one a thread.
///   - body: gets the index of its item, the item, and the workspace of its thread.
/// - Precondition: there is at least one workspace.
/// - Complexity: `items.count` calls; an empty region costs about a microsecond, waking a thread 25 to 50.
public func parallelForEach<Item: Sendable, Workspace: Sendable>(
  _ items: inout [Item], workspaces: inout [Workspace],
  _ body: @Sendable (_ index: Int, _ item: inout Item, _ workspace: inout Workspace) -> Void
) {
  precondition(!workspaces.isEmpty, "one workspace a thread: got none")
  let count = items.count
  let threads = min(workspaces.count, count)
  if threads <= 1 {
    for index in 0..<count { body(index, &items[index], &workspaces[0]) }
    return
  }
  let next = Atomic<Int>(0)
  // Unsafe: threads change different elements of one array, which `inout` cannot say. An index comes from the counter
  // once and is below `count`, so no two threads see one item; `worker` is below `threads`, at most the number of
  // workspaces; and concurrentPerform returns after all have finished, before the buffers end. Nothing else of the
  // threading is unchecked.
  items.withUnsafeMutableBufferPointer { items in
    workspaces.withUnsafeMutableBufferPointer { workspaces in
      nonisolated(unsafe) let items = items
      nonisolated(unsafe) let workspaces = workspaces
      DispatchQueue.concurrentPerform(iterations: threads) { worker in
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if index >= count { return }
          body(index, &items[index], &workspaces[worker])
        }
      }
    }
  }
}

/// Runs `body` once for each item, on up to `threads` threads, without scratch memory.
/// - Precondition: threads > 0.
public func parallelForEach<Item: Sendable>(
  _ items: inout [Item], threads: Int, _ body: @Sendable (_ index: Int, _ item: inout Item) -> Void
) {
  precondition(threads > 0, "threads must be positive, got \(threads)")
  var workspaces = [Int](repeating: 0, count: threads)
  parallelForEach(&items, workspaces: &workspaces) { index, item, _ in body(index, &item) }
}

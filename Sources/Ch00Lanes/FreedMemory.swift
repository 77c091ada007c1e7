#if canImport(Glibc)
import Glibc
#endif

/// Lets a program keep the memory that it frees, up to blocks of 32 MiB, for its next arrays.
///
/// Otherwise glibc gives large blocks back to the operating system, and each array of the next step is fetched again, page
/// by page: one solve of two particles met 50 000 page faults, one of six particles 250 000. With memory kept these are
/// 5 000 and 23 000, and the run takes 4 and 12 % less time (medians of twelve pairs). What a program holds at its peak
/// stays the same.
///
/// For a program that trains or measures, once, before the first array: `nqs`, `benchmark` and `figures` begin with it. Other C
/// libraries are left as they are.
public func keepFreedMemory() {
  #if canImport(Glibc)
  // Unsafe: Swift's Glibc module leaves malloc.h out, so the function is looked up by its name. Its C declaration is
  // `int mallopt(int, int)`, and its parameters' numbers are part of glibc's binary interface.
  guard let address = dlsym(nil, "mallopt") else { return }
  let setOption = unsafeBitCast(address, to: (@convention(c) (Int32, Int32) -> Int32).self)
  let (trimThreshold, mmapThreshold): (Int32, Int32) = (-1, -3)
  _ = setOption(mmapThreshold, 32 << 20)
  _ = setOption(trimThreshold, Int32.max)
  #endif
}

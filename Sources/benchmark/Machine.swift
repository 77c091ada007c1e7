import AppendixFiles
import AppendixText
import Foundation
import NeuralQuantumStates

/// What the benchmark runs on.
struct Machine {
  /// As the system names it.
  let processor: String
  /// "L1d 48K", "L2 2048K", …; none where the system does not say.
  let caches: [String]
  /// Independent multiply-adds of one thread, operations a second, in double precision.
  let peak: Double
  /// Bytes a second that one thread reads from memory that is in no cache.
  let bandwidth: Double

  /// - Complexity: a second or two: peak and bandwidth are measured.
  static func measured(repeats: Int) -> Machine {
    Machine(
      processor: name, caches: cacheSizes, peak: measurePeak(repeats: repeats), bandwidth: measureBandwidth(repeats: 5))
  }

  var json: [JSONValue.Member] {
    [
      JSONValue.Member("processor", JSONValue(processor)),
      JSONValue.Member("caches", .array(caches.map { JSONValue($0) })),
      JSONValue.Member("peak_flops", JSONValue(peak)), JSONValue.Member("bandwidth", JSONValue(bandwidth)),
    ]
  }

  var lines: [String] {
    [
      "processor: \(processor)" + (caches.isEmpty ? "" : ", \(caches.joined(separator: ", "))"),
      "one thread: \(fixed(peak / 1e9, 1)) GFLOP/s of independent fused multiply-adds, reads "
        + "\(fixed(bandwidth / 1e9, 1)) GB/s from memory",
    ]
  }

  #if os(Linux)
  private static var name: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func field(_ name: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix(name + "\t") }?.split(separator: ":").dropFirst().first.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let numbers = [("family", field("cpu family")), ("model", field("model"))].compactMap { label, value in
      value.map { "\(label) \($0)" }
    }
    return ([field("model name") ?? "unknown"] + numbers).joined(separator: ", ")
  }

  private static var cacheSizes: [String] {
    (0..<8).compactMap { index in
      func read(_ file: String) -> String? {
        try? String(contentsOfFile: "/sys/devices/system/cpu/cpu0/cache/index\(index)/\(file)", encoding: .utf8)
          .trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let level = read("level"), let kind = read("type"), let size = read("size"), kind != "Instruction" else {
        return nil
      }
      return "L\(level)\(kind == "Data" ? "d" : "") \(size)"
    }
  }
  #else
  private static var name: String { text("machdep.cpu.brand_string") ?? "unknown" }

  private static var cacheSizes: [String] {
    [("L1d", "hw.perflevel0.l1dcachesize"), ("L2", "hw.perflevel0.l2cachesize")].compactMap { label, key in
      number(key).map { "\(label) \($0 / 1024)K" }
    }
  }

  private static func text(_ key: String) -> String? {
    var size = 0
    guard sysctlbyname(key, nil, &size, nil, 0) == 0, size > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    guard sysctlbyname(key, &bytes, &size, nil, 0) == 0 else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func number(_ key: String) -> Int? {
    var (value, size) = (0, MemoryLayout<Int>.size)
    return sysctlbyname(key, &value, &size, nil, 0) == 0 ? value : nil
  }
  #endif
}

/// Bytes a second of a sum over 512 MiB.
private func measureBandwidth(repeats: Int) -> Double {
  let rows = ContiguousArray(repeating: Lanes32(repeating: 1), count: 1 << 21)
  let part = Part(name: "bandwidth", check: { nil }, body: { sum(of: rows) })
  return Double(rows.count * MemoryLayout<Lanes32>.size) / part.time(repeats: repeats)[0]
}

@inline(never)
private func sum(of rows: ContiguousArray<Lanes32>) -> Double {
  var total = Lanes32.zero
  for row in rows { total += row }
  return total.laneSum
}

import Foundation
import Synchronization

/// What the server has done so far, for Prometheus.
///
/// Counts only: names of routes, never of files, texts or clients.
final class ServerMetrics: Sendable {
    /// What is merely counted.
    enum Event: String, CaseIterable, Sendable {
        /// Requests turned away before they were read, because too many wait.
        case rejected
        /// Models loaded.
        case modelLoaded
        /// Models unloaded because nobody asked for long.
        case modelUnloaded
    }

    private struct RequestKey: Hashable, Comparable {
        let route: String
        let method: String
        let status: Int

        static func < (a: RequestKey, b: RequestKey) -> Bool {
            (a.route, a.method, a.status) < (b.route, b.method, b.status)
        }
    }

    private struct State {
        var events: [Event: Int] = [:]
        var requests: [RequestKey: Int] = [:]
        var durations = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
        var batchSizes: [EngineInput.Kind: Histogram] = [:]
        var batchDurations: [EngineInput.Kind: Histogram] = [:]
    }

    private let state = Mutex(State())

    /// Counts an event.
    func count(_ event: Event) {
        state.withLock { $0.events[event, default: 0] += 1 }
    }

    /// Counts an answered request.
    func record(route: String, method: String, status: Int, _ duration: Duration) {
        state.withLock { state in
            state.requests[RequestKey(route: route, method: method, status: status), default: 0] += 1
            state.durations.record(duration / .seconds(1))
        }
    }

    /// Counts a batch.
    func record(batch count: Int, of kind: EngineInput.Kind, _ duration: Duration) {
        state.withLock { state in
            state.batchSizes[kind, default: Histogram(bounds: [1, 2, 4, 8, 16, 32, 64])].record(Double(count))
            state.batchDurations[
                kind, default: Histogram(bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1])
            ].record(duration / .seconds(1))
        }
    }

    /// The counts in Prometheus' text format, version 0.0.4.
    ///
    /// - Parameter gauges: what is measured at this moment, by name.
    func text(gauges: [(name: String, help: String, value: Double)]) -> String {
        var text = PrometheusText()
        state.withLock { state in
            text.header("glimpse_requests_total", "Requests answered.", .counter)
            for (key, count) in state.requests.sorted(by: { $0.key < $1.key }) {
                text.sample(
                    "glimpse_requests_total",
                    [("route", key.route), ("method", key.method), ("status", String(key.status))], Double(count))
            }
            text.header("glimpse_request_seconds", "How long answers took.", .histogram)
            text.histogram("glimpse_request_seconds", [], state.durations)
            text.header("glimpse_batch_inputs", "How many inputs ran together.", .histogram)
            for kind in EngineInput.Kind.allCases {
                if let sizes = state.batchSizes[kind] {
                    text.histogram("glimpse_batch_inputs", [("kind", "\(kind)")], sizes)
                }
            }
            text.header("glimpse_batch_seconds", "How long batches took, decoding and model.", .histogram)
            for kind in EngineInput.Kind.allCases {
                if let durations = state.batchDurations[kind] {
                    text.histogram("glimpse_batch_seconds", [("kind", "\(kind)")], durations)
                }
            }
            text.header("glimpse_events_total", "What happened besides.", .counter)
            for event in Event.allCases {
                text.sample("glimpse_events_total", [("event", event.rawValue)], Double(state.events[event] ?? 0))
            }
        }
        for gauge in gauges {
            text.header(gauge.name, gauge.help, .gauge)
            text.sample(gauge.name, [], gauge.value)
        }
        return text.text
    }
}

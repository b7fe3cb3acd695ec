import Foundation
import GlimpseHub
import Testing

struct RetryTests {
    private func failure(retryAfter: Duration? = nil) -> TransientFailure {
        TransientFailure(error: HubError(.serverFailure, "status 503", at: "http://hub"), retryAfter: retryAfter)
    }

    @Test func delaysDoubleUpToALimitAndAreShaken() throws {
        var policy = HubPolicy()
        policy.attempts = 9
        var (longest, shortest) = (RetryBudget(policy), RetryBudget(policy))
        for seconds in [1.0, 2, 4, 8, 16, 32, 60, 60] {
            let upper = try longest.delay(after: failure(), random: { 1 })
            let lower = try shortest.delay(after: failure(), random: { 0 })
            #expect(upper == .seconds(seconds) && lower == .seconds(seconds / 2))
        }
        let error = try #require(throws: HubError.self) { try longest.delay(after: failure()) }
        #expect(error.code == .serverFailure && error.message == "status 503, 9 times in a row")
    }

    @Test func manyAttemptsDoNotOverflow() throws {
        var policy = HubPolicy()
        policy.attempts = 1000
        var budget = RetryBudget(policy)
        for _ in 1..<1000 { #expect(try budget.delay(after: failure()) <= policy.longestDelay) }
    }

    @Test func theServersWishCounts() throws {
        var budget = RetryBudget(HubPolicy())
        #expect(try budget.delay(after: failure(retryAfter: .seconds(7))) == .seconds(7))
        let error = try #require(throws: HubError.self) {
            try budget.delay(after: failure(retryAfter: .seconds(3600)))
        }
        #expect(error.remedy?.contains("3600 seconds") == true)
    }

    @Test func progressStartsOver() throws {
        var policy = HubPolicy()
        policy.attempts = 2
        var budget = RetryBudget(policy)
        for _ in 0..<5 {
            _ = try budget.delay(after: failure())
            budget.reset()
        }
    }

    @Test(arguments: [
        ("7", 7.0), (" 0 ", 0), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:49:27 GMT", 0),
        ("99999999999", 31_536_000), ("-1", nil), ("soon", nil), ("", nil),
    ])
    func theHeaderIsSecondsOrADate(header: String, seconds: Double?) {
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(RetryAfter.delay(header, now: now) == seconds.map { .seconds($0) })
    }
}

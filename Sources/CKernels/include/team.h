#pragma once
#include <stddef.h>

/// A team of threads that run the pieces of one job together and wait for its end.
///
/// Workers stay awake for a short, bounded spin after a job, so that the ops of one forward pass, and the next pass of a
/// busy caller, find them hot, and then sleep. One job runs at a time; ck_team_run is called by one thread at a time (the
/// caller keeps that rule) and never from inside a job.
typedef struct ck_team ck_team;

/// A piece of a job: `index` < count, `worker` < team size (for scratch memory of its own).
typedef void (*ck_team_body)(void *context, size_t index, size_t worker);

/// Memory that a job reads from one end to the other: each member its share, as if its bytes were the indices of a job.
typedef struct ck_reading {
    const void *start;
    size_t bytes;
} ck_reading;

/// Starts threads − 1 workers (the caller is the last member). NULL when the system gives no thread.
ck_team *ck_team_create(size_t threads);
void ck_team_destroy(ck_team *team);
size_t ck_team_size(const ck_team *team);

/// Where the share of a member begins; the next one's beginning is its end.
static inline size_t ck_team_share_start(size_t count, size_t members, size_t member) {
    return count * member / members;
}

/// Says what will be read after the job that is run next (of those with more than one index). From the moment when a member finds
/// no index of that job left, it fetches the beginning of its share into its caches, as long as it has to wait: the caller for the
/// end of the job, a worker for the next one. A hint: nothing is read, the memory may be gone.
void ck_team_expect(ck_team *team, ck_reading next);

/// Runs body(context, i, worker) for every i < count and returns when all have ended. Each member first has the indices of its
/// share, in order, and then takes what others have left.
void ck_team_run(ck_team *team, size_t count, ck_team_body body, void *context);

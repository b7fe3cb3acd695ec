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

/// Starts threads − 1 workers (the caller is the last member). NULL when the system gives no thread.
ck_team *ck_team_create(size_t threads);
void ck_team_destroy(ck_team *team);
size_t ck_team_size(const ck_team *team);

/// Runs body(context, i, worker) for every i < count and returns when all have ended. Each member has neighbouring indices for
/// itself first, in order, and then takes what others have left.
void ck_team_run(ck_team *team, size_t count, ck_team_body body, void *context);

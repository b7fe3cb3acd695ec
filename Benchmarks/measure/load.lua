-- What wrk sends: a text or a picture to /api/v1/embeddings. Arguments after --: "text" or a picture's path, and how many milliseconds a
-- connection waits before each request (0: none), and how many connections there are.
local pause, connections, started = 0, 0, 0

function init(arguments)
    local what = arguments[1]
    pause, connections = tonumber(arguments[2]), tonumber(arguments[3])
    wrk.method = "POST"
    if what == "text" then
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = '{"inputs": [{"text": "a photo of a small red car"}]}'
    else
        local file = assert(io.open(what, "rb"))
        wrk.body = file:read("*a")
        file:close()
        wrk.headers["Content-Type"] = "application/octet-stream"
    end
    answered, rejected, other = 0, 0, 0
end

-- The first requests come spread over a pause: all together would leave the server idle before and in a queue after.
function delay()
    started = started + 1
    return started <= connections and pause * started / connections or pause
end

function response(status, headers, body)
    if status == 200 then
        answered = answered + 1
    elseif status == 503 and headers["Retry-After"] then
        rejected = rejected + 1
    else
        other = other + 1
    end
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function done(summary, latency, requests)
    for _, thread in ipairs(threads) do
        print(string.format('RESULT {"answered": %d, "rejected": %d, "other": %d, "seconds": %f, "p50": %f, "p99": %f, "timeouts": %d, "errors": %d}',
            thread:get("answered"), thread:get("rejected"), thread:get("other"), summary.duration / 1e6,
            latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.errors.timeout,
            summary.errors.connect + summary.errors.read + summary.errors.write))
    end
end

-- A hundred different visitors with the headers of a browser. With SPOO_DELAY_MS each connection waits so long between two requests,
-- give or take half of it.
local requests = {}
local next = 0

function init()
  for i = 1, 100 do
    requests[i] = wrk.format("GET", "/bench", {
      ["Host"] = wrk.headers["Host"],
      ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. (20 + i) .. ".0.0.0 Safari/537.36",
      ["Accept-Language"] = "de-CH,de;q=0.9,en;q=0.8",
      ["Referer"] = "https://www.google.com/search?q=" .. i,
    })
  end
end

function request()
  next = next % 100 + 1
  return requests[next]
end

local pause = tonumber(os.getenv("SPOO_DELAY_MS") or "")
if pause then
  function delay()
    return math.floor(pause * (0.5 + math.random()) + 0.5)
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %.0f %d %d %d %d %d\n",
    summary.requests / (summary.duration / 1e6), summary.requests,
    latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

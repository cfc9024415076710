-- A hundred different visitors with the headers of a browser. With SPOO_DELAY_MS each connection waits so long between two requests,
-- give or take half of it. Asks for /bench or SPOO_PATH; with SPOO_LINKS for so many links, of which few are asked for often and most seldom (with
-- SPOO_IN_TURN one after the other), on SPOO_DOMAINS domains.
local requests = {}
local next = 0

local links = tonumber(os.getenv("SPOO_LINKS") or "0")
local domains = tonumber(os.getenv("SPOO_DOMAINS") or "0")
local in_turn = os.getenv("SPOO_IN_TURN") ~= nil
local path = os.getenv("SPOO_PATH") or "/bench"

function init()
  for i = 1, math.max(100, links) do
    requests[i] = wrk.format("GET", links > 0 and string.format("/L%06d", i - 1) or path, {
      ["Host"] = domains > 0 and string.format("d%02d.example", (i - 1) % domains) or wrk.headers["Host"],
      ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. (20 + i % 100) .. ".0.0.0 Safari/537.36",
      ["Accept-Language"] = "de-CH,de;q=0.9,en;q=0.8",
      ["Referer"] = "https://www.google.com/search?q=" .. i % 100,
    })
  end
end

function request()
  if links > 0 and not in_turn then
    return requests[math.floor(links * math.random() ^ 4) + 1]
  end

  next = next % #requests + 1
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

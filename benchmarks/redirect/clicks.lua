-- Visitors with the headers of a browser, of which one in a hundred differs from the others.
local agents = {}
for i = 1, 100 do
  agents[i] = wrk.format("GET", "/bench", {
    ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. (20 + i) .. ".0.0.0 Safari/537.36",
    ["Accept-Language"] = "de-CH,de;q=0.9,en;q=0.8",
    ["Referer"] = "https://www.google.com/search?q=" .. i,
  })
end

local next = 0
request = function()
  next = next % 100 + 1
  return agents[next]
end

done = function(summary, latency)
  io.write(string.format("RESULT %.0f %d %d %d %d %d\n",
    summary.requests / (summary.duration / 1e6), summary.requests,
    latency:percentile(50), latency:percentile(99), latency.max,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
end
